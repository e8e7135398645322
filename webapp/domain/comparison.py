"""What may be called different: between waves, teams and roles; which team stands out; what shrinkage makes of a score.

All from published scores and the wave's constants. `step` is the width to which scores are rounded: 1, or 5 for
guarded ones; 0 takes them as exact means.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from webapp.domain.intervals import Scores, ends, sampling_factor, variance
from webapp.domain.quantiles import BoolArray, FloatArray, normal_cdf, normal_quantile, two_sided

FALSE_SHARE = 0.10  # of the flags of one family, at most, by Benjamini and Hochberg
LEAST_POINTS = 5  # a smaller difference is not worth a flag, however sure
LEAST_GAP = 10  # points between leaders and members worth a word
FEW_UNITS = 5  # below this, nothing to learn a spread of units from
BADGE = 0.80  # probability from which "top quartile" may be said
SMOOTHING = 4  # answers at the mean of the units that steady a variance near the ends


@dataclass(frozen=True, slots=True)
class Difference:
    """Later minus earlier (or other minus one), in points: z and two-sided p of the score test, 90 % interval."""

    d: FloatArray
    z: FloatArray
    p: FloatArray
    low: FloatArray
    high: FloatArray


def difference(
    one: Scores, other: Scores, step: npt.ArrayLike = 1.0, other_step: npt.ArrayLike | None = None
) -> Difference:
    """Score test of `other` minus `one` under a common mean, and the MOVER interval (Zou & Donner 2008).

    mu = (m1/c1 + m2/c2) / (1/c1 + 1/c2); z = (m2 - m1) / sqrt(phi mu (100 - mu) (c1 + c2) + both steps^2 / 12), with
    the mean of both phi and both r; the interval is made from each one's own interval with its own phi, r and step
    (`other_step` where the other was rounded otherwise). p = 1 where the variance is 0; NaN where either is missing.
    """
    steps = step, step if other_step is None else other_step
    d, low, high = _mover(one, other, *steps)
    z = _z(d, _null_variance(one, other, *steps))
    return Difference(d=d, z=z, p=two_sided(z), low=low, high=high)


def average_difference(one: Scores, other: Scores, step: npt.ArrayLike = 1.0) -> Difference:
    """`other` minus `one` of U units (U,), on average: each unit counts alike, whatever its size.

    d = sum(d_i) / U and z = sum(d_i) / sqrt(sum(v_i)) with each unit's own test variance v_i; the interval is
    d -+ sqrt(sum((d_i - l_i)^2)) / U, and likewise upwards (MOVER for a mean; Zou, Huang & Zhang 2009). It describes
    these units: that others would have changed otherwise is not in it.
    """
    d, low, high = _mover(one, other, step, step)
    units = max(d.size, 1)
    z = _z(np.sum(d, keepdims=True), np.sum(_null_variance(one, other, step, step), keepdims=True))
    mean = np.asarray(np.sum(d, keepdims=True) / units)
    return Difference(
        d=mean,
        z=z,
        p=two_sided(z),
        low=mean - np.sqrt(np.sum((d - low) ** 2, keepdims=True)) / units,
        high=mean + np.sqrt(np.sum((high - d) ** 2, keepdims=True)) / units,
    )


def _null_variance(one: Scores, other: Scores, step: npt.ArrayLike, other_step: npt.ArrayLike) -> FloatArray:
    """Variance of a difference if there were none, at the common mean."""
    phi = (np.asarray(one.phi) + np.asarray(other.phi)) / 2
    r = (np.asarray(one.r) + np.asarray(other.r)) / 2
    c1, c2 = sampling_factor(one.n, one.N, r), sampling_factor(other.n, other.N, r)
    m1, m2 = np.asarray(one.s, dtype=np.float64), np.asarray(other.s, dtype=np.float64)
    both = c1 + c2
    mu = (m1 * c2 + m2 * c1) / np.where(both == 0, 1.0, both)
    return np.asarray(phi * mu * (100 - mu) * both + rounding(step, other_step))


def leaves_out_zero(low: npt.ArrayLike, high: npt.ArrayLike) -> BoolArray:
    """Whether a range leaves out zero as it is printed, in whole points.

    The score test and the range rest on two variances: of what the test flags alone, one in a hundred has a range that
    touches zero. “Rose 7, likely 0 to 14” contradicts itself, so what is shown with its range is called by both.
    """
    return np.asarray((np.rint(low) > 0) | (np.rint(high) < 0))


def rounding(*steps: npt.ArrayLike) -> FloatArray:
    """Variance that roundings to these steps add to a difference: the sum of step^2 / 12."""
    return np.asarray(sum(np.square(np.asarray(step, dtype=np.float64)) for step in steps) / 12)


@dataclass(frozen=True, slots=True)
class AgainstRest:
    """Units against the rest of the organization: score of the rest, difference in points, z and p; NaN if not made."""

    rest: FloatArray
    d: FloatArray
    z: FloatArray
    p: FloatArray


def against_rest(units: Scores, root: Scores, k: int) -> AgainstRest:
    """Each unit's score minus that of everybody else, from the root's published score.

    rest = (n_T s_T - n s) / (n_T - n) in 0..100, made only where the rest has k answers and the unit at most half;
    se^2 = phi rest (100 - rest) (c_unit + c_rest) + n_T^2 / (6 (n_T - n)^2), the last for both roundings.
    """
    s, n = np.asarray(units.s, dtype=np.float64), np.asarray(units.n, dtype=np.float64)
    total, everybody = np.asarray(root.n, dtype=np.float64), np.asarray(root.N, dtype=np.float64)
    left = total - n
    made = (left >= k) & (n <= total / 2) & ~np.isnan(s)
    left = np.where(made, left, np.nan)
    rest = np.clip((total * np.asarray(root.s) - n * s) / left, 0, 100)
    people = np.maximum(
        everybody - np.asarray(units.N), left
    )  # an index counts the answers of its rarest practice
    factors: FloatArray = sampling_factor(n, units.N, units.r) + sampling_factor(left, people, units.r)
    z = _z(s - rest, np.asarray(units.phi) * rest * (100 - rest) * factors + total**2 / (6 * left**2))
    return AgainstRest(rest=rest, d=s - rest, z=z, p=two_sided(z))


def benjamini_hochberg(p: npt.ArrayLike, q: float = FALSE_SHARE) -> BoolArray:
    """Which hypotheses fall when at most a share q of them may fall wrongly (Benjamini & Hochberg 1995).

    A family lies along the last axis (…, F); NaN stands for a comparison that was not made: it never falls and does
    not count in the family.
    """
    given = np.asarray(p, dtype=np.float64)
    ascending = np.sort(given, axis=-1)  # NaN last
    family = np.count_nonzero(~np.isnan(given), axis=-1)[..., np.newaxis]
    stairs = q * np.arange(1, given.shape[-1] + 1) / np.maximum(family, 1)
    below = np.where(ascending <= stairs, ascending, -np.inf)
    return np.asarray(given <= np.max(below, axis=-1, keepdims=True, initial=-np.inf))


def flag(p: npt.ArrayLike, d: npt.ArrayLike, q: float = FALSE_SHARE) -> BoolArray:
    """Which differences may be called so: found by `benjamini_hochberg` in their family, and at least 5 points."""
    return np.asarray(benjamini_hochberg(p, q) & (np.abs(np.asarray(d, dtype=np.float64)) >= LEAST_POINTS))


def tier(p: npt.ArrayLike, d: npt.ArrayLike) -> npt.NDArray[np.str_]:
    """Where each unit stands: "above", "within" or "below" the rest, "" where no comparison was made.

    The family is the shown leaf units of one practice, along the last axis.
    """
    found, points = flag(p, d), np.asarray(d, dtype=np.float64)
    named = np.where(found, np.where(points > 0, "above", "below"), "within")
    return np.where(np.isnan(np.asarray(p, dtype=np.float64)), "", named)


def smallest_difference(
    n: npt.ArrayLike,
    N: npt.ArrayLike,
    phi: npt.ArrayLike,
    r: npt.ArrayLike,
    tests: int = 10,
    *,
    other: tuple[npt.ArrayLike, npt.ArrayLike] | None = None,
    noise: FloatArray | float = 1 / 6,
) -> tuple[FloatArray, FloatArray]:
    """Points by which two mid-scale scores must differ to be called different, never under 5.

    Both of n out of N, or the second of `other` = (n, N); `noise` is the variance that roundings add.

    Returns:
        For one test at 10 %, and for the hardest (first) step of a family of `tests`; whole-valued.
    """
    factors = sampling_factor(n, N, r) + sampling_factor(*(other or (n, N)), r)
    se = np.sqrt(np.asarray(phi) * 2500 * factors + noise)
    alone, first = (normal_quantile(1 - FALSE_SHARE / share / 2) for share in (1, tests))
    return _points(alone * se), _points(first * se)


def _points(difference_needed: FloatArray) -> FloatArray:
    return np.maximum(np.floor(difference_needed + 0.5), LEAST_POINTS)


@dataclass(frozen=True, slots=True)
class Shrunken:
    """Scores drawn towards their mean by what noise explains. For ordering only, never shown as scores.

    `mu` and `tau2` are mean and variance of the units' true scores (NaN if too few units), `B` the share kept,
    `theta` the shrunken scores, `sd` their standard deviations, `v` the squared standard errors they are made from.
    """

    mu: float
    tau2: float
    B: FloatArray
    theta: FloatArray
    sd: FloatArray
    v: FloatArray


def shrink(m: npt.ArrayLike, v: npt.ArrayLike) -> Shrunken:
    """Empirical Bayes for means m (U,) with variances v > 0, U >= 2; moments by DerSimonian & Laird (1986).

    B = tau2 / (tau2 + v), theta = mu + B (m - mu), sd^2 = B v + (1 - B)^2 Var(mu).
    """
    means, noise = np.asarray(m, dtype=np.float64), np.asarray(v, dtype=np.float64)
    weight = 1 / noise
    fixed = np.sum(weight * means) / weight.sum()
    excess = np.sum(weight * (means - fixed) ** 2) - (means.size - 1)
    tau2 = max(0.0, float(excess / (weight.sum() - np.sum(weight**2) / weight.sum())))
    weight = 1 / (noise + tau2)
    mu = float(np.sum(weight * means) / weight.sum())
    B = tau2 / (tau2 + noise)
    sd = np.sqrt(B * noise + (1 - B) ** 2 / weight.sum())
    return Shrunken(mu=mu, tau2=tau2, B=B, theta=mu + B * (means - mu), sd=sd, v=noise)


def smoothed_variance(scores: Scores, mean: float, step: npt.ArrayLike = 1.0) -> FloatArray:
    """`variance` at (n s + 4 mean) / (n + 4), so that it stays away from 0 at the ends; mean: of the shown leaf units.

    With a NaN mean (no leaf unit is shown) at s itself.
    """
    s, n = np.asarray(scores.s, dtype=np.float64), np.asarray(scores.n, dtype=np.float64)
    at = s if np.isnan(mean) else (n * s + SMOOTHING * mean) / (n + SMOOTHING)
    return variance(at, scores.n, scores.N, scores.phi, scores.r, step=step)


def product_shrink(scores: Scores, step: npt.ArrayLike = 1.0) -> Shrunken:
    """`shrink` over the leaf units (U,) of one practice and role; NaN where no number is shown.

    v is `smoothed_variance` at the n-weighted mean. Under five units theta = s, sd^2 = v, and tau2 is NaN.
    """
    s = np.asarray(scores.s, dtype=np.float64)
    there = ~np.isnan(s)
    n = np.where(there, np.asarray(scores.n, dtype=np.float64), 0.0)
    mean = float(np.sum(n[there] * s[there]) / n.sum()) if there.any() else float("nan")
    v = np.where(there, smoothed_variance(scores, mean, step), np.nan)
    if np.count_nonzero(there) < FEW_UNITS:
        return Shrunken(
            mu=mean, tau2=float("nan"), B=np.where(there, 1.0, np.nan), theta=s, sd=np.sqrt(v), v=v
        )
    found = shrink(s[there], v[there])
    B, theta, sd = (_spread_out(part, there) for part in (found.B, found.theta, found.sd))
    return Shrunken(mu=found.mu, tau2=found.tau2, B=B, theta=theta, sd=sd, v=v)


def _spread_out(found: FloatArray, there: BoolArray) -> FloatArray:
    everywhere = np.full(there.shape, np.nan)
    everywhere[there] = found
    return everywhere


def quartile_probabilities(units: Shrunken) -> tuple[FloatArray, FloatArray]:
    """Probabilities (U,) that a unit's true score is in the top and in the bottom quarter of the units' distribution.

    P(top) = 1 - Phi((mu + .6745 tau - theta) / sd), the bottom alike; NaN where there were too few units.
    """
    quarter = normal_quantile(0.75) * np.sqrt(units.tau2)
    top = normal_cdf((units.theta - units.mu - quarter) / units.sd)
    return top, normal_cdf((units.mu - quarter - units.theta) / units.sd)


def quarter(units: Shrunken) -> npt.NDArray[np.str_]:
    """In which quarter of the units each one most likely is: "upper" or "lower" from probability .80 on, else ""."""
    top, bottom = quartile_probabilities(units)
    return np.where(top >= BADGE, "upper", np.where(bottom >= BADGE, "lower", ""))


@dataclass(frozen=True, slots=True)
class LeaderGap:
    """Leaders minus members in points, its 90 % interval; `verdict` 1 leaders see more, -1 less, 0 no clear gap."""

    points: FloatArray
    low: FloatArray
    high: FloatArray
    verdict: npt.NDArray[np.int8]


def leader_gap(leaders: Scores, members: Scores, step: float = 1.0) -> LeaderGap:
    """Leaders' published scores minus those of the members of the same nodes, by MOVER from both intervals.

    A word is said when 0 lies outside the range as it is printed, and the gap has at least ten points.
    """
    points, low, high = _mover(members, leaders, step, step)
    clear = leaves_out_zero(low, high)
    more, less = clear & (points >= LEAST_GAP), clear & (points <= -LEAST_GAP)
    return LeaderGap(points=points, low=low, high=high, verdict=more.astype(np.int8) - less.astype(np.int8))


def named_leader(s: npt.ArrayLike, phi: npt.ArrayLike, r: npt.ArrayLike) -> Scores:
    """One leader's own estimate as scores: one measurement, n = N = 1, hence a = z^2 phi (1 - r)."""
    return Scores(s, 1, 1, phi, r)


