"""Numbers about nearly the same people: what is coarse, what is a band only, and what nobody needs to hide."""

from collections.abc import Mapping
from datetime import date
from itertools import chain

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.disclosure import suppress
from webapp.domain.disclosure_audit import is_safe_tree
from webapp.domain.time_guard import (
    Earlier,
    Present,
    TimeGuard,
    _Extended,
    coarse,
    guarded,
    is_remembered,
    precision,
    strict_numbers,
)
from webapp.domain.tree import Node, Tree

SPRING, SUMMER = date(2030, 3, 31), date(2030, 6, 30)


def tree_of(parents: Mapping[str, str | None]) -> Tree:
    keys = list(parents)
    return Tree(
        tuple(Node(key, key, None if above is None else keys.index(above)) for key, above in parents.items())
    )


def own(tree: Tree, **values: int) -> np.ndarray:
    return np.array([values.get(node.key, 0) for node in tree.nodes])


def mask(tree: Tree, *keys: str) -> np.ndarray:
    return np.array([node.key in keys for node in tree.nodes])


def keys(tree: Tree, column: np.ndarray) -> list[str]:
    return [tree.nodes[position].key for position in np.flatnonzero(column)]


FLAT = tree_of({"D": None, "A": "D", "B": "D", "C": "D"})


def before(roster: Mapping[str, object], shown: str, tree: Tree = FLAT, **counts: int) -> Earlier:
    """A wave of one practice in which everybody was counted; `shown` lists the keys of its number plan."""
    totals = tree.rolled_up(own(tree, **counts))
    numbers = {position: int(totals[position]) for position in np.flatnonzero(mask(tree, *shown.split()))}
    return Earlier(tree, roster, SPRING, {"aim": numbers}, {"aim": own(tree, **counts)}, own(tree, **counts))


def wave(roster: Mapping[str, object], tree: Tree = FLAT, **counts: int) -> Present:
    values = own(tree, **counts)
    plan = suppress(tree, values, k=5)
    return Present(tree, roster, SUMMER, ("aim",), values[:, None], values, plan[:, None])


def persons(letter: str, *numbers: int) -> frozenset[str]:
    return frozenset(f"{letter}{number}" for number in numbers)


def test_one_joiner_in_a_small_team_is_guarded_and_in_a_large_one_not() -> None:
    old = before({"A": 7, "B": 30, "C": 20}, "D A B C", A=7, B=30, C=20)
    now = wave({"A": 8, "B": 31, "C": 20}, A=8, B=31, C=20)
    assert keys(FLAT, guarded(now, [old], k=5)[:, 0]) == ["A"]


def test_the_same_people_and_five_new_ones_are_not_guarded() -> None:
    old = before({"A": 7, "B": 8, "C": 9}, "D A B C", A=7, B=8, C=9)
    now = wave({"A": 7, "B": 13, "C": 8}, A=6, B=9, C=8)
    assert keys(FLAT, guarded(now, [old], k=5)[:, 0]) == ["C"]


def test_names_see_an_exchange_that_head_counts_cannot_see() -> None:
    old = before({"A": persons("a", 1, 2, 3, 4, 5, 6)}, "A", A=6)
    now = wave({"A": persons("a", 1, 2, 3, 4, 5, 7)}, A=6)
    assert keys(FLAT, guarded(now, [old], k=5)[:, 0]) == ["D", "A"]
    counted = before({"A": 6}, "A", A=6)
    assert not guarded(wave({"A": 6}, A=6), [counted], k=5).any()
    assert not guarded(now, [counted], k=5).any()


def test_a_cell_is_guarded_against_any_node_that_showed_a_number() -> None:
    # A small department of one team then; today the team is on its own elsewhere, two people larger.
    then = tree_of({"D": None, "X": "D", "A": "X", "B": "D"})
    today = tree_of({"D": None, "B": "D", "N": "D"})
    people = persons("a", 1, 2, 3, 4, 5, 6)
    old = before({"A": people, "B": 40}, "D X B", tree=then, A=6, B=40)
    now = wave({"N": people | persons("n", 1, 2), "B": 40}, tree=today, N=8, B=40)
    assert keys(today, guarded(now, [old], k=5)[:, 0]) == ["N"]


