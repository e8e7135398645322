"""How much the people of a unit agree: average deviation in answer levels, and the word for it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from webapp.domain.quantiles import BoolArray, FloatArray
from webapp.domain.scoring import complete_rows
from webapp.domain.tree import Tree

CLOSE_BELOW, DIVIDED_ABOVE = 0.70, 1.00
FEWEST_FOR_A_WORD = 5
FLOOR = 0.3  # smaller deviations are shown as "under 0.3": near-unanimity would tell single answers

_LEVELS = np.array([0.0, 25.0, 50.0, 75.0, 100.0])


def average_deviation(
    filled: FloatArray,
    groups: npt.NDArray[np.integer],
    V: int,
    *,
    tree: Tree | None = None,
    corrected: bool = True,
) -> FloatArray:
    """AD* (V,) of filled item scores (R, J, 0..100) by group 0..V-1 (R,), in answer levels (x / 25 + 1).

    Mean over the items of sqrt(n / (n-1)) mean_i |x_ij - mean_j| (Burke, Finkelstein & Dusig 1999, around the mean; the
    factor frees it of the size of the group). NaN for n < 2; people with NaN do not count. Uncorrected without factor.
    With a tree the groups are its V nodes, and each node's people count for all nodes above it too.
    """
    J = filled.shape[1]
    answers, places = complete_rows(filled, groups)
    n = _up(np.bincount(places, minlength=V), tree)
    apart = sum((_apart(item, places, n, tree) for item in answers.T), start=np.zeros(V))
    ad = apart / (np.maximum(n, 1) * J * 25)
    if corrected:
        ad *= np.sqrt(n / np.maximum(n - 1, 1))
    return np.where(n > 1, ad, np.nan)


def _apart(item: FloatArray, places: npt.NDArray[np.integer], n: FloatArray, tree: Tree | None) -> FloatArray:
    """Sum (V,) of |x_i - mean| of each node's n people (V,).

    Nearly all values are one of the five levels: these are counted once a node, and every node above needs the counts
    alone. Only the others, which fill gaps, are looked at again for each node above.
    """
    V = len(n)
    step = item / 25
    level = np.clip(step, 0, 4).astype(np.int64)
    between = level != step
    counts = np.bincount(places * 6 + np.where(between, 5, level), minlength=6 * V).reshape(V, 6)[:, :5]
    values, at = item[between], places[between]
    own = counts @ _LEVELS + np.bincount(at, weights=values, minlength=V)
    means = _up(own, tree) / np.maximum(n, 1)
    apart = np.sum(_up(counts, tree) * np.abs(_LEVELS - means[:, np.newaxis]), axis=1)
    while values.size:
        apart += np.bincount(at, weights=np.abs(values - means[at]), minlength=V)
        above = tree.parents[at] if tree else np.full(at.size, -1)
        values, at = values[above >= 0], above[above >= 0]
    return np.asarray(apart)


def _up(own: npt.NDArray[np.generic], tree: Tree | None) -> FloatArray:
    return own.astype(np.float64) if tree is None else tree.rolled_up(own)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What is published; arrays (V,): `word` close, mixed, divided or "" (nothing is said), `ad` to one decimal.

    `ad` is NaN where only the word may be shown; where `under` is true, the number is 0.3 and means "under 0.3".
    """

    word: npt.NDArray[np.str_]
    ad: FloatArray
    under: BoolArray


def agreement(ad: npt.ArrayLike, n: npt.ArrayLike, detail: npt.ArrayLike, k2: int) -> Agreement:
    """Words for shown cells with AD* `ad` and n answers; numbers inside the `detail` plan from k2 answers on.

    Close below .70, mixed from there, divided above 1.00; "divided" needs the detail plan, a word needs five answers.
    """
    deviation = np.asarray(ad, dtype=np.float64)
    answers = np.asarray(n)
    inside = np.asarray(detail, dtype=np.bool_) & (answers >= k2) & ~np.isnan(deviation)
    silent = (answers < FEWEST_FOR_A_WORD) | np.isnan(deviation)
    apart = np.where(inside & (deviation > DIVIDED_ABOVE), "divided", "mixed")
    word = np.where(silent, "", np.where(deviation < CLOSE_BELOW, "close", apart))
    number = np.where(inside, np.round(deviation, 1), np.nan)
    under = inside & (number < FLOOR)
    return Agreement(word=word, ad=np.where(under, FLOOR, number), under=under)
