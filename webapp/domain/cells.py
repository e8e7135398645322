"""From sums and plans to published cells. Everything here is computed from the published whole numbers."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from webapp.domain import scoring
from webapp.domain.agreement import agreement
from webapp.domain.disclosure import BoolArray, k2_of, residuals
from webapp.domain.intervals import interval
from webapp.domain.measures import Measured
from webapp.domain.publication import INDEX, Agreement, Cell, Constants, Residual
from webapp.domain.quantiles import FloatArray
from webapp.domain.tree import IntArray, Tree

COARSE = 5.0


@dataclass(frozen=True)
class Shown:
    """What may be shown of one variable, (V,) each: any cell, only its band, only a coarse score, its details.

    coarse_residuals: the nodes whose residual group may only have a coarse score
    """

    plan: BoolArray
    band_only: BoolArray
    coarse: BoolArray
    detail: BoolArray
    coarse_residuals: frozenset[int] = frozenset()

    @property
    def numbers(self) -> BoolArray:
        return self.plan & ~self.band_only

    @property
    def exact_root(self) -> bool:
        """Whether the organization as a whole has its exact number."""
        return bool(self.plan[0] and not self.band_only[0] and not self.coarse[0])


def cell(
    mean: float, n: int, invited: int, constants: Constants, cuts: tuple[int, ...], *, guard: str = ""
) -> Cell:
    """One cell from a mean; guard is "" (exact), "coarse" or "band" as the time guard decided."""
    return _cells(np.array([mean]), np.array([n]), np.array([invited]), [guard], constants, cuts)[0]


def _cells(
    means: FloatArray,
    n: IntArray,
    invited: IntArray,
    guards: Sequence[str],
    constants: Constants,
    cuts: tuple[int, ...],
) -> list[Cell]:
    """Many cells of one variable at once."""
    rounded = np.array([guard == "coarse" for guard in guards])
    exact = scoring.whole(means)
    score = np.where(rounded, COARSE * np.floor((exact + COARSE // 2) / COARSE), exact)
    band = scoring.band_of(score, cuts)
    ends = [interval(score, n, invited, constants.phi, constants.r, step=step) for step in (1.0, COARSE)]
    low, high = (np.where(rounded, ends[1][end], ends[0][end]) for end in (0, 1))
    columns = zip(
        n.tolist(),
        invited.tolist(),
        score.tolist(),
        low.tolist(),
        high.tolist(),
        band.tolist(),
        guards,
        strict=True,
    )
    return [
        Cell(n=count, invited=asked, score=None, low=None, high=None, band=place)
        if guard == "band"
        else Cell(
            n=count,
            invited=asked,
            score=int(at),
            low=int(least),
            high=int(most),
            band=place,
            guarded=guard == "coarse",
        )
        for count, asked, at, least, most, place, guard in columns
    ]


def of_variable(
    measured: Measured,
    shown: Shown,
    tree: Tree,
    invited: IntArray,
    people: IntArray,
    constants: Constants,
    cuts: tuple[int, ...],
    *,
    k: int,
    finer: bool,
) -> dict[int, Cell]:
    """The shown cells of a variable by position."""
    places = np.flatnonzero(shown.plan)
    n = tree.rolled_up(measured.own.n).astype(np.int64)[places]
    means = tree.rolled_up(measured.own.total)[places] / n
    guards = [
        "band" if band_only else "coarse" if rounded else ""
        for band_only, rounded in zip(shown.band_only[places], shown.coarse[places], strict=True)
    ]
    made = _cells(means, n, invited[places], guards, constants, cuts)
    found = dict(zip(places.tolist(), made, strict=True))
    return _finer(found, measured, shown, tree, people, k=k) if finer else found


def _finer(
    cells: dict[int, Cell],
    measured: Measured,
    shown: Shown,
    tree: Tree,
    people: IntArray,
    *,
    k: int,
) -> dict[int, Cell]:
    """Add agreement, don't-know share, distribution and item means where the plans allow them."""
    n = tree.rolled_up(measured.own.n)
    agreed = agreement(measured.deviation, n, shown.detail, k2_of(k))
    words, numbers = agreed.word.tolist(), agreed.ad.tolist()
    unknown = 100 * tree.rolled_up(measured.unknown) / (measured.J * np.maximum(tree.rolled_up(people), 1))
    histogram = tree.rolled_up(measured.histogram).astype(np.int64).tolist()
    means = scoring.whole(tree.rolled_up(measured.items) / np.maximum(n, 1)[:, np.newaxis]).tolist()
    found = {}
    for place, plain in cells.items():
        if plain.score is None or plain.guarded:
            found[place] = plain  # what is guarded is a score and its interval, and nothing else
            continue
        word, number = words[place], numbers[place]
        detail = bool(shown.detail[place])
        found[place] = Cell(
            n=plain.n,
            invited=plain.invited,
            score=plain.score,
            low=plain.low,
            high=plain.high,
            band=plain.band,
            agreement=Agreement(word, None if math.isnan(number) else number) if word else None,
            unknown=int(unknown[place] + 0.5),
            histogram=tuple(histogram[place]) if detail else None,
            item_means=dict(zip(measured.item_keys, map(int, means[place]), strict=True)) if detail else None,
        )
    return found