def common_items(old: Sequence[str], new: Sequence[str]) -> tuple[str, ...] | None:
    """Items (key and revision) that two forms of a practice share, in the old order, if a change may be measured.

    That needs two of them, and half of both forms; otherwise None, and the series breaks visibly.
    """
    found = tuple(item for item in old if item in set(new))
    enough = len(found) >= 2 and 2 * len(found) >= max(len(old), len(new))  # noqa: PLR2004 - a scale starts at two
    return found if enough else None


def common_reliability(r: float, J: int, J_common: int) -> float:
    """Reliability of J_common out of J items that together have r (Spearman 1910, Brown 1910).

    r_1 = r / (J - (J-1) r), r_common = J_c r_1 / (1 + (J_c - 1) r_1).
    """
    one = r / (J - (J - 1) * r)
    return J_common * one / (1 + (J_common - 1) * one)


def _z(d: FloatArray, var: FloatArray) -> FloatArray:
    nothing = var == 0
    return np.asarray(np.where(nothing, 0.0, d / np.sqrt(np.where(nothing, 1.0, var))))


def _mover(
    one: Scores, other: Scores, step: npt.ArrayLike, other_step: npt.ArrayLike
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Difference other - one and its interval from the two intervals (method of variance estimates recovery)."""
    (l1, u1), (l2, u2) = ends(*one, step=step), ends(*other, step=other_step)
    m1, m2 = np.asarray(one.s, dtype=np.float64), np.asarray(other.s, dtype=np.float64)
    d = m2 - m1
    return d, d - np.hypot(m2 - l2, u1 - m1), d + np.hypot(u2 - m2, m1 - l1)
