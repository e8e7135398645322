"""Six special people or everybody? Silo index, reach, concentration; and the hype gap."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from webapp.domain.intervals import two_digits
from webapp.domain.quantiles import FloatArray, f_quantile, normal_quantile

PRACTISING = 60  # a person's score from which they practise
FEW_REACHED, MANY_REACHED = 10, 40  # percent of the people
ISLANDS_ABOVE = 0.15  # silo index
DIFFERENCE_RELIABILITY = 0.5  # of a person's belief minus use (Edwards 2001)


def within_variance(ss: npt.ArrayLike, n: npt.ArrayLike) -> float:
    """Pooled variance within teams: sum ss / sum (n - 1), two significant digits; NaN where no team has two people."""
    freedom = float(np.sum(np.maximum(np.asarray(n) - 1, 0)))
    return two_digits(float(np.sum(ss)) / freedom) if freedom else math.nan


@dataclass(frozen=True, slots=True)
class Silo:
    """Share of the variance that lies between units, with its 90 % interval, in 0..1; `raw` may be negative."""

    silo: float
    low: float
    high: float
    raw: float
    tau2: float
    F: float
    n0: float


def silo(n: npt.ArrayLike, m: npt.ArrayLike, msw: float) -> Silo | None:
    """ANOVA ICC(1) of published cells: n answers and means m (U,) of the shown leaf units and the residual groups.

    n0 = (T - sum n^2 / T) / (U-1), F = MSB / msw, tau2 = (MSB - msw) / n0, silo = tau2 / (tau2 + msw), and
    (F' - 1) / (F' - 1 + n0) with F' = F / F_.95 and F / F_.05 as its ends (Searle 1971). msw is `within_variance`.

    Returns:
        None with fewer than two units, without freedom within them, or with msw 0.
    """
    answers, means = np.asarray(n, dtype=np.float64), np.asarray(m, dtype=np.float64)
    U, T = answers.size, float(answers.sum())
    if U < 2 or T <= U or not msw > 0:  # noqa: PLR2004 - between needs two
        return None
    mean = float(np.sum(answers * means)) / T
    msb = float(np.sum(answers * (means - mean) ** 2)) / (U - 1)
    n0 = (T - float(np.sum(answers**2)) / T) / (U - 1)
    F = msb / msw
    low, high = (_share(F / f_quantile(p, U - 1, T - U), n0) for p in (0.95, 0.05))
    raw = _share(F, n0)
    return Silo(
        silo=max(0.0, raw), low=max(0.0, low), high=max(0.0, high), raw=raw, tau2=(msb - msw) / n0, F=F, n0=n0
    )


def _share(F: float, n0: float) -> float:
    return (F - 1) / (F - 1 + n0)


@dataclass(frozen=True, slots=True)
class People:
    """How a practice is spread over all people of the organization; whole percent, for the root only.

    `reach` of the people practise (5 and 95 stand for "or less", "or more"), `top_share` of all practice is done by the
    tenth that does most, `gini` in 0..1 with two decimals; `lorenz` holds 11 points: the share of all practice done by
    the 0, 10, …, 100 % of the people who do least.
    """

    reach: int
    top_share: int
    gini: float
    lorenz: tuple[int, ...]


def people(y: FloatArray, k: int) -> People | None:
    """From the people's own scores (R,), NaN where missing; None under 10 k people, for then a tenth is not k people."""
    given = np.clip(y[~np.isnan(y)], 0, 100)
    if given.size < 10 * k:
        return None
    return People(
        reach=reach(given),
        top_share=round(100 * top_share(given)),
        gini=round(gini_corrected(given), 2),
        lorenz=tuple(int(point) for point in np.floor(100 * lorenz(given) + 0.5)),
    )


def reach(y: FloatArray, cut: float = PRACTISING) -> int:
    """Percent of the people (R,) whose score is at least `cut`; whole, and between 5 and 95."""
    share = 100 * np.count_nonzero(np.round(y, 9) >= cut) / y.size
    return min(95, max(5, math.floor(share + 0.5)))