def test_what_showed_no_number_of_this_practice_guards_nothing() -> None:
    old = before({"A": 7, "B": 8, "C": 9}, "D", A=7, B=8, C=9)
    now = wave({"A": 8, "B": 8, "C": 9}, A=8, B=8, C=9)
    assert not guarded(now, [old], k=5).any()
    other = Present(FLAT, now.roster, SUMMER, ("reach",), now.counts, now.people, now.plan)
    full = before({"A": 7, "B": 8, "C": 9}, "D A B C", A=7, B=8, C=9)
    assert not guarded(other, [full], k=5).any()


def test_few_answers_on_either_side_are_enough() -> None:
    old = before({"A": 30}, "D A", A=9)
    now = wave({"A": 31}, A=28)
    assert keys(FLAT, guarded(now, [old], k=5)[:, 0]) == ["D", "A"]
    assert not guarded(now, [before({"A": 30}, "D A", A=10)], k=5).any()


def test_a_person_who_is_asked_in_two_units_counts_twice_and_is_found_again() -> None:
    twice = {"A": persons("a", 1, 2, 3, 4, 5, 6), "B": persons("a", 1) | persons("b", 2, 3, 4, 5, 6)}
    old = before(twice, "D A B", A=6, B=6)
    moved = {
        "A": set(persons("a", 1, 2, 3, 4, 5, 6)),
        "B": persons("b", 2, 3, 4, 5, 6),
        "C": persons("a", 1) | persons("c", 1, 2, 3, 4, 5),
    }
    kept = {key: set(people) for key, people in moved.items()}
    assert keys(FLAT, guarded(wave(moved, A=6, B=5, C=6), [old], k=5)[:, 0]) == ["B"]
    assert moved == kept


def test_two_years_are_remembered() -> None:
    assert is_remembered(date(2028, 6, 1), SUMMER)
    assert not is_remembered(date(2028, 5, 31), SUMMER)


def test_a_coarse_score_is_a_multiple_of_five_on_the_scale() -> None:
    told = {5: 5, 7: 5, 8: 10, 52: 50, 53: 55, 57: 55, 58: 60, 92: 90, 93: 95, 95: 95}
    assert {score: coarse(score) for score in told} == told


def test_the_standard_setting_makes_guarded_cells_coarse_and_hides_nothing() -> None:
    old = before({"A": 7, "B": 30, "C": 20}, "D A B C", A=7, B=30, C=20)
    now = wave({"A": 8, "B": 31, "C": 20}, A=8, B=31, C=20)
    told = precision(TimeGuard.STANDARD, now, [old], k=5)
    assert keys(FLAT, told.coarse[:, 0]) == ["A"]
    assert not told.band_only.any()


def test_waves_older_than_two_years_are_forgotten() -> None:
    old = before({"A": 7, "B": 30, "C": 20}, "D A B C", A=7, B=30, C=20)
    ancient = Earlier(old.tree, old.roster, date(2027, 1, 1), old.numbers, old.counts, old.people)
    now = wave({"A": 8, "B": 31, "C": 20}, A=8, B=31, C=20)
    for setting in TimeGuard:
        told = precision(setting, now, [ancient], k=5)
        assert not told.coarse.any()
        assert not told.band_only.any()


def test_the_strict_setting_leaves_a_band_where_the_standard_one_is_coarse() -> None:
    old = before({"A": 7, "B": 30, "C": 20}, "D A B C", A=7, B=30, C=20)
    now = wave({"A": 8, "B": 31, "C": 20}, A=8, B=31, C=20)
    told = precision(TimeGuard.STRICT, now, [old], k=5)
    assert not told.coarse.any()
    # A alone would be a difference of 8 < 2k, so the smaller of its siblings goes along.
    assert keys(FLAT, told.band_only[:, 0]) == ["A", "C"]


def test_a_first_wave_is_not_restricted() -> None:
    now = wave({"A": 8, "B": 8, "C": 9}, A=8, B=8, C=9)
    assert np.array_equal(strict_numbers(now, [], np.zeros_like(now.plan), k=5), now.plan)