def index(
    cells: Mapping[str, Cell], weights: Mapping[str, float], constants: Constants, cuts: tuple[int, ...]
) -> Cell | None:
    """The index of a node from its published practice scores: two thirds of the weight, the smallest n."""
    return indices([cells], weights, constants, cuts)[0]


def indices(
    boards: Sequence[Mapping[str, Cell]],
    weights: Mapping[str, float],
    constants: Constants,
    cuts: tuple[int, ...],
) -> list[Cell | None]:
    """`index` of many nodes at once."""
    practices = [
        {key: board[key] for key in weights if key in board and board[key].score is not None}
        for board in boards
    ]
    scores = [[one[key].score if key in one else None for key in weights] for one in practices]
    means = scoring.index_score(
        np.array(scores, dtype=np.float64).reshape(len(boards), len(weights)), list(weights.values())
    )
    places = np.flatnonzero(~np.isnan(means))
    counted = [list(practices[place].values()) for place in places]
    made = _cells(
        means[places],
        np.array([min(one.n for one in cells) for cells in counted], dtype=np.int64),
        np.array([cells[0].invited for cells in counted], dtype=np.int64),
        ["coarse" if any(one.guarded for one in cells) else "" for cells in counted],
        constants,
        cuts,
    )
    found: list[Cell | None] = [None] * len(boards)
    for place, one in zip(places.tolist(), made, strict=True):
        found[place] = one
    return found


def residual_groups(
    measured: Measured,
    shown: Shown,
    tree: Tree,
    headcounts: IntArray,
    people: IntArray,
    constants: Constants,
    cuts: tuple[int, ...],
) -> list[Residual]:
    """What is safe to show beside the shown cells: everybody of a shown node outside its shown parts."""
    numbers = shown.numbers
    # A group beside an exact and a coarse score would tell the coarse one exactly.
    around = {
        above for place in np.flatnonzero(shown.coarse & numbers) for above in tree.ancestors(int(place))
    }
    found = []
    for group in residuals(tree, numbers, measured.own.n, people):
        hidden = [place for place in group.positions if place != group.below]
        if group.whole or not hidden or group.n == 0:
            continue
        inside = set(hidden)
        top = tuple(place for place in hidden if tree.nodes[place].parent not in inside)
        members = list(group.positions)
        mean = float(measured.own.total[members].sum() / group.n)
        coarse = group.below in around or group.below in shown.coarse_residuals
        asked = int(headcounts[members].sum())
        one = cell(mean, group.n, asked, constants, cuts, guard="coarse" if coarse else "")
        found.append(Residual(group.below, top, measured.key, one))
    return found


def residual_indices(
    found: list[Residual], weights: Mapping[str, float], constants: Constants, cuts: tuple[int, ...]
) -> list[Residual]:
    """The index of a residual group, where the same units make it up in every practice that counts."""
    groups: dict[tuple[int, tuple[int, ...]], dict[str, Cell]] = {}
    for one in found:
        groups.setdefault((one.below, one.units), {})[one.variable] = one.cell
    made = []
    for (below, units), cells in groups.items():
        if (whole := index(cells, weights, constants, cuts)) is not None:
            made.append(Residual(below, units, INDEX, whole))
    return made
