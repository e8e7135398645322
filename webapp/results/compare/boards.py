"""The figures of the chosen units, what may be said of each pair, and where each stands in the whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from webapp.domain.publication import INDEX, Cell
from webapp.results.compare.choice import apart
from webapp.results.reading import Reading

if TYPE_CHECKING:
    from webapp.domain.pairs import Pairs

GUARD_STEP = 5  # points to which a guarded score was rounded


@dataclass(frozen=True, slots=True)
class Pair:
    """Two of the chosen units (by their order) in one variable: the other minus the one in points, with its range.

    called: the difference is one; low, high: unrounded ends of the 90 % range
    """

    one: int
    other: int
    points: int
    low: float
    high: float
    called: bool

    @property
    def upper(self) -> int:
        return self.other if self.points > 0 else self.one

    @property
    def lower(self) -> int:
        return self.one if self.points > 0 else self.other


@dataclass(frozen=True, slots=True)
class Boards:
    """Cells by variable for each chosen unit; the pairs by variable, as far as they were compared.

    common: over how many practices the indices were made, where the units do not all show the same; else None
    comparable: whether the indices may be compared at all
    tests: how many comparisons of practices were made at once
    """

    places: tuple[int, ...]
    cells: tuple[Mapping[str, Cell], ...]
    pairs: Mapping[str, tuple[Pair, ...]]
    common: int | None
    comparable: bool
    tests: int


def of(reading: Reading, places: Sequence[int]) -> Boards:
    """Read and compare the units at these places: their practices as one family, the index by itself."""
    cells, common = _on_common_practices(reading, [reading.unit(place).teams for place in places])
    comparable = common != 0
    practices = [practice.key for practice in reading.practices]
    of_practices = _pairs(reading, places, cells, practices)
    found = _told(of_practices, practices)
    if comparable:
        found |= _told(_pairs(reading, places, cells, [INDEX]), [INDEX])
    return Boards(tuple(places), tuple(cells), found, common or None, comparable, of_practices.tests)


def _on_common_practices(
    reading: Reading, boards: list[Mapping[str, Cell]]
) -> tuple[list[Mapping[str, Cell]], int | None]:
    """The indices over the practices that all show, where not all show the same (then how many: 0 if too few)."""
    from webapp.domain import cells, standing  # noqa: PLC0415 - NumPy stays out of start-up

    weights = weights_of(reading)
    shown = [standing.numbers(board, weights) for board in boards if INDEX in board]
    if len(set(shown)) < 2:  # noqa: PLR2004 - one set for all
        return boards, None
    common = frozenset.intersection(*shown)
    known, cuts = reading.publication.constants[INDEX], cuts_of(reading)
    found: list[Mapping[str, Cell]] = []
    for board in boards:
        index = (
            cells.index({key: board[key] for key in common}, weights, known, cuts) if INDEX in board else None
        )
        if INDEX in board and index is None:
            return boards, 0
        found.append({**board, INDEX: index} if index is not None else board)
    return found, len(common)


def weights_of(reading: Reading) -> dict[str, float]:
    return {practice.key: practice.weight for practice in reading.practices}


def cuts_of(reading: Reading) -> tuple[int, ...]:
    return tuple(band.start for band in reading.questionnaire.bands)


def _pairs(
    reading: Reading, places: Sequence[int], boards: Sequence[Mapping[str, Cell]], keys: Sequence[str]
) -> "Pairs":
    import numpy as np  # noqa: PLC0415 - stays out of start-up

    from webapp.domain.intervals import Scores  # noqa: PLC0415 - likewise
    from webapp.domain.pairs import pairs  # noqa: PLC0415 - likewise

    nothing = Cell(0, 1, None, None, None, 0)
    rows = [[board.get(key, nothing) for key in keys] for board in boards]
    known = [reading.publication.constants[key] for key in keys]
    scores = Scores(
        s=np.array([[cell.score for cell in row] for row in rows], dtype=np.float64),
        n=np.array([[cell.n for cell in row] for row in rows]),
        N=np.array([[cell.invited for cell in row] for row in rows]),
        phi=np.array([one.phi for one in known]),
        r=np.array([one.r for one in known]),
    )
    steps = np.array([[GUARD_STEP if cell.guarded else 1 for cell in row] for row in rows])
    return pairs(
        scores, steps, np.array([[apart(reading, one, other) for other in places] for one in places])
    )


def _told(found: "Pairs", keys: Sequence[str]) -> dict[str, tuple[Pair, ...]]:
    return {
        key: tuple(
            Pair(
                one=int(found.one[row]),
                other=int(found.other[row]),
                points=int(found.d[row, column]),
                low=float(found.low[row, column]),
                high=float(found.high[row, column]),
                called=bool(found.called[row, column]),
            )
            for row in range(len(found.one))
            if found.made[row, column]
        )
        for column, key in enumerate(keys)
    }


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a unit stands in one variable: tier against the rest, most likely quarter, the rest as a cell."""

    tier: str = ""
    quarter: str = ""
    rest: Cell | None = None


def standing(reading: Reading, position: int) -> dict[str, Standing]:
    """Where a unit stands, by variable, with the rest as cells."""
    found = _against_rest(reading, position)
    if reading.unit(position).leaf:
        for key, one in marks(reading, position).items():
            found[key] = replace(one, rest=found[key].rest if key in found else None)
    return found


def marks(reading: Reading, position: int) -> dict[str, Standing]:
    """Where a unit stands, by variable: of a team as published; an inner unit is held against the rest in the same way."""
    unit = reading.unit(position)
    if not unit.leaf:
        return _against_rest(reading, position)
    return {key: Standing(cell.tier or "", cell.quarter or "") for key, cell in unit.teams.items()}


def _against_rest(reading: Reading, position: int) -> dict[str, Standing]:
    from webapp.domain import standing as domain  # noqa: PLC0415 - NumPy stays out of start-up

    publication, teams = reading.publication, reading.unit(position).teams
    cuts, constants = cuts_of(reading), publication.constants
    sides = domain.beside_whole([teams], publication.root.teams, weights_of(reading), constants, cuts)[0]
    made = domain.against_rest(sides, constants, cuts, k=publication.smallest_group)
    return {key: Standing(one.tier, "", one.rest) for key, one in made.items()}
