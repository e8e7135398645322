"""What of a plan may stand as a number when earlier numbers are about nearly the same people.

Within one wave the guarantee of `disclosure` is exact. Over time it cannot be: if a team of seven repeats its answers
and one joins, the difference of two sums is the newcomer's answer. (Differencing over time; compare the incremental
time suppression of Langsrud's *GaussSuppression* and Hundepool et al., *Handbook on Statistical Disclosure Control*.)

A cell v is *guarded* when an earlier number of the same practice and role, at most 24 months old, exists on any node u
such that 1..k-1 people are in exactly one of the two rosters, people(u) xor people(v), and min(n_u, n_v) < 2k.

Two settings, frozen for each wave. **Standard**: a guarded cell shows its score to a multiple of 5 and no change; all
else is shown. **Strict**: from the second wave on, numbers come from `suppress` with residuals of 2k or more among the
nodes of the plan that are not guarded, and a node that was in no earlier number plan stays out unless that earlier
plan, with it added, is still safe on that wave's counts. What is then no number is a band and nothing else.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from webapp.domain.disclosure import BoolArray, own_values, suppress
from webapp.domain.tree import IntArray, Tree

MEMORY_MONTHS = 24

# Who was asked at the very nodes, by node key: the people themselves, or only how many. A leader who is named is in
# no leaders' cell and so not in the leaders' roster; choosing otherwise counts as joining or leaving.
Roster = Mapping[str, AbstractSet[Hashable] | int]


class TimeGuard(StrEnum):
    STANDARD = "standard"
    STRICT = "strict"


@dataclass(frozen=True, slots=True)
class Earlier:
    """A published wave of the same role, as far as later waves must know it.

    `numbers`: practice -> {position in `tree`: n} of the cells that show a number (a coarse one too, a band not).
    `counts`: practice -> (V,) counted answers of the very nodes, `people`: (V,) who answered there; where they are
    missing, the strict setting admits no node that was not in this wave's number plan.
    """

    tree: Tree
    roster: Roster
    closed: date
    numbers: Mapping[str, Mapping[int, int]]
    counts: Mapping[str, npt.ArrayLike] | None = None
    people: npt.ArrayLike | None = None


@dataclass(frozen=True, slots=True)
class Present:
    """The wave that is being published, one role: P practices, own `counts` (V, P), `people` (V,), `plan` (V, P)."""

    tree: Tree
    roster: Roster
    closed: date
    practices: Sequence[str]
    counts: npt.ArrayLike
    people: npt.ArrayLike
    plan: BoolArray


@dataclass(frozen=True, slots=True)
class Precision:
    """(V, P) each, inside the plan: `coarse` shows a multiple of 5 and no change, `band_only` a band and nothing else."""

    coarse: BoolArray
    band_only: BoolArray


def precision(setting: TimeGuard, now: Present, earlier: Iterable[Earlier], *, k: int) -> Precision:
    """How exactly each shown cell of the wave may be told under the organization's setting.

    Raises:
        ValueError: wrong shapes or counts.
    """
    remembered = [wave for wave in earlier if is_remembered(wave.closed, now.closed)]
    nothing = np.zeros_like(now.plan)
    mask = guarded(now, remembered, k=k) & now.plan
    if setting is TimeGuard.STANDARD:
        return Precision(coarse=mask, band_only=nothing)
    numbers = strict_numbers(now, remembered, mask, k=k)
    return Precision(coarse=nothing, band_only=now.plan & ~numbers)


def is_remembered(closed: date, today: date) -> bool:
    """Whether a wave that closed then is at most 24 months old, counted in calendar months (fail closed)."""
    return (today.year - closed.year) * 12 + today.month - closed.month <= MEMORY_MONTHS


def coarse(score: int) -> int:
    """A published score 5..95 to the nearest multiple of 5."""
    return 5 * ((score + 2) // 5)


def guarded(now: Present, earlier: Iterable[Earlier], *, k: int) -> BoolArray:
    """(V, P) mask of guarded cells, whether the plan shows them or not; `earlier` as given, no age asked.

    Only pairs of nodes that share people are looked at. No other pair can differ by fewer than k: a node with a number
    has at least k people, and two such nodes without a common person differ by 2k.

    Raises:
        ValueError: wrong shapes or counts.
    """
    totals = now.tree.rolled_up(_by_practice(now)).astype(np.int64)
    mask = np.zeros(totals.shape, dtype=np.bool_)
    for wave in earlier:
        near = _near(wave, now, k)
        for column, practice in enumerate(now.practices):
            numbers = wave.numbers.get(practice, {})
            for before, after in near:
                if before in numbers and min(numbers[before], totals[after, column]) < 2 * k:
                    mask[after, column] = True
    return mask


def strict_numbers(now: Present, earlier: Sequence[Earlier], guard: BoolArray, *, k: int) -> BoolArray:
    """(V, P) the cells that show a number under the strict setting; the plan itself when there is no earlier wave.

    A node that was in no earlier number plan is eligible only if each such plan stays safe on its own wave's counts
    when the node is added (otherwise the new number, taken for the old one, opens what that wave hid). The nodes are
    added one after another, so that they are harmless together too: first those that would be shown, in tree order.

    Raises:
        ValueError: wrong shapes or counts.
    """
    if not earlier:
        return now.plan.copy()
    counts = _by_practice(now)
    numbers = np.zeros_like(now.plan)
    familiar = [_sharing(wave, now) for wave in earlier]
    for column, practice in enumerate(now.practices):
        eligible = now.plan[:, column] & ~guard[:, column]

        def best(allowed: BoolArray, column: int = column) -> BoolArray:
            return suppress(
                now.tree,
                counts[:, column],
                k=k,
                residual_min=2 * k,
                people=now.people,
                eligible=allowed,
                agree_with=now.plan[:, column],
            )

        wished = best(eligible)
        order = [*np.flatnonzero(wished).tolist(), *np.flatnonzero(eligible & ~wished).tolist()]
        for wave, sharing in zip(earlier, familiar, strict=True):
            if practice in wave.numbers:
                order = [position for position in order if eligible[position]]
                eligible = _admitted(now, wave, practice, order, sharing=sharing, k=k)
        numbers[:, column] = best(eligible)
    return numbers


def _admitted(
    now: Present,
    wave: Earlier,
    practice: str,
    order: Sequence[int],
    *,
    sharing: AbstractSet[int],
    k: int,
) -> BoolArray:
    """Those of the nodes that were in the wave's number plan, or that can be added to it without exposing a group."""
    places = {node.key: position for position, node in enumerate(wave.tree.nodes)}
    extended = _Extended.of(wave, practice, k)
    admitted = np.zeros(len(now.tree), dtype=np.bool_)
    for position in order:
        place = places.get(now.tree.nodes[position].key)
        if place is None:  # a new unit: harmless only to a wave in which nobody of it was asked
            admitted[position] = position not in sharing
        elif place in wave.numbers[practice]:
            admitted[position] = True
        else:
            admitted[position] = extended is not None and extended.add(place)
    return admitted


