"""Figures come in bit by bit, and are corrected: whoever kept what was told at each time learns nothing of fewer than k."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.test_evidence_plan import _inside, active, month
from webapp.domain.disclosure_audit import audit_rowspace
from webapp.domain.evidence import Figures, Month, Placed
from webapp.domain.evidence_plan import shown

States = list[tuple[Month, ...]]


@st.composite
def histories(draw: st.DrawFn) -> States:
    """One to three months, and which units have figures in them one change after another; the head counts may differ."""
    size = draw(st.integers(2, 7))
    parents = [draw(st.sampled_from([None, *range(1, place)])) for place in range(1, size + 1)]
    heads = st.sampled_from((0, 1, 2, 3, 4, 5, 6, 8, 12))
    trees = [
        tuple(Placed(place, parents[place - 1], draw(heads)) for place in range(1, size + 1))
        for _ in range(draw(st.integers(1, 3)))
    ]
    return [
        tuple(
            Month(
                f"2026-0{number}",
                units,
                {unit: Figures(active=3) for unit in draw(st.sets(st.integers(1, size)))},
            )
            for number, units in enumerate(trees, 1)
        )
        for _ in range(draw(st.integers(2, 4)))
    ]


def remembered(states: States, k: int, *, forgets: bool = False) -> list[list[set[int]]]:
    """The units whose own figures were told in each month, one state after another."""
    seen: list[frozenset[int]] = [frozenset() for _ in states[0]]
    found = []
    for state in states:
        months = [replace(one, seen=before) for one, before in zip(state, seen, strict=True) if one.figures]
        kept = shown(months, k=k)
        told = [set(kept & one.figures.keys()) for one in state]
        found.append(told)
        if not forgets:
            seen = [before | now for before, now in zip(seen, told, strict=True)]
    return found


def exposed(states: States, told: list[list[set[int]]], k: int) -> list[object]:
    """The groups of fewer than k people that follow from all that was ever told of a month."""
    found: list[object] = []
    for number, one in enumerate(states[0]):
        ever = set().union(*(at[number] for at in told))
        rows = [[int(unit.id in _inside(one.units, top)) for unit in one.units] for top in sorted(ever)]
        if rows:
            found += audit_rowspace(np.array(rows), [unit.people for unit in one.units], k)
    return found


@settings(max_examples=120, deadline=None)
@given(histories(), st.sampled_from([3, 5]))
def test_all_that_was_ever_told_of_a_month_exposes_nobody(states: States, k: int) -> None:
    assert exposed(states, remembered(states, k), k) == []


def test_a_plan_that_forgets_what_was_told_would_be_found_out() -> None:
    whole, a, b = active(9, 4, 4)
    tree = "P: A 8, B 7, C 3"
    states = [(month(tree, P=whole, B=b),), (month(tree, P=whole, A=a, B=b),)]
    assert remembered(states, 5) == [[{1, 3}], [{1, 3}]]
    assert exposed(states, remembered(states, 5, forgets=True), 5)


@pytest.mark.parametrize("grown", [5, 8])
def test_where_the_smallest_group_has_grown_nothing_new_stands_beside_what_was_told(grown: int) -> None:
    """P, A and B were told with a smallest group of three; now they would tell of the three of C."""
    whole, a, b = active(9, 4, 4)
    one = month("P: A 8, B 7, C 3; D: E 9, F 9", P=whole, A=a, B=b, E=a)
    then = frozenset({1, 2, 3})
    found = shown([replace(one, seen=then)], k=grown)
    assert found < then
    assert shown([replace(one, seen=frozenset({1}))], k=grown) >= {6}
