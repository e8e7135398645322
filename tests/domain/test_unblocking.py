"""Which one statement would lift most units by a band, by arithmetic."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain import unblocking
from webapp.domain.scoring import band_of
from webapp.domain.unblocking import Board, Effects

CUTS = (0, 20, 40, 60, 80)
NAN = float("nan")


def board(scores: object, index: object, means: object, *, weights: object = (1.0, 1.0)) -> Board:
    """Two practices: the first of two items, the second of one."""
    return Board(
        scores=np.array(scores, dtype=float),
        index=np.array(index, dtype=float),
        weights=np.array(weights, dtype=float),
        means=np.array(means, dtype=float),
        practice=np.array([0, 0, 1]),
        items=np.array([2, 1]),
        cuts=CUTS,
    )


def test_one_item_of_two_raises_its_practice_by_half_of_what_is_missing() -> None:
    found = unblocking.effects(board([[35, 50]], [42], [[25, 45, 50]]))
    assert found.then[:, 0].tolist() == [60, 50, 75]  # 35 + 50/2, 35 + 30/2, 50 + 25
    assert found.index_then[:, 0].tolist() == [55, 50, 55]  # 42 + 25/2, rounded up; 42 + 15/2; 42 + 25/2
    assert found.lifted[:, 0].tolist() == [True, True, True]
    assert found.index_lifted[:, 0].tolist() == [False, False, False]


def test_a_practice_moves_the_index_by_its_share_of_the_weight() -> None:
    found = unblocking.effects(board([[35, 50]], [39], [[25, 45, 50]], weights=(3, 1)))
    assert found.index_then[0, 0] == 58  # 39 + 3/4 × 25 = 57.75
    assert found.index_lifted[0, 0]


def test_where_the_statement_is_true_already_nothing_changes() -> None:
    found = unblocking.effects(board([[80, 50]], [65], [[75, 85, 90]]))
    assert not found.falls_short.any()
    assert found.then[:, 0].tolist() == [80, 80, 50]
    assert unblocking.order(found) == ()


def test_what_is_not_published_is_left_out() -> None:
    found = unblocking.effects(
        board([[35, 50], [NAN, 50], [35, NAN]], [42, NAN, NAN], [[NAN, 45, 50], [25, 25, 25], [25, 45, NAN]])
    )
    assert np.isnan(found.then[0]).tolist() == [
        True,
        True,
        False,
    ]  # no mean; no score; an index is not needed
    assert np.isnan(found.index_then[0]).tolist() == [True, True, True]
    assert not found.moved[0, :2].any()


def test_the_item_that_lifts_most_units_comes_first_then_on_the_index_then_most_points() -> None:
    found = unblocking.effects(
        board(
            [[18, 10], [18, 10], [50, 10]],
            [14, 14, 30],
            [[0, 36, 10], [0, 36, 60], [25, 75, 75]],
        )
    )
    assert found.moved.sum(axis=1).tolist() == [3, 2, 2]
    assert unblocking.order(found) == (0, 2, 1)


tables = st.integers(1, 6).flatmap(
    lambda units: st.tuples(
        st.lists(st.lists(_some(), min_size=2, max_size=2), min_size=units, max_size=units),
        st.lists(_some(), min_size=units, max_size=units),
        st.lists(st.lists(_some(), min_size=3, max_size=3), min_size=units, max_size=units),
    )
)


def _some() -> st.SearchStrategy[float]:
    return st.one_of(st.integers(5, 95).map(float), st.just(NAN))


def effects(table: tuple[object, object, object]) -> Effects:
    return unblocking.effects(board(*table))


@given(table=tables)
def test_nothing_ever_falls_and_a_lift_is_a_higher_band(table: tuple[object, object, object]) -> None:
    found = effects(table)
    for now, then, lifted in (
        (found.now, found.then, found.lifted),
        (found.index_now, found.index_then, found.index_lifted),
    ):
        known = ~np.isnan(then)
        assert (then[known] >= now[known]).all()
        assert ((then[known] >= 5) & (then[known] <= 95) & (then[known] == np.round(then[known]))).all()
        higher = known & (band_of(then, CUTS) > band_of(now, CUTS))
        assert (lifted == (higher & found.falls_short)).all()
        assert (then[known & ~found.falls_short] == now[known & ~found.falls_short]).all()


@given(table=tables, seed=st.integers(0, 2**32 - 1))
def test_the_order_of_units_does_not_matter(table: tuple[object, object, object], seed: int) -> None:
    found = effects(table)
    turned = np.random.default_rng(seed).permutation(found.now.shape[1])
    again = unblocking.effects(board(*(np.array(part)[turned] for part in table)))
    assert unblocking.order(found) == unblocking.order(again)
    np.testing.assert_array_equal(found.then[:, turned], again.then)


@given(table=tables)
def test_what_lifts_nobody_is_not_named(table: tuple[object, object, object]) -> None:
    found = effects(table)
    ordered = unblocking.order(found)
    assert len(set(ordered)) == len(ordered)
    counts = found.moved.sum(axis=1)
    assert {item for item in range(3) if counts[item]} == set(ordered)
    assert [int(counts[item]) for item in ordered] == sorted(
        (int(one) for one in counts if one), reverse=True
    )


@pytest.mark.parametrize("mean", [5, 74, 75, 95])
def test_a_mean_counts_as_true_from_the_fourth_of_five_answers_on(mean: int) -> None:
    found = unblocking.effects(board([[NAN, 40]], [NAN], [[NAN, NAN, mean]]))
    assert found.falls_short[2, 0] == (mean < 75)
