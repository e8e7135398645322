"""How sure a difference must be before a sentence picks it out of many.

A heat map asks whether these people score otherwise than the rest. A sentence that picks one team out of forty, or one
practice out of nine, must also leave behind the luck of who happens to be there: so `sample` counts nobody's answers
as a census (r = 0). The families of comparisons share the chance that any of them is called wrongly.
"""

from collections.abc import Sequence

import numpy as np

from webapp.domain import comparison
from webapp.domain.cells import COARSE
from webapp.domain.intervals import Scores, sampling_factor
from webapp.domain.publication import Cell, Constants
from webapp.domain.quantiles import BoolArray, FloatArray, two_sided

# What each family of comparisons may say falsely where nothing differs: together about a tenth of the waves.
UNITS, UNITS_AT_ALL, PRACTICES, LEADERS, LEADERS_BY_NAME = 0.02, 0.01, 0.02, 0.03, 0.01


def sample(cells: Sequence[Cell | None], constants: Constants | Sequence[Constants]) -> Scores:
    """The cells' scores (F,) as those of a sample of all who could be there; NaN where there is no cell or no number."""
    known = [constants] * len(cells) if isinstance(constants, Constants) else constants
    return Scores(
        s=np.array([np.nan if one is None or one.score is None else one.score for one in cells], dtype=float),
        n=np.array([one.n if one else 1 for one in cells]),
        N=np.array([one.invited if one else 1 for one in cells]),
        phi=np.array([one.phi for one in known]),
        r=0.0,
    )


def steps(cells: Sequence[Cell | None]) -> FloatArray:
    """The width (F,) to which each score was rounded."""
    return np.array([COARSE if one is not None and one.guarded else 1.0 for one in cells])


def noise(*sides: Sequence[Cell | None]) -> FloatArray:
    """The variance (F,) that the roundings of all sides add."""
    return np.asarray(sum(steps(cells) ** 2 for cells in sides) / 12)


def apart(one: Scores, other: Scores, noise: FloatArray) -> FloatArray:
    """Two-sided p that two scores differ by chance, as `comparison.difference` has it; noise: of both roundings."""
    phi = (np.asarray(one.phi) + np.asarray(other.phi)) / 2
    c1, c2 = (sampling_factor(scores.n, scores.N, scores.r) for scores in (one, other))
    m1, m2 = np.asarray(one.s), np.asarray(other.s)
    mu = (m1 * c2 + m2 * c1) / (c1 + c2)
    return two_sided((m2 - m1) / np.sqrt(phi * mu * (100 - mu) * (c1 + c2) + noise))


def called(p: FloatArray, points: FloatArray, share: float) -> BoolArray:
    """Which differences of a family (along the last axis) a sentence may name; 5 points, at least."""
    return comparison.flag(p, points, share)
