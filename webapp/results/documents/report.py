"""A report about a unit for whoever leads it: about six pages, from where it stands to how scores are made."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.domain.publication import INDEX
from webapp.results import making, sentences, wording
from webapp.results.blind_spots import figures as blind_spots
from webapp.results.blind_spots import words as gap_words
from webapp.results.blind_spots.people import View, views
from webapp.results.documents import pieces
from webapp.results.documents.pieces import Plain, Row, Told
from webapp.results.practice import parts
from webapp.results.practice.parts import Line
from webapp.results.reading import Reading

if TYPE_CHECKING:
    from webapp.domain.mirrors import Gap

MOST_SENTENCES = 6
MOST_UNITS = 60  # what two pages hold; the report says where the others are
MOST_VIEWS = 3  # leaders' views that are shown practice by practice


def content(reading: Reading, position: int, before: Reading | None) -> Plain:
    """All that the template sets."""
    told = pieces.told(reading, position, before)
    about = pieces.about(reading, position)
    return about | {
        "title": _("Report on %(unit)s, %(wave)s", unit=about["unit"], wave=reading.publication.name),
        "kind": _("Report"),
        "page": _("page"),
        "headline": told.headline,
        "lede": told.lede,
        "index": pieces.figure(reading, reading.unit(position).teams.get(INDEX), INDEX),
        "picture": pieces.picture(reading, position),
        "scale": pieces.scale(reading, INDEX),
        **pieces.clear_and_open(told, MOST_SENTENCES),
        "practices": practices(reading, told),
        "leaders": leaders(reading, position),
        "changes": changes(reading, position, before, told),
        "teams": teams(reading, position),
        "steps": {
            "title": told.to_do if told.steps else _("What to do next"),
            "all": [pieces.step(one) for one in told.steps],
            "none": _nothing_to_do(),
        },
        "made": made(reading, position),
    }


def _nothing_to_do() -> str:
    return _(
        "Where bands alone are shown, or every practice has reached what is advised, nothing is put first."
    )


def practices(reading: Reading, told: Told) -> Plain:
    """The table of the one page, and for each practice how it looks and how alike people answer."""
    table = pieces.practices(reading, told)
    return table | {
        "columns": table["columns"] | {"leaders": "", "change": ""},
        "rows": [
            line | {"leaders": {}, "looks": _looks(row), "agreed": _agreed(row)}
            for line, row in zip(table["rows"], told.rows, strict=True)
        ],
        "more": "",
        "key": _("● what teams answer, the bar is the likely range")
        if not told.rows or not told.rows[0].everyone
        else _("● the people here, the bar is the likely range; | everyone"),
    }


def _looks(row: Row) -> str:
    """The practice's own sentence for its band, else what it is."""
    if row.cell is None or not row.practice.bars:
        return row.practice.definition
    return row.practice.bars[row.cell.band]


def _agreed(row: Row) -> str:
    return wording.agreement(row.cell) if row.cell else ""


def leaders(reading: Reading, position: int) -> Plain:
    """What leaders see beside their teams, in this unit and below it."""
    within = [
        view for view in views(reading) if position in {0, view.position, *reading.ancestors(view.position)}
    ]
    found = [view for view in within if view.gaps]
    return {
        "title": _("Leaders beside teams"),
        "headline": gap_words.headline(reading, found),
        "needed": [] if found else gap_words.needed(reading.publication),
        **{
            key: pieces.findings(title, texts, nothing, MOST_SENTENCES)
            for key, title, texts, nothing in (
                (
                    "clear",
                    _("What is clear"),
                    blind_spots.clear(reading, found),
                    _("Nothing stands out beyond chance."),
                ),
                (
                    "open",
                    _("What is not clear"),
                    blind_spots.still_open(reading, found),
                    _("Nothing is left open."),
                ),
            )
        },
        "views": [_view(reading, view) for view in found[:MOST_VIEWS]],
        "key": _(
            "● what teams answer, ◆ what leaders see; compared on the questions alone that both were asked"
        ),
        "columns": [_("Practice"), _("Teams"), _("Leaders"), _("Leaders see")],
    }


def _view(reading: Reading, view: View) -> Plain:
    return {
        "title": gap_words.who(reading, view),
        "rows": [_gap(reading, gap) for gap in view.gaps],
    }


def _gap(reading: Reading, gap: "Gap") -> Plain:
    told, span = gap_words.cell(gap)
    return {
        "title": reading.title(gap.practice),
        "teams": gap.teams,
        "leaders": gap.leaders,
        "words": told,
        "span": span,
        "called": gap.called,
    }


