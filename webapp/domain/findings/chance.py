"""How sure a difference must be before a sentence picks it out of many.

A heat map asks whether these people score otherwise than the rest. A sentence that picks one team out of forty, or one
practice out of nine, must also leave behind the luck of who happens to be there: so `sample` counts nobody's answers
as a census (r = 0). What leaders see is said of these very leaders, so `census` counts them as what they are. The
families of comparisons share the chance that any of them is called wrongly.
"""

from collections.abc import Sequence

import numpy as np

from webapp.domain import comparison
from webapp.domain.cells import COARSE
from webapp.domain.intervals import Scores, sampling_factor
from webapp.domain.publication import Cell, Constants
from webapp.domain.quantiles import BoolArray, FloatArray, two_sided

FAMILIES = 5  # units, whether units differ, practices, the leaders' average, leaders by name
FALSE_SHARE = comparison.FALSE_SHARE / FAMILIES


def sample(cells: Sequence[Cell | None], constants: Constants | Sequence[Constants]) -> Scores:
    """The cells' scores (F,) as those of a sample of all who could be there."""
    return census(cells, constants)._replace(r=0.0)


def census(cells: Sequence[Cell | None], constants: Constants | Sequence[Constants]) -> Scores:
    """The cells' scores (F,) as those of these very people; NaN where there is no cell or no number."""
    known = [constants] * len(cells) if isinstance(constants, Constants) else constants
    return Scores(
        s=np.array([np.nan if one is None or one.score is None else one.score for one in cells], dtype=float),
        n=np.array([one.n if one else 1 for one in cells]),
        N=np.array([one.invited if one else 1 for one in cells]),
        phi=np.array([one.phi for one in known]),
        r=np.array([one.r for one in known]),
    )


def steps(cells: Sequence[Cell | None]) -> FloatArray:
    """The width (F,) to which each score was rounded."""
    return np.array([COARSE if one is not None and one.guarded else 1.0 for one in cells])


def noise(*sides: Sequence[Cell | None]) -> FloatArray:
    """The variance (F,) that the roundings of all sides add."""
    return np.asarray(sum(steps(cells) ** 2 for cells in sides) / 12)


def apart(one: Scores, other: Scores, noise: FloatArray) -> FloatArray:
    """Two-sided p that two scores differ by chance, as `comparison.difference` has it; noise: of both roundings."""
    phi, r = ((np.asarray(a) + np.asarray(b)) / 2 for a, b in ((one.phi, other.phi), (one.r, other.r)))
    c1, c2 = (sampling_factor(scores.n, scores.N, r) for scores in (one, other))
    m1, m2 = np.asarray(one.s), np.asarray(other.s)
    mu = (m1 * c2 + m2 * c1) / (c1 + c2)
    return two_sided((m2 - m1) / np.sqrt(phi * mu * (100 - mu) * (c1 + c2) + noise))


def called(p: FloatArray, points: FloatArray, least: float = comparison.LEAST_POINTS) -> BoolArray:
    """Which differences of a family (along the last axis) a sentence may name."""
    return np.asarray(comparison.benjamini_hochberg(p, FALSE_SHARE) & (np.abs(points) >= least))
