"""Which figures from outside may be told, and how coarsely.

Two plans, both by `disclosure.suppress`, so that no subtraction tells what a page does not.

*Which units.* A figure of a unit is a sum over the people of its subtree, as a published score is, and whoever reads
the figures of a unit and of some of its parts knows the sum of what is left. So the units with figures that are shown
make up a safe plan on head counts: what is left of each of them is nobody, or at least k people. The plan is the same
in all months at once: a unit is shown in each month or in none, and the plan holds on the tree and the head counts of
every month. Otherwise one month would show what another hides, and figures such as seats hardly change from month to
month. A unit without figures of its own is told the sum of its shown parts, which adds nothing to them.

*How finely.* "3 of 9 are active" is no secret of a person, "nobody" and "everybody" are. So a share is told in steps of
five points only where at least k people are active and at least k are not, and where no subtraction of such shares
leaves a group of which that is not so: the same programme, with the smaller of the two as counts. Everywhere else it is
a word: a quarter of units of max(2k, 10) people or more, a half of smaller ones. Each word holds at least two numbers of
people, so none says "nobody" or "everybody". Nor do several together (`evidence_bounds`): where they would, the share
of the unit whose parts they are is told more coarsely, and at last not at all.

*Over time.* What was told once is known. So each month remembers which units were told in it, whatever figures come
later: these stay in its plan before all others, and what comes new must be safe beside them.
"""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np

from webapp.domain.disclosure import BoolArray, k2_of, suppress
from webapp.domain.disclosure_audit import is_safe_tree
from webapp.domain.evidence import MEASURES, SHARES, Measure, Month, Share, Told
from webapp.domain.evidence_bounds import stretch, too_tight
from webapp.domain.intervals import two_digits
from webapp.domain.tree import IntArray, Node, Tree

STEP = 5  # percent
MOST_MONTHS = 24  # with figures, the newest first; older ones are kept and not told
HARDLY_ANY = 10  # percent that k people may be at most, for that word


def tree_of(month: Month) -> Tree:
    """The units of a month below one root, in their order; head counts of the very units."""
    places: dict[int | None, int] = {None: 0}
    nodes = [Node("root", "", None)]
    for unit in month.units:
        places[unit.id] = len(nodes)
        nodes.append(Node(f"u{unit.id}", "", places.get(unit.parent, 0), unit.people))
    return Tree(tuple(nodes))


def shown(months: Sequence[Month], *, k: int) -> frozenset[int]:
    """The units whose own figures may be shown, in all of these months at once.

    Months are taken from the last to the first, each a filter on what is left: hiding more keeps a safe plan safe, so
    what comes out is safe in every month. In each of them a unit counts that has figures in any, lest a part's figures of
    one month be taken from the whole's of another; not where it was too small then and had none.
    """
    kept = {unit for month in months for unit in month.figures}
    before = frozenset[int]().union(*(month.seen for month in months))
    held: set[tuple[object, ...]] = set()  # most months have the same tree, and so the same plan
    for month in reversed(months):
        tree, heads = tree_of(month), _heads(month)
        given = _places(month, kept)
        told = _among(month, kept)
        told &= given | (tree.rolled_up(heads) >= k)
        seen = _among(month, month.seen)
        key = month.units, told.tobytes(), seen.tobytes(), given.tobytes()
        if key in held:
            continue
        plan = _plan(tree, heads, told, seen, given, _among(month, before), k)
        kept -= {unit.id for place, unit in enumerate(month.units, 1) if told[place] and not plan[place]}
        held.add(key)
    return frozenset(kept)


