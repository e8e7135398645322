"""From answered levels to scores: items, people, units, the index, bands."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from webapp.domain.quantiles import FloatArray

BANDS = (0, 20, 40, 60, 80)
LOWEST, HIGHEST = 5, 95  # published scores end here: a total of 0 or 100 would tell every single answer
ENOUGH_ANSWERS = 10  # of every item, before its difficulty is trusted
INDEX_WEIGHT = 2 / 3  # of the practices' weight must be there for an index

_POINTS = np.array([np.nan, 0, 25, 50, 75, 100])


def item_scores(levels: npt.NDArray[np.uint8]) -> FloatArray:
    """Scores `25 * (x - 1)` of answered levels 1..5, of any shape; level 0 (not answered, opted out) becomes NaN.

    Raises:
        IndexError: a level above 5.
    """
    return _POINTS[levels]


def min_answered(J: int) -> int:
    """How many of a practice's J items a person must answer to have a score: a third, rounded up."""
    return math.ceil(J / 3)


def difficulty(scores: FloatArray) -> FloatArray:
    """Mean score (J,) of each item over all people of the wave, from item scores (R, J).

    All zero, which means "no correction", where any item has fewer than ten answers. Never shown to anybody.
    """
    there = ~np.isnan(scores)
    answered = np.count_nonzero(there, axis=0)
    if answered.min(initial=ENOUGH_ANSWERS) < ENOUGH_ANSWERS:
        return np.zeros(scores.shape[1])
    return np.asarray(np.sum(scores, axis=0, where=there) / answered)


def person_scores(scores: FloatArray, b: FloatArray) -> FloatArray:
    """Practice score (R,) of each person: the mean of the answered items, corrected for their difficulty b (J,).

    y = mean over answered (x - b) + mean(b); NaN below `min_answered`. It may leave 0..100 and is not clipped:
    `fill` would no longer average to it.
    """
    missing = np.isnan(scores)
    each = np.ones(scores.shape[1])  # a product with ones sums short rows five times as fast as sum(axis=1)
    answered = scores.shape[1] - missing @ each
    above = np.where(missing, 0.0, scores - b) @ each
    enough = answered >= min_answered(scores.shape[1])
    return np.where(enough, above / np.maximum(answered, 1) + b.mean(), np.nan)


def fill(scores: FloatArray, b: FloatArray, y: FloatArray) -> FloatArray:
    """Item scores (R, J) in which a skipped item holds the person's own score, allowing for its difficulty.

    y + b - mean(b) where not answered; all NaN for a person without a score. The means of the filled items average
    exactly to the practice's mean, so item means and practice score are never two views of different answers.
    """
    filled: FloatArray = (y - b.mean())[:, np.newaxis] + b
    np.copyto(filled, scores, where=~np.isnan(scores))
    filled[np.isnan(y)] = np.nan
    return filled


def whole(mean: npt.ArrayLike) -> FloatArray:
    """The published score: the nearest whole number, between 5 and 95; NaN stays NaN.

    Means are first freed of the dust of summation (1e-9), so that the order of responses never moves a score.
    """
    nearest = np.floor(np.round(np.asarray(mean, dtype=np.float64), 9) + 0.5)
    return np.asarray(np.clip(nearest, LOWEST, HIGHEST), dtype=np.float64)


def index_score(scores: npt.ArrayLike, weights: npt.ArrayLike) -> FloatArray:
    """Weighted mean (...) of practice scores (..., P) with weights (P,), over the practices that are there.

    NaN where they hold less than two thirds of the weight. Serves people (own scores) and units (published ones).
    """
    given = np.asarray(scores, dtype=np.float64)
    weight = np.where(np.isnan(given), 0.0, np.asarray(weights, dtype=np.float64))
    present = weight.sum(axis=-1)
    enough = present >= INDEX_WEIGHT * np.sum(weights) * (1 - 1e-12)
    enough &= present > 0
    total = np.sum(np.where(np.isnan(given), 0.0, given) * weight, axis=-1)
    return np.where(enough, total / np.where(enough, present, 1.0), np.nan)


def band_of(score: npt.ArrayLike, cuts: Sequence[float] = BANDS) -> npt.NDArray[np.intp]:
    """Position of each score's band among `cuts` (ascending, the first 0): the last cut at or below it; -1 for NaN."""
    given = np.asarray(score, dtype=np.float64)
    return np.where(np.isnan(given), -1, np.searchsorted(np.asarray(cuts), given, side="right") - 1)


@dataclass(frozen=True, slots=True)
class Sums:
    """What the people of each place add up to; arrays (V,).

    `n` counts the values, `total` adds them, `ss` adds their squared distances from the place's own mean.
    """

    n: npt.NDArray[np.int64]
    total: FloatArray
    ss: FloatArray

    @property
    def mean(self) -> FloatArray:
        """(V,) means, NaN where nobody counts."""
        return np.where(self.n > 0, self.total / np.maximum(self.n, 1), np.nan)


def group_sums(values: FloatArray, groups: npt.NDArray[np.integer], V: int) -> Sums:
    """Sums of values (R,) by group 0..V-1 (R,); NaN values do not count.

    Squared distances are summed in a second pass: in one pass digits vanish in large groups.
    """
    there = ~np.isnan(values)
    if not there.all():
        values, groups = values[there], groups[there]
    n = np.bincount(groups, minlength=V)
    total = _summed(values, groups, V)
    distance = values - (total / np.maximum(n, 1))[groups]
    return Sums(n=n, total=total, ss=_summed(distance * distance, groups, V))


def complete_rows(
    values: FloatArray, groups: npt.NDArray[np.integer]
) -> tuple[FloatArray, npt.NDArray[np.integer]]:
    """The rows of values (R, J) without a NaN, with their groups; as they are where all rows are."""
    whole = ~np.isnan(values @ np.ones(values.shape[1]))
    return (values, groups) if whole.all() else (values[whole], groups[whole])


def group_totals(values: FloatArray, groups: npt.NDArray[np.integer], V: int) -> FloatArray:
    """Sums (V, J) of values (R, J) without NaN by group 0..V-1 (R,)."""
    return np.stack([_summed(column, groups, V) for column in values.T], axis=1)


def _summed(values: FloatArray, groups: npt.NDArray[np.integer], V: int) -> FloatArray:
    return np.bincount(groups, weights=values, minlength=V).astype(np.float64, copy=False)
