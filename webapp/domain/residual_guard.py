"""The guard over time for residual groups: what is left of a shown node beside its shown parts is a number too.

`time_guard` compares shown nodes with shown nodes. Two more differences can be about 1..k-1 people: between a residual
group then and a node now (the part that was hidden together with another is shown after that one has gone), and
between a residual group now and any number then. Under the standard setting these are told as coarsely as a guarded
node; under the strict one numbers are left out until there is no such group.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from webapp.domain.disclosure import BoolArray, nearest_shown
from webapp.domain.time_guard import Earlier, Present, Roster, is_remembered
from webapp.domain.tree import Tree


@dataclass(frozen=True, slots=True)
class CoarseResiduals:
    """What must be told more coarsely: nodes (V, P), and residual groups by practice, each named by its node."""

    nodes: BoolArray
    groups: Mapping[str, frozenset[int]]


@dataclass(frozen=True, slots=True)
class Group:
    """People who are told in one number: how many were asked at each node (by key), of `size` in all; `n` counted."""

    heads: Mapping[str, int]
    size: int
    n: int

    def is_near(self, other: "Group", k: int) -> bool:
        """Whether 1..k-1 people are in one of both only, as far as head counts tell, and either is small."""
        if min(self.n, other.n) >= 2 * k or abs(self.size - other.size) >= k:
            return False
        keys = self.heads.keys() | other.heads.keys()
        return 1 <= sum(abs(self.heads.get(key, 0) - other.heads.get(key, 0)) for key in keys) < k


def coarse_residuals(now: Present, earlier: Iterable[Earlier], *, k: int) -> CoarseResiduals:
    """Compare residual groups with the numbers of waves of the last 24 months, and these with residual groups.

    Raises:
        TypeError: a roster that names people instead of counting them.
    """
    remembered = [
        (wave, _Asked(wave.tree, wave.roster)) for wave in earlier if is_remembered(wave.closed, now.closed)
    ]
    here = _Asked(now.tree, now.roster)
    totals = now.tree.rolled_up(now.counts).astype(np.int64)
    nodes = np.zeros_like(now.plan)
    groups: dict[str, frozenset[int]] = {}
    for column, practice in enumerate(now.practices):
        numbers = {
            place: int(totals[place, column]) for place in np.flatnonzero(now.plan[:, column]).tolist()
        }
        told = _Told(here, numbers)
        near: set[int] = set()
        for wave, there in remembered:
            before = _Told(there, wave.numbers.get(practice, {}))
            near.update(
                below
                for below, group in told.residuals.items()
                if any(other.is_near(group, k) for other in before.touching(group))
            )
            for group in before.residuals.values():
                for place in here.above(group) & numbers.keys():
                    nodes[place, column] |= here.group(place, numbers[place]).is_near(group, k)
        groups[practice] = frozenset(near)
    return CoarseResiduals(nodes, groups)


def strict_numbers(now: Present, earlier: Sequence[Earlier], *, k: int) -> BoolArray:
    """The numbers (V, P) among those of `now.plan` that stay when no residual group may be near an earlier number.

    What is left out becomes part of a larger group, so that a safe plan stays safe.
    """
    numbers = now.plan.copy()
    while True:
        found = coarse_residuals(replace(now, plan=numbers), earlier, k=k)
        gone = found.nodes.copy()
        for column, practice in enumerate(now.practices):
            nearest = nearest_shown(now.tree, numbers[:, column])
            for place in np.flatnonzero(numbers[:, column]).tolist():
                parent = now.tree.nodes[place].parent
                if parent is not None and nearest[parent] in found.groups[practice]:
                    gone[place, column] = True
        if not (gone & numbers).any():
            return numbers
        numbers &= ~gone


class _Asked:
    """Who was asked in a wave, by head counts."""

    def __init__(self, tree: Tree, roster: Roster) -> None:
        self.tree = tree
        self.own = {node.key: _count(roster.get(node.key, 0)) for node in tree.nodes}
        self._above = {node.key: tuple(tree.ancestors(place)) for place, node in enumerate(tree.nodes)}
        self._heads: dict[int, Mapping[str, int]] = {}

    def above(self, group: Group) -> set[int]:
        """The nodes that hold somebody of the group; no other can be about nearly the same people."""
        return {place for key in group.heads for place in self._above.get(key, ())}

    def group(self, place: int, n: int) -> Group:
        """All people at a node and below it."""
        if place not in self._heads:
            keys = (self.tree.nodes[below].key for below in self.tree.below(place))
            self._heads[place] = {key: self.own[key] for key in keys if self.own[key]}
        heads = self._heads[place]
        return Group(heads, sum(heads.values()), n)


def _count(people: object) -> int:
    if not isinstance(people, int):
        raise TypeError("residual groups are compared by head counts")
    return people


class _Told:
    """The numbers of one practice of a wave, {position: n}, and what can be subtracted from them."""

    def __init__(self, asked: _Asked, numbers: Mapping[int, int]) -> None:
        self.asked = asked
        self.numbers = numbers
        self.residuals = self._residuals()
        self._by_key: dict[str, list[Group]] = {}
        for group in self.residuals.values():
            for key in group.heads:
                self._by_key.setdefault(key, []).append(group)

    def touching(self, group: Group) -> Iterator[Group]:
        """Whatever was told of somebody of the group."""
        for key in group.heads:
            yield from self._by_key.get(key, ())
        for place in self.asked.above(group) & self.numbers.keys():
            yield self.asked.group(place, self.numbers[place])

    def _residuals(self) -> dict[int, Group]:
        """The residual group of each node with a number that has numbers below it, by the node's position."""
        tree, own = self.asked.tree, self.asked.own
        mask = np.zeros(len(tree), dtype=np.bool_)
        mask[list(self.numbers)] = True
        nearest = nearest_shown(tree, mask).tolist()
        heads: dict[int, dict[str, int]] = {}
        left = dict(self.numbers)
        split: set[int] = set()
        for place, node in enumerate(tree.nodes):
            if nearest[place] >= 0 and own[node.key]:
                heads.setdefault(nearest[place], {})[node.key] = own[node.key]
            above = -1 if node.parent is None else nearest[node.parent]
            if mask[place] and above >= 0:
                left[above] -= self.numbers[place]
                split.add(above)
        return {
            below: Group(heads.get(below, {}), sum(heads.get(below, {}).values()), left[below])
            for below in sorted(split)
        }
