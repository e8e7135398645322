"""Which nodes of a tree may be shown, so that no subtraction reveals a small group.

The published cells of one variable are sums over the people of nodes. Whoever reads them may add and subtract, so he
learns the sum over every group whose indicator lies in the row space of the published 0/1 matrix. The plan is *safe*
when no such combination rests on 1..k-1 people.

Theorem (one tree). For the shown nodes of a tree let R_v be the people of v without the people of its maximal shown
descendants. The indicators of the non-empty R_v are a basis of the row space and have disjoint supports. Hence a plan
is safe if and only if every R_v is empty or has at least k people. Hiding more keeps a safe plan safe (two groups
merge into one), so every further rule is a filter (`eligible`) before this one.

This is primary and complementary cell suppression for one hierarchy, solved exactly. Sources: Hundepool et al.,
*Handbook on Statistical Disclosure Control*, chapter 4 (magnitude tables, secondary suppression); Langsrud,
*GaussSuppression* (2024), for the view of suppression as linear dependence.

Words used here. `counts`: counted answers of the very nodes, (V,). `people`: those who answered at all at the very
nodes, (V,), never fewer than `counts`. Both are *own* values and may stand at any node, inner ones too: own people of
an inner node are part of its residual and of no child's, as if they were a leaf below it that is never shown.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from webapp.domain.tree import IntArray, Tree

BoolArray = npt.NDArray[np.bool_]

_EMPTY = 0  # the state "nobody is left over"; 1..K-1 are counted people, K is "K or more", K+1 "people, none counted"
_NOTHING_BELOW = -1  # shown, and nothing below it is


@dataclass(frozen=True, slots=True)
class Plans:
    """Number plans of one role and wave: `base` (V,) on people, `practices` (V, P) inside it."""

    base: BoolArray
    practices: BoolArray


@dataclass(frozen=True, slots=True)
class Residual:
    """The people of a shown node who are in none of its shown descendants.

    `below` is the shown node; `positions` are all nodes whose own people belong to the group, by the tree alone (so
    the list does not tell who answered); `n` counted answers; `people` who answered; `whole` when nothing below the
    node is shown, so that the group is the node itself.
    """

    below: int
    positions: tuple[int, ...]
    n: int
    people: int
    whole: bool


def own_values(tree: Tree, values: npt.ArrayLike) -> IntArray:
    """Check (V,) own values of nodes and return them as whole numbers.

    Raises:
        ValueError: another shape, a negative or a broken number.
    """
    given = np.asarray(values)
    if given.shape != (len(tree),):
        raise ValueError(f"expected one value for each of {len(tree)} nodes, got shape {given.shape}")
    whole = given.astype(np.int64)
    if not np.array_equal(whole, given) or (whole < 0).any():
        raise ValueError("counts must be whole and not negative")
    return whole


def k2_of(k: int) -> int:
    """The threshold of everything finer than a mean: max(2k, 10) complete answers."""
    return max(2 * k, 10)


def suppress(
    tree: Tree,
    counts: npt.ArrayLike,
    *,
    k: int,
    residual_min: int | None = None,
    people: npt.ArrayLike | None = None,
    eligible: npt.ArrayLike | None = None,
    weights: npt.ArrayLike | None = None,
    agree_with: npt.ArrayLike | None = None,
) -> BoolArray:
    """The best safe plan of one variable on one tree, exactly, in O(V K) for leaves and O(V K^2) at worst.

    A shown node has n >= k. One with shown descendants has a residual of at least K = `residual_min` counted answers,
    or one without any people: a residual of people of whom none or too few are counted is not publishable, or "both
    said don't know" could be read. One without shown descendants needs n >= k only, as K protects differences.

    Among the safe plans the best one is the first by (root shown, sum of the weights of the shown nodes, number of
    nodes that are as in `agree_with`). Ties go by the order of the nodes, never by answers: children are combined in
    ascending order, states in ascending order (a shown node first), and only what is strictly better replaces.

    Args:
        tree: V nodes, the root first.
        counts: (V,) counted answers of the very nodes.
        k: smallest group, people.
        residual_min: K >= k, people; k by default (2k under the strict time guard).
        people: (V,) who answered at the very nodes, >= counts; the counts themselves by default.
        eligible: (V,) bool, nodes that may be shown; all by default.
        weights: (V,) whole, >= 0, the worth of showing each node; by default its counted answers, subtree included.
        agree_with: (V,) bool, the plan to stay close to; nothing by default.

    Returns:
        (V,) bool, the shown nodes.

    Raises:
        ValueError: wrong shapes, negative or broken counts, fewer people than counts, k < 1 or residual_min < k.
    """
    counted = own_values(tree, counts)
    present = counted if people is None else own_values(tree, people)
    least = k if residual_min is None else residual_min
    if k < 1 or least < k:
        raise ValueError("k must be at least 1 and residual_min at least k")
    if (present < counted).any():
        raise ValueError("more counted answers than people")
    totals = tree.rolled_up(counted).astype(np.int64)
    may_show = totals >= k
    if eligible is not None:
        may_show &= _mask(tree, eligible)
    if not may_show.any():
        return may_show
    worth = totals if weights is None else own_values(tree, weights)
    gains = [int(value) * (2 * len(tree) + 1) for value in worth]
    if (
        agree_with is not None
    ):  # less than one unit of weight in sum, so that it decides among equal weights only
        gains = [
            gain + (1 if wanted else -1) for gain, wanted in zip(gains, _mask(tree, agree_with), strict=True)
        ]
    return _Programme(tree, k, least).best(counted, present, may_show, gains, totals)


def plans(tree: Tree, people: npt.ArrayLike, counts: npt.ArrayLike, *, k: int) -> Plans:
    """One plan on people for a role and wave, then each practice's plan inside it.

    The plan of a practice may show only what the base plan shows, and among equal plans it keeps most of it, so that
    rows are whole where they can be.

    Args:
        tree: V nodes.
        people: (V,) who answered at the very nodes.
        counts: (V, P) counted answers of each practice at the very nodes.
        k: smallest group, people.

    Raises:
        ValueError: as `suppress`.
    """
    by_practice = np.asarray(counts)
    if by_practice.ndim != 2 or len(by_practice) != len(tree):  # noqa: PLR2004 - nodes by practices
        raise ValueError(f"expected ({len(tree)}, P) counts, got shape {by_practice.shape}")
    base = suppress(tree, people, k=k)
    practices = np.zeros(by_practice.shape, dtype=np.bool_)
    for practice in range(by_practice.shape[1]):
        practices[:, practice] = suppress(
            tree, by_practice[:, practice], k=k, people=people, eligible=base, agree_with=base
        )
    return Plans(base=base, practices=practices)


def detail_plan(
    tree: Tree, complete: npt.ArrayLike, *, k: int, people: npt.ArrayLike, number_plan: npt.ArrayLike
) -> BoolArray:
    """Nodes of one practice whose distribution, item means and numeric agreement may be shown.

    The same programme on complete answers with k2 = max(2k, 10), inside the number plan: any non-trivial contrast of
    item means rests on every complete respondent of a group.

    Args:
        tree: V nodes.
        complete: (V,) people of the very nodes who answered every item of the practice.
        k: smallest group of the number plan, people.
        people: (V,) who answered at the very nodes.
        number_plan: (V,) bool, the practice's number plan.

    Raises:
        ValueError: as `suppress`.
    """
    return suppress(tree, complete, k=k2_of(k), people=people, eligible=number_plan, agree_with=number_plan)


def nearest_shown(tree: Tree, shown: npt.ArrayLike) -> IntArray:
    """(V,) position of the nearest shown node at or above each node, -1 where there is none."""
    nearest = [-1] * len(tree)
    for position, (node, visible) in enumerate(zip(tree.nodes, _mask(tree, shown), strict=True)):
        above = -1 if node.parent is None else nearest[node.parent]
        nearest[position] = position if visible else above
    return np.array(nearest, dtype=np.int64)


def residuals(
    tree: Tree, shown: npt.ArrayLike, counts: npt.ArrayLike, people: npt.ArrayLike | None = None
) -> tuple[Residual, ...]:
    """The residual group of every shown node, in tree order ("the other teams of X" where it is not whole).

    Args:
        tree: V nodes.
        shown: (V,) bool.
        counts: (V,) counted answers of the very nodes.
        people: (V,) who answered at the very nodes; the counts by default.

    Raises:
        ValueError: wrong shapes, negative or broken counts.
    """
    counted = own_values(tree, counts).tolist()
    present = counted if people is None else own_values(tree, people).tolist()
    nearest = nearest_shown(tree, shown).tolist()
    members: dict[int, list[int]] = {}
    n, there = [0] * len(tree), [0] * len(tree)
    with_shown_below: set[int] = set()
    for position, node in enumerate(tree.nodes):
        above = nearest[position]
        if above >= 0:
            members.setdefault(above, []).append(position)
            n[above] += counted[position]
            there[above] += present[position]
        if nearest[position] == position and node.parent is not None:
            with_shown_below.add(nearest[node.parent])
    return tuple(
        Residual(
            below=below,
            positions=tuple(positions),
            n=n[below],
            people=there[below],
            whole=below not in with_shown_below,
        )
        for below, positions in sorted(members.items())
    )


def _mask(tree: Tree, values: npt.ArrayLike) -> BoolArray:
    mask = np.asarray(values)
    if mask.shape != (len(tree),) or mask.dtype != np.bool_:
        raise ValueError(
            f"expected a bool for each of {len(tree)} nodes, got {mask.dtype} of shape {mask.shape}"
        )
    return mask


_Table = dict[int, int]  # state -> best value, states ascending
_Back = dict[int, int]  # state after a child -> state before it * width + state of the child


class _Programme:
    """The dynamic programme: what is left over below a node (the state) against the best value for it.

    Its tables hold whole numbers alone: large trees have many, and Python's collector need not look into them.
    """

    def __init__(self, tree: Tree, k: int, least: int) -> None:
        self.tree = tree
        self.k = k
        self.least = least
        self.sums = _sums_of_states(least)
        self.width = len(self.sums)
        self.tables: dict[int, _Table] = {}
        self.backs: dict[int, _Back] = {}  # by the child that was added
        # Nodes that are shown in state _EMPTY, and the state before showing.
        self.shown_from: dict[int, int] = {}

    def best(
        self,
        counted: IntArray,
        present: IntArray,
        may_show: BoolArray,
        gains: Sequence[int],
        totals: IntArray,
    ) -> BoolArray:
        silent = self.least + 1
        own = [
            min(self.least, count) if count else (silent if there else _EMPTY)
            for count, there in zip(counted.tolist(), present.tolist(), strict=True)
        ]
        for position in range(len(self.tree) - 1, -1, -1):
            options = {own[position]: 0}
            for child in self.tree.children[position]:
                options = self._with(child, options)
            if may_show[position]:
                self._show(position, options, gains[position], bare=int(totals[position]) < self.least)
            self.tables[position] = {state: options[state] for state in sorted(options)}
        return self._traced()

    def _with(self, child: int, options: _Table) -> _Table:
        """The options of a node with one more child."""
        merged: _Table = {}
        back = self.backs[child] = {}
        table = self.tables[child]
        for state in sorted(options):
            value, row, before = options[state], self.sums[state], state * self.width
            for below, more in table.items():
                after = row[below]
                if after not in merged or value + more > merged[after]:
                    merged[after] = value + more
                    back[after] = before + below
        return merged

    def _show(self, position: int, options: _Table, gain: int, *, bare: bool) -> None:
        """Add the choice of showing the node; `bare`: it is too small for K, but nothing below it may be shown."""
        found: tuple[int, int] | None = None
        for state in (_EMPTY, self.least):
            if state in options and (found is None or options[state] > found[0]):
                found = (options[state], state)
        if bare and (found is None or found[0] < 0):
            found = (0, _NOTHING_BELOW)
        if found is None:
            return
        value, state = found
        # The root comes before all weight; elsewhere a node is shown when that is better.
        if position == 0 or _EMPTY not in options or value + gain > options[_EMPTY]:
            if position == 0:
                options.clear()
            options[_EMPTY] = value + gain
            self.shown_from[position] = state

    def _traced(self) -> BoolArray:
        shown = np.zeros(len(self.tree), dtype=np.bool_)
        first = max(self.tables[0], key=self.tables[0].__getitem__)  # the first of equals
        waiting = [(0, first)]
        while waiting:
            position, state = waiting.pop()
            if state == _EMPTY and position in self.shown_from:
                shown[position] = True
                state = self.shown_from[position]
                if state == _NOTHING_BELOW:
                    continue
            for child in reversed(self.tree.children[position]):
                state, below = divmod(self.backs[child][state], self.width)
                waiting.append((child, below))
        return shown


def _sums_of_states(least: int) -> list[list[int]]:
    """The state of two groups together: counted people add up to at most K; silent ones show only among themselves."""
    silent = least + 1

    def together(one: int, other: int) -> int:
        if silent in (one, other):
            return max(one, other) if {one, other} <= {silent, _EMPTY} else min(one, other)
        return min(least, one + other)

    return [[together(one, other) for other in range(silent + 1)] for one in range(silent + 1)]
