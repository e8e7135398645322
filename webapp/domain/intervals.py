"""How sure a score is: the 90 % interval of a unit's score and the constants of a wave that it needs.

A unit's interval depends on its score, its answers and its head count only; what people in it differ by enters pooled
over the organization, so that an interval tells nothing more about anybody.
"""

import math
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from webapp.domain.quantiles import FloatArray, t_quantile
from webapp.domain.scoring import HIGHEST, LOWEST, complete_rows

CONFIDENCE = 0.90
PHI, PHI_INDEX = 0.20, 0.08  # dispersion assumed before there are data
PRIOR_ANSWERS = 10  # weight of that assumption, in answers
ENOUGH_FOR_PHI, ENOUGH_FOR_ALPHA = 30, 100
RELIABILITY, RELIABILITY_ONE_ITEM, RELIABILITY_INDEX = 0.65, 0.45, 0.85
ALPHA_LIMITS, ALPHA_LIMITS_INDEX = (0.30, 0.80), (0.50, 0.90)


class Scores(NamedTuple):
    """Published scores with all that their uncertainty depends on; each an array or a number, broadcast together.

    `s` 5..95 (NaN where nothing is published), `n` answers, `N` head count (n <= N), `phi` and `r` of the wave's
    practice. `interval(*scores)` works.
    """

    s: npt.ArrayLike
    n: npt.ArrayLike
    N: npt.ArrayLike
    phi: npt.ArrayLike
    r: npt.ArrayLike


def sampling_factor(n: npt.ArrayLike, N: npt.ArrayLike, r: npt.ArrayLike) -> FloatArray:
    """The factor c = (1 - r n/N) / n: by how much a mean of n out of N people varies, relative to one person; NaN for n < 1.

    r = 0 gives 1/n, r = 1 the textbook's finite-population factor, which claims that a full census of noisy answers
    has no error. What is wanted is the mean of the people's true scores: between the two, at the reliability r.
    """
    answers = np.asarray(n, dtype=np.float64)
    answers = np.where(answers >= 1, answers, np.nan)
    return (1 - np.asarray(r) * answers / np.asarray(N, dtype=np.float64)) / answers


def wilson_fp(
    m: npt.ArrayLike,
    n: npt.ArrayLike,
    N: npt.ArrayLike,
    phi: npt.ArrayLike,
    r: npt.ArrayLike,
    *,
    conf: float = CONFIDENCE,
    df: float = math.inf,
    step: npt.ArrayLike = 0.0,
) -> tuple[FloatArray, FloatArray]:
    """Wilson's score interval (1927) for means m (0..100) of n out of N people, with dispersion phi and reliability r.

    a = z^2 (phi c + step^2 / (12 m (100 - m))) with c of `sampling_factor`;
    ends = 100 (u + a/2 -+ sqrt(a u (1 - u) + a^2 / 4)) / (1 + a), u = m / 100. `step` is the width to which m was
    rounded (0 not at all; otherwise 0 < m < 100 is needed). The quantile is Student's t where df is finite.

    Returns:
        Lower and upper ends, 0..100, NaN where n < 1.
    """
    u = np.asarray(m, dtype=np.float64) / 100
    z2 = t_quantile(0.5 + conf / 2, df) ** 2
    a = z2 * np.asarray(phi) * sampling_factor(n, N, r)
    if np.any(step):
        a = a + z2 * np.square(step) / (12e4 * u * (1 - u))
    centre = u + a / 2
    half = np.sqrt(a * u * (1 - u) + a**2 / 4)
    low, high = 100 * (centre - half) / (1 + a), 100 * (centre + half) / (1 + a)
    return np.clip(low, 0, 100), np.clip(high, 0, 100)


def ends(
    s: npt.ArrayLike,
    n: npt.ArrayLike,
    N: npt.ArrayLike,
    phi: npt.ArrayLike,
    r: npt.ArrayLike,
    *,
    step: npt.ArrayLike = 1.0,
) -> tuple[FloatArray, FloatArray]:
    """Unrounded 90 % ends for published scores s (5..95): `wilson_fp` with the rounding, open at 5 and at 95.

    A score of 5 stands for everything down to 0, one of 95 for everything up to 100. `step` is 5 for a score that was
    rounded to a multiple of 5; with step 0, s is an exact mean and nothing is open.
    """
    low, high = wilson_fp(s, n, N, phi, r, step=step)
    if not np.any(step):
        return low, high
    there = ~np.isnan(low)
    low = np.where(there & (np.asarray(s) <= LOWEST), 0.0, low)
    high = np.where(there & (np.asarray(s) >= HIGHEST), 100.0, high)
    return low, high


