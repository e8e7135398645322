"""Does a plan expose a small group? Asked without the programme that made the plan; any finding stops a publication.

Two independent proofs. `is_safe_tree` uses the theorem on residuals (see `disclosure`). `audit_rowspace` knows nothing
of trees: it takes the published 0/1 matrix and looks for combinations of rows that rest on fewer than k people, in
exact rational arithmetic. The idea is that of Gaussian elimination for suppression (Langsrud, *GaussSuppression*,
2024; Hundepool et al., *Handbook on Statistical Disclosure Control*, chapter 4).

How it scales. People who stand in the same cells are one column. The reduced row echelon form falls apart into blocks
that share no column, and a combination of smallest support lies in one block. For one tree the elimination from small
rows to large ones costs one step an entry (people's nodes times depth), and every block is a single column; only cells
that cross the tree make larger blocks, and within these all groups of fewer than k people are tried.
"""

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from webapp.domain.disclosure import own_values
from webapp.domain.refusal import Refused
from webapp.domain.tree import Tree

Number = int | Fraction
Row = dict[int, Number]

MOST_GROUPS = 200_000  # groups tried in one block before the audit gives up, which refuses the plan


def is_safe_tree(
    tree: Tree,
    shown: npt.ArrayLike,
    counts: npt.ArrayLike,
    people: npt.ArrayLike,
    k: int,
    *,
    residual_min: int | None = None,
) -> bool:
    """Whether every shown node has n >= k and a residual without people or with enough counted answers.

    Args:
        tree: V nodes.
        shown: (V,) bool.
        counts: (V,) counted answers of the very nodes.
        people: (V,) who answered at the very nodes.
        k: smallest group, people.
        residual_min: smallest residual of a node with shown descendants; k by default.

    Returns:
        False too where the input contradicts itself (fewer people than answers, broken numbers): fail closed.
    """
    try:
        counted, present = own_values(tree, counts), own_values(tree, people)
    except ValueError:
        return False
    visible = np.asarray(shown)
    if visible.shape != (len(tree),) or visible.dtype != np.bool_ or (present < counted).any():
        return False
    least = k if residual_min is None else residual_min
    left, there = counted.tolist(), present.tolist()
    totals = counted.tolist()
    shown_below = [False] * len(tree)
    for position in range(len(tree) - 1, -1, -1):
        if visible[position]:
            needed = least if shown_below[position] else k
            if totals[position] < k or (there[position] > 0 and left[position] < needed):
                return False
            left[position] = there[position] = 0
        parent = tree.nodes[position].parent
        if parent is not None:
            left[parent] += left[position]
            there[parent] += there[position]
            totals[parent] += totals[position]
            shown_below[parent] |= shown_below[position] or bool(visible[position])
    return True


def audit_rowspace(
    A: npt.ArrayLike, sizes: Sequence[int] | npt.ArrayLike, k: int, *, people: npt.ArrayLike | None = None
) -> list[frozenset[int]]:
    """All smallest groups of fewer than k people that some combination of the published rows isolates.

    With N a basis of the null space of A, a group J of columns is isolated if and only if the rows N_J are linearly
    dependent; read from the reduced form of A, that is a combination of rows whose entries outside J vanish.

    Args:
        A: (R, C) whole numbers, one row a published sum, one column a set of people who always count together.
        sizes: (C,) counted people of each column.
        k: smallest group, people.
        people: (C,) people of each column, counted or not. A column without people is no unknown and is left out; one
            with people of whom nobody is counted is a group of size 0 that must not be isolated either.
            `sizes` by default.

    Returns:
        Groups of column positions, each without an exposed part; empty when the publication is safe.

    Raises:
        ValueError: wrong shapes, or a block with too many groups to try (refuse the plan).
    """
    matrix, counted = np.asarray(A), np.asarray(sizes)
    present = counted if people is None else np.asarray(people)
    if matrix.ndim != 2 or counted.shape != (matrix.shape[1],) or present.shape != counted.shape:  # noqa: PLR2004
        raise ValueError(f"shapes do not fit: {matrix.shape}, {counted.shape}, {present.shape}")
    if not np.array_equal(matrix, matrix.astype(np.int64)):
        raise ValueError("the matrix of published sums must be whole")
    columns = np.flatnonzero(present > 0).tolist()
    rows = [{column: int(row[column]) for column in columns if row[column]} for row in matrix]
    return exposed_groups(rows, {column: int(counted[column]) for column in columns}, k)


def audit_tree(
    tree: Tree, shown: npt.ArrayLike, counts: npt.ArrayLike, people: npt.ArrayLike, k: int
) -> list[frozenset[int]]:
    """`audit_rowspace` over the rows of a plan: the columns are the positions of the tree that have own people.

    Raises:
        ValueError: as `audit_rowspace`.
    """
    counted, present, visible = own_values(tree, counts), own_values(tree, people), np.asarray(shown)
    if visible.shape != (len(tree),) or visible.dtype != np.bool_:
        raise ValueError("the plan does not fit the tree")
    rows: dict[int, Row] = {int(position): {} for position in np.flatnonzero(visible)}
    sizes = {int(column): int(counted[column]) for column in np.flatnonzero(present)}
    for column in sizes:
        for position in tree.ancestors(column):
            if position in rows:
                rows[position][column] = 1
    return exposed_groups(rows.values(), sizes, k)


