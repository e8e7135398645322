"""What documents are made of, as plain values: sentences, figures, scales; and what both documents say of a unit."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any

from flask import g
from flask_babel import get_locale, ngettext
from flask_babel import gettext as _
from markupsafe import Markup

from webapp.domain.publication import INDEX, Cell
from webapp.domain.questionnaire import Practice
from webapp.results import queries, sentences, wording
from webapp.results.overview import figures as overview
from webapp.results.reading import Reading
from webapp.results.step_words import StepWords
from webapp.results.unit import figures as unit

MOST_NAMES = 5  # teams under one band

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    """A practice in a document: the people, everyone beside a part, leaders, and what changed."""

    practice: Practice
    cell: Cell | None
    everyone: Cell | None
    leaders: Cell | None
    change: tuple[str, str, bool]


@dataclass(frozen=True, slots=True)
class Told:
    """What the page of a unit says, or the overview of the whole."""

    headline: str
    lede: str
    clear: list[Markup]
    still_open: list[Markup]
    since: str
    rows: list[Row]
    steps: list[StepWords]
    to_do: str


def told(reading: Reading, position: int, before: Reading | None) -> Told:
    if position:
        of_unit = unit.of(reading, position, before)
        rows = [_of_unit(row) for row in of_unit.rows]
        page: overview.Overview | unit.UnitPage = of_unit
    else:
        page = overview.of(reading, before)
        rows = [Row(row.practice, row.cell, None, row.leaders, row.change) for row in page.practices]
    return Told(
        page.headline, page.lede, page.clear, page.still_open, page.since, rows, page.steps, page.to_do
    )


def _of_unit(row: unit.PracticeRow) -> Row:
    """Beside a unit's people stands the leaders' average, or the one leader who chose to be shown."""
    named = row.named[0] if len(row.named) == 1 else None
    return Row(row.practice, row.cell, row.everyone, row.leaders or named, row.change)


def about(reading: Reading, position: int) -> Plain:
    """What stands at the head of a document: whose it is, of which wave, how many answered."""
    organization = g.actor.organization
    series = [wave.id for wave in queries.waves(organization.id)]
    facts = [reading.publication.name, _("wave %(place)s", place=series.index(reading.publication.wave) + 1)]
    facts.append(wording.answering(reading, position) if position else wording.answered(reading))
    if not reading.unit(position).leaf:
        teams = below(reading, position)
        shown = sum(reading.unit(place).shown for place in teams)
        facts.append(
            ngettext(
                "%(shown)s of %(num)s team shown", "%(shown)s of %(num)s teams shown", len(teams), shown=shown
            )
        )
    if organization.demo:
        facts.append(_("Demo data"))
    return {
        "language": str(get_locale()),
        "organization": reading.publication.root.name,
        "unit": reading.unit(position).name,
        "facts": " · ".join(fact for fact in facts if fact),
        "unset": _("A square stands for a character that the fonts of this document do not have."),
    }


def words(text: str) -> list[tuple[str, bool]]:
    """A sentence in pieces, each with whether it stands out; links lead nowhere on paper."""
    if not isinstance(text, Markup):
        return [(text, False)]
    pieces = re.split(r"</?b>", re.sub(r"</?a\b[^>]*>", "", text))
    return [(unescape(piece), place % 2 == 1) for place, piece in enumerate(pieces) if piece]


def findings(title: str, texts: Sequence[Markup], nothing: str, most: int) -> Plain:
    """Sentences under a heading, at most so many; of the others that they stand on the page."""
    shown = texts if len(texts) <= most + 1 else texts[:most]
    rest = len(texts) - len(shown)
    more = ngettext("%(num)s more on the page.", "%(num)s more on the page.", rest) if rest else ""
    return {"title": title, "sentences": [words(one) for one in shown] or [words(nothing)], "more": more}


def clear_and_open(of: Told, most: int) -> Plain:
    return {
        "clear": findings(_("What is clear"), of.clear, _("Nothing stands out beyond chance."), most),
        "open": findings(_("What is not clear"), of.still_open, _("Nothing is left open."), most),
    }


def figure(reading: Reading, cell: Cell | None, variable: str) -> Plain:
    """A score as it may be told, with where it is drawn; else the words for it."""
    if cell is None:
        return {"hidden": _("Not shown, to protect anonymity")}
    band = {"band": cell.band, "name": reading.band_name(cell, variable)}
    if cell.score is None or cell.low is None or cell.high is None:
        return band
    return band | {
        "score": cell.score,
        "low": cell.low,
        "high": cell.high,
        "about": _("about") if cell.guarded else "",
        "likely": _("likely %(low)s to %(high)s", low=cell.low, high=cell.high),
    }


def leaders(cell: Cell | None) -> Plain:
    """What leaders say: with a range where it is an average, for one leader alone without."""
    if cell is None or cell.score is None:
        return {}
    alone = cell.n == 1 and cell.invited == 1
    return {"score": cell.score} | ({} if alone else {"low": cell.low, "high": cell.high})


def change(of: tuple[str, str, bool]) -> Plain:
    told, span, called = of
    return {"words": told or _("no change can be told"), "span": span, "called": called}


def scale(reading: Reading, variable: str) -> list[Plain]:
    return [
        {
            "at": band.start,
            "name": band.name if variable == INDEX else band.practice_name,
            "from": _("from %(score)s", score=band.start) if band.named else "",
        }
        for band in reading.questionnaire.bands
    ]


def picture(reading: Reading, position: int) -> Plain:
    """All teams of a unit on one ground, or one team beside everyone; what it shows in words, for who does not see it."""
    whole = reading.unit(position).teams.get(INDEX)
    name = reading.unit(position).name
    if whole is None or whole.score is None:
        return {}
    teams = overview.ground(reading, position)
    drawn = {"score": whole.score, "low": whole.low, "high": whole.high, "band": whole.band}
    if len(teams) > 1:
        scores = [cell.score or 0 for cell in teams]
        return {
            "dot": drawn,
            "teams": [
                {"low": cell.low, "high": cell.high, "band": cell.band, "score": cell.score}
                for cell in sorted(teams, key=lambda one: one.score or 0)
            ],
            "shore": shore(reading, position),
            "key": _(
                "Each swell is one team on the index: the surer the score, the narrower and taller."
                " The dot is all of %(name)s.",
                name=name,
            ),
            "alt": _(
                "The teams of %(name)s on the index stand from %(low)s to %(high)s, and all together at %(score)s.",
                name=name,
                low=min(scores),
                high=max(scores),
                score=whole.score,
            ),
        }
    everyone = reading.publication.root.teams.get(INDEX)
    beside = everyone.score if everyone and position else None
    alt = _("%(name)s stands at %(score)s on the index.", name=name, score=whole.score)
    if beside is not None:
        alt = " ".join((alt, _("Everyone stands at %(score)s.", score=beside)))
    return {
        "dot": drawn,
        "teams": [drawn],
        "ref": beside,
        "ref_words": _("everyone %(score)s", score=beside) if beside is not None else "",
        "shore": [],
        "key": "",
        "alt": alt,
    }


def shore(reading: Reading, position: int) -> list[str]:
    """By band the names of a unit's teams with an index, by the alphabet."""
    names: list[list[str]] = [[] for _band in reading.questionnaire.bands]
    for place in below(reading, position):
        unit = reading.unit(place)
        if INDEX in unit.teams:
            names[unit.teams[INDEX].band].append(unit.name)
    return [sentences.listed(sorted(some), MOST_NAMES) for some in names]


