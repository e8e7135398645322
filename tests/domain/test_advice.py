"""What to do next."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from webapp.domain import advice
from webapp.domain.advice import Kind


def test_priority_vectors(vectors: dict) -> None:
    found = {name: vector for name, vector in vectors.items() if name.startswith("priority_")}
    assert len(found) == 5
    for name, vector in found.items():
        v = vector["input"]
        value = advice.priority(v["score"], v["weight"], v["unlocks"], v["target"])
        assert value == pytest.approx(vector["output"], abs=5e-5), name
    assert advice.priority(12, 1.5, 1) == 84


def test_shortlist_vector(vectors: dict) -> None:
    v, output = vectors["shortlist"]["input"], vectors["shortlist"]["output"]
    values = advice.priority(v["score"], v["weight"], v["unlocks"])
    assert values == pytest.approx(output["values"], abs=5e-5)
    assert list(advice.shortlist(values, v["se"], v["weight"], v["unlocks"])) == output["order"]


def test_p_at_least_vector(vectors: dict) -> None:
    vector = vectors["p_at_least"]
    assert advice.p_at_least(**vector["input"]) == pytest.approx(vector["output"], abs=5e-7)


def test_the_target_rises_when_all_shown_practices_have_reached_it() -> None:
    assert advice.target([60, 75, 90]) == 80
    assert advice.target([59, 75, 90]) == 60
    assert advice.target([60, math.nan]) == 80
    assert advice.target([math.nan]) == 60


def test_a_practice_unlocks_those_that_need_it_and_are_below_the_target() -> None:
    needs = np.array([[False, True, True, True], [False, False, True, False], [False] * 4, [False] * 4])
    assert advice.unlocked([30, 40, 70, math.nan], needs, 60).tolist() == [1, 0, 0, 0]
    assert advice.unlocked([30, 40, 50, 20], needs, 60).tolist() == [3, 1, 0, 0]


def test_only_three_unlocks_count() -> None:
    assert advice.leverage([0, 1, 3, 7]).tolist() == pytest.approx([1, 7 / 6, 1.5, 1.5])


def test_equal_values_keep_the_questionnaires_order_and_nothing_to_do_is_not_listed() -> None:
    assert advice.shortlist([10, 30, 10, 0, math.nan], 1, 1, 0) == (1, 0, 2)
    assert advice.shortlist([0, math.nan], 1, 1, 0) == ()


def test_a_fourth_and_a_fifth_are_shown_within_one_standard_error_of_the_first() -> None:
    values = [30, 29, 28, 25, 24.9, 25]
    assert advice.shortlist(values, 5, 1, 0) == (0, 1, 2, 3, 5)
    assert advice.shortlist(values, 4, 1, 0) == (0, 1, 2)
    assert advice.shortlist(values, 5.1, [1] * 6, [0] * 6) == (0, 1, 2, 3, 5)
    assert advice.shortlist(values[:5], 5, 1, 0) == (0, 1, 2, 3)
    assert advice.shortlist(values[:5], 4, 1, 3) == (0, 1, 2, 3, 4)  # leverage 1.5 widens the line


@given(arrays(float, 9, elements=st.floats(0, 90)), st.floats(0, 20))
def test_a_shortlist_is_short_ordered_and_worth_while(values: np.ndarray, se: float) -> None:
    found = advice.shortlist(values, se, 1, 0)
    assert len(found) <= 5
    assert len(found) == len(set(found))
    worth = [values[p] for p in found]
    assert worth == sorted(worth, reverse=True)
    assert all(value > 0 for value in worth)
    assert len(found) >= min(3, np.count_nonzero(values > 0))


@pytest.mark.parametrize(
    ("word", "dont_know", "high", "expected"),
    [
        ("divided", 0, 40, Kind.TALK),
        ("close", 31, 40, Kind.TALK),
        ("close", 30, 40, Kind.ACT),
        ("mixed", None, 59, Kind.ACT),
        ("", 0, 40, Kind.ACT),
        ("close", 0, 60, Kind.CHECK),
        ("mixed", 0, 70, Kind.CHECK),
        ("divided", 0, 70, Kind.TALK),
    ],
)
def test_kinds_of_advice(word: str, dont_know: int | None, high: float, expected: Kind) -> None:
    assert advice.kind(word, dont_know, high, 60) is expected


def test_people_who_differ_about_themselves_need_not_talk_first() -> None:
    assert advice.kind("divided", 0, 40, 60, team_referent=False) is Kind.ACT


def test_dont_knows_are_a_whole_share_of_all_questions() -> None:
    np.testing.assert_array_equal(advice.dont_know_share([4, 0, 0], 3, [9, 5, 0]), [15, 0, math.nan])