class _Extended:
    """An earlier number plan that takes further nodes as long as it stays safe; adding costs one way to the root."""

    def __init__(self, tree: Tree, shown: BoolArray, counts: IntArray, people: IntArray, k: int) -> None:
        self.tree = tree
        self.k = k
        self.shown = shown.copy()
        self.whole = tree.rolled_up(np.stack([counts, people], axis=1)).astype(np.int64)
        # Of each node: counted answers and people below that are in no shown node strictly below.
        self.left = np.stack([counts, people], axis=1)
        for position in range(len(tree) - 1, 0, -1):
            if not shown[position]:
                self.left[tree.parents[position]] += self.left[position]

    @classmethod
    def of(cls, wave: Earlier, practice: str, k: int) -> "_Extended | None":
        if wave.counts is None or wave.people is None or practice not in wave.counts:
            return None
        shown = np.zeros(len(wave.tree), dtype=np.bool_)
        shown[list(wave.numbers[practice])] = True
        counts, people = own_values(wave.tree, wave.counts[practice]), own_values(wave.tree, wave.people)
        return cls(wave.tree, shown, counts, people, k)

    def add(self, node: int) -> bool:
        """Add the node if the plan stays safe; a node without people in that wave says nothing about it."""
        if self.whole[node, 1] == 0 or self.shown[node]:
            return True
        group = self.left[node].copy()
        above = []
        for position in self.tree.ancestors(node):
            if position != node:
                above.append(position)
                if self.shown[position]:
                    break
        remainder = self.left[above[-1]] - group if above and self.shown[above[-1]] else None
        if not self._holds(group) or (remainder is not None and not self._holds(remainder)):
            return False
        if self.whole[node, 0] < self.k:
            return False
        self.left[above] -= group
        self.shown[node] = True
        return True

    def _holds(self, group: IntArray) -> bool:
        return bool(group[1] == 0 or group[0] >= self.k)


