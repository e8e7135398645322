"""The numbers that the page on method names, from the code that goes by them: no sentence can say another one."""

from dataclasses import dataclass

from webapp.filters import decimal

TEAMS = ((5, 6), (8, 10), (12, 15), (20, 25), (40, 45))  # answers and people, to show what can be recognised
EXAMPLE = (34, 12, 15)  # score, answers, people


@dataclass(frozen=True, slots=True)
class Recognised:
    """With n of N answers: points from which a change is called, alone and as the first of a page's ten."""

    n: int
    invited: int
    alone: int
    first: int


@dataclass(frozen=True, slots=True)
class Worked:
    """One likely range, worked out step by step."""

    score: int
    n: int
    invited: int
    c: str
    a: str
    low: str
    high: str


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Every number by its name in the code; shares in percent, fractions as they are printed.

    signs: practice, its figure from outside, and from where to where that is in the middle
    """

    lowest: int
    highest: int
    enough_answers: int
    confidence: int
    z2: str
    phi: str
    phi_index: str
    prior_answers: int
    enough_for_phi: int
    enough_for_alpha: int
    r: str
    r_one: str
    r_index: str
    alpha_limits: tuple[str, str]
    alpha_limits_index: tuple[str, str]
    low_alpha: str
    low_response: int
    uneven: int
    least_points: int
    false_share: str
    least_gap: int
    sentence_shares: tuple[str, ...]
    few_units: int
    recognised: tuple[Recognised, ...]
    close_below: str
    divided_above: str
    fewest_for_a_word: int
    floor: str
    finer: int
    practising: int
    few_reached: int
    many_reached: int
    islands_above: str
    difference_r: str
    least_apart: int
    within: int
    signs: tuple[tuple[str, str, tuple[str, str]], ...]
    step: int
    hardly_any: int
    evidence_months: int
    target: int
    higher_target: int
    unlocks: int
    leverage: str
    true_level: int
    true_mean: int
    many_unknown: int
    steps_from: int
    coarse: int
    months: int
    example: Worked


def thresholds() -> Thresholds:
    """Read now, not when the program started."""
    from webapp.domain import (  # noqa: PLC0415 - NumPy stays out of start-up
        advice,
        agreement,
        cells,
        comparison,
        disclosure,
        evidence_plan,
        hype,
        intervals,
        lamps,
        participation,
        publish,
        quality,
        scoring,
        spread,
        time_guard,
        unblocking,
    )
    from webapp.domain.findings import chance  # noqa: PLC0415 - likewise

    return Thresholds(
        lowest=scoring.LOWEST,
        highest=scoring.HIGHEST,
        enough_answers=scoring.ENOUGH_ANSWERS,
        confidence=_percent(intervals.CONFIDENCE),
        z2=decimal(_z2()),
        phi=_two(intervals.PHI),
        phi_index=_two(intervals.PHI_INDEX),
        prior_answers=intervals.PRIOR_ANSWERS,
        enough_for_phi=intervals.ENOUGH_FOR_PHI,
        enough_for_alpha=intervals.ENOUGH_FOR_ALPHA,
        r=_two(intervals.RELIABILITY),
        r_one=_two(intervals.RELIABILITY_ONE_ITEM),
        r_index=_two(intervals.RELIABILITY_INDEX),
        alpha_limits=(_two(intervals.ALPHA_LIMITS[0]), _two(intervals.ALPHA_LIMITS[1])),
        alpha_limits_index=(_two(intervals.ALPHA_LIMITS_INDEX[0]), _two(intervals.ALPHA_LIMITS_INDEX[1])),
        low_alpha=_two(quality.LOW_ALPHA),
        low_response=_percent(publish.LOW_RESPONSE),
        uneven=_percent(publish.UNEVEN),
        least_points=comparison.LEAST_POINTS,
        false_share=_two(comparison.FALSE_SHARE),
        least_gap=comparison.LEAST_GAP,
        sentence_shares=tuple(
            _two(share)
            for share in (
                chance.UNITS,
                chance.UNITS_AT_ALL,
                chance.PRACTICES,
                chance.LEADERS,
                chance.LEADERS_BY_NAME,
            )
        ),
        few_units=comparison.FEW_UNITS,
        recognised=tuple(_recognised(n, invited) for n, invited in TEAMS),
        close_below=_two(agreement.CLOSE_BELOW),
        divided_above=_two(agreement.DIVIDED_ABOVE),
        fewest_for_a_word=agreement.FEWEST_FOR_A_WORD,
        floor=decimal(agreement.FLOOR),
        finer=disclosure.k2_of(1),
        practising=spread.PRACTISING,
        few_reached=spread.FEW_REACHED,
        many_reached=spread.MANY_REACHED,
        islands_above=_two(spread.ISLANDS_ABOVE),
        difference_r=_two(spread.DIFFERENCE_RELIABILITY),
        least_apart=hype.LEAST_APART,
        within=lamps.WITHIN,
        signs=tuple(
            (key, sign.figure, (decimal(f"{sign.low_below:g}"), decimal(f"{sign.high_from:g}")))
            for key, sign in lamps.SIGNS.items()
        ),
        step=evidence_plan.STEP,
        hardly_any=evidence_plan.HARDLY_ANY,
        evidence_months=evidence_plan.MOST_MONTHS,
        target=advice.TARGET,
        higher_target=advice.HIGHER_TARGET,
        unlocks=advice.UNLOCKS_COUNTED,
        leverage=decimal(f"{float(advice.leverage(advice.UNLOCKS_COUNTED)):g}"),
        true_level=unblocking.TRUE_LEVEL,
        true_mean=round(unblocking.TRUE_MEAN),
        many_unknown=advice.MANY_DONT_KNOW,
        steps_from=participation.STEPS_FROM,
        coarse=round(cells.COARSE),
        months=time_guard.MEMORY_MONTHS,
        example=_worked(*EXAMPLE),
    )


def _percent(share: float) -> int:
    return round(100 * share)


def _two(value: float) -> str:
    return decimal(f"{value:.2f}")


def _z2() -> str:
    from webapp.domain.intervals import CONFIDENCE  # noqa: PLC0415 - NumPy stays out of start-up
    from webapp.domain.quantiles import normal_quantile  # noqa: PLC0415 - likewise

    return f"{normal_quantile(0.5 + CONFIDENCE / 2) ** 2:.4f}"


def _recognised(n: int, invited: int) -> Recognised:
    from webapp.domain import comparison, intervals  # noqa: PLC0415 - NumPy stays out of start-up

    alone, first = comparison.smallest_difference(n, invited, intervals.PHI, intervals.RELIABILITY)
    return Recognised(n, invited, int(alone), int(first))


def _worked(score: int, n: int, invited: int) -> Worked:
    from webapp.domain import intervals  # noqa: PLC0415 - NumPy stays out of start-up

    phi, r = intervals.PHI, intervals.RELIABILITY
    c = float(intervals.sampling_factor(n, invited, r))
    a = float(_z2()) * (phi * c + 1 / (12 * score * (100 - score)))
    low, high = intervals.wilson_fp(score, n, invited, phi, r, step=1)
    written = (f"{c:.4f}", f"{a:.4f}", f"{float(low):.1f}", f"{float(high):.1f}")
    return Worked(score, n, invited, *map(decimal, written))