def _plan(
    tree: Tree, heads: IntArray, told: BoolArray, seen: BoolArray, given: BoolArray, before: BoolArray, k: int
) -> BoolArray:
    """The plan of one month: with everything that was told in it, and of the rest first what was told in another."""
    totals = tree.rolled_up(heads).astype(np.int64)
    weights = totals * np.where(seen | before, totals.sum() + 1, 1)
    plan = suppress(tree, heads, k=k, eligible=told | seen, weights=weights)
    if (seen & ~plan).any():  # the smallest group has grown since: nothing new may stand beside what was told
        plan = suppress(tree, heads, k=k, eligible=told & (seen | ~given), weights=weights)
    return plan if is_safe_tree(tree, plan, heads, heads, k) else np.zeros_like(plan)  # fail closed


def tell(month: Month, kept: frozenset[int], *, k: int) -> dict[int | None, Told]:
    """What may be told of each unit, and of the whole (None), with `kept` from `shown`."""
    tree = tree_of(month)
    people = tree.rolled_up(_heads(month)).astype(np.int64)
    given = _places(month, kept)
    sums = {
        measure: _summed(tree, people, given, [_value(month, place, measure) for place in range(len(tree))])
        for measure in MEASURES
    }
    shares = {measure: _shares(tree, sums[measure], k) for measure in SHARES}
    days, spend = _days(tree, month, people, given, k), _spend(sums["spend"])
    ids: list[int | None] = [None, *(unit.id for unit in month.units)]
    found = {}
    for place, unit in enumerate(ids):
        covered: dict[Measure, int] = {
            measure: int(sums[measure].covered[place]) for measure in MEASURES if sums[measure].covered[place]
        }
        if covered:
            found[unit] = Told(
                given=bool(given[place]),
                people=int(people[place]),
                covered=covered,
                active=shares["active"].get(place),
                seats=shares["seats"].get(place),
                active_days=days.get(place),
                spend=spend.get(place),
                trained=shares["trained"].get(place),
            )
    return found


def share_told(some: int, people: int, *, k: int, exact: bool) -> Share:
    """A share of people in a step of five points (`exact`), or in the finest word that it may have."""
    if exact:
        percent = min(100 - STEP, max(STEP, STEP * int(some / people * (100 / STEP) + 0.5)))
        low = 0.0 if percent == STEP else percent - STEP / 2
        high = 100.0 if percent == 100 - STEP else percent + STEP / 2
        return Share(low, high, percent=percent)
    if people < k2_of(k):
        return (
            Share(0, 50, word="less than half") if 2 * some < people else Share(50, 100, word="half or more")
        )
    if some < k and 100 * k <= HARDLY_ANY * people:
        return Share(0, 100 * k / people, word="hardly any")
    if 4 * some < people:
        return Share(0, 25, word="under a quarter")
    if 2 * some < people:
        return Share(25, 50, word="under half")
    return Share(50, 75, word="over half") if 4 * some < 3 * people else Share(75, 100, word="nearly all")


@dataclass(frozen=True)
class _Sums:
    """One measure, (V,) each.

    total: told of a node, its own figure or else the sum of its parts'; covered: the people whom that is about
    own, own_people: of a node with a figure of its own, what is left of both beside its parts
    """

    total: IntArray
    covered: IntArray
    own: IntArray
    own_people: IntArray


def _summed(tree: Tree, people: IntArray, given: BoolArray, values: Sequence[int | None]) -> _Sums:
    V = len(tree)
    total, covered, own, own_people = (np.zeros(V, dtype=np.int64) for _ in range(4))
    for place in range(V - 1, -1, -1):
        value = values[place]
        if given[place] and value is not None:
            own[place], own_people[place] = value - total[place], people[place] - covered[place]
            total[place], covered[place] = value, people[place]
        above = tree.nodes[place].parent
        if above is not None:
            total[above] += total[place]
            covered[above] += covered[place]
    return _Sums(total, covered, own, own_people)


