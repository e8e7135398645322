"""Which practices stand clearly above, and which clearly below, all the others of a unit."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from webapp.domain.findings import chance
from webapp.domain.publication import Cell, Constants, Finding, Publication
from webapp.domain.quantiles import BoolArray
from webapp.domain.questionnaire import Questionnaire

MOST_TOGETHER = 3  # practices that may stand at one end together


@dataclass(frozen=True)
class _Board:
    """A unit's practices that have a number, the highest first; `clear` (P, P) says which pairs may be called apart."""

    place: int
    keys: list[str]
    cells: list[Cell]
    clear: BoolArray


def ends(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """The fewest practices, up to three, of which each is clearly above (or below) each of the others.

    All pairs of a unit's practices are one family. Where neither end stands apart in the whole organization, its two
    extremes may.
    """
    for board in _boards(publication, [one.key for one in questionnaire.practices]):
        found = [*_end(board, "highest"), *_end(_reversed(board), "lowest")]
        yield from found
        if not found and board.place == 0 and board.clear[0, -1]:
            values: dict[str, int | str] = {
                "practices": board.keys[-1],
                "score": board.cells[0].score or 0,
                "least": board.cells[-1].score or 0,
            }
            yield Finding("practices_apart", 0, board.keys[0], values)


def _boards(publication: Publication, practices: Sequence[str]) -> Iterator[_Board]:
    keys = [key for key in practices if key in publication.constants]
    places, rows = [], []
    for place, unit in enumerate(publication.units):
        row = [unit.teams.get(key) for key in keys]
        if sum(one is not None and one.score is not None for one in row) > 1:
            places.append(place)
            rows.append(row)
    if not rows:
        return
    clear = _pairs(rows, [publication.constants[key] for key in keys])
    for place, row, pairs in zip(places, rows, clear, strict=True):
        there = [(spot, cell) for spot, cell in enumerate(row) if cell is not None and cell.score is not None]
        there.sort(key=lambda one: -(one[1].score or 0))
        spots = [spot for spot, _cell in there]
        yield _Board(
            place,
            [keys[spot] for spot in spots],
            [cell for _spot, cell in there],
            pairs[np.ix_(spots, spots)],
        )


def _reversed(board: _Board) -> _Board:
    return _Board(board.place, board.keys[::-1], board.cells[::-1], board.clear[::-1, ::-1])


def _pairs(rows: list[list[Cell | None]], constants: list[Constants]) -> BoolArray:
    """(U, P, P): which practices of a unit may be called different."""
    one, other = np.triu_indices(len(constants), k=1)
    sides = [[row[spot] for row in rows for spot in spots] for spots in (one.tolist(), other.tolist())]
    known = [[constants[spot] for _row in rows for spot in spots] for spots in (one.tolist(), other.tolist())]
    earlier, later = (chance.sample(cells, each) for cells, each in zip(sides, known, strict=True))
    shape = (len(rows), len(one))
    p = chance.apart(earlier, later, chance.noise(*sides)).reshape(shape)
    points = (np.asarray(later.s) - np.asarray(earlier.s)).reshape(shape)
    clear = np.zeros((len(rows), len(constants), len(constants)), dtype=bool)
    clear[:, one, other] = clear[:, other, one] = chance.called(p, points, chance.PRACTICES)
    return clear


def _end(board: _Board, code: str) -> Iterator[Finding]:
    """The practices at the head of the board that stand apart from all that follow."""
    for size in range(1, min(MOST_TOGETHER, len(board.keys) // 2) + 1):
        if board.clear[:size, size:].all():
            yield _told(board, code, size)
            return


def _told(board: _Board, code: str, size: int) -> Finding:
    first, inside = board.cells[0], board.cells[:size]
    if size == 1:
        one = {"score": first.score or 0, "low": first.low or 0, "high": first.high or 0}
        return Finding(code, board.place, board.keys[0], one)
    scores = [cell.score or 0 for cell in inside]
    values: dict[str, int | str] = {
        "practices": ",".join(board.keys[:size]),
        "least": min(scores),
        "most": max(scores),
        "others": len(board.keys) - size,
    }
    return Finding(f"{code}_few", board.place, board.keys[0], values)