def top_share(y: npt.ArrayLike) -> float:
    """Share of the sum of values >= 0 that the highest tenth of them (rounded up) holds; a tenth when all are 0."""
    ascending = np.sort(np.asarray(y, dtype=np.float64))
    most = math.ceil(ascending.size / 10)
    total = float(ascending.sum())
    return float(ascending[-most:].sum()) / total if total > 0 else most / ascending.size


def lorenz(y: npt.ArrayLike, points: int = 11) -> FloatArray:
    """Share (points,) of the sum of values >= 0 held by the lowest 0 … 100 % of them; straight between people."""
    ascending = np.sort(np.asarray(y, dtype=np.float64))
    held = np.concatenate([[0.0], np.cumsum(ascending)])
    at = np.linspace(0, 1, points)
    if held[-1] == 0:
        return at
    return np.asarray(np.interp(at, np.linspace(0, 1, held.size), held / held[-1]), dtype=np.float64)


def gini(values: npt.ArrayLike) -> float:
    """Gini coefficient of values >= 0: sum (2 i - n - 1) x_(i) / (n sum x); 0 when all are 0."""
    ascending = np.sort(np.asarray(values, dtype=np.float64))
    n, total = ascending.size, float(ascending.sum())
    return float(np.sum((2 * np.arange(1, n + 1) - n - 1) * ascending)) / (n * total) if total > 0 else 0.0


def gini_corrected(values: npt.ArrayLike) -> float:
    """Gini coefficient times n / (n - 1), which frees it of the finite number of values (Deltas 2003); n >= 2."""
    n = np.asarray(values).size
    return gini(values) * n / (n - 1)


def gini_of_units(m: npt.ArrayLike, v: npt.ArrayLike) -> float:
    """Gini coefficient of units' means m (U,) with squared standard errors v, freed of noise.

    sqrt(G^2 - mean(v) / (pi mean(m)^2)): noise alone makes equal units look unequal.
    """
    noise = float(np.mean(np.asarray(v))) / (math.pi * float(np.mean(np.asarray(m))) ** 2)
    return math.sqrt(max(0.0, gini(m) ** 2 - noise))


def verdict(reach_percent: int, found: Silo | None) -> str:
    """Say in a word how it spreads: "few", "islands", "broad" or "spreading", from the people reached and the interval of the silo index."""
    if reach_percent < FEW_REACHED:
        return "few"
    if found is not None and found.low > ISLANDS_ABOVE:
        return "islands"
    if found is not None and reach_percent >= MANY_REACHED and found.high < ISLANDS_ABOVE:
        return "broad"
    return "spreading"


@dataclass(frozen=True, slots=True)
class HypeGap:
    """Belief minus practised use in points, its 90 % interval, and in standard deviations of the first wave's use."""

    points: FloatArray
    low: FloatArray
    high: FloatArray
    standardized: FloatArray


def hype_gap(
    belief: npt.ArrayLike,
    use: npt.ArrayLike,
    n: npt.ArrayLike,
    N: npt.ArrayLike,
    *,
    s2d: float,
    s_ref: float,
    r_d: float = DIFFERENCE_RELIABILITY,
    step: float = 1.0,
) -> HypeGap:
    """H = belief - use of the published scores of the same people; n is the smaller number of answers.

    se^2 = s2d (1 - r_d n/N) / n + 2 step^2 / 12, with s2d the organization's `within_variance` of people's own
    differences and `step` the width to which both scores are rounded. 0 is no natural zero: belief is the easier item.
    """
    points = np.asarray(belief, dtype=np.float64) - np.asarray(use, dtype=np.float64)
    factor = (1 - r_d * np.asarray(n) / np.asarray(N)) / np.asarray(n, dtype=np.float64)
    half = normal_quantile(0.95) * np.sqrt(s2d * factor + step**2 / 6)
    return HypeGap(points=points, low=points - half, high=points + half, standardized=points / s_ref)
