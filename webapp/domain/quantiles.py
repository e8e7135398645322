"""Quantiles and probabilities of the normal, t and F distributions, without SciPy (115 MB and 1.3 s at run time)."""

import math
from functools import lru_cache
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

_NORMAL = NormalDist()
_erfc = np.vectorize(math.erfc, otypes=[np.float64])
_TINY = 1e-300  # keeps Lentz's continued fraction from dividing by zero


def normal_cdf(x: npt.ArrayLike) -> FloatArray:
    """P(Z <= x) of the standard normal distribution, elementwise; NaN stays NaN."""
    return np.asarray(0.5 * _erfc(-np.asarray(x, dtype=np.float64) / math.sqrt(2)))


def two_sided(z: npt.ArrayLike) -> FloatArray:
    """P(|Z| >= |z|), elementwise; exact in the tails; NaN stays NaN."""
    return np.asarray(_erfc(np.abs(np.asarray(z, dtype=np.float64)) / math.sqrt(2)))


def normal_quantile(p: float) -> float:
    """The z with P(Z <= z) = p, for 0 < p < 1."""
    return _NORMAL.inv_cdf(p)


@lru_cache(maxsize=256)
def t_quantile(p: float, df: float = math.inf) -> float:
    """The t with P(T <= t) = p for `df` degrees of freedom, 0 < p < 1; the normal quantile for df = inf."""
    if math.isinf(df):
        return normal_quantile(p)
    if p == 0.5:  # noqa: PLR2004 - the median
        return 0.0
    # T^2 / (df + T^2) is Beta(1/2, df/2); small values keep their digits there, even for large df
    x = beta_quantile(2 * abs(p - 0.5), 0.5, df / 2)
    return math.copysign(math.sqrt(df * x / (1 - x)), p - 0.5)


@lru_cache(maxsize=256)
def f_quantile(p: float, d1: float, d2: float) -> float:
    """The f with P(F <= f) = p for d1 and d2 degrees of freedom, 0 < p < 1."""
    x = beta_quantile(p, d1 / 2, d2 / 2)  # d1 F / (d1 F + d2) is Beta(d1/2, d2/2)
    if x <= 0.5:  # noqa: PLR2004 - the middle
        return d2 * x / (d1 * (1 - x))
    rest = beta_quantile(
        1 - p, d2 / 2, d1 / 2
    )  # near 1, 1 - x has few digits left; its own quantile has them all
    return d2 * (1 - rest) / (d1 * rest)


def beta_quantile(p: float, a: float, b: float) -> float:
    """The x with I_x(a, b) = p, 0 < p < 1, by Newton steps inside a shrinking bracket."""
    low, high = 0.0, 1.0
    x = a / (a + b)
    for _ in range(200):
        excess = incomplete_beta(a, b, x) - p
        low, high = (low, x) if excess > 0 else (x, high)
        density = math.exp((a - 1) * math.log(x) + (b - 1) * math.log1p(-x) - _log_beta(a, b))
        step = excess / density if density > 0 else math.inf
        following = x - step
        if not low < following < high:
            following = (low + high) / 2
        if abs(following - x) <= 4e-16 * x:
            return following
        x = following
    return x


def incomplete_beta(a: float, b: float, x: float) -> float:
    """The regularized incomplete beta function I_x(a, b) for a, b > 0 (DiDonato & Morris 1992; Lentz's fraction)."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    if x > (a + 1) / (a + b + 2):  # the fraction converges fast on the near side only
        return 1 - incomplete_beta(b, a, 1 - x)
    front = math.exp(a * math.log(x) + b * math.log1p(-x) - _log_beta(a, b)) / a
    return front * _fraction(a, b, x)


def _fraction(a: float, b: float, x: float) -> float:
    """The continued fraction of I_x(a, b), summed by the modified method of Lentz."""
    c = 1.0
    d = 1 / _away_from_zero(1 - (a + b) * x / (a + 1))
    total = d
    for m in range(1, 100_000):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _away_from_zero(1 + term * d)
            c = _away_from_zero(1 + term / c)
            total *= c * d
        if abs(c * d - 1) < 1e-15:  # noqa: PLR2004 - a few units in the last place
            break
    return total


def _away_from_zero(value: float) -> float:
    return value if abs(value) > _TINY else _TINY


def _log_beta(a: float, b: float) -> float:
    return math.lgamma(a) + math.lgamma(b) - math.lgamma(a + b)
