"""All pairs of a few units beside each other: which of them may be called different, in one family."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from webapp.domain import comparison
from webapp.domain.intervals import Scores
from webapp.domain.quantiles import BoolArray, FloatArray
from webapp.domain.tree import IntArray


@dataclass(frozen=True, slots=True)
class Pairs:
    """The later unit minus the earlier one, in points, for each pair (K,) of units and each of P variables (K, P).

    `low` and `high` are the ends of the 90 % interval; where `made` is False, nothing was compared (NaN).
    """

    one: IntArray
    other: IntArray
    d: FloatArray
    low: FloatArray
    high: FloatArray
    called: BoolArray
    made: BoolArray

    @property
    def tests(self) -> int:
        """How many comparisons the family holds."""
        return int(np.count_nonzero(self.made))


def pairs(units: Scores, step: npt.ArrayLike, apart: BoolArray) -> Pairs:
    """Compare units with scores (U, P), rounded to `step` (U, P), pair by pair; all that is made is one family.

    `apart` (U, U) is False for two units that share people: the test is one of separate groups, so no such pair is made.
    """
    s = np.asarray(units.s, dtype=np.float64)
    one, other = np.triu_indices(len(s), k=1)
    n, N, width = (np.broadcast_to(np.asarray(part), s.shape) for part in (units.n, units.N, step))

    def side(places: IntArray) -> Scores:
        given = np.where(apart[one, other][:, np.newaxis], s[places], np.nan)
        return Scores(given, n[places], N[places], units.phi, units.r)

    found = comparison.difference(side(one), side(other), width[one], width[other])
    flagged = comparison.flag(found.p.ravel(), found.d.ravel()).reshape(found.p.shape)
    called = flagged & comparison.leaves_out_zero(found.low, found.high)
    return Pairs(one, other, found.d, found.low, found.high, called, ~np.isnan(found.p))
