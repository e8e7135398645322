"""Where the people of a unit answer most alike and where least, from the agreement that the publication holds."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

from webapp.domain.publication import Cell
from webapp.domain.questionnaire import Practice
from webapp.results.reading import Reading

WORDS = ("close", "mixed", "divided")

Told = tuple[Practice, Cell]
Distance = tuple[int, float]


@dataclass(frozen=True, slots=True)
class Pick:
    """The practice at one end, and those of which nobody can say that they are further from it."""

    practice: Practice
    cell: Cell
    as_far: tuple[Practice, ...]


def closest(reading: Reading, position: int) -> Pick | None:
    """Where people agree most: of several the one with the highest score. None where no practice stands apart."""
    return _pick(_told(reading, position), _nearest, prefer=lambda cell, _practice: -(cell.score or 0))


def widest(reading: Reading, position: int) -> Pick | None:
    """Where people differ most: first where they see one and the same team differently, then the lowest score."""
    return _pick(
        _told(reading, position),
        _furthest,
        prefer=lambda cell, practice: (cell.score or 0) - 1000 * (practice.referent == "team"),
    )


def any_told(reading: Reading, position: int) -> bool:
    """Whether the publication holds how alike the people of the unit answer, in any practice."""
    return bool(_told(reading, position))


def _told(reading: Reading, position: int) -> list[Told]:
    return [(practice, cell) for practice, cell in reading.cells(position) if cell.agreement is not None]


def _nearest(cell: Cell) -> Distance:
    """The word and, inside the detail plan, the deviation; what has no number stands behind those that have one."""
    if cell.agreement is None:
        return len(WORDS), inf
    return WORDS.index(cell.agreement.word), inf if cell.agreement.ad is None else cell.agreement.ad


def _furthest(cell: Cell) -> Distance:
    word, ad = _nearest(cell)
    return -word, inf if ad == inf else -ad


def _pick(
    told: list[Told], distance: Callable[[Cell], Distance], *, prefer: Callable[[Cell, Practice], int]
) -> Pick | None:
    """None where all are alike: then neither end says anything."""
    distances = {distance(cell) for _practice, cell in told}
    if len(distances) < 2:  # noqa: PLR2004 - see above
        return None
    first = min(distances)
    alike = sorted((one for one in told if distance(one[1]) == first), key=lambda one: prefer(one[1], one[0]))
    (practice, cell), *others = alike
    return Pick(practice, cell, tuple(other for other, _cell in others))
