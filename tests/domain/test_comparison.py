"""Differences, flags, tiers, shrinkage, gaps and changed forms, against the vectors and against statsmodels."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from statsmodels.stats.meta_analysis import combine_effects
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.proportion import confint_proportions_2indep

from webapp.domain import comparison
from webapp.domain.comparison import Scores, difference

Sample = tuple[float, float, float]


def pair(first: Sample, second: Sample, phi: float, r: float) -> tuple[Scores, Scores]:
    return Scores(*first, phi, r), Scores(*second, phi, r)


def test_differences_of_the_vectors_file(vectors: dict) -> None:
    found = [vector for name, vector in vectors.items() if name.startswith("diff_")]
    assert len(found) == 2
    for vector in found:
        v, output = vector["input"], vector["output"]
        result = difference(
            *pair((v["m1"], v["n1"], v["N1"]), (v["m2"], v["n2"], v["N2"]), v["phi"], v["r"]), step=0
        )
        assert result.z == pytest.approx(output["z"], abs=5e-5)
        assert result.p == pytest.approx(output["p"], abs=5e-6)
        assert (result.low, result.high) == pytest.approx(output["ci90"], abs=5e-4)


@pytest.mark.parametrize(
    ("given_", "z", "p", "ends"),
    [
        (((50, 7, 10), (65, 8, 10), 0.20, 0.7), 1.9041, 0.05690, (2.039, 27.406)),
        (((50, 6, 6), (65, 6, 6), 0.20, 0.7), 2.1456, 0.03191, (3.501, 25.953)),
        (((20, 5, 8), (30, 6, 8), 0.25, 0.7), 1.0432, 0.29686, (-5.995, 24.354)),
        (((50, 35, 45), (58, 35, 45), 0.20, 0.7), 2.2246, 0.02611, (2.085, 13.837)),
    ],
)
def test_differences_of_the_written_list(
    given_: tuple[Sample, Sample, float, float], z: float, p: float, ends: tuple[float, float]
) -> None:
    result = difference(*pair(*given_), step=0)
    assert result.z == pytest.approx(z, abs=5e-5)
    assert result.p == pytest.approx(p, abs=6e-6)
    assert (result.low, result.high) == pytest.approx(ends, abs=5e-4)


def test_the_interval_of_a_difference_of_proportions_is_newcombes() -> None:
    result = difference(*pair((42.5, 40, math.inf), (60, 40, math.inf), 1, 0), step=0)
    low, high = confint_proportions_2indep(24, 40, 17, 40, method="newcomb", compare="diff", alpha=0.10)
    assert (result.low, result.high) == pytest.approx((100 * low, 100 * high), abs=1e-9)
    assert (result.low, result.high) == pytest.approx((-0.819389, 34.252464), abs=5e-7)


def test_rounding_makes_a_difference_less_sure_by_both_roundings() -> None:
    exact = difference(*pair((50, 30, 30), (56, 30, 30), 0.1, 0.8), step=0)
    whole = difference(*pair((50, 30, 30), (56, 30, 30), 0.1, 0.8))
    assert (6 / whole.z) ** 2 == pytest.approx((6 / exact.z) ** 2 + 1 / 6)
    assert whole.low < exact.low < exact.high < whole.high


def test_without_variance_nothing_differs_and_missing_stays_missing() -> None:
    certain = difference(*pair((0, 5, 5), (0, 5, 5), 0.2, 0.7), step=0)
    assert (certain.z, certain.p) == (0, 1)
    census = difference(*pair((30, 5, 5), (60, 5, 5), 0.2, 1), step=0)
    assert (census.z, census.p) == (0, 1)
    absent = difference(Scores([math.nan, 50], [0, 5], 8, 0.2, 0.65), Scores([50, 50], 5, 8, 0.2, 0.65))
    assert np.isnan(absent.p).tolist() == [True, False]
    assert np.isnan(absent.low).tolist() == [True, False]


def test_a_change_uses_the_mean_constants_for_its_test_and_each_waves_own_for_its_interval() -> None:
    one, other = Scores(40, 8, 10, 0.1, 0.5), Scores(60, 9, 12, 0.3, 0.8)
    mixed = difference(one, other)
    same = difference(Scores(40, 8, 10, 0.2, 0.65), Scores(60, 9, 12, 0.2, 0.65))
    assert mixed.z == pytest.approx(same.z)
    assert mixed.low != pytest.approx(same.low, abs=0.1)


@given(st.integers(5, 95), st.integers(5, 95), st.integers(5, 40), st.integers(5, 40))
def test_a_difference_turns_its_sign_with_its_sides(s1: int, s2: int, n1: int, n2: int) -> None:
    one, other = Scores(s1, n1, 50, 0.2, 0.65), Scores(s2, n2, 45, 0.18, 0.7)
    there, back = difference(one, other), difference(other, one)
    assert there.z == pytest.approx(-back.z)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.low <= there.d <= there.high


def test_against_rest_by_hand() -> None:
    units = Scores([70, 40, 50, math.nan, 50], [10, 60, 97, 0, 3], [12, 80, 110, 4, 3], 0.2, 0.65)
    result = comparison.against_rest(units, Scores(50, 100, 130, 0.2, 0.65), k=5)
    assert np.isnan(result.p).tolist() == [False, True, True, True, False]  # over half; rest of 3; hidden
    rest = (100 * 50 - 10 * 70) / 90
    factor = (1 - 0.65 * 10 / 12) / 10 + (1 - 0.65 * 90 / 118) / 90
    se = math.sqrt(0.2 * rest * (100 - rest) * factor + 100**2 / (6 * 90**2))
    assert result.rest[0] == pytest.approx(rest)
    assert result.z[0] == pytest.approx((70 - rest) / se)


def test_the_rest_stays_on_the_scale() -> None:
    result = comparison.against_rest(Scores([95], [20], [20], 0.2, 0.65), Scores(45, 41, 41, 0.2, 0.65), k=5)
    assert 0 <= result.rest[0] < 1
    impossible = comparison.against_rest(
        Scores([95], [20], [20], 0.2, 0.65), Scores(40, 40, 40, 0.2, 0.65), k=5
    )
    assert impossible.rest[0] == 0


def test_benjamini_hochberg_vector(vectors: dict) -> None:
    vector = vectors["bh_q10"]
    assert comparison.benjamini_hochberg(**vector["input"]).sum() == vector["output"]
    assert comparison.benjamini_hochberg(vector["input"]["p"], 0.25).sum() == 6


@given(arrays(float, st.integers(1, 30), elements=st.floats(0, 1)), st.sampled_from([0.05, 0.1, 0.25]))
def test_benjamini_hochberg_is_statsmodels(p: np.ndarray, q: float) -> None:
    expected = multipletests(p, q, method="fdr_bh")[0]
    assert (comparison.benjamini_hochberg(p, q) == expected).all()


@given(arrays(float, (4, 6), elements=st.one_of(st.floats(0, 1), st.just(math.nan))))
def test_families_lie_along_the_last_axis_and_comparisons_not_made_do_not_count(p: np.ndarray) -> None:
    found = comparison.benjamini_hochberg(p)
    for row, flags in zip(p, found, strict=True):
        made = ~np.isnan(row)
        assert not flags[~made].any()
        assert (flags[made] == comparison.benjamini_hochberg(row[made])).all()


def test_an_empty_family_flags_nothing() -> None:
    assert comparison.benjamini_hochberg(np.empty(0)).shape == (0,)


def test_a_flag_needs_five_points_too() -> None:
    assert comparison.flag([1e-9, 1e-9, 0.5], [4.9, -5, 40]).tolist() == [False, True, False]


def test_tiers_say_where_a_unit_stands() -> None:
    p, d = [1e-6, 1e-6, 0.4, math.nan, 1e-6], [12.0, -9.0, 20.0, 30.0, 3.0]
    assert comparison.tier(p, d).tolist() == ["above", "below", "within", "", "within"]


def test_smallest_differences_are_those_that_are_printed() -> None:
    n, N = [5, 8, 12, 20, 40], [6, 10, 15, 25, 45]
    alone, first = comparison.smallest_difference(n, N, 0.20, 0.70)
    assert alone.tolist() == [15, 12, 10, 8, 5]
    assert first.tolist() == [24, 19, 16, 12, 8]
    assert comparison.smallest_difference(1000, 1000, 0.20, 0.70)[0] == 5


def test_smallest_differences_of_two_unequal_units_lie_between_those_of_two_alike() -> None:
    few, many = (comparison.smallest_difference(n, N, 0.20, 0.70) for n, N in ((5, 6), (40, 45)))
    mixed = comparison.smallest_difference(5, 6, 0.20, 0.70, other=(40, 45))
    for small, between, large in zip(many, mixed, few, strict=True):
        assert small < between < large
    turned = comparison.smallest_difference(40, 45, 0.20, 0.70, other=(5, 6))
    assert turned == mixed


def test_the_smallest_difference_is_just_called() -> None:
    """Two mid-scale scores so far apart are called by the test itself, a little nearer they are not."""
    alone, _first = comparison.smallest_difference(12, 15, 0.20, 0.70, tests=1, other=(8, 10))
    for points, called in ((alone + 1, True), (alone - 1, False)):
        found = difference(
            Scores(50 - points / 2, 12, 15, 0.20, 0.70), Scores(50 + points / 2, 8, 10, 0.20, 0.70)
        )
        assert bool(comparison.flag([found.p], [found.d])[0]) is called


def test_shrinkage_vector_and_statsmodels(vectors: dict) -> None:
    vector = vectors["eb"]
    found = comparison.shrink(**vector["input"])
    for name, expected in vector["output"].items():
        assert getattr(found, name) == pytest.approx(expected, abs=5e-5), name
    reference = combine_effects(
        np.array(vector["input"]["m"]), np.array(vector["input"]["v"]), method_re="dl"
    )
    assert found.tau2 == pytest.approx(reference.tau2)
    assert found.mu == pytest.approx(reference.mean_effect_re)


def test_units_that_differ_by_noise_only_are_drawn_together() -> None:
    found = comparison.shrink([50, 51, 49, 50, 52], [40, 40, 40, 40, 40])
    assert found.tau2 == 0
    assert found.theta == pytest.approx([50.4] * 5)
    assert found.sd == pytest.approx([math.sqrt(8)] * 5)


def test_top_quartile_vector(vectors: dict) -> None:
    units = comparison.shrink(**vectors["eb"]["input"])
    top, bottom = comparison.quartile_probabilities(units)
    output = vectors["top_quartile_prob"]["output"]
    assert units.mu + 0.67448975 * math.sqrt(units.tau2) == pytest.approx(output["line"], abs=5e-5)
    assert top == pytest.approx(output["p"], abs=5e-5)
    mirrored = comparison.shrink(100 - np.array(vectors["eb"]["input"]["m"]), vectors["eb"]["input"]["v"])
    assert bottom == pytest.approx(comparison.quartile_probabilities(mirrored)[0])


def test_the_product_shrinks_published_scores_with_steadied_variances() -> None:
    s = np.array([95.0, 40, 45, 50, 55, math.nan])
    n = np.array([6, 8, 10, 12, 14, 3])
    N = np.array([6, 10, 12, 15, 20, 4])
    found = comparison.product_shrink(Scores(s, n, N, 0.2, 0.65))
    M = (n[:5] @ s[:5]) / n[:5].sum()
    at = (n[:5] * s[:5] + 4 * M) / (n[:5] + 4)
    v = 0.2 * at * (100 - at) * (1 - 0.65 * n[:5] / N[:5]) / n[:5] + 1 / 12
    expected = comparison.shrink(s[:5], v)
    assert found.v[:5] == pytest.approx(v)
    assert found.theta[:5] == pytest.approx(expected.theta)
    assert found.sd[:5] == pytest.approx(expected.sd)
    assert np.isnan([found.theta[5], found.sd[5], found.v[5], found.B[5]]).all()
    assert np.isnan(comparison.quartile_probabilities(found)[0]).tolist() == [False] * 5 + [True]


def test_under_five_units_nothing_is_shrunken_and_no_quartile_is_said() -> None:
    found = comparison.product_shrink(Scores([30.0, 60, 5, 95], 8, 10, 0.2, 0.65))
    assert found.theta.tolist() == [30, 60, 5, 95]
    assert found.sd**2 == pytest.approx(found.v)
    assert (found.v > 1).all()
    assert np.isnan(comparison.quartile_probabilities(found)).all()
    nothing = comparison.product_shrink(Scores([math.nan], [0], [4], 0.2, 0.65))
    assert np.isnan([nothing.mu, nothing.theta[0]]).all()


def test_an_inner_node_has_its_variance_at_the_leaf_units_mean_or_at_its_own_score() -> None:
    node = Scores(5, 20, 25, 0.2, 0.65)
    assert comparison.smoothed_variance(node, 50) > comparison.smoothed_variance(node, math.nan) > 0


def test_leader_gap_vector(vectors: dict) -> None:
    vector = vectors["leader_gap"]
    v = vector["input"]
    leaders = Scores(v["mL"], v["nL"], v["NL"], v["phiL"], v["r"])
    gap = comparison.leader_gap(leaders, Scores(v["mM"], v["nM"], v["NM"], v["phiM"], v["r"]), step=0)
    assert (gap.points, gap.low, gap.high) == pytest.approx(vector["output"], abs=5e-5)
    assert gap.verdict == 1


def test_a_gap_is_named_only_when_sure_and_ten_points_wide() -> None:
    members = Scores(50, 400, 400, 0.2, 0.65)
    gap = comparison.leader_gap(Scores([59, 60, 30, 41], 60, 60, 0.2, 0.65), members)
    assert gap.low[0] > 0
    assert gap.verdict.tolist() == [0, 1, -1, 0]
    unsure = comparison.leader_gap(Scores(65, 5, 12, 0.2, 0.65), Scores(50, 5, 12, 0.2, 0.65))
    assert unsure.low < 0
    assert unsure.verdict == 0


def test_no_gap_is_named_whose_range_touches_zero_as_it_is_printed() -> None:
    gap = comparison.leader_gap(Scores(50, 8, 10, 0.2, 0.65), Scores(40, 60, 80, 0.2, 0.65))
    assert 0 < gap.low < 0.5
    assert gap.verdict == 0


def test_a_range_leaves_out_zero_only_if_it_does_so_in_whole_points() -> None:
    low, high = [0.4, 0.6, -9, -9, -3], [14, 14, -0.4, -0.6, 4]
    assert comparison.leaves_out_zero(low, high).tolist() == [False, True, False, True, False]


def test_a_named_leader_is_one_measurement() -> None:
    leader = comparison.named_leader(60, 0.2, 0.65)
    low, high = comparison.ends(*leader, step=0)
    a = 1.6448536269514722**2 * 0.2 * 0.35
    centre, half = 0.6 + a / 2, math.sqrt(a * 0.24 + a * a / 4)
    assert (low, high) == pytest.approx((100 * (centre - half) / (1 + a), 100 * (centre + half) / (1 + a)))
    assert comparison.leader_gap(leader, Scores(35, 30, 40, 0.2, 0.65)).points == 25


def test_common_items_vectors(vectors: dict) -> None:
    vector = vectors["common_change"]
    old, new = vector["input"]["old"], vector["input"]["new"]
    items = comparison.common_items(list(old), list(new))
    assert items is not None
    before, after = (float(np.mean([form[item] for item in items])) for form in (old, new))
    assert {"items": list(items), "old": before, "new": after, "change": after - before} == {
        name: vector["output"][name] for name in ("items", "old", "new", "change")
    }
    none = vectors["common_change_none"]
    assert comparison.common_items(list(none["input"]["old"]), list(none["input"]["new"])) is none["output"]


def test_common_items_must_be_half_of_both_forms() -> None:
    assert comparison.common_items("abcd", "abxy") == ("a", "b")
    assert comparison.common_items("ab", "abxyz") is None
    assert comparison.common_items("abcde", "abx") is None
    assert comparison.common_items("a", "a") is None


@pytest.mark.parametrize(("J", "r"), [(2, 0.62), (3, 0.71), (4, 0.77)])
def test_reliability_grows_with_the_items(J: int, r: float) -> None:
    assert comparison.common_reliability(0.45, 1, J) == pytest.approx(r, abs=0.005)
    assert comparison.common_reliability(comparison.common_reliability(0.65, 4, J), J, 4) == pytest.approx(
        0.65
    )


def test_the_average_of_one_unit_is_its_own_difference() -> None:
    one, other = Scores([50], [7], [10], 0.2, 0.7), Scores([65], [8], [10], 0.2, 0.7)
    alone, average = comparison.difference(one, other), comparison.average_difference(one, other)
    for name in ("d", "z", "p", "low", "high"):
        assert getattr(average, name)[0] == pytest.approx(getattr(alone, name)[0])


def test_each_unit_counts_alike_and_many_are_surer_than_one() -> None:
    one, other = (Scores(s, [8, 40], [10, 45], 0.2, 0.7) for s in ([40, 40], [60, 44]))
    average = comparison.average_difference(one, other)
    assert average.d[0] == 12  # and not 7, as all people together would have it
    each = comparison.difference(one, other)
    assert average.low[0] == pytest.approx(12 - np.hypot(*(each.d - each.low)) / 2)
    assert average.high[0] == pytest.approx(12 + np.hypot(*(each.high - each.d)) / 2)
    many = [
        comparison.average_difference(
            Scores([40] * units, 8, 10, 0.2, 0.7), Scores([46] * units, 8, 10, 0.2, 0.7)
        )
        for units in (1, 4, 16)
    ]
    assert many[0].p[0] > many[1].p[0] > many[2].p[0]
    assert many[2].high[0] - many[2].low[0] == pytest.approx((many[0].high[0] - many[0].low[0]) / 4)


def test_an_average_that_did_not_change_is_rarely_called() -> None:
    """Twenty teams of ten who answer twice with the same true scores: a range leaves zero out in no more than one of ten."""
    random = np.random.default_rng(8)
    false = 0
    for _ in range(400):
        true = random.normal(45, 12, (20, 10))
        waves = [
            np.clip(np.rint((true + random.normal(0, 12, true.shape)).mean(axis=1)), 5, 95) for _ in (1, 2)
        ]
        phi = 2 * 12**2 / (45 * 55)
        found = comparison.average_difference(
            Scores(waves[0], 10, 10, phi, 0.5), Scores(waves[1], 10, 10, phi, 0.5)
        )
        false += bool(comparison.leaves_out_zero(found.low, found.high)[0])
    assert false / 400 < 0.13
