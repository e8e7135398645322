"""What the page of a practice shows: its score in a unit and in each part of it, how people agree, what is asked."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from webapp.domain.publication import Cell, UnitResult
from webapp.domain.questionnaire import Practice, Variable
from webapp.filters import decimal
from webapp.results import addresses, making, sentences, wording
from webapp.results.making import Making
from webapp.results.practice import bars, parts, questions
from webapp.results.practice.bars import Bars
from webapp.results.practice.parts import Line
from webapp.results.practice.questions import Beside, Question
from webapp.results.reading import Reading


@dataclass(frozen=True, slots=True)
class PracticePage:
    """The whole page in figures and sentences; what may not be told of the unit is None or empty.

    instead: the group that is safe to show where the unit itself is not
    """

    headline: str
    lede: str
    unit: UnitResult
    cell: Cell | None
    everyone: Cell | None
    words: list[Markup]
    agreement: str
    meaning_of_agreement: str
    instead: Line | None
    lines: list[Line]
    bars: Bars | None
    questions: list[Question]
    beside: list[Beside]
    detailed: bool
    making: Making | None
    facts: list[str]


def values(reading: Reading, variable: Variable, position: int) -> dict[str, object]:
    """What the template takes."""
    return {
        "practice": variable.practice,
        "trail": _trail(reading, variable.key, position),
        "dateline": _dateline(reading, variable.key, position),
        "practices": _practices(reading, variable.key, position),
        "shown": of(reading, variable, position),
    }


def of(reading: Reading, variable: Variable, position: int) -> PracticePage:
    unit, key = reading.unit(position), variable.key
    cell = unit.teams.get(key)
    everyone = reading.publication.root.teams.get(key) if position else None
    lines = parts.lines(reading, key, position)
    told = cell is not None and cell.score is not None
    return PracticePage(
        headline=headline(reading, variable.practice, position),
        lede=_meaning(variable.practice, cell) if cell else "",
        unit=unit,
        cell=cell,
        everyone=everyone,
        words=list(_words(reading, cell, everyone)) if cell else [],
        agreement=wording.agreement(cell) if cell else "",
        meaning_of_agreement=wording.meaning_of_agreement(variable.practice, cell),
        instead=None if cell else parts.instead(reading, key, position),
        lines=lines,
        bars=bars.of(lines, parts.everyone(reading, key) if position else None, reading.questionnaire.bands),
        questions=questions.of(reading, variable, position),
        beside=questions.beside(reading, variable, position),
        detailed=cell is not None and cell.item_means is not None,
        making=replace(making.made(reading, unit.teams, key), meaning="", distribution=()) if told else None,
        facts=list(_facts(reading, variable)),
    )


def headline(reading: Reading, practice: Practice, position: int) -> str:
    """Where the practice stands in the unit, or beside the rest where that is clear."""
    unit = reading.unit(position)
    cell = unit.teams.get(practice.key)
    names = {"unit": unit.name, "practice": practice.title}
    if cell is None:
        return _("%(practice)s: %(unit)s", **names)
    if cell.tier == "above":
        return _("%(practice)s: %(unit)s is clearly above the rest", **names)
    if cell.tier == "below":
        return _("%(practice)s: %(unit)s is clearly below the rest", **names)
    if cell.score is None:
        return _(
            "%(practice)s: %(unit)s stands in the band “%(band)s”",
            band=reading.band_name(cell, practice.key),
            **names,
        )
    if cell.guarded:
        return _("%(practice)s: %(unit)s stands at about %(score)s", score=cell.score, **names)
    return _("%(practice)s: %(unit)s stands at %(score)s", score=cell.score, **names)


def _meaning(practice: Practice, cell: Cell) -> str:
    """The practice's own sentence for the band, else what it is."""
    return practice.bars[cell.band] if practice.bars else practice.definition


def _words(reading: Reading, cell: Cell, everyone: Cell | None) -> Iterator[Markup]:
    """What stands beside the big figure."""
    if everyone is not None and everyone.score is not None:
        yield sentences.marked(
            _(
                "All of %(name)s: **%(score)s** (likely %(low)s to %(high)s).",
                name=reading.publication.root.name,
                score=everyone.score,
                low=everyone.low,
                high=everyone.high,
            )
        )
    if cell.score is not None and cell.n < cell.invited:
        counted = ngettext(
            "%(num)s person of %(invited)s is counted here.",
            "%(num)s people of %(invited)s are counted here.",
            cell.n,
            invited=cell.invited,
        )
        yield sentences.marked(counted)
    if unknown := wording.unknown(cell):
        yield sentences.marked(f"**{unknown}**" if wording.many_unknown(cell) else unknown)


def _facts(reading: Reading, variable: Variable) -> Iterator[str]:
    """How the practice is asked and counted."""
    practice, asked = variable.practice, reading.questionnaire
    yield _("Questionnaire: %(title)s, version %(version)s.", title=asked.title, version=asked.version)
    yield ngettext(
        "The form “%(form)s” asks %(num)s question about it.",
        "The form “%(form)s” asks %(num)s questions about it.",
        len(variable.items),
        form=asked.form(reading.publication.form).title,
    )
    yield _("Its weight in the index is %(weight)s.", weight=decimal(f"{practice.weight:g}"))
    yield {
        "reflective": _("Its questions are signs of one and the same thing, so they should hang together."),
        "formative": _("Its questions make it up together; they need not hang together."),
        "mixed": _("Its questions are partly signs of one thing, partly pieces that make it up."),
    }[practice.measurement]
    before = [one.title for one in reading.practices if practice.key in one.unlocks]
    if before:
        yield _("It builds on %(names)s.", names=sentences.listed(before))
    after = [one.title for one in reading.practices if one.key in practice.unlocks]
    if after:
        yield ngettext(
            "%(names)s builds on it.", "%(names)s build on it.", len(after), names=sentences.listed(after)
        )


def _trail(reading: Reading, key: str, position: int) -> list[dict[str, str]]:
    """The way down the tree to the unit, each step the same practice."""
    above = [
        {"href": addresses.of_practice(reading, key, place), "label": reading.unit(place).name}
        for place in reading.ancestors(position)
    ]
    return [*above, {"href": "", "label": reading.unit(position).name}]


def _dateline(reading: Reading, key: str, position: int) -> list[str]:
    cell = reading.unit(position).teams.get(key)
    counted = ""
    if cell is not None and cell.score is not None:
        counted = _("%(n)s of %(invited)s counted", n=cell.n, invited=cell.invited)
    return [text for text in (reading.publication.name, counted) if text]


def _practices(reading: Reading, key: str, position: int) -> list[dict[str, object]]:
    """The other practices of the same unit."""
    return [
        {
            "href": addresses.of_practice(reading, one.key, position),
            "label": wording.short(one.title),
            "current": one.key == key,
        }
        for one in reading.practices
    ]