def refuse_exposure(
    tree: Tree,
    shown: npt.ArrayLike,
    counts: npt.ArrayLike,
    people: npt.ArrayLike,
    k: int,
    *,
    residual_min: int | None = None,
) -> None:
    """Stop a publication whose plan fails either audit, or cannot be audited (fail closed).

    Raises:
        Refused: the plan, its counts or the audit itself is not sound.
    """
    safe = is_safe_tree(tree, shown, counts, people, k, residual_min=residual_min)
    try:
        exposed = bool(audit_tree(tree, shown, counts, people, k))
    except ValueError:
        exposed = True
    if exposed or not safe:
        raise Refused(
            "Nothing was published: the results would expose a group of fewer than {k} people.", k=k
        )


def exposed_groups(
    rows: Iterable[Mapping[int, Number]], sizes: Mapping[int, int], k: int
) -> list[frozenset[int]]:
    """The core of `audit_rowspace` on sparse rows {column: coefficient}; `sizes` names every column.

    Raises:
        ValueError: a block with too many groups to try.
    """
    merged, classes = _merged(list(rows), sizes)
    together = {first: sum(sizes[column] for column in columns) for first, columns in classes.items()}
    found: list[frozenset[int]] = []
    for block in _blocks(_reduced(merged)):
        groups = _exposed_in(block, together, k)
        found.extend(frozenset(column for first in group for column in classes[first]) for group in groups)
    return sorted(found, key=sorted)


def _merged(
    rows: Sequence[Mapping[int, Number]], sizes: Mapping[int, int]
) -> tuple[list[Row], dict[int, list[int]]]:
    """Make equal columns one, named after its first column; columns that stand in no row are not published at all."""
    entries: dict[int, list[Number]] = {
        column: [] for column in sizes
    }  # row, coefficient, row, coefficient, …
    for index, row in enumerate(rows):
        for column, coefficient in row.items():
            entries[column] += (index, coefficient)
    equal: dict[tuple[Number, ...], list[int]] = {}
    for column, entry in entries.items():
        if entry:
            equal.setdefault(tuple(entry), []).append(column)
    classes = {columns[0]: columns for columns in equal.values()}
    return [{column: row[column] for column in row if column in classes} for row in rows], classes


def _reduced(rows: Iterable[Mapping[int, Number]]) -> dict[int, Row]:
    """Reduced row echelon form, pivot column -> row, from small rows to large ones so that trees do not fill in."""
    form = _EchelonForm()
    for row in sorted(rows, key=len):
        form.add(row)
    return form.basis


class _EchelonForm:
    """Gauss-Jordan elimination, exact and sparse: no row of the basis holds the pivot of another one."""

    def __init__(self) -> None:
        self.basis: dict[int, Row] = {}
        self._holders: dict[int, set[int]] = {}  # free column -> pivots of the rows that hold it

    def add(self, given: Mapping[int, Number]) -> None:
        row = dict(given)
        for column in [column for column in row if column in self.basis]:
            _subtract(row, row[column], self.basis[column])
        if not row:
            return
        pivot = min(row)
        lead = row[pivot]
        if lead != 1:
            row = {column: Fraction(coefficient) / lead for column, coefficient in row.items()}
        for other in self._holders.pop(pivot, set()):
            _subtract(self.basis[other], self.basis[other][pivot], row)
            self._hold(other, row)
        self.basis[pivot] = row
        self._hold(pivot, row)

    def _hold(self, pivot: int, touched: Mapping[int, Number]) -> None:
        for column in touched:
            if column != pivot and column in self.basis[pivot]:
                self._holders.setdefault(column, set()).add(pivot)
            elif column in self._holders:
                self._holders[column].discard(pivot)


def _subtract(row: Row, times: Number, other: Mapping[int, Number]) -> None:
    for column, coefficient in other.items():
        left = row.get(column, 0) - times * coefficient
        if left:
            row[column] = left
        else:
            row.pop(column, None)


def _blocks(basis: dict[int, Row]) -> list[dict[int, Row]]:
    """Parts of the reduced form that share no column."""
    leader: dict[int, int] = {}

    def find(column: int) -> int:
        leader.setdefault(column, column)
        while leader[column] != column:
            leader[column] = leader[leader[column]]
            column = leader[column]
        return column

    for row in basis.values():
        for one, other in pairwise(row):
            leader[find(one)] = find(other)
    blocks: dict[int, dict[int, Row]] = {}
    for pivot, row in basis.items():
        blocks.setdefault(find(pivot), {})[pivot] = row
    return list(blocks.values())


def _exposed_in(block: dict[int, Row], sizes: Mapping[int, int], k: int) -> list[frozenset[int]]:
    """Smallest exposed groups of one block: every group of fewer than k people is tried, small ones first."""
    columns = sorted({column for row in block.values() for column in row if sizes[column] < k})
    found: list[frozenset[int]] = []
    if not columns:
        return found
    level: list[tuple[tuple[int, ...], int]] = [((), 0)]
    tried = 0
    while level:
        longer: list[tuple[tuple[int, ...], int]] = []
        for group, size in level:
            for column in columns:
                if (group and column <= group[-1]) or size + sizes[column] >= k:
                    continue
                tried += 1
                if tried > MOST_GROUPS:
                    raise ValueError("the cells cross too often to be audited")
                candidate = frozenset((*group, column))
                if any(exposed <= candidate for exposed in found):
                    continue
                if _is_exposed(block, candidate):
                    found.append(candidate)
                else:
                    longer.append(((*group, column), size + sizes[column]))
        level = longer
    return found


def _is_exposed(block: dict[int, Row], group: frozenset[int]) -> bool:
    """Whether a combination of rows vanishes outside the group: only rows whose pivot lies inside can take part."""
    inside = [row for pivot, row in block.items() if pivot in group]
    return bool(inside) and _rank([{c: x for c, x in row.items() if c not in group} for row in inside]) < len(
        inside
    )


def _rank(rows: list[Row]) -> int:
    return len(_reduced(rows))
