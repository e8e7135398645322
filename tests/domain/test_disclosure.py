"""The plan is the best safe one: worked cases, vectors, and brute force over all subsets of small trees."""

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from webapp.domain.disclosure import (
    detail_plan,
    k2_of,
    nearest_shown,
    own_values,
    plans,
    residuals,
    suppress,
)
from webapp.domain.tree import Node, Tree


def tree_of(*edges: str) -> Tree:
    """A tree from words "name" (the root) and "parent/name", parents first."""
    names = [edge.rpartition("/")[2] for edge in edges]
    parents = [edge.rpartition("/")[0] for edge in edges]
    return Tree(
        tuple(
            Node(name, name, names.index(parent) if parent else None)
            for name, parent in zip(names, parents, strict=True)
        )
    )


def own(tree: Tree, **values: int) -> list[int]:
    return [values.get(node.key, 0) for node in tree.nodes]


def mask(tree: Tree, *names: str) -> np.ndarray:
    return np.array([node.key in names for node in tree.nodes])


def names(tree: Tree, shown: np.ndarray) -> list[str]:
    return [tree.nodes[position].key for position in np.flatnonzero(shown)]


def in_tree_order(parent: dict[str, str], nodes: list[str]) -> Tree:
    root = next(name for name in nodes if name not in parent)
    order = [root]
    for name in order:
        order.extend(child for child in nodes if parent.get(child) == name)
    return Tree(
        tuple(Node(name, name, order.index(parent[name]) if name in parent else None) for name in order)
    )


def test_all_vectors_give_the_same_plan_and_value(shared: Path) -> None:
    cases = json.loads((shared / "data" / "suppress-vectors.json").read_text())
    assert len(cases) == 30
    for case in cases:
        tree = in_tree_order(case["parent"], case["nodes"])
        counts = own(tree, **case["leaf_n"])
        shown = suppress(
            tree,
            counts,
            k=case["k"],
            residual_min=case["residual_min"],
            people=None if case["leaf_people"] is None else own(tree, **case["leaf_people"]),
            eligible=None if case["eligible"] is None else mask(tree, *case["eligible"]),
        )
        value = 1_000_000 * int(shown[0]) + int(tree.rolled_up(counts)[shown].sum())
        assert sorted(names(tree, shown)) == sorted(case["shown"]), case["name"]
        assert value == case["value"], case["name"]


FLAT = tree_of("D", "D/A", "D/B", "D/C")


@pytest.mark.parametrize(
    ("tree", "counts", "shown"),
    [
        pytest.param(FLAT, {"A": 8, "B": 7, "C": 3}, ["D", "A"], id="1 the smallest sibling goes along"),
        pytest.param(FLAT, {"A": 8, "B": 4, "C": 3}, ["D", "A"], id="2 two small teams protect each other"),
        pytest.param(FLAT, {"A": 8, "B": 1, "C": 2}, ["D"], id="3 two small teams that do not"),
        pytest.param(tree_of("D", "D/A", "D/B"), {"A": 9, "B": 2}, ["D"], id="4 only the department"),
        pytest.param(FLAT, {"A": 8, "B": 7, "C": 0}, ["D", "A", "B"], id="5 nobody answered in C"),
        pytest.param(
            tree_of("V", "V/A", "A/A1", "A/A2", "V/B", "B/B1"),
            {"A1": 10, "A2": 6, "B1": 3},
            ["V", "A1"],
            id="6 hiding the sibling alone would leak",
        ),
        pytest.param(
            tree_of("D", "D/A", "D/B"),
            {"A": 12, "B": 6, "D": 2},
            ["D", "A"],
            id="7 direct staff at an inner node are a leaf that is never shown",
        ),
        pytest.param(
            tree_of("V", "V/D1", "V/D2", "V/D3"), {"D1": 6, "D2": 3, "D3": 2}, ["V", "D1"], id="8 leaders"
        ),
    ],
)
def test_worked_cases(tree: Tree, counts: dict[str, int], shown: list[str]) -> None:
    assert names(tree, suppress(tree, own(tree, **counts), k=5)) == shown


def test_two_who_both_said_dont_know_are_no_empty_residual() -> None:
    tree = tree_of("D", "D/A", "D/C")
    counted = own(tree, A=8)
    assert names(tree, suppress(tree, counted, k=5, people=own(tree, A=8, C=2))) == ["D"]
    assert names(tree, suppress(tree, counted, k=5, people=own(tree, A=8))) == ["D", "A"]


def test_many_who_all_said_dont_know_are_no_empty_residual_either() -> None:
    tree = tree_of("D", "D/A", "D/B", "D/C")
    shown = suppress(tree, own(tree, A=8, B=8), k=5, people=own(tree, A=8, B=8, C=40))
    assert names(tree, shown) == ["D", "A"]


