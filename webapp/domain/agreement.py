"""How much the people of a unit agree: average deviation in answer levels, and the word for it."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from webapp.domain.quantiles import BoolArray, FloatArray

CLOSE_BELOW, DIVIDED_ABOVE = 0.70, 1.00
FEWEST_FOR_A_WORD = 5
FLOOR = 0.3  # smaller deviations are shown as "under 0.3": near-unanimity would tell single answers


def average_deviation(
    filled: FloatArray, groups: npt.NDArray[np.integer], V: int, *, corrected: bool = True
) -> FloatArray:
    """AD* (V,) of filled item scores (R, J, 0..100) by group 0..V-1 (R,), in answer levels (x / 25 + 1).

    Mean over the items of sqrt(n / (n-1)) mean_i |x_ij - mean_j| (Burke, Finkelstein & Dusig 1999, around the mean; the
    factor frees it of the size of the group). NaN for n < 2; people with NaN do not count. Uncorrected without factor.
    """
    J = filled.shape[1]
    counted = ~np.isnan(filled @ np.ones(J))
    answers, places = filled[counted], groups[counted]
    n = np.bincount(places, minlength=V)
    apart = np.zeros(len(places))
    for item in answers.T:
        means = np.bincount(places, weights=item, minlength=V) / np.maximum(n, 1)
        apart += np.abs(item - means[places])
    ad = np.bincount(places, weights=apart, minlength=V) / (np.maximum(n, 1) * J * 25)
    if corrected:
        ad *= np.sqrt(n / np.maximum(n - 1, 1))
    return np.where(n > 1, ad, np.nan)


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