def _by_practice(now: Present) -> IntArray:
    given = np.asarray(now.counts)
    if given.shape != (len(now.tree), len(now.practices)) or now.plan.shape != given.shape:
        raise ValueError(
            f"counts {given.shape} and plan {now.plan.shape} do not fit the tree and the practices"
        )
    return np.stack([own_values(now.tree, column) for column in given.T], axis=1)


def _near(wave: Earlier, now: Present, k: int) -> list[tuple[int, int]]:
    """Pairs (earlier node with a number, node of this wave) whose rosters differ by 1..k-1 people."""
    numbered = {position for numbers in wave.numbers.values() for position in numbers}
    sizes_before, sizes_now = _sizes(wave.tree, wave.roster), _sizes(now.tree, now.roster)
    above_before = [[u for u in wave.tree.ancestors(leaf) if u in numbered] for leaf in range(len(wave.tree))]
    above_now = [list(now.tree.ancestors(leaf)) for leaf in range(len(now.tree))]
    shared: dict[tuple[int, int], int] = {}
    for (leaf_before, leaf_now), common in _overlaps(wave, now).items():
        for before in above_before[leaf_before]:
            for after in above_now[leaf_now]:
                if abs(sizes_before[before] - sizes_now[after]) < k:
                    shared[before, after] = shared.get((before, after), 0) + common
    return [
        (before, after)
        for (before, after), common in shared.items()
        if 1 <= sizes_before[before] + sizes_now[after] - 2 * common <= k - 1
    ]


def _sharing(wave: Earlier, now: Present) -> set[int]:
    """Nodes of this wave that the earlier tree did not have, though somebody of their people was asked in it."""
    places = {node.key for node in wave.tree.nodes}
    new = {position for position, node in enumerate(now.tree.nodes) if node.key not in places}
    if not new:
        return new
    return new & {above for _, leaf in _overlaps(wave, now) for above in now.tree.ancestors(leaf)}


def _sizes(tree: Tree, roster: Roster) -> list[int]:
    own = [_headcount(roster.get(node.key, 0)) for node in tree.nodes]
    return [int(size) for size in tree.rolled_up(own)]


def _headcount(people: AbstractSet[Hashable] | int) -> int:
    return people if isinstance(people, int) else len(people)


def _overlaps(wave: Earlier, now: Present) -> dict[tuple[int, int], int]:
    """How many people two leaves have in common, (earlier position, position now) -> people; zeros are left out.

    Named people are matched by name wherever they stand (at the same key first, if someone stands twice). Where one
    of two leaves of the same key knows only a head count, its people are numbered slots, so that the smaller count is
    common to both.
    """
    common: Counter[tuple[int, int]] = Counter()
    places = {node.key: place for place, node in enumerate(wave.tree.nodes)}
    gone: dict[Hashable, list[int]] = {}  # where else the people stood who are not at the same key any more
    for place, node in enumerate(wave.tree.nodes):
        for person in _named(wave.roster, node.key) - _named(now.roster, node.key):
            gone.setdefault(person, []).append(place)
    for position, node in enumerate(now.tree.nodes):
        people = _named(now.roster, node.key)
        if node.key in places:
            stayed = people & _named(wave.roster, node.key)
            common[places[node.key], position] += len(stayed)
            people = people - stayed  # a new set: the roster is the caller's
        for person in people:
            if left := gone.get(person):
                common[left.pop(0), position] += 1
    _add_slots(common, wave, now, places)
    return {pair: people for pair, people in common.items() if people}


def _add_slots(
    common: Counter[tuple[int, int]], wave: Earlier, now: Present, places: Mapping[str, int]
) -> None:
    matched_before: Counter[int] = Counter()
    matched_now: Counter[int] = Counter()
    for (place, position), people in common.items():
        matched_before[place] += people
        matched_now[position] += people
    for position, node in enumerate(now.tree.nodes):
        one, other = wave.roster.get(node.key, 0), now.roster.get(node.key, 0)
        if node.key in places and (isinstance(one, int) or isinstance(other, int)):
            place = places[node.key]
            # Whoever was found by name elsewhere is no slot any more.
            least = min(_headcount(one) - matched_before[place], _headcount(other) - matched_now[position])
            common[place, position] += max(least, 0)


def _named(roster: Roster, key: str) -> AbstractSet[Hashable]:
    people = roster.get(key, 0)
    return frozenset() if isinstance(people, int) else people
