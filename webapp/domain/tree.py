"""The frozen tree of a wave: who was asked where, as it stood when the wave opened."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

IntArray = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Node:
    """One place of the tree.

    `key` stays the same over waves (the root is "root", a unit "u<id>", its direct staff "u<id>d"); `parent` is the
    position of the parent in the tree, None for the root; `headcount` counts the people who answer at this very node
    (0 unless it is a leaf), `leaders` the leaders who were asked for this very node.
    """

    key: str
    name: str
    parent: int | None
    headcount: int = 0
    leaders: int = 0


@dataclass(frozen=True)
class Tree:
    """All nodes in tree order: the root first, each parent before its children."""

    nodes: tuple[Node, ...]

    def __post_init__(self) -> None:
        for position, node in enumerate(self.nodes):
            if (node.parent is None) != (position == 0) or (
                node.parent is not None and node.parent >= position
            ):
                msg = "nodes must stand in tree order, the root first"
                raise ValueError(msg)

    def __len__(self) -> int:
        return len(self.nodes)

    @cached_property
    def parents(self) -> IntArray:
        """(V,) position of each node's parent, -1 for the root."""
        return np.array([-1 if node.parent is None else node.parent for node in self.nodes], dtype=np.int64)

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """Positions of each node's children, ascending."""
        found: list[list[int]] = [[] for _ in self.nodes]
        for position, node in enumerate(self.nodes):
            if node.parent is not None:
                found[node.parent].append(position)
        return tuple(map(tuple, found))

    @cached_property
    def leaves(self) -> tuple[int, ...]:
        return tuple(position for position, below in enumerate(self.children) if not below)

    def rolled_up(self, own: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Sum (V, …) values of the very nodes over each node's subtree."""
        total = np.array(own, dtype=np.float64)
        for level in self._levels:
            np.add.at(total, self.parents[level], total[level])
        return total

    @cached_property
    def _levels(self) -> tuple[IntArray, ...]:
        """Positions by their depth, the deepest first, without the root; descending, as sums are added."""
        depth = [0] * len(self.nodes)
        found: dict[int, list[int]] = {}
        for position, node in enumerate(self.nodes):
            if node.parent is not None:
                depth[position] = depth[node.parent] + 1
                found.setdefault(depth[position], []).append(position)
        return tuple(np.array(found[one][::-1], dtype=np.int64) for one in sorted(found, reverse=True))

    def ancestors(self, position: int) -> Iterable[int]:
        """The node itself, then its parent, up to the root."""
        current: int | None = position
        while current is not None:
            yield current
            current = self.nodes[current].parent

    def below(self, position: int) -> list[int]:
        """Positions of the subtree at `position`, itself first, in tree order."""
        inside = {position}
        for later in range(position + 1, len(self.nodes)):
            if self.nodes[later].parent in inside:
                inside.add(later)
        return sorted(inside)