def _shares(tree: Tree, sums: _Sums, k: int) -> dict[int, Share]:
    smaller = np.clip(np.minimum(sums.own, sums.own_people - sums.own), 0, None)
    planned = suppress(tree, smaller, k=k, people=sums.own_people, eligible=sums.covered > 0)
    exact = _held(tree, planned, sums, k).tolist()
    covered, own_people = sums.covered.tolist(), sums.own_people.tolist()
    some = np.minimum(sums.total, sums.covered).tolist()
    told: list[Share | None] = [
        share_told(some[place], people, k=k, exact=exact[place]) if people else None
        for place, people in enumerate(covered)
    ]
    while coarser := _coarser(tree, told, covered, own_people, k):
        for place in coarser:
            share = told[place]
            by_number = share is not None and share.percent is not None
            told[place] = share_told(some[place], covered[place], k=k, exact=False) if by_number else None
    return {place: share for place, share in enumerate(told) if share is not None}


def _coarser(
    tree: Tree, told: Sequence[Share | None], covered: Sequence[int], own_people: Sequence[int], k: int
) -> set[int]:
    """The sums that must be told more coarsely: the nearest above those of whom nobody or everybody would follow."""
    has_parts = {tree.nodes[place].parent for place, people in enumerate(covered) if people}
    stretches = [stretch(share, people, k=k) for share, people in zip(told, covered, strict=True)]
    sums = {place for place in has_parts if place is not None and told[place] is not None}
    nearest = (
        next((above for above in tree.ancestors(tight) if above in sums), None)
        for tight in too_tight(tree, stretches, own_people)
    )
    return {place for place in nearest if place is not None}


def _held(tree: Tree, planned: BoolArray, sums: _Sums, k: int, *, both: bool = True) -> BoolArray:
    """The plan without what does not keep the rule on the very sums: figures may contradict each other.

    A part may have more than its whole. So what is left of each shown node beside its shown parts is looked at once more,
    from the leaves to the root, and a node of which few do, or (`both`) few do not, is dropped.
    """
    exact = planned.copy()
    below, people = np.zeros_like(sums.total), np.zeros_like(sums.covered)  # sums of the topmost shown parts
    for place in range(len(tree) - 1, -1, -1):
        some, of = sums.total[place] - below[place], sums.covered[place] - people[place]
        exact[place] &= (of == 0 and some == 0) or (some >= k and (not both or of - some >= k))
        above = tree.nodes[place].parent
        if above is not None:
            below[above] += sums.total[place] if exact[place] else below[place]
            people[above] += sums.covered[place] if exact[place] else people[place]
    return exact


def _days(tree: Tree, month: Month, people: IntArray, given: BoolArray, k: int) -> dict[int, int]:
    """Days of an active person: an average over those who are active, so it rests on at least k of them."""
    active, weighted = [], []
    for place in range(len(tree)):
        count, days = _value(month, place, "active"), _value(month, place, "active_days")
        active.append(count if days is not None else None)
        weighted.append(count * days if count is not None and days is not None else None)
    counts, totals = _summed(tree, people, given, active), _summed(tree, people, given, weighted)
    planned = suppress(tree, np.clip(counts.own, 0, None), k=k, eligible=counts.total >= k)
    plan = _held(tree, planned, counts, k, both=False)
    return {
        int(place): int(totals.total[place] / counts.total[place] / 10 + 0.5)
        for place in np.flatnonzero(plan)
    }


def _spend(sums: _Sums) -> dict[int, float]:
    return {
        int(place): two_digits(sums.total[place] / sums.covered[place] / 100)
        for place in np.flatnonzero(sums.covered)
    }


def _heads(month: Month) -> IntArray:
    return np.array([0, *(unit.people for unit in month.units)], dtype=np.int64)


def _among(month: Month, units: AbstractSet[int]) -> BoolArray:
    """The nodes that belong to `units`."""
    return np.array([False, *(unit.id in units for unit in month.units)])


def _places(month: Month, units: AbstractSet[int]) -> BoolArray:
    """Those of them that have figures of their own."""
    return _among(month, units & month.figures.keys())


def _value(month: Month, place: int, measure: Measure) -> int | None:
    if place == 0:
        return None
    found = month.figures.get(month.units[place - 1].id)
    return None if found is None else found.of(measure)
