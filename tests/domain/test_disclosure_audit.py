"""The audits find what leaks, pass what is safe, and refuse what they cannot judge."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.linalg import null_space

from webapp.domain import disclosure_audit
from webapp.domain.disclosure import suppress
from webapp.domain.disclosure_audit import audit_rowspace, audit_tree, is_safe_tree, refuse_exposure
from webapp.domain.refusal import Refused
from webapp.domain.tree import Node, Tree


def tree_of(*parents: int) -> Tree:
    """A tree from the parents of the nodes 1, 2, …"""
    return Tree((Node("root", "", None), *(Node(f"u{i}", "", parent) for i, parent in enumerate(parents, 1))))


FLAT = tree_of(0, 0, 0)
NESTED = tree_of(0, 1, 1, 0, 4)  # V: A(A1, A2), B(B1)


@pytest.mark.parametrize(
    ("tree", "counts", "exposed"),
    [
        pytest.param(FLAT, [0, 8, 7, 3], {3}, id="1 C"),
        pytest.param(FLAT, [0, 8, 1, 2], {2, 3}, id="3 B and C"),
        pytest.param(tree_of(0, 0), [0, 9, 2], {2}, id="4 B"),
        pytest.param(NESTED, [0, 0, 10, 6, 0, 3], {5}, id="6 B1"),
        pytest.param(tree_of(0, 0), [2, 12, 6], {0}, id="7 direct staff"),
    ],
)
def test_the_threshold_alone_leaks_and_both_audits_find_it(
    tree: Tree, counts: list[int], exposed: set[int]
) -> None:
    threshold_only = tree.rolled_up(counts) >= 5
    assert not is_safe_tree(tree, threshold_only, counts, counts, 5)
    assert audit_tree(tree, threshold_only, counts, counts, 5) == [frozenset(exposed)]


@pytest.mark.parametrize("counts", [[0, 8, 4, 3], [0, 8, 7, 0]])
def test_the_threshold_alone_is_enough_where_small_teams_protect_each_other(counts: list[int]) -> None:
    shown = FLAT.rolled_up(counts) >= 5
    assert is_safe_tree(FLAT, shown, counts, counts, 5)
    assert audit_tree(FLAT, shown, counts, counts, 5) == []


def test_hiding_the_smallest_sibling_alone_is_not_enough() -> None:
    counts = [0, 0, 10, 6, 0, 3]
    shown = np.array([True, False, True, True, False, False])
    assert audit_tree(NESTED, shown, counts, counts, 5) == [frozenset({5})]


def test_a_site_that_crosses_the_tree_exposes_two_people() -> None:
    # A 6; B 7, of whom 2 sit in Paris; Paris = A and those 2.
    cells = [[1, 1, 1], [1, 0, 0], [0, 1, 1], [1, 1, 0]]
    assert audit_rowspace(cells, [6, 2, 5], 5) == [frozenset({1})]
    assert audit_rowspace(cells[:3], [6, 2, 5], 5) == []


def test_a_re_organized_wave_exposes_the_person_who_moved() -> None:
    # The person moves from a team of 6 to one of 7, and the closed wave is added up under the new tree too.
    cells = [[1, 1, 0], [0, 0, 1], [1, 0, 0], [0, 1, 1]]
    assert audit_rowspace(cells, [5, 1, 7], 5) == [frozenset({1})]


def test_two_who_both_said_dont_know_are_a_finding() -> None:
    counts, people = [0, 8, 0], [0, 8, 2]
    tree, shown = tree_of(0, 0), np.array([True, True, False])
    assert not is_safe_tree(tree, shown, counts, people, 5)
    assert audit_tree(tree, shown, counts, people, 5) == [frozenset({2})]
    assert is_safe_tree(tree, shown, counts, counts, 5)
    assert audit_tree(tree, shown, counts, counts, 5) == []


def test_a_larger_residual_can_be_asked_of_differences() -> None:
    counts, shown = [0, 12, 7, 0], np.array([True, True, False, False])
    assert is_safe_tree(FLAT, shown, counts, counts, 5)
    assert not is_safe_tree(FLAT, shown, counts, counts, 5, residual_min=10)
    assert is_safe_tree(FLAT, np.array([False, False, True, False]), counts, counts, 5, residual_min=10)


@pytest.mark.parametrize(
    ("shown", "counts", "people"),
    [
        ([True, True, False, False], [0, 8, 8, 8], [0, 8, 7, 8]),
        ([True, True, False, False], [0, 8, -8, 8], [0, 8, 8, 8]),
        ([True, True, False, False], [0, 8, 8.5, 8], [0, 8, 9, 8]),
        ([True, True, False, False], [0, 8, 8], [0, 8, 8]),
        ([True, True], [0, 8, 8, 8], [0, 8, 8, 8]),
        ([1, 1, 0, 0], [0, 8, 8, 8], [0, 8, 8, 8]),
        ([False, False, False, True], [0, 8, 8, 0], [0, 8, 8, 0]),
    ],
)
def test_what_contradicts_itself_is_not_safe(
    shown: list[bool], counts: list[float], people: list[int]
) -> None:
    assert not is_safe_tree(FLAT, shown, counts, people, 5)
    with pytest.raises(Refused, match="fewer than 5 people"):
        refuse_exposure(FLAT, shown, counts, people, 5)


def test_a_finding_stops_the_publication_and_a_safe_plan_does_not() -> None:
    counts = [0, 8, 7, 3]
    with pytest.raises(Refused, match="fewer than 5 people"):
        refuse_exposure(FLAT, np.array([True, True, True, False]), counts, counts, 5)
    refuse_exposure(FLAT, suppress(FLAT, counts, k=5), counts, counts, 5)


def test_each_audit_stops_a_publication_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    counts, leaking = [0, 8, 7, 3], np.array([True, True, True, False])
    with monkeypatch.context() as patched:
        patched.setattr(disclosure_audit, "is_safe_tree", lambda *_, **__: True)
        with pytest.raises(Refused):
            refuse_exposure(FLAT, leaking, counts, counts, 5)
    monkeypatch.setattr(disclosure_audit, "audit_tree", lambda *_: [])
    with pytest.raises(Refused):
        refuse_exposure(FLAT, leaking, counts, counts, 5)


def test_cells_that_cross_too_often_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disclosure_audit, "MOST_GROUPS", 100)
    rows = [[1 if (column >> bit) & 1 else 0 for column in range(1, 64)] for bit in range(6)]
    with pytest.raises(ValueError, match="cross too often"):
        audit_rowspace(rows, [1] * 63, 5)


@pytest.mark.parametrize(
    ("matrix", "sizes", "people"),
    [([1, 1], [5, 5], None), ([[1, 1]], [5], None), ([[1, 1]], [5, 5], [5]), ([[1, 0.5]], [5, 5], None)],
)
def test_shapes_that_do_not_fit_are_an_error(
    matrix: list[object], sizes: list[int], people: list[int] | None
) -> None:
    with pytest.raises(ValueError, match=r"fit|whole"):
        audit_rowspace(matrix, sizes, 5, people=people)


def test_a_plan_that_does_not_fit_the_tree_is_an_error() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        audit_tree(FLAT, [True], [0, 8, 7, 3], [0, 8, 7, 3], 5)


# --- against definitions -----------------------------------------------------------------------------------------


@st.composite
def surveys(draw: st.DrawFn, largest: int = 30) -> tuple[Tree, list[int], list[int]]:
    size = draw(st.integers(1, largest))
    tree = tree_of(*(draw(st.integers(0, position - 1)) for position in range(1, size)))
    counts = [draw(st.sampled_from((0, 0, 1, 2, 3, 4, 5, 6, 9, 14))) for _ in range(size)]
    return tree, counts, [count + draw(st.sampled_from((0, 0, 0, 1, 6))) for count in counts]


@given(surveys(), st.sampled_from([(3, 3), (5, 5), (5, 10)]))
def test_no_plan_of_the_programme_exposes_anybody(
    survey: tuple[Tree, list[int], list[int]], sizes: tuple[int, int]
) -> None:
    tree, counts, people = survey
    k, least = sizes
    shown = suppress(tree, counts, k=k, residual_min=least, people=people)
    assert audit_tree(tree, shown, counts, people, k) == []
    refuse_exposure(tree, shown, counts, people, k, residual_min=least)


@given(surveys(12), st.data())
def test_both_audits_agree_on_any_publication(
    survey: tuple[Tree, list[int], list[int]], data: st.DataObject
) -> None:
    tree, counts, people = survey
    drawn = np.array(data.draw(st.lists(st.booleans(), min_size=len(tree), max_size=len(tree))))
    shown = drawn & (tree.rolled_up(counts) >= 4)
    assert is_safe_tree(tree, shown, counts, people, 4) == (audit_tree(tree, shown, counts, people, 4) == [])


def isolated(matrix: np.ndarray, sizes: list[int], k: int) -> set[frozenset[int]]:
    """All smallest isolated groups by floating point and brute force, one variable a column."""
    kernel = null_space(matrix.astype(float))
    published = np.flatnonzero(matrix.any(axis=0))
    found: set[frozenset[int]] = set()
    for length in range(1, len(published) + 1):
        for group in combinations(published.tolist(), length):
            if sum(sizes[column] for column in group) >= k or any(old <= set(group) for old in found):
                continue
            if np.linalg.matrix_rank(kernel[list(group)], tol=1e-9) < length:
                found.add(frozenset(group))
    return found


@settings(deadline=None)
@given(st.data())
def test_the_row_space_audit_is_the_definition(data: st.DataObject) -> None:
    columns = data.draw(st.integers(1, 8))
    row = st.lists(st.sampled_from((0, 0, 1, 1, 2)), min_size=columns, max_size=columns)
    matrix = np.array(data.draw(st.lists(row, min_size=1, max_size=6)))
    sizes = data.draw(st.lists(st.integers(1, 4), min_size=columns, max_size=columns))
    k = data.draw(st.integers(2, 7))
    assert set(audit_rowspace(matrix, sizes, k)) == isolated(matrix, sizes, k)