def below(reading: Reading, position: int) -> list[int]:
    """The teams that a unit is made of, as far as the reader sees them."""
    return [place for place in reading.teams if position in {0, place, *reading.ancestors(place)}]


def step(of: StepWords) -> Plain:
    return {
        "title": " ".join((_("Talk first:"), of.talk_first)) if of.talk_first else of.title,
        "why": " ".join(of.why),
        "then": {"label": _("Then:"), "words": of.title} if of.talk_first else None,
        "next": {"label": _("Next week:"), "words": of.first_step} if of.first_step else None,
        "quote": of.quote,
        "source": of.source,
        "order": of.order,
    }


def limits(reading: Reading) -> str:
    """What a score is not, and what was asked."""
    asked = reading.questionnaire
    return " ".join(
        (
            _(
                "Groundswell measures nine practices advised in one talk, “The Rise of the AI Engineer”."
                " It is no compliance, data or security assessment."
            ),
            _("Questionnaire: %(title)s, version %(version)s.", title=asked.title, version=asked.version),
        )
    )


def practices(reading: Reading, of: Told) -> Plain:
    """The table of practices, with the columns that have something to say."""
    with_leaders = any(row.leaders and row.leaders.score is not None for row in of.rows)
    return {
        "title": _("The practices, one by one"),
        "columns": {
            "practice": _("Practice"),
            "people": _("People"),
            "scale": scale(reading, "practice"),
            "leaders": _("Leaders") if with_leaders else "",
            "change": _("Since %(wave)s", wave=of.since) if of.since else "",
        },
        "rows": [
            {
                "title": row.practice.title,
                "people": figure(reading, row.cell, row.practice.key),
                "everyone": row.everyone.score if row.everyone else None,
                "leaders": leaders(row.leaders),
                "change": change(row.change),
            }
            for row in of.rows
        ],
    }
