"""What results hand to those who decide: the advice behind a step, and what an action may be meant to move."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from webapp.access import Actor, Permission
from webapp.results import queries
from webapp.results.reading import DIRECT, Reading, unit_id


@dataclass(frozen=True, slots=True)
class Measure:
    """A practice that a wave measures, and its questions: (key, text)."""

    practice: str
    title: str
    items: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Adoptable:
    """An advice for a unit as its results gave it; `unit_id` is None for the whole organization.

    do, first_step: the questionnaire's words for the unit's score
    item, aim: where one question is meant, its key, and the answer that is to become true
    """

    wave_id: int
    wave: str
    unit_id: int | None
    unit: str
    measure: Measure
    item: str
    aim: str
    do: str
    first_step: str
    href: str


@dataclass(frozen=True, slots=True)
class Measured:
    """The wave in whose results something is decided, and all that it measures."""

    wave_id: int
    wave: str
    measures: tuple[Measure, ...]


def adoptable(actor: Actor, wave_id: int, key: str, practice: str, item: str = "") -> Adoptable | None:
    """The advice for a practice of a unit; None where the actor does not see it, or no advice is given by this wave."""
    reading = queries.reading(actor, wave_id) if actor.may(Permission.RESULT_READ) else None
    position = reading.publication.position(key) if reading else None
    if reading is None or position is None or key.endswith(DIRECT):
        return None
    if not reading.sees(position) or not reading.banded:
        return None
    cells = {one.key: cell for one, cell in reading.cells(position) if cell.score is not None}
    found = next((one for one in _measures(reading) if one.practice == practice), None)
    if found is None or (item and item not in dict(found.items)) or (practice not in cells and not item):
        return None
    asked = reading.questionnaire.practice(practice)
    advice = asked.advice_for(cells[practice].score or 0) if practice in cells else None
    return Adoptable(
        wave_id,
        reading.publication.name,
        unit_id(key),
        reading.unit(position).name,
        found,
        item,
        _aim(reading, item) if item else "",
        advice.do if advice else "",
        advice.first_step if advice else "",
        url_for("results.unit", slug=reading.slug, wave_id=wave_id, key=key, _anchor="next"),
    )


def _aim(reading: Reading, item: str) -> str:
    """A question, and the answer that is to become true."""
    from webapp.domain.unblocking import TRUE_LEVEL  # noqa: PLC0415 - NumPy stays out of start-up

    asked = reading.questionnaire.item(item)
    return _("%(question)s “%(answer)s”", question=asked.text, answer=asked.levels[TRUE_LEVEL - 1])


def measured(actor: Actor) -> Measured | None:
    """What the latest results measure of which a band may be told; None before the first ones."""
    if not actor.may(Permission.RESULT_READ):
        return None
    for wave in reversed(queries.waves(actor.organization.id)):
        found = of_wave(actor, wave.id)
        if found is not None:
            return found
    return None


def of_wave(actor: Actor, wave_id: int) -> Measured | None:
    """What a wave measures, in the reader's language; None for a pulse, and where it has no results."""
    reading = queries.reading(actor, wave_id)
    if reading is None or not reading.banded:
        return None
    return Measured(wave_id, reading.publication.name, _measures(reading))


def _measures(reading: Reading) -> tuple[Measure, ...]:
    return tuple(
        Measure(one.key, one.practice.title, tuple((item.key, item.text) for item in one.items))
        for one in reading.variables
    )