def interval(
    s: npt.ArrayLike,
    n: npt.ArrayLike,
    N: npt.ArrayLike,
    phi: npt.ArrayLike,
    r: npt.ArrayLike,
    *,
    step: npt.ArrayLike = 1.0,
) -> tuple[FloatArray, FloatArray]:
    """The published interval of published scores: `ends` to the nearest whole number, low <= s <= high in 0..100.

    Returns:
        low, high as whole-valued floats, NaN where s is NaN or n < 1.
    """
    low, high = ends(s, n, N, phi, r, step=step)
    return np.minimum(np.floor(low + 0.5), s), np.maximum(np.floor(high + 0.5), s)


def variance(
    s: npt.ArrayLike,
    n: npt.ArrayLike,
    N: npt.ArrayLike,
    phi: npt.ArrayLike,
    r: npt.ArrayLike,
    *,
    step: npt.ArrayLike = 1.0,
) -> FloatArray:
    """Squared standard error of scores at s: phi c s (100 - s) + step^2 / 12, in squared points."""
    at = np.asarray(s, dtype=np.float64)
    return np.asarray(np.asarray(phi) * sampling_factor(n, N, r) * at * (100 - at) + np.square(step) / 12)


def pooled_phi(
    n: npt.ArrayLike, m: npt.ArrayLike, ss: npt.ArrayLike, phi0: float = PHI, nu0: float = PRIOR_ANSWERS
) -> tuple[float, float]:
    """Dispersion: variance within teams relative to the largest possible at their means; and its degrees of freedom.

    phi = (sum ss + nu0 phi0 qbar) / (sum (n-1) q + nu0 qbar), q = m (100 - m), qbar weighted by n - 1;
    df = sum (n-1) + nu0. Teams (T,) with n < 2 say nothing; phi0 where no team says anything.
    """
    freedom = np.maximum(np.asarray(n, dtype=np.float64) - 1, 0)
    known = freedom > 0
    freedom = freedom[known]
    mean = np.clip(np.asarray(m, dtype=np.float64)[known], 0, 100)
    df = float(freedom.sum())
    most = float(np.sum(freedom * mean * (100 - mean)))
    if df == 0 or most == 0:
        return phi0, df + nu0
    prior = nu0 * most / df
    return (float(np.sum(np.asarray(ss)[known])) + phi0 * prior) / (most + prior), df + nu0


def published_phi(n: npt.ArrayLike, m: npt.ArrayLike, ss: npt.ArrayLike, phi0: float = PHI) -> float:
    """The wave's phi of a practice from all its leaf teams (T,), shown or not: `pooled_phi` in .02..1, two digits.

    phi0 under 30 answers; give PHI_INDEX for the index, and the members' phi for leaders.
    """
    if np.sum(n) < ENOUGH_FOR_PHI:
        return phi0
    phi, _ = pooled_phi(n, m, ss, phi0)
    return two_digits(min(1.0, max(0.02, phi)))


def alpha_within(filled: FloatArray, groups: npt.NDArray[np.integer]) -> float:
    """Cronbach's alpha of the pooled within-team covariance of items (R, J), teams 0.. (R,); NaN if undefined.

    Differences between teams are no reliability of a person's score, so they are taken out. Rows with NaN do not count.
    """
    J = filled.shape[1]
    items, teams = complete_rows(filled, groups)
    if J < 2 or not teams.size:  # noqa: PLR2004 - a covariance needs two
        return math.nan
    n = np.maximum(np.bincount(teams), 1)
    of_items, together = 0.0, np.zeros(len(teams))
    for item in items.T:
        apart = item - (np.bincount(teams, weights=item) / n)[teams]
        of_items += float(apart @ apart)
        together += apart
    of_sum = float(together @ together)
    return J / (J - 1) * (1 - of_items / of_sum) if of_sum > 0 else math.nan


def reliability(filled: FloatArray, groups: npt.NDArray[np.integer], *, reflective: bool) -> float:
    """Reliability r of a practice from its filled items (R, J): alpha where items reflect one trait and 100 people answered.

    In .30...80, two digits; otherwise .65, or .45 for a single item.
    """
    if filled.shape[1] == 1:
        return RELIABILITY_ONE_ITEM
    return _alpha_or(RELIABILITY, filled, groups, ALPHA_LIMITS) if reflective else RELIABILITY


def index_reliability(
    practices: FloatArray, groups: npt.NDArray[np.integer], weights: npt.ArrayLike = 1.0
) -> float:
    """Reliability r of the index: alpha over people's weighted practice scores (R, P) in .50...90, two digits; .85 under 100."""
    return _alpha_or(RELIABILITY_INDEX, practices * np.asarray(weights), groups, ALPHA_LIMITS_INDEX)


def _alpha_or(
    default: float, parts: FloatArray, groups: npt.NDArray[np.integer], limits: tuple[float, float]
) -> float:
    if np.count_nonzero(~np.isnan(parts @ np.ones(parts.shape[1]))) < ENOUGH_FOR_ALPHA:
        return default
    alpha = alpha_within(parts, groups)
    return default if math.isnan(alpha) else round(min(limits[1], max(limits[0], alpha)), 2)


def two_digits(value: float) -> float:
    """A constant as it is published and used: two significant digits."""
    return float(f"{value:.2g}")
