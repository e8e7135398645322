"""Where a unit stands: against the rest of the organization, and in which quarter of the teams it most likely is.

All from published cells. A guarded score gets no mark, though it steadies what is known of the field.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np

from webapp.domain import comparison, scoring
from webapp.domain.cells import COARSE, indices
from webapp.domain.intervals import Scores, interval
from webapp.domain.publication import INDEX, Cell, Constants, Quarter, Tier
from webapp.domain.quantiles import FloatArray

Board = Mapping[str, Cell]
Sides = tuple[Cell, Cell]  # a unit's cell and that of the whole organization


@dataclass(frozen=True, slots=True)
class Beside:
    """A unit against the rest: the rest as a cell of its own, made from the published ones, and the verdict."""

    rest: Cell
    tier: Tier


def mark(
    boards: dict[int, dict[str, Cell]],
    leaves: Sequence[int],
    constants: Mapping[str, Constants],
    weights: Mapping[str, float],
    cuts: tuple[int, ...],
    *,
    k: int,
) -> None:
    """Mark the shown leaf units with tier and quarter; one family a variable."""
    teams = [place for place in leaves if place in boards]
    own = [boards[place] for place in teams]
    sides = dict(zip(teams, beside_whole(own, boards.get(0, {}), weights, constants, cuts), strict=True))
    for key in (*weights, INDEX):
        tiers = _tiers(
            {place: sides[place][key] for place in teams if key in sides[place]}, constants[key], k
        )
        field = [place for place in teams if key in boards[place] and boards[place][key].score is not None]
        quarters = _quarters([boards[place][key] for place in field], constants[key])
        for place, quarter in zip(field, quarters, strict=True):
            one = boards[place][key]
            if not one.guarded:
                boards[place][key] = replace(one, tier=tiers.get(place), quarter=quarter)


def beside_whole(
    units: Sequence[Board],
    whole: Board,
    weights: Mapping[str, float],
    constants: Mapping[str, Constants],
    cuts: tuple[int, ...],
) -> list[dict[str, Sides]]:
    """What of each unit may be held against the whole, by variable: exact numbers, indices over common practices."""
    found = [
        {
            key: (unit[key], whole[key])
            for key in (*weights, INDEX)
            if key in unit and key in whole and _exact(unit[key]) and _exact(whole[key])
        }
        for unit in units
    ]
    of_whole = numbers(whole, weights)
    others = [
        (sides, unit, own & of_whole)
        for sides, unit in zip(found, units, strict=True)
        if INDEX in sides and (own := numbers(unit, weights)) != of_whole
    ]
    parts = [{key: board[key] for key in common} for _, unit, common in others for board in (unit, whole)]
    together = indices(parts, weights, constants[INDEX], cuts) if parts else []
    for (sides, _, _), one, other in zip(others, together[::2], together[1::2], strict=True):
        del sides[INDEX]
        if one is not None and other is not None:
            sides[INDEX] = one, other
    return found


def numbers(board: Board, weights: Mapping[str, float]) -> frozenset[str]:
    """The practices of which a number is shown."""
    return frozenset(key for key in weights if key in board and board[key].score is not None)


def against_rest(
    sides: Mapping[str, Sides], constants: Mapping[str, Constants], cuts: tuple[int, ...], *, k: int
) -> dict[str, Beside]:
    """One unit against the rest by variable: its practices are one family, the index stands by itself."""
    found: dict[str, Beside] = {}
    for keys in ([key for key in sides if key != INDEX], [key for key in sides if key == INDEX]):
        known, own = [constants[key] for key in keys], [sides[key] for key in keys]
        compared = _compared(own, known, k)
        tiers = comparison.tier(compared.p, compared.d)
        rests = _rests(own, compared.rest, known, cuts)
        for key, rest, tier in zip(keys, rests, tiers, strict=True):
            if tier:
                found[key] = Beside(rest, cast("Tier", str(tier)))
    return found


def _exact(cell: Cell) -> bool:
    return cell.score is not None and not cell.guarded


def _tiers(family: Mapping[int, Sides], constant: Constants, k: int) -> dict[int, Tier]:
    compared = _compared(list(family.values()), [constant], k)
    words = comparison.tier(compared.p, compared.d)
    return {place: cast("Tier", str(word)) for place, word in zip(family, words, strict=True) if word}


def _compared(sides: Sequence[Sides], known: Sequence[Constants], k: int) -> comparison.AgainstRest:
    """Constants: one for each, or one for all."""
    units, wholes = ([side[part] for side in sides] for part in (0, 1))
    return comparison.against_rest(_scores(units, known), _scores(wholes, known), k)


def _scores(cells: Sequence[Cell], known: Sequence[Constants]) -> Scores:
    return Scores(
        s=np.array([cell.score for cell in cells], dtype=np.float64),
        n=np.array([cell.n for cell in cells], dtype=np.float64),
        N=np.array([cell.invited for cell in cells], dtype=np.float64),
        phi=np.array([one.phi for one in known]),
        r=np.array([one.r for one in known]),
    )


def _rests(
    sides: Sequence[Sides], means: FloatArray, known: Sequence[Constants], cuts: tuple[int, ...]
) -> list[Cell]:
    """The rests as cells; their intervals also bear both roundings, from which they were made."""
    units, wholes = (_scores([side[part] for side in sides], known) for part in (0, 1))
    n = np.maximum(np.asarray(wholes.n) - np.asarray(units.n), 1)
    invited = np.maximum(
        np.asarray(wholes.N) - np.asarray(units.N), n
    )  # an index has the n of its rarest practice
    score = scoring.whole(np.nan_to_num(means))
    step = np.sqrt(1 + (np.square(wholes.n) + np.square(units.n)) / n**2)
    low, high = interval(score, n, invited, units.phi, units.r, step=step)
    columns = [part.astype(int).tolist() for part in (n, invited, score, low, high)]
    bands = scoring.band_of(score, cuts).tolist()
    return [
        Cell(n=count, invited=asked, score=at, low=least, high=most, band=band)
        for count, asked, at, least, most, band in zip(*columns, bands, strict=True)
    ]


def _quarters(cells: Sequence[Cell], known: Constants) -> list[Quarter | None]:
    steps: FloatArray = np.array([COARSE if cell.guarded else 1.0 for cell in cells])
    found = comparison.quarter(comparison.product_shrink(_scores(cells, [known]), steps))
    return [cast("Quarter", word) if word else None for word in found.tolist()]
