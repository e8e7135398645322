"""Average deviation and its words."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from webapp.domain.agreement import agreement, average_deviation
from webapp.domain.tree import Node, Tree


def of_one_group(levels: object, *, corrected: bool = True) -> float:
    answers = np.array(levels, dtype=float)
    answers = answers.reshape(len(answers), -1)
    return float(
        average_deviation((answers - 1) * 25, np.zeros(len(answers), dtype=int), 1, corrected=corrected)[0]
    )


def test_average_deviation_vectors(vectors: dict) -> None:
    one = vectors["ad"]
    assert of_one_group(one["input"]["x"], corrected=False) == pytest.approx(one["output"]["ad"], abs=5e-7)
    assert of_one_group(one["input"]["x"]) == pytest.approx(one["output"]["ad_corrected"], abs=5e-7)
    many = vectors["agreement_multi"]
    assert of_one_group(many["input"]["X"]) == pytest.approx(many["output"]["ad_corr"], abs=5e-7)


@pytest.mark.parametrize(
    ("shares", "value"),
    [((1, 2, 4, 2, 1), 0.80), ((0, 5, 0, 5, 0), 1.0), ((5, 0, 0, 0, 5), 2.0), ((2,) * 5, 1.2)],
)
def test_average_deviation_of_known_populations(shares: tuple[int, ...], value: float) -> None:
    levels = np.repeat(np.arange(1, 6), shares)
    assert of_one_group(levels, corrected=False) == pytest.approx(value)


@given(arrays(float, (30, 3), elements=st.sampled_from([0, 25, 50, 75, 100, math.nan])), st.integers(1, 6))
def test_groups_at_once_are_the_groups_one_by_one(filled: np.ndarray, V: int) -> None:
    groups = np.arange(30) % V
    found = average_deviation(filled, groups, V + 1)
    assert math.isnan(found[V])
    for v in range(V):
        own = filled[(groups == v) & ~np.isnan(filled).any(axis=1)]
        if len(own) < 2:
            assert math.isnan(found[v])
        else:
            plain = np.abs(own - own.mean(axis=0)).mean() / 25
            assert found[v] == pytest.approx(plain * math.sqrt(len(own) / (len(own) - 1)))


@given(
    arrays(float, (40, 3), elements=st.sampled_from([-7.5, 0, 25, 41.2, 50, 75, 100, 103.1, math.nan])),
    arrays(int, 40, elements=st.integers(0, 6)),
)
def test_a_node_of_a_tree_is_the_group_of_all_people_below_it(filled: np.ndarray, places: np.ndarray) -> None:
    tree = Tree(
        tuple(Node(f"u{one}", f"u{one}", parent) for one, parent in enumerate((None, 0, 0, 1, 1, 4, 2)))
    )
    found = average_deviation(filled, places, len(tree), tree=tree)
    for node in range(len(tree)):
        below = filled[np.isin(places, tree.below(node))]
        alone = average_deviation(below, np.zeros(len(below), dtype=int), 1)
        assert found[node] == pytest.approx(alone[0], nan_ok=True)


def test_words_below_ten_answers_are_close_and_mixed_without_a_number() -> None:
    found = agreement([0.69, 0.70, 1.8, 0.2, math.nan], [5, 9, 9, 4, 9], detail=True, k2=10)
    assert found.word.tolist() == ["close", "mixed", "mixed", "", ""]
    assert np.isnan(found.ad).all()
    assert not found.under.any()


def test_inside_the_detail_plan_there_are_three_words_and_a_number() -> None:
    found = agreement([0.69, 0.70, 1.0, 1.01, 0.1, 0.3], 12, detail=True, k2=10)
    assert found.word.tolist() == ["close", "mixed", "mixed", "divided", "close", "close"]
    assert found.ad.tolist() == [0.7, 0.7, 1.0, 1.0, 0.3, 0.3]
    assert found.under.tolist() == [False, False, False, False, True, False]


def test_outside_the_detail_plan_a_large_group_has_words_only() -> None:
    found = agreement([1.5, 1.5], [40, 40], detail=[False, True], k2=10)
    assert found.word.tolist() == ["mixed", "divided"]
    assert np.isnan(found.ad).tolist() == [True, False]
