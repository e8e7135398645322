"""Intervals, pooled dispersion and reliability, against the vectors and against statsmodels and pingouin."""

import math

import numpy as np
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.proportion import proportion_confint

from webapp.domain import intervals
from webapp.domain.intervals import ends, interval, wilson_fp

SCORES = st.integers(5, 95)
PHI, R = st.floats(0.02, 1), st.floats(0.3, 0.9)


@st.composite
def cells(draw: st.DrawFn) -> tuple[int, int, int, float, float]:
    N = draw(st.integers(1, 2000))
    return draw(SCORES), draw(st.integers(1, N)), N, draw(PHI), draw(R)


def test_every_interval_of_the_vectors_file(vectors: dict) -> None:
    found = {name: vector for name, vector in vectors.items() if name.startswith("wilson_fp")}
    assert len(found) == 8
    for name, vector in found.items():
        given_ = vector["input"] | {"df": float(vector["input"]["df"])}
        assert wilson_fp(**given_) == pytest.approx(vector["output"], abs=5e-5), name


@pytest.mark.parametrize(
    ("given_", "expected"),
    [
        ((50, 5, 8, 0.20, 0.7), (38.0228, 61.9772)),
        ((50, 5, 5, 0.20, 0.7), (41.1335, 58.8665)),
        ((25, 8, 10, 0.25, 0.7), (17.6472, 34.1462)),
        ((0, 6, 9, 0.20, 0.7), (0, 4.5891)),
        ((100, 5, 5, 0.20, 0.7), (96.8554, 100)),
        ((62.5, 20, 25, 0.18, 0.7), (57.3813, 67.3537)),
    ],
)
def test_intervals_of_the_written_table(given_: tuple[float, ...], expected: tuple[float, float]) -> None:
    assert wilson_fp(*given_) == pytest.approx(expected, abs=5e-5)


def test_without_dispersion_and_head_count_it_is_wilsons_interval_of_a_proportion() -> None:
    low, high = proportion_confint(17, 40, 0.10, "wilson")
    assert wilson_fp(42.5, 40, math.inf, 1, 0) == pytest.approx((100 * low, 100 * high), abs=1e-9)
    assert wilson_fp(42.5, 40, math.inf, 1, 0) == pytest.approx((30.523414, 55.426888), abs=5e-7)


def test_intervals_of_many_cells_come_at_once_and_missing_ones_stay_missing() -> None:
    low, high = interval([50, 30, math.nan], [5, 0, 9], [8, 3, 10], 0.2, 0.65)
    assert np.isnan(low).tolist() == np.isnan(high).tolist() == [False, True, True]
    assert (low[0], high[0]) == (38, 62)
    wide_low, wide_high = interval([[20], [60]], [5, 10], [10, 10], 0.2, 0.65)
    assert wide_low.shape == wide_high.shape == (2, 2)


@given(cells())
def test_published_intervals_are_whole_ordered_and_hold_their_score(
    cell: tuple[int, int, int, float, float],
) -> None:
    low, high = interval(*cell)
    assert 0 <= low <= cell[0] <= high <= 100
    assert low == int(low)
    assert high == int(high)


@given(cells())
def test_more_answers_of_the_same_people_make_an_interval_narrower(
    cell: tuple[int, int, int, float, float],
) -> None:
    s, n, N, phi, r = cell
    low, high = wilson_fp(s, n, N, phi, r, step=1)
    low_more, high_more = wilson_fp(s, n + 1, max(N, n + 1), phi, r, step=1)
    if n < N:
        assert low <= low_more <= high_more <= high
    assert (low, high) != (low_more, high_more)


@given(cells())
def test_rounding_can_only_widen_and_more_for_multiples_of_five(
    cell: tuple[int, int, int, float, float],
) -> None:
    exact, whole, guarded = (ends(*cell, step=step) for step in (0, 1, 5))
    assert guarded[0] <= whole[0] <= exact[0] <= exact[1] <= whole[1] <= guarded[1]


@given(cells())
def test_scores_at_the_ends_are_open(cell: tuple[int, int, int, float, float]) -> None:
    assert interval(5, *cell[1:])[0] == 0
    assert interval(95, *cell[1:])[1] == 100
    assert ends(5, *cell[1:], step=0)[0] > 0


@given(cells())
def test_an_interval_mirrors_at_the_middle(cell: tuple[int, int, int, float, float]) -> None:
    low, high = ends(*cell)
    mirrored_low, mirrored_high = ends(100 - cell[0], *cell[1:])
    assert 100 - high == pytest.approx(mirrored_low, abs=1e-9)
    assert 100 - low == pytest.approx(mirrored_high, abs=1e-9)


@given(cells())
def test_the_interval_is_that_of_the_variance_away_from_the_ends(
    cell: tuple[int, int, int, float, float],
) -> None:
    # at its ends the score test is exactly z: (s - end)^2 = z^2 variance(end), for the part without rounding
    low, high = ends(*cell, step=0)
    for end in (low, high):
        z2 = (cell[0] - end) ** 2 / intervals.variance(end, *cell[1:], step=0)
        assert z2 == pytest.approx(1.6448536**2, rel=1e-5)
    assert intervals.variance(*cell) == pytest.approx(intervals.variance(*cell, step=0) + 1 / 12)


