"""Silo index, reach, concentration, verdict and hype gap."""

import math

import numpy as np
import pingouin
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from webapp.domain import spread
from webapp.domain.spread import Silo

AMOUNTS = arrays(float, st.integers(2, 60), elements=st.integers(0, 100).map(float))


@pytest.mark.parametrize("name", ["silo", "silo_none"])
def test_silo_vectors(vectors: dict, name: str) -> None:
    found, output = spread.silo(**vectors[name]["input"]), vectors[name]["output"]
    assert found is not None
    assert (found.low, found.high) == pytest.approx(output.pop("ci90"), abs=5e-5)
    for field, expected in output.items():
        assert getattr(found, field) == pytest.approx(expected, abs=5e-5), field


@pytest.mark.filterwarnings("ignore:The inplace keyword")  # pingouin is behind pandas
def test_silo_of_equal_groups_is_pingouins_icc() -> None:
    wide = pingouin.read_dataset("icc").pivot_table(index="Wine", columns="Judge", values="Scores").to_numpy()
    n = np.full(len(wide), wide.shape[1])
    found = spread.silo(n, wide.mean(axis=1), float(wide.var(axis=1, ddof=1).mean()))
    assert found is not None
    assert found.silo == pytest.approx(0.727521, abs=5e-7)
    table = pingouin.intraclass_corr(pingouin.read_dataset("icc"), "Wine", "Judge", "Scores")
    assert found.silo == pytest.approx(table["ICC"].iloc[0], abs=1e-9)


def test_silo_of_shrout_and_fleiss() -> None:
    rows = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    answers = np.array(rows, dtype=float)
    found = spread.silo([4] * 6, answers.mean(axis=1), float(answers.var(axis=1, ddof=1).mean()))
    assert found is not None
    assert found.silo == pytest.approx(0.165742, abs=5e-7)


def test_one_unit_or_no_differences_within_make_no_silo() -> None:
    assert spread.silo([10], [50], 400) is None
    assert spread.silo([10, 12], [50, 60], 0) is None
    assert spread.silo([10, 12], [50, 60], math.nan) is None
    assert spread.silo([1, 1], [50, 60], 400) is None


@given(
    st.lists(st.tuples(st.integers(5, 40), st.integers(5, 95)), min_size=2, max_size=30), st.integers(50, 900)
)
def test_a_silo_index_lies_in_its_interval(units: list[tuple[int, int]], msw: float) -> None:
    n, m = zip(*units, strict=True)
    found = spread.silo(n, m, msw)
    assert found is not None
    assert 0 <= found.low <= found.silo <= found.high <= 1


def test_variance_within_has_two_digits() -> None:
    assert spread.within_variance([1200, 2500, 3000], [5, 6, 8]) == 420
    assert math.isnan(spread.within_variance([0, 0], [1, 0]))


def test_gini_vectors(vectors: dict) -> None:
    vector = vectors["gini_one_of_ten"]
    assert spread.gini(vector["input"]["x"]) == pytest.approx(vector["output"]["raw"])
    assert spread.gini_corrected(vector["input"]["x"]) == pytest.approx(vector["output"]["corrected"])
    assert spread.gini([1, 2, 3, 4, 5]) == pytest.approx(0.266667, abs=5e-7)
    assert spread.gini_corrected([1, 2, 3, 4, 5]) == pytest.approx(0.333333, abs=5e-7)
    assert spread.gini([0, 0]) == 0


@given(AMOUNTS)
def test_gini_is_the_mean_difference_and_twice_the_area_beside_the_lorenz_curve(x: np.ndarray) -> None:
    raw = spread.gini(x)
    if x.sum() > 0:
        assert raw == pytest.approx(np.abs(x[:, np.newaxis] - x).mean() / (2 * x.mean()))
    curve = spread.lorenz(x, len(x) + 1)
    area = (curve[1:] + curve[:-1]).sum() / (2 * len(x))
    assert raw == pytest.approx(1 - 2 * area, abs=1e-9)
    assert (np.diff(curve) >= -1e-12).all()


def test_gini_of_equal_units_is_nothing_but_noise() -> None:
    rng = np.random.default_rng(3)
    means = 12.5 + rng.normal(0, 3, 400)
    assert spread.gini(means) > 0.1
    assert spread.gini_of_units(means, np.full(400, 9.0)) < 0.05
    assert spread.gini_of_units([20, 80], [0, 0]) == spread.gini([20, 80])


def test_top_share_is_that_of_the_highest_tenth_rounded_up() -> None:
    assert spread.top_share(range(1, 11)) == pytest.approx(0.181818, abs=5e-7)
    assert spread.top_share(range(1, 12)) == pytest.approx(21 / 66)
    assert spread.top_share([0] * 10) == pytest.approx(0.1)


def test_reach_counts_who_practises_and_keeps_away_from_the_ends() -> None:
    y = np.array([60.0, 59.9, 100, 10, 60 - 1e-12, 0, 0, 0])
    assert spread.reach(y) == 38
    assert spread.reach(np.zeros(50)) == 5
    assert spread.reach(np.full(50, 80.0)) == 95


def test_people_are_summed_up_from_ten_times_the_smallest_group_on() -> None:
    y = np.concatenate([np.full(45, 10.0), np.full(5, 90.0), [math.nan]])
    found = spread.people(y, k=5)
    assert found == spread.People(
        reach=10, top_share=50, gini=0.41, lorenz=(0, 6, 11, 17, 22, 28, 33, 39, 44, 50, 100)
    )
    assert spread.people(y[1:], k=5) is None


def test_scores_beyond_the_scale_count_as_its_ends() -> None:
    found = spread.people(np.array([-4.0, 104.0] * 25), k=5)
    assert found == spread.people(np.array([0.0, 100.0] * 25), k=5)


def silo_between(low: float, high: float) -> Silo:
    return Silo(silo=(low + high) / 2, low=low, high=high, raw=0, tau2=0, F=1, n0=1)


@pytest.mark.parametrize(
    ("reach", "low", "high", "expected"),
    [
        (5, 0.66, 0.76, "few"),
        (9, 0.0, 0.03, "few"),
        (10, 0.16, 0.30, "islands"),
        (43, 0.87, 0.92, "islands"),
        (51, 0.0, 0.03, "broad"),
        (51, 0.0, 0.15, "spreading"),
        (39, 0.0, 0.03, "spreading"),
        (15, 0.15, 0.3, "spreading"),
    ],
)
def test_verdicts(reach: int, low: float, high: float, expected: str) -> None:
    assert spread.verdict(reach, silo_between(low, high)) == expected


def test_without_a_silo_index_only_reach_can_judge() -> None:
    assert spread.verdict(5, None) == "few"
    assert spread.verdict(80, None) == "spreading"


def test_hype_gap_vector(vectors: dict) -> None:
    v, output = vectors["hype_gap"]["input"], vectors["hype_gap"]["output"]
    gap = spread.hype_gap(
        v["B"], v["U"], v["n"], v["N"], s2d=v["s2d"], s_ref=v["s_ref"], r_d=v["r_d"], step=0
    )
    assert gap.points == output["points"]
    assert (gap.low, gap.high) == pytest.approx((output["lo"], output["hi"]), abs=5e-5)
    assert gap.standardized == output["standardized"]


def test_a_hype_gap_of_whole_scores_is_a_little_less_sure() -> None:
    exact = spread.hype_gap([68], [41], [8], [10], s2d=576, s_ref=20, step=0)
    whole = spread.hype_gap([68], [41], [8], [10], s2d=576, s_ref=20)
    assert whole.low < exact.low < exact.high < whole.high