def test_a_node_that_would_open_an_earlier_plan_stays_a_band() -> None:
    # Then D and A were shown, B protected C (3 people). C has grown; with B's new number the old C could be read.
    old = before({"A": 18, "B": 17, "C": 3}, "D A", A=18, B=17, C=3)
    now = wave({"A": 18, "B": 17, "C": 14}, A=18, B=17, C=14)
    assert keys(FLAT, now.plan[:, 0]) == ["D", "A", "B", "C"]
    numbers = strict_numbers(now, [old], guarded(now, [old], k=5), k=5)
    assert keys(FLAT, numbers[:, 0]) == ["D", "A"]


def test_two_nodes_that_are_harmless_alone_are_not_admitted_together() -> None:
    old = before({"A": 18, "B": 17, "C": 3}, "D", A=18, B=17, C=3)
    now = wave({"A": 18, "B": 17, "C": 14}, A=18, B=17, C=14)
    numbers = strict_numbers(now, [old], guarded(now, [old], k=5), k=5)
    assert keys(FLAT, numbers[:, 0]) == ["D", "A"]


def test_without_that_waves_counts_only_its_own_nodes_are_admitted() -> None:
    old = before({"A": 18, "B": 17, "C": 16}, "D A", A=18, B=17, C=16)
    now = wave({"A": 18, "B": 17, "C": 16}, A=18, B=17, C=16)
    everything = strict_numbers(now, [old], guarded(now, [old], k=5), k=5)
    assert keys(FLAT, everything[:, 0]) == ["D", "A", "B", "C"]
    blind = Earlier(old.tree, old.roster, old.closed, old.numbers)
    assert keys(FLAT, strict_numbers(now, [blind], guarded(now, [blind], k=5), k=5)[:, 0]) == ["D", "A"]


def test_a_new_unit_is_admitted_only_if_nobody_of_it_was_asked_before() -> None:
    then = tree_of({"D": None, "A": "D"})
    today = tree_of({"D": None, "A": "D", "B": "D"})
    people = persons("a", *range(30))
    old = before({"A": people}, "D A", tree=then, A=30)
    for newcomers, shown in (
        (persons("b", *range(20)), ["D", "A", "B"]),
        (persons("a", *range(20)), ["D", "A"]),
    ):
        now = wave({"A": people - newcomers, "B": newcomers}, tree=today, A=len(people - newcomers), B=20)
        numbers = strict_numbers(now, [old], guarded(now, [old], k=5), k=5)
        assert keys(today, numbers[:, 0]) == shown


def test_a_unit_in_which_nobody_answered_then_may_be_added() -> None:
    old = before({"A": 18, "B": 17, "C": 16}, "D A B", A=18, B=17)
    now = wave({"A": 18, "B": 17, "C": 16}, A=18, B=17, C=16)
    numbers = strict_numbers(now, [old], guarded(now, [old], k=5), k=5)
    assert keys(FLAT, numbers[:, 0]) == ["D", "A", "B", "C"]


def test_shapes_that_do_not_fit_are_an_error() -> None:
    now = wave({"A": 8}, A=8)
    wrong = Present(FLAT, now.roster, SUMMER, ("aim", "reach"), now.counts, now.people, now.plan)
    with pytest.raises(ValueError, match="do not fit"):
        guarded(wrong, [], k=5)


# --- against definitions -----------------------------------------------------------------------------------------


@st.composite
def shapes(draw: st.DrawFn, largest: int = 9) -> Tree:
    size = draw(st.integers(1, largest))
    parents = [None, *(draw(st.integers(0, position - 1)) for position in range(1, size))]
    names = ["root", *draw(st.permutations([f"u{number}" for number in range(1, size)]))]
    return Tree(tuple(Node(name, name, above) for name, above in zip(names, parents, strict=True)))


def numbered(tree: Tree, roster: Mapping[str, object], node: int) -> set[object]:
    """The people of a node; a head count h stands for the slots 0..h-1 of its key."""
    found: set[object] = set()
    for position in tree.below(node):
        people = roster.get(tree.nodes[position].key, 0)
        found |= (
            {(tree.nodes[position].key, slot) for slot in range(people)}
            if isinstance(people, int)
            else people
        )
    return found