def test_a_larger_residual_is_asked_of_differences_only() -> None:
    tree = tree_of("V", "V/D", "D/A", "V/E")
    shown = suppress(
        tree, own(tree, A=7, E=20), k=5, residual_min=10, eligible=np.array([True, True, False, True])
    )
    assert names(tree, shown) == ["V", "D", "E"]


def test_the_root_comes_before_any_weight_of_teams() -> None:
    tree = tree_of("D", "D/A", "D/B")
    assert names(tree, suppress(tree, own(tree, A=900, B=2), k=5)) == ["D"]


def test_without_the_root_the_rest_is_still_planned() -> None:
    tree = tree_of("D", "D/A", "D/B")
    shown = suppress(tree, own(tree, A=9, B=2), k=5, eligible=mask(tree, "A", "B"))
    assert names(tree, shown) == ["A"]


def test_equal_plans_show_the_first_node() -> None:
    assert names(FLAT, suppress(FLAT, own(FLAT, A=7, B=7, C=3), k=5)) == ["D", "A"]


def test_equal_plans_keep_to_the_given_one() -> None:
    counts = own(FLAT, A=7, B=7, C=3)
    assert names(FLAT, suppress(FLAT, counts, k=5, agree_with=mask(FLAT, "D", "B"))) == ["D", "B"]


def test_agreement_never_beats_weight() -> None:
    tree = tree_of("D", "D/X", "X/A", "D/B", "D/C")
    counts = own(tree, A=8, B=7, C=3)
    assert names(tree, suppress(tree, counts, k=5, agree_with=mask(tree, "B"))) == ["D", "X", "A"]


def test_weights_say_what_is_worth_showing() -> None:
    counts = own(FLAT, A=8, B=7, C=3)
    shown = suppress(FLAT, counts, k=5, weights=own(FLAT, A=1, B=2, C=1, D=1))
    assert names(FLAT, shown) == ["D", "B"]


def test_nobody_answered_shows_nothing() -> None:
    assert not suppress(FLAT, own(FLAT), k=5).any()
    assert not suppress(FLAT, own(FLAT), k=5, people=own(FLAT, A=50)).any()


def test_a_tree_of_one_node() -> None:
    tree = tree_of("D")
    assert suppress(tree, [5], k=5).tolist() == [True]
    assert suppress(tree, [4], k=5).tolist() == [False]


@pytest.mark.parametrize(
    ("counts", "keywords"),
    [
        ([1, 2], {}),
        ([0, -1, 8, 9], {}),
        ([0, 1.5, 8, 9], {}),
        ([0, 8, 8, 8], {"people": [0, 8, 7, 8]}),
        ([0, 8, 8, 8], {"residual_min": 4}),
        ([0, 8, 8, 8], {"eligible": [1, 1, 1, 1]}),
        ([0, 8, 8, 8], {"eligible": [True]}),
        ([0, 8, 8, 8], {"k": 0}),
    ],
)
def test_contradictory_input_is_an_error(counts: list[float], keywords: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"expected|whole|people|at least"):
        suppress(FLAT, counts, **{"k": 5, **keywords})


def test_own_values_refuse_what_is_no_count() -> None:
    with pytest.raises(ValueError, match="whole"):
        own_values(FLAT, [0, 1, -2, 3])


def test_a_practice_shows_only_what_the_plan_on_people_shows_and_keeps_rows_whole() -> None:
    people = own(FLAT, A=8, B=7, C=3)
    in_second = own(FLAT, A=7, B=7, C=3)
    made = plans(FLAT, people, np.stack([people, in_second, own(FLAT, A=8, B=7)], axis=1), k=5)
    assert names(FLAT, made.base) == ["D", "A"]
    assert [names(FLAT, column) for column in made.practices.T] == [["D", "A"], ["D", "A"], ["D", "A"]]


def test_plans_ask_for_counts_by_practice() -> None:
    with pytest.raises(ValueError, match=r"\(4, P\)"):
        plans(FLAT, own(FLAT, A=8), own(FLAT, A=8), k=5)


def test_details_need_twice_as_many_and_stay_inside_the_number_plan() -> None:
    assert [k2_of(k) for k in (3, 5, 7)] == [10, 10, 14]
    people = own(FLAT, A=12, B=9, C=14)
    number_plan = suppress(FLAT, people, k=5)
    assert names(FLAT, number_plan) == ["D", "A", "B", "C"]
    assert names(FLAT, detail_plan(FLAT, people, k=5, people=people, number_plan=number_plan)) == ["D", "C"]
    assert names(FLAT, detail_plan(FLAT, people, k=5, people=people, number_plan=mask(FLAT, "D", "A"))) == [
        "D",
        "A",
    ]


