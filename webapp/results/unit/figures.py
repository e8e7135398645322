"""What the page of a unit shows."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from webapp.domain.publication import INDEX, Cell, NamedLeader
from webapp.domain.questionnaire import Practice
from webapp.results import addresses, changes, sentences, step_words, wording
from webapp.results.changes import Change
from webapp.results.compare import choice
from webapp.results.making import Making, all_made
from webapp.results.reading import Group, Reading
from webapp.results.sentences import marked
from webapp.results.step_words import StepWords
from webapp.results.unit import findings


@dataclass(frozen=True, slots=True)
class PracticeRow:
    """One line of the table: the unit beside everyone, its leaders, what changed."""

    practice: Practice
    cell: Cell | None
    everyone: Cell | None
    leaders: Cell | None
    named: tuple[Cell, ...]
    change: tuple[str, str, bool]
    notes: list[str]
    href: str


@dataclass(frozen=True, slots=True)
class PartRow:
    """A part of the unit, or a residual group (without an address)."""

    name: str
    href: str
    answered: str
    cell: Cell | None
    tier: str


@dataclass(frozen=True, slots=True)
class UnitPage:
    """The whole page in figures and sentences."""

    headline: str
    lede: str
    index: Cell
    words: list[Markup]
    everyone: Cell | None
    leader: Cell | None
    named: tuple[Cell, ...]
    clear: list[Markup]
    still_open: list[Markup]
    since: str
    rows: list[PracticeRow]
    making: list[Making]
    steps: list[StepWords]
    to_do: str
    close: list[StepWords]
    parts: list[PartRow]


def shown_values(reading: Reading, position: int, before: Callable[[], Reading | None]) -> dict[str, object]:
    """What the template of a shown unit takes."""
    return _around(reading, position) | {"shown": of(reading, position, before())}


def hidden_values(reading: Reading, position: int, before: Callable[[], Reading | None]) -> dict[str, object]:
    """What the template of a hidden unit takes: what is safe in its place, and its parts, if some are shown."""
    del before
    group = reading.group_of(position)
    instead = part_of_group(reading, group) if group else None
    return _around(reading, position) | {
        "silence": _silence(reading, position),
        "instead": instead,
        "parts": parts(reading, position),
        "making_instead": all_made(reading, group.cells) if group else [],
    }


def _silence(reading: Reading, position: int) -> str:
    """That hardly anybody answered, and what to do; "" where more did."""
    unit = reading.unit(position)
    if unit.participation != "under a quarter":
        return ""
    text = _("Under a quarter answered in %(units)s: what is thought there is not known.", units=unit.name)
    talk = _("Talk with the people there: silence is no answer either way.")
    return f"{text} {talk}"


def _around(reading: Reading, position: int) -> dict[str, object]:
    return {
        "unit": reading.unit(position),
        "trail": trail(reading, position),
        "facts": facts(reading, position),
        "compare": addresses.of_comparison(reading, [position]),
        "compare_parts": choice.address_of_parts(reading, position),
    }


def of(reading: Reading, position: int, before: Reading | None) -> UnitPage:
    """The page of a shown unit; `before` is the wave to tell changes from."""
    unit, root = reading.unit(position), reading.publication.root
    since = before.publication.name if before else ""
    moved = changes.between(before, reading, unit.key) if before else {}
    steps = step_words.to_do(reading, position)
    first, close = steps[: step_words.FIRST], steps[step_words.FIRST :]
    return UnitPage(
        headline=findings.headline(reading, position, moved, since),
        lede=findings.lede(reading, position),
        index=unit.teams.get(INDEX) or next(iter(unit.teams.values())),
        words=words(reading, position, moved.get(INDEX), since),
        everyone=root.teams.get(INDEX) if position else None,
        leader=unit.leaders.get(INDEX),
        named=_of_named(unit.named, INDEX),
        clear=findings.clear(reading, position, moved, since),
        still_open=findings.still_open(reading, position, moved, since),
        since=since,
        rows=[_row(reading, position, practice, moved) for practice in reading.practices],
        making=all_made(reading, unit.teams),
        steps=first,
        to_do=step_words.heading(len(first)),
        close=close,
        parts=parts(reading, position),
    )


def _of_named(named: tuple[NamedLeader, ...], variable: str) -> tuple[Cell, ...]:
    return tuple(one.cells[variable] for one in named if variable in one.cells)


def words(reading: Reading, position: int, whole: Change | None, since: str) -> list[Markup]:
    """What stands beside the big figure: the band's gloss, its place, the change, and how small a change can be seen."""
    cell = reading.unit(position).teams.get(INDEX)
    found = []
    if cell is not None and (gloss := reading.questionnaire.bands[cell.band].gloss):
        found.append(marked(gloss))
    if cell is not None:
        found += [marked(text) for text in wording.standing_sentences(cell.tier, cell.quarter)]
    if whole is not None:
        found.append(marked(sentences.whole_moved(whole, since)))
    if cell is not None and cell.score is not None and since:
        found.append(marked(_recognizable(reading, cell)))
    return found