@settings(deadline=None)
@given(shapes(), shapes(), st.booleans(), st.data())
def test_guarded_is_the_definition(then: Tree, today: Tree, named: bool, data: st.DataObject) -> None:
    def roster(tree: Tree) -> dict[str, object]:
        if not named:
            return {node.key: data.draw(st.integers(0, 12)) for node in tree.nodes}
        places = data.draw(st.lists(st.integers(-1, len(tree) - 1), min_size=30, max_size=30))
        return {
            node.key: {person for person, place in enumerate(places) if place == position}
            for position, node in enumerate(tree.nodes)
        }

    old, new = roster(then), roster(today)
    k = 3
    # A number needs k answers; here everybody who is asked then answers.
    sizes = [len(numbered(then, old, node)) for node in range(len(then))]
    shown = {node: size for node, size in enumerate(sizes) if size >= k and data.draw(st.booleans())}
    asked = [len(numbered(today, new, node) - {None}) for node in range(len(today))]
    answers = [
        data.draw(st.integers(0, len(people) if not isinstance(people := new[node.key], int) else people))
        for node in today.nodes
    ]
    now = Present(
        today,
        new,
        SUMMER,
        ("aim",),
        np.array(answers)[:, None],
        answers,
        np.ones((len(today), 1), dtype=bool),
    )
    found = guarded(now, [Earlier(then, old, SPRING, {"aim": shown})], k=k)
    totals = today.rolled_up(answers)
    for node in range(len(today)):
        if asked[node] < k:
            continue  # too few to be shown at all
        expected = any(
            1 <= len(numbered(then, old, other) ^ numbered(today, new, node)) <= k - 1
            and min(n, totals[node]) < 2 * k
            for other, n in shown.items()
        )
        assert found[node, 0] == expected


@given(shapes(), st.data())
def test_an_extended_plan_is_safe_and_only_unsafe_nodes_are_turned_away(
    tree: Tree, data: st.DataObject
) -> None:
    counts = np.array([data.draw(st.sampled_from((0, 1, 3, 5, 8))) for _ in tree.nodes])
    people = counts + np.array([data.draw(st.sampled_from((0, 0, 2))) for _ in tree.nodes])
    keep = np.array([data.draw(st.booleans()) for _ in tree.nodes])
    shown = suppress(tree, counts, k=5, people=people) & keep
    totals = tree.rolled_up(people)
    extended = _Extended(tree, shown, counts, people, 5)
    for node in data.draw(st.permutations(range(len(tree)))):
        more = extended.shown.copy()
        more[node] = True
        safe = is_safe_tree(tree, more, counts, people, 5)
        assert extended.add(node) == (safe or totals[node] == 0)
    assert is_safe_tree(tree, extended.shown, counts, people, 5)


@settings(deadline=None)
@given(shapes(), st.data())
def test_strict_numbers_are_safe_in_their_own_wave_and_added_to_every_earlier_one(
    tree: Tree, data: st.DataObject
) -> None:
    def answers() -> np.ndarray:
        return np.array([data.draw(st.sampled_from((0, 0, 2, 4, 6, 9, 14))) for _ in tree.nodes])

    def heads(values: np.ndarray) -> dict[str, int]:
        return {node.key: int(value) for node, value in zip(tree.nodes, values, strict=True)}

    history = []
    for _ in range(data.draw(st.integers(1, 2))):
        values = answers()
        shown = suppress(tree, values, k=5)
        totals = tree.rolled_up(values)
        numbers = {int(position): int(totals[position]) for position in np.flatnonzero(shown)}
        history.append(Earlier(tree, heads(values), SPRING, {"aim": numbers}, {"aim": values}, values))
    values = answers()
    plan = suppress(tree, values, k=5)[:, None]
    now = Present(tree, heads(values), SUMMER, ("aim",), values[:, None], values, plan)
    guard = guarded(now, history, k=5)
    numbers = strict_numbers(now, history, guard, k=5)
    assert not (numbers & ~plan).any()
    assert not (numbers & guard).any()
    assert is_safe_tree(tree, numbers[:, 0], values, values, 5, residual_min=10)
    for old in history:
        together = numbers[:, 0].copy()
        together[list(chain.from_iterable(old.numbers.values()))] = True
        together &= tree.rolled_up(old.people) > 0
        assert is_safe_tree(tree, together, old.counts["aim"], old.people, 5)
