"""Residual groups over time, by head counts."""

from datetime import date

import numpy as np
import pytest

from tests.fixtures.small_waves import tree
from webapp.domain.residual_guard import coarse_residuals
from webapp.domain.time_guard import Earlier, Present

BEFORE, NOW = date(2026, 1, 31), date(2026, 4, 30)


def earlier(parts: dict, numbers: dict[int, int], closed: date = BEFORE) -> Earlier:
    of = tree(parts)
    return Earlier(
        of, {node.key: node.headcount for node in of.nodes if node.headcount}, closed, {"p": numbers}
    )


def present(parts: dict, counts: list[int], shown: list[int]) -> Present:
    of = tree(parts)
    roster = {node.key: node.headcount for node in of.nodes if node.headcount}
    plan = np.isin(np.arange(len(of)), shown)[:, np.newaxis]
    own = np.array(counts)
    return Present(of, roster, NOW, ["p"], own[:, np.newaxis], own, plan)


PARTS = {"A": 12, "B": 4, "C": 4}  # positions 1, 2, 3
TOLD = {0: 19, 1: 12}  # B and C answered with seven


def test_a_residual_group_after_one_joined_is_coarse() -> None:
    now = present({**PARTS, "C": 5}, [0, 12, 4, 4], [0, 1])
    found = coarse_residuals(now, [earlier(PARTS, TOLD)], k=5)
    assert found.groups == {"p": frozenset({0})}
    assert not found.nodes.any()


@pytest.mark.parametrize("people", [4, 9])
def test_the_same_people_or_quite_others_are_not(people: int) -> None:
    now = present({**PARTS, "C": people}, [0, 12, 4, 4], [0, 1])
    assert coarse_residuals(now, [earlier(PARTS, TOLD)], k=5).groups == {"p": frozenset()}


def test_two_who_joined_here_and_two_who_left_there_are_four() -> None:
    now = present({"A": 12, "B": 2, "C": 6}, [0, 12, 2, 5], [0, 1])
    assert coarse_residuals(now, [earlier(PARTS, TOLD)], k=5).groups == {"p": frozenset({0})}
    assert coarse_residuals(now, [earlier(PARTS, TOLD)], k=4).groups == {"p": frozenset()}


def test_large_groups_are_not_guarded() -> None:
    parts = {"A": 12, "B": 14, "C": 4}
    now = present({**parts, "C": 5}, [0, 12, 9, 4], [0, 1])
    assert coarse_residuals(now, [earlier(parts, {0: 24, 1: 12})], k=5).groups == {"p": frozenset()}


def test_a_residual_group_is_held_against_earlier_nodes_too() -> None:
    # D was shown as a whole; now it is not, but what is left of the whole is D's people without one
    before = earlier({"A": 12, "D": {"B": 4, "C": 4}}, {0: 20, 2: 8, 1: 12})
    now = present({"A": 12, "D": {"B": 4, "C": 3}}, [0, 12, 0, 4, 3], [0, 1])
    assert coarse_residuals(now, [before], k=5).groups == {"p": frozenset({0})}


def test_a_node_is_held_against_an_earlier_residual_group() -> None:
    now = present({"A": 12, "B": 6}, [0, 12, 6], [0, 1, 2])
    before = earlier({"A": 12, "B": 6, "C": 2}, {0: 20, 1: 12})
    found = coarse_residuals(now, [before], k=5)
    assert np.flatnonzero(found.nodes[:, 0]).tolist() == [2]


def test_old_waves_are_forgotten() -> None:
    now = present({**PARTS, "C": 5}, [0, 12, 4, 4], [0, 1])
    assert coarse_residuals(now, [earlier(PARTS, TOLD, date(2024, 3, 31))], k=5).groups == {"p": frozenset()}


def test_another_practice_says_nothing() -> None:
    now = present({**PARTS, "C": 5}, [0, 12, 4, 4], [0, 1])
    told = earlier(PARTS, TOLD)
    other = Earlier(told.tree, told.roster, told.closed, {"q": TOLD})
    assert coarse_residuals(now, [other], k=5).groups == {"p": frozenset()}


def test_a_roster_of_names_is_refused() -> None:
    now = present(PARTS, [0, 12, 4, 3], [0, 1])
    named = Earlier(now.tree, {"u-A": frozenset({"one"})}, BEFORE, {})
    with pytest.raises(TypeError):
        coarse_residuals(now, [named], k=5)