def test_pooled_phi_vector(vectors: dict) -> None:
    vector = vectors["pooled_phi"]
    phi, df = intervals.pooled_phi(**vector["input"])
    assert phi == pytest.approx(vector["output"]["phi"], abs=5e-7)
    assert df == vector["output"]["df"]


def test_phi_falls_back_where_nothing_can_be_learnt() -> None:
    assert intervals.pooled_phi([1, 1], [50, 40], [0, 0]) == (0.20, 10)
    assert intervals.pooled_phi([5, 9], [0, 100], [0, 0]) == (0.20, 22)
    assert intervals.published_phi([14, 15], [50, 50], [9000, 9000]) == 0.20
    assert intervals.published_phi([14, 15], [50, 50], [9000, 9000], intervals.PHI_INDEX) == 0.08


def test_phi_has_two_digits_and_stays_in_its_limits() -> None:
    assert intervals.published_phi([15, 15], [50, 50], [9000, 9000]) == 0.24
    assert intervals.published_phi([900, 900], [50, 50], [0, 0]) == 0.02
    assert intervals.published_phi([900, 900], [5, 5], [9e7, 9e7]) == 1.0


def test_a_mean_beyond_the_scale_counts_as_its_end() -> None:
    inside = intervals.pooled_phi([20, 20], [100, 40], [100, 900])
    assert intervals.pooled_phi([20, 20], [104, 40], [100, 900]) == inside


def test_alpha_of_one_team_is_cronbachs_as_written_and_as_pingouin_has_it(vectors: dict) -> None:
    vector = vectors["agreement_multi"]
    answers = np.array(vector["input"]["X"])
    alpha = intervals.alpha_within(answers, np.zeros(len(answers), dtype=int))
    assert alpha == pytest.approx(vector["output"]["alpha"], abs=5e-7)
    shrout = np.array(
        [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], dtype=float
    )
    assert intervals.alpha_within(shrout, np.zeros(6, dtype=int)) == pytest.approx(0.909316, abs=5e-7)


def test_alpha_leaves_incomplete_people_out() -> None:
    wide = pingouin.read_dataset("cronbach_wide_missing")
    answers = wide.to_numpy(dtype=float)
    alpha = intervals.alpha_within(answers, np.zeros(len(answers), dtype=int))
    assert alpha == pytest.approx(pingouin.cronbach_alpha(wide, nan_policy="listwise")[0], abs=1e-12)
    assert alpha == pytest.approx(0.801695, abs=5e-7)


def test_alpha_does_not_mistake_differences_between_teams_for_reliability() -> None:
    rng = np.random.default_rng(4)
    teams = np.arange(400) % 20
    noise = rng.normal(0, 10, (400, 3))
    between = noise + 40 * rng.normal(size=20)[teams, np.newaxis]
    assert intervals.alpha_within(between, teams) == pytest.approx(intervals.alpha_within(noise, teams))
    assert abs(intervals.alpha_within(between, teams)) < 0.2
    assert intervals.alpha_within(between, np.zeros(400, dtype=int)) > 0.9


def test_alpha_is_undefined_for_one_item_nobody_and_no_differences() -> None:
    team = np.zeros(4, dtype=int)
    assert math.isnan(intervals.alpha_within(np.ones((4, 1)), team))
    assert math.isnan(intervals.alpha_within(np.ones((4, 3)), team))
    assert math.isnan(intervals.alpha_within(np.full((4, 3), math.nan), team))


def test_reliability_is_learnt_only_from_a_hundred_people_on_a_reflective_practice() -> None:
    rng = np.random.default_rng(1)
    items = rng.normal(50, 15, (100, 1)) + rng.normal(0, 15, (100, 3))
    teams = np.arange(100) % 10
    alpha = intervals.alpha_within(items, teams)
    assert intervals.reliability(items, teams, reflective=True) == round(alpha, 2) != 0.65
    assert intervals.reliability(items, teams, reflective=False) == 0.65
    assert intervals.reliability(items[1:], teams[1:], reflective=True) == 0.65
    assert intervals.reliability(items[:, :1], teams, reflective=True) == 0.45


def test_reliability_keeps_its_limits_and_a_default_where_alpha_is_undefined() -> None:
    rng = np.random.default_rng(2)
    teams = np.arange(120) % 10
    same = np.repeat(rng.normal(50, 15, (120, 1)), 3, axis=1)
    apart = rng.normal(50, 15, (120, 3))
    assert intervals.reliability(same, teams, reflective=True) == 0.80
    assert intervals.reliability(apart, teams, reflective=True) == 0.30
    assert intervals.reliability(np.full((120, 3), 50.0), teams, reflective=True) == 0.65
    assert intervals.index_reliability(same, teams) == 0.90
    assert intervals.index_reliability(apart, teams, [1, 2, 1]) == 0.50
    assert intervals.index_reliability(same[:99], teams[:99]) == 0.85


def test_two_digits() -> None:
    assert [intervals.two_digits(value) for value in (0.18434, 0.0449, 576.3, 1)] == [0.18, 0.045, 580, 1]