def changes(reading: Reading, position: int, before: Reading | None, told: Told) -> Plain:
    """Each practice in the wave before and in this one."""
    place = before.publication.position(reading.unit(position).key) if before else None
    if before is None or place is None:
        return {
            "title": _("What changed"),
            "none": _("This is the first wave: there is nothing to compare with yet."),
        }
    earlier = before.unit(place).teams
    return {
        "title": _("What changed since %(wave)s", wave=told.since),
        "none": "",
        "columns": [_("Practice"), before.publication.name, reading.publication.name, _("Change")],
        "rows": [
            {
                "title": row.practice.title,
                "then": pieces.figure(before, earlier.get(row.practice.key), row.practice.key),
                "now": pieces.figure(reading, row.cell, row.practice.key),
                "change": pieces.change(row.change),
            }
            for row in told.rows
        ],
        "note": _(
            "A change is called when it is five points or more and more than chance among all practices."
        ),
    }


def teams(reading: Reading, position: int) -> Plain:
    """The unit and what is below it, each with its index; of a large one the direct parts, and no more than fit."""
    lines = parts.lines(reading, INDEX, position)
    if position and len(lines) == 1:  # a team alone stands beside everyone
        lines = [parts.everyone(reading, INDEX), *lines]
    shown = lines[:MOST_UNITS]
    every = len(pieces.below(reading, position))
    tiers = any(line.tier for line in shown)
    return {
        "title": _("Units and teams"),
        "columns": [_("Unit"), _("Index"), *([_("Beside the rest")] if tiers else [])],
        "scale": pieces.scale(reading, INDEX),
        "rows": [_line(reading, line, tiers=tiers) for line in shown],
        "more": ngettext(
            "Not all fit here: %(num)s team is on the page of the heat map and in the files of this wave.",
            "Not all fit here: %(num)s teams are on the page of the heat map and in the files of this wave.",
            every,
        )
        if len(lines) > len(shown) or sum(not line.inner for line in shown) < every > MOST_UNITS
        else "",
    }


def _line(reading: Reading, line: Line, *, tiers: bool) -> Plain:
    return {
        "name": line.name,
        "depth": min(line.depth, 5),
        "inner": line.inner and line.depth == 0,
        "second": line.second,
        "figure": pieces.figure(reading, line.cell, INDEX),
        "tier": line.tier if tiers else None,
    }


def made(reading: Reading, position: int) -> Plain:
    """How scores are made: in words, then the sum of this very index."""
    cells = reading.unit(position).teams
    worked = cells.get(INDEX)
    sums = making.made(reading, cells, INDEX) if worked is not None and worked.score is not None else None
    return {
        "title": _("How scores are made"),
        "paragraphs": list(_method(reading)),
        "worked": {
            "title": _("How the %(score)s for the index was made", score=sums.cell.score),
            "columns": [_("Practice"), _("Score"), _("Weight")],
            "rows": [
                [part.text, "–" if part.value is None else str(part.value), part.weight]
                for part in sums.parts
            ],
            "sums": [{"name": one.name, "how": one.how, "result": one.result} for one in sums.sums],
        }
        if sums
        else None,
    }


def _method(reading: Reading) -> Iterator[Plain]:
    bands = reading.questionnaire.bands
    yield {
        "title": _("From answers to a score"),
        "words": _(
            "Each question has five answers, from absent (0) to the strongest form of what is advised (100)."
            " A person’s score in a practice is the mean of their answers. “I don’t know” counts as missing, never as low:"
            " what is missing is filled with the person’s own average, allowing for how hard the question is."
            " A unit’s score is the mean of its people’s, as a whole number; the index is the weighted mean of the practices."
        ),
    }
    yield {
        "title": _("How sure a score is"),
        "words": _(
            "“Likely” is the range that would hold the true score in nine surveys out of ten. The fewer people answered, the"
            " wider it is. A difference or change is called only from five points on, and when it is more than chance"
            " among all that stand beside it."
        ),
    }
    if bands[0].named:
        names = sentences.listed([f"{band.start} {band.name}" for band in bands], len(bands))
        yield {
            "title": _("Bands"),
            "words": _(
                "A band is a named stretch of the score, so that it can be talked about. On the index they begin at: %(names)s.",
                names=names,
            ),
        }
    yield {
        "title": _("Who is shown"),
        "words": " ".join(_guard(reading)),
    }
    yield {
        "title": _("What it is not"),
        "words": " ".join(
            (
                pieces.limits(reading),
                _(
                    "The questions have not been piloted with people yet. The page “How scores are made” tells every formula, every threshold and the limits of all of it."
                ),
            )
        ),
    }


def _guard(reading: Reading) -> Iterator[str]:
    publication = reading.publication
    yield _(
        "Nothing is shown from which the answers of fewer than %(people)s people could be worked out, not even by"
        " subtraction: a unit may be left out although enough people answered in it.",
        people=publication.smallest_group,
    )
    if publication.time_guard == "strict":
        yield _("Where few people joined or left between waves, the band alone is shown.")
    else:
        yield _("Where few people joined or left between waves, a score is rounded to a multiple of 5.")
