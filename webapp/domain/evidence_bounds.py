"""What follows of told shares that stand beside each other: sums of people, each known to lie in a stretch.

A word holds at least two numbers of people, and yet several together may leave one alone: of three teams of five one has
“half or more”, so three or more, and all fifteen are “under a quarter”, so three or fewer; then nobody of the other two
does. The sums make up a tree, so the tightest stretch of each follows exactly from one pass upwards and one downwards.
"""

from collections.abc import Sequence

from webapp.domain.evidence import Share
from webapp.domain.tree import Tree

BESIDE = 2  # numbers of people that must stay possible above “nobody” and below “everybody”

Stretch = tuple[int, int]


def stretch(share: Share | None, people: int, *, k: int) -> Stretch:
    """The least and the greatest number of `people` that a told share leaves open; k: the smallest group."""
    if share is None:
        return 0, people
    if share.percent is not None:  # told only where at least k do and at least k do not
        low, high = _from(share.low, people), _below(share.high, people)
        return max(low, k), min(high, people - k)
    if share.word == "hardly any":
        return 0, k - 1
    return _from(share.low, people), people if share.high == 100 else _below(share.high, people)  # noqa: PLR2004 - all


def too_tight(tree: Tree, stretches: Sequence[Stretch], own_people: Sequence[int]) -> list[int]:
    """The nodes of whose own people nobody, or everybody, or nearly so, follows from all stretches together.

    A node's sum is that of its own people and of its children's sums. Where the stretch that follows for the own people
    ends below `BESIDE`, or begins so close to all of them, the node is named, unless its own stretch says as much alone.

    Args:
        tree: V nodes, the root first.
        stretches: (V,) what is told of each node's sum; from 0 to its people where nothing is.
        own_people: (V,) people of the very nodes, those of children not counted.
    """
    low, high = [0] * len(tree), [0] * len(tree)
    parts_low, parts_high = [0] * len(tree), [0] * len(tree)
    for place in range(len(tree) - 1, -1, -1):
        least, most = stretches[place]
        low[place] = max(least, parts_low[place])
        high[place] = min(most, parts_high[place] + own_people[place])
        above = tree.nodes[place].parent
        if above is not None:
            parts_low[above] += low[place]
            parts_high[above] += high[place]
    found = []
    for place in range(len(tree)):  # a parent stands before its parts
        people, has_parts = own_people[place], bool(parts_high[place])
        alone_low, alone_high = (0, people) if has_parts else stretches[place]
        least = low[place] - parts_high[place]
        most = high[place] - parts_low[place]
        if people and (most < min(BESIDE, alone_high) or least > max(people - BESIDE, alone_low)):
            found.append(place)
        for part in tree.children[place]:
            others_high = parts_high[place] + people - high[part]
            others_low = parts_low[place] - low[part]
            low[part], high[part] = (
                max(low[part], low[place] - others_high),
                min(high[part], high[place] - others_low),
            )
    return found


def _from(percent: float, people: int) -> int:
    """The least number of people that is at least so many percent of them, computed in tenths."""
    return -(-round(10 * percent) * people // 1000)


def _below(percent: float, people: int) -> int:
    """The greatest that is less."""
    return _from(percent, people) - 1
