"""Teams that stand still: the same band in three waves, and the same practice lowest in each of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from webapp.domain.publication import INDEX, UnitResult
from webapp.domain.questionnaire import Practice
from webapp.results import changes
from webapp.results.reading import Reading

WAVES = 3


@dataclass(frozen=True, slots=True)
class Stall:
    """A team, the band it stays in, and its lowest practice with the questionnaire's first step for it."""

    place: int
    key: str
    name: str
    band: int
    practice: Practice
    do: str
    first_step: str


def of(history: Sequence[Reading]) -> list[Stall]:
    """The teams that stall in the last three waves of a series, in tree order.

    A team stalls when, in each of its last three waves,
    - its index is shown, and in the same band, which is not the highest;
    - one and the same practice has the lowest score alone: a tie, or a practice of which only the band may be told,
      names none. That its range leaves the next one's behind is not asked, but that it comes last three times:
      among nine practices that are all alike, the same one does so in one team of 81;
    and from the first of the waves to the third the index shows no called change, and its questions and those of the
    practice did not break.
    """
    waves = list(history[-WAVES:])
    if len(waves) < WAVES or not _unbroken(waves, INDEX):
        return []
    last = waves[-1]
    boards = [{unit.key: unit for unit in wave.publication.units} for wave in waves]
    found = []
    for place in last.teams:
        key = last.unit(place).key
        if all(key in board for board in boards):
            named = _named(waves, [board[key] for board in boards])
            if named is not None:
                found.append((place, named))
    moved = changes.of_index(waves[0], last, [last.unit(place).key for place, _named in found])
    unbroken = {key for key in {named for _place, named in found} if _unbroken(waves, key)}
    return [
        _stall(last, place, named)
        for place, named in found
        if named in unbroken and not ((change := moved.get(last.unit(place).key)) and change.verdict.called)
    ]


def _unbroken(waves: list[Reading], variable: str) -> bool:
    return all(changes.comparable(one, other, variable) for one, other in pairwise(waves))


def _named(waves: list[Reading], units: list[UnitResult]) -> str | None:
    """The practice that is lowest in each wave, of a unit that stays in one band."""
    bands = {unit.teams[INDEX].band if INDEX in unit.teams else None for unit in units}
    lowest = {_lowest(wave, unit) for wave, unit in zip(waves, units, strict=True)}
    if len(bands) > 1 or len(lowest) > 1:
        return None
    band = bands.pop()
    highest = len(waves[-1].questionnaire.bands) - 1
    return None if band is None or band == highest else lowest.pop()


def _lowest(reading: Reading, unit: UnitResult) -> str | None:
    """The practice with the lowest score, None where two have it or one has no score."""
    cells = {key: unit.teams[key] for key in (one.key for one in reading.practices) if key in unit.teams}
    scores = {key: cell.score for key, cell in cells.items() if cell.score is not None}
    if len(scores) < 2 or len(scores) < len(cells):  # noqa: PLR2004 - one alone is not the lowest of anything
        return None
    least = min(scores.values())
    names = [key for key, score in scores.items() if score == least]
    return names[0] if len(names) == 1 else None


def _stall(last: Reading, place: int, key: str) -> Stall:
    unit = last.unit(place)
    practice = next(one for one in last.practices if one.key == key)
    advice = practice.advice_for(unit.teams[key].score or 0) if last.banded else None
    return Stall(
        place,
        unit.key,
        unit.name,
        unit.teams[INDEX].band,
        practice,
        advice.do if advice else "",
        advice.first_step if advice else "",
    )