def _recognizable(reading: Reading, cell: Cell) -> str:
    alone, first = changes.recognizable(reading, cell)
    values = {"n": cell.n, "invited": cell.invited, "alone": alone, "first": first}
    if alone == first:
        return _(
            "With %(n)s of %(invited)s answers, changes of %(first)s points or more in one practice can be recognised.",
            **values,
        )
    return _(
        "With %(n)s of %(invited)s answers only changes of %(alone)s to %(first)s points in one practice can be"
        " recognised.",
        **values,
    )


def _row(reading: Reading, position: int, practice: Practice, moved: dict[str, Change]) -> PracticeRow:
    unit, key = reading.unit(position), practice.key
    cell = unit.teams.get(key)
    return PracticeRow(
        practice=practice,
        cell=cell,
        everyone=reading.publication.root.teams.get(key) if position else None,
        leaders=unit.leaders.get(key),
        named=_of_named(unit.named, key),
        change=sentences.change_words(moved.get(key)),
        notes=_notes(cell) if cell else [],
        href=addresses.of_practice(reading, key, position),
    )


def _notes(cell: Cell) -> list[str]:
    """How much the people agree, and how the unit stands out among the others."""
    agreement = [wording.agreement_words(cell.agreement.word)] if cell.agreement else []
    return [*agreement, *wording.standing_out(cell.tier, cell.quarter)]


def address(reading: Reading, position: int) -> str:
    return url_for(
        "results.unit", slug=reading.slug, wave_id=reading.publication.wave, key=reading.unit(position).key
    )


def parts(reading: Reading, position: int) -> list[PartRow]:
    """The units right below, then what is safe to show in place of the hidden ones."""
    found = [_part(reading, place) for place in reading.children.get(position, ())]
    return found + [
        part_of_group(reading, group) for group in reading.groups.get(position, ()) if INDEX in group.cells
    ]


def _part(reading: Reading, place: int) -> PartRow:
    unit = reading.unit(place)
    cell = unit.teams.get(INDEX)
    tier = cell.tier if cell and cell.tier else ""
    return PartRow(
        unit.name,
        address(reading, place),
        wording.answered_by(reading, place),
        cell,
        wording.tier_words(tier),
    )


def part_of_group(reading: Reading, group: Group) -> PartRow:
    cell = group.cells[INDEX]
    name = _("Other teams of %(unit)s", unit=reading.unit(group.below).name)
    answered = "" if cell.score is None else ngettext("%(num)s answer", "%(num)s answers", cell.n)
    return PartRow(name, "", answered, cell, "")


def trail(reading: Reading, position: int) -> list[dict[str, str]]:
    """The way down the tree to the unit."""
    above = [
        {"href": address(reading, place), "label": reading.unit(place).name}
        for place in reading.ancestors(position)
    ]
    return [*above, {"href": "", "label": reading.unit(position).name}]


def facts(reading: Reading, position: int) -> list[str]:
    return [text for text in (reading.publication.name, wording.answering(reading, position)) if text]