def test_residuals_are_the_other_teams_of_a_node() -> None:
    tree = tree_of("V", "V/A", "V/B", "A/A1", "A/A2", "B/B1")
    groups = residuals(
        tree, mask(tree, "V", "A1"), own(tree, A1=10, A2=6, B1=3), own(tree, A1=10, A2=7, B1=3)
    )
    rest, team = groups
    assert (rest.below, rest.positions, rest.n, rest.people, rest.whole) == (0, (0, 1, 2, 4, 5), 9, 10, False)
    assert (team.below, team.positions, team.n, team.people, team.whole) == (3, (3,), 10, 10, True)


def test_residuals_name_teams_in_which_nobody_answered_too() -> None:
    groups = residuals(FLAT, mask(FLAT, "D", "A"), own(FLAT, A=8, B=7))
    assert groups[0].positions == (0, 2, 3)


def test_nearest_shown_is_the_node_itself_or_the_first_above() -> None:
    tree = tree_of("V", "V/A", "A/A1", "V/B")
    assert nearest_shown(tree, mask(tree, "A")).tolist() == [-1, 1, 1, -1]


# --- brute force -------------------------------------------------------------------------------------------------


@st.composite
def small_surveys(draw: st.DrawFn) -> tuple[Tree, list[int], list[int]]:
    """A tree of at most eight nodes with own counts at any node, and people of whom some are not counted."""
    size = draw(st.integers(1, 8))
    parents = [None, *(draw(st.integers(0, position - 1)) for position in range(1, size))]
    tree = Tree(tuple(Node(f"u{position}", "", parent) for position, parent in enumerate(parents)))
    direct = draw(st.booleans())
    counts = [
        draw(st.sampled_from((0, 0, 1, 2, 3, 4, 5, 6, 8, 12))) if direct or position in tree.leaves else 0
        for position in range(size)
    ]
    silent = [
        draw(st.sampled_from((0, 0, 0, 1, 7))) if direct or position in tree.leaves else 0
        for position in range(size)
    ]
    return tree, counts, [count + more for count, more in zip(counts, silent, strict=True)]


def by_definition(
    tree: Tree, shown: tuple[bool, ...], counts: list[int], people: list[int], *, k: int, least: int
) -> bool:
    for node in range(len(tree)):
        if not shown[node]:
            continue
        inside = set(tree.below(node))
        lower = [other for other in inside - {node} if shown[other]]
        rest = inside - {below for other in lower for below in tree.below(other)}
        if sum(counts[position] for position in inside) < k:
            return False
        left, there = sum(counts[p] for p in rest), sum(people[p] for p in rest)
        if lower and there > 0 and left < least:
            return False
    return True


@given(
    small_surveys(),
    st.sampled_from([(3, 3), (5, 5), (5, 10)]),
    st.lists(st.booleans(), min_size=8, max_size=8),
    st.lists(st.booleans(), min_size=8, max_size=8),
)
@example((FLAT, [0, 8, 8, 0], [0, 8, 8, 2]), (5, 5), [True] * 8, [True] * 8)
def test_no_safe_plan_is_better(
    survey: tuple[Tree, list[int], list[int]],
    sizes: tuple[int, int],
    eligible: list[bool],
    wanted: list[bool],
) -> None:
    tree, counts, people = survey
    k, least = sizes
    totals = tree.rolled_up(counts)
    allowed, agree = np.array(eligible[: len(tree)]), np.array(wanted[: len(tree)])

    def worth(shown: tuple[bool, ...]) -> tuple[bool, int, int]:
        chosen = np.array(shown)
        return shown[0], int(totals[chosen].sum()), int((chosen == agree).sum())

    found = suppress(tree, counts, k=k, residual_min=least, people=people, eligible=allowed, agree_with=agree)
    best = max(
        worth(shown)
        for shown in product((False, True), repeat=len(tree))
        if not (np.array(shown) & ~allowed).any()
        and by_definition(tree, shown, counts, people, k=k, least=least)
    )
    assert by_definition(tree, tuple(found.tolist()), counts, people, k=k, least=least)
    assert not (found & ~allowed).any()
    assert worth(tuple(found.tolist())) == best


@given(small_surveys(), st.data())
def test_hiding_more_keeps_a_safe_plan_safe(
    survey: tuple[Tree, list[int], list[int]], data: st.DataObject
) -> None:
    tree, counts, people = survey
    shown = suppress(tree, counts, k=5, people=people)
    fewer = shown & np.array(data.draw(st.lists(st.booleans(), min_size=len(tree), max_size=len(tree))))
    assert by_definition(tree, tuple(fewer.tolist()), counts, people, k=5, least=5)
