"""The published figures of the teams that a reader sees, as the arithmetic of `domain.unblocking` takes them."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from webapp.domain.publication import INDEX, Cell
from webapp.domain.questionnaire import Item, Practice
from webapp.results.reading import Reading

if TYPE_CHECKING:
    from webapp.domain.quantiles import FloatArray
    from webapp.domain.unblocking import Effects


@dataclass(frozen=True, slots=True)
class Moved:
    """A unit if a statement were true: its practice and its index, published and by arithmetic.

    then, index_then: cells with the range that such a score would have; None where nothing is published
    """

    place: int
    now: Cell
    then: Cell
    index_now: Cell | None
    index_then: Cell | None
    falls_short: bool
    lifted: bool
    index_lifted: bool


@dataclass(frozen=True)
class Statements:
    """Every question of a wave as a statement, and what followed if it were true: `order` has those that lift a unit.

    units: positions of those that are counted
    """

    reading: Reading
    units: tuple[int, ...]
    items: tuple[tuple[Practice, Item], ...]
    effects: "Effects"
    order: tuple[int, ...]

    def at(self, key: str) -> int | None:
        """The number of the question with that key, if it lifts a unit."""
        return next((number for number in self.order if self.items[number][1].key == key), None)

    def counted(self, number: int) -> int:
        """Of how many units the answers to a question are published."""
        import numpy as np  # noqa: PLC0415 - stays out of start-up

        return int((~np.isnan(self.effects.then[number])).sum())

    def lifts(self, number: int) -> int:
        return int(self.effects.moved[number].sum())

    def steps(self, number: int, *, index: bool = False) -> dict[tuple[int, int], int]:
        """How many units rise from which band to which: of the question's practice, or of the index."""
        from webapp.domain.scoring import band_of  # noqa: PLC0415 - NumPy stays out of start-up

        found = self.effects
        now, then, lifted = (
            (found.index_now, found.index_then, found.index_lifted)
            if index
            else (found.now, found.then, found.lifted)
        )
        raised = lifted[number]
        pairs = zip(
            band_of(now[number][raised], self._cuts).tolist(),
            band_of(then[number][raised], self._cuts).tolist(),
            strict=True,
        )
        return dict(sorted(Counter(pairs).items()))

    def moved(self, number: int) -> list[Moved]:
        """The units of which the answers are published, in tree order."""
        import numpy as np  # noqa: PLC0415 - stays out of start-up

        practice = self.items[number][0].key
        spots = np.flatnonzero(~np.isnan(self.effects.then[number])).tolist()
        boards = [self.reading.unit(self.units[spot]).teams for spot in spots]
        now = [cells.get(practice) for cells in boards]
        whole = [_numbered(cells.get(INDEX)) for cells in boards]
        then = self._raised(now, practice, self.effects.then[number][spots])
        whole_then = self._raised(whole, INDEX, self.effects.index_then[number][spots])
        return [
            Moved(
                self.units[spot],
                one,
                raised,
                index,
                index_raised,
                bool(self.effects.falls_short[number, spot]),
                bool(self.effects.lifted[number, spot]),
                bool(self.effects.index_lifted[number, spot]),
            )
            for spot, one, raised, index, index_raised in zip(
                spots, now, then, whole, whole_then, strict=True
            )
            if one is not None and raised is not None
        ]

    def _raised(self, cells: "list[Cell | None]", variable: str, scores: "FloatArray") -> "list[Cell | None]":
        """Cells with other scores, in their bands, with the ranges that they would have from as many answers."""
        from webapp.domain.intervals import interval  # noqa: PLC0415 - NumPy stays out of start-up
        from webapp.domain.scoring import band_of  # noqa: PLC0415 - likewise

        known = self.reading.publication.constants[variable]
        n = [cell.n if cell else 1 for cell in cells]
        invited = [cell.invited if cell else 1 for cell in cells]
        low, high = interval(scores, n, invited, known.phi, known.r)
        made = zip(cells, scores, low, high, band_of(scores, self._cuts), strict=True)
        return [
            None if cell is None else Cell(cell.n, cell.invited, int(score), int(least), int(most), int(band))
            for cell, score, least, most, band in made
        ]

    @cached_property
    def _cuts(self) -> tuple[int, ...]:
        return tuple(band.start for band in self.reading.questionnaire.bands)


def of(reading: Reading) -> Statements:
    """All questions as statements, over the units that the reader sees and that have published answers to questions.

    Teams are counted, each once. Where fewer than half of the shown ones have such answers, as where teams are small, they
    say too little alone: then the units above them count too, but for the whole organization.
    """
    import numpy as np  # noqa: PLC0415 - stays out of start-up

    from webapp.domain.unblocking import Board, effects, order  # noqa: PLC0415 - likewise

    variables = reading.variables
    units = tuple(place for place in reading.shown_teams if _told(reading, place))
    if 2 * len(units) < len(reading.shown_teams):
        units = tuple(place for place in reading.visible[1:] if _told(reading, place))
    boards = [reading.unit(place).teams for place in units]
    items = tuple((one.practice, item) for one in variables for item in one.items)

    found = effects(
        Board(
            scores=np.array([[_score(board.get(one.key)) for one in variables] for board in boards]).reshape(
                len(boards), len(variables)
            ),
            index=np.array([_score(board.get(INDEX)) for board in boards]),
            weights=np.array([one.practice.weight for one in variables]),
            means=np.array(
                [
                    [_mean(board.get(one.key), item.key) for one in variables for item in one.items]
                    for board in boards
                ]
            ).reshape(len(boards), len(items)),
            practice=np.array(
                [spot for spot, one in enumerate(variables) for _item in one.items], dtype=np.int64
            ),
            items=np.array([len(one.items) for one in variables], dtype=np.int64),
            cuts=tuple(band.start for band in reading.questionnaire.bands),
        )
    )
    return Statements(reading, units, items, found, order(found))


def _numbered(cell: Cell | None) -> Cell | None:
    """The cell where its number is published."""
    return None if cell is None or cell.score is None else cell


def _told(reading: Reading, place: int) -> bool:
    """Whether the answers to single questions of a unit are published, in one practice at least."""
    cells = reading.unit(place).teams
    return any(cells[one.key].item_means for one in reading.variables if one.key in cells)


def _score(cell: Cell | None) -> float:
    return float("nan") if cell is None or cell.score is None else float(cell.score)


def _mean(cell: Cell | None, item: str) -> float:
    means = cell.item_means if cell is not None else None
    return float("nan") if not means or item not in means else float(means[item])
