"""Figures from outside as they are kept, and as they may be told. Whatever anybody is shown comes through `book`."""

import json
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from threading import Lock

from sqlalchemy import select

from webapp.domain.evidence import MEASURES, Figures, Month, Placed, Snapshot, Told
from webapp.domain.evidence_list import UnitFacts, month_before, month_of
from webapp.extensions import db
from webapp.models import Evidence, EvidenceBook, EvidenceMonth, Organization, Unit

KEPT = 64
MONTHS_BEFORE = 2  # a wave is read beside figures of its own month, or of the two before

_cache: "OrderedDict[tuple[str, int], Book]" = OrderedDict()
_lock = Lock()


@dataclass(frozen=True)
class Book:
    """All that may be told, worked out month by month when somebody asks.

    months: YYYY-MM, the oldest first; kept: the units whose own figures may be shown
    """

    stamp: str = ""
    currency: str = ""
    k: int = 0
    kept: frozenset[int] = frozenset()
    given: Mapping[str, Month] = field(default_factory=dict)
    _told: dict[str, Mapping[int | None, Told]] = field(default_factory=dict)

    @property
    def months(self) -> list[str]:
        return list(self.given)

    def told(self, month: str) -> Mapping[int | None, Told]:
        """What may be told in a month by unit, None standing for the whole organization."""
        if month not in self._told:
            from webapp.domain import evidence_plan  # noqa: PLC0415 - NumPy stays out of start-up

            self._told[month] = evidence_plan.tell(self.given[month], self.kept, k=self.k)
        return self._told[month]

    def every(self) -> list[tuple[str, Mapping[int | None, Told]]]:
        return [(month, self.told(month)) for month in self.months]


@dataclass(frozen=True, slots=True)
class Place:
    """An open unit in the order of the tree; `people` counts those of all below it too."""

    id: int
    parent: int | None
    name: str
    depth: int
    own: int
    people: int
    inner: bool


def book(organization: Organization) -> Book:
    """What may be told, computed once a process for each state of the figures."""
    held = db.session.get(EvidenceBook, organization.id)
    if held is None:
        return Book()
    key = held.stamp, organization.smallest_group
    with _lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    made = _made(held, organization)
    with _lock:
        _cache[key] = made
        while len(_cache) > KEPT:
            _cache.popitem(last=False)
    return made


def _made(held: EvidenceBook, organization: Organization) -> Book:
    from webapp.domain import evidence_plan  # noqa: PLC0415 - NumPy stays out of start-up

    k, found = organization.smallest_group, months(organization.id)[-evidence_plan.MOST_MONTHS :]
    kept = evidence_plan.shown(found, k=k)
    return Book(held.stamp, held.currency, k, kept, {one.month: one for one in found})


def snapshot(organization: Organization, on: date) -> Snapshot | None:
    """What is known of the time at which something ended: its month, or the latest of the two before."""
    found, latest = book(organization), month_of(on)
    earliest = latest
    for _step in range(MONTHS_BEFORE):
        earliest = month_before(earliest)
    for month in reversed(found.months):
        if earliest <= month <= latest and found.told(month):
            # The figures are told as coarsely as the smallest group asks for: another one makes another state.
            return Snapshot(f"{found.stamp} {found.k}", month, found.currency, found.told(month))
    return None


def months(organization_id: int) -> list[Month]:
    """Every month that has figures, the oldest first."""
    figures: dict[str, dict[int, Figures]] = {}
    for (unit, month), one in stored(organization_id).items():
        figures.setdefault(month, {})[unit] = one
    rows = db.session.execute(
        select(EvidenceMonth.month, EvidenceMonth.tree, EvidenceMonth.seen)
        .where(EvidenceMonth.organization_id == organization_id)
        .order_by(EvidenceMonth.month)
    )
    return [
        Month(row.month, placed(row.tree), figures[row.month], frozenset(json.loads(row.seen)))
        for row in rows
        if row.month in figures
    ]


def trees(organization_id: int) -> dict[str, frozenset[int]]:
    """The units that there were when the first figures of each month came in."""
    rows = db.session.execute(
        select(EvidenceMonth.month, EvidenceMonth.tree).where(
            EvidenceMonth.organization_id == organization_id
        )
    )
    return {row.month: frozenset(unit.id for unit in placed(row.tree)) for row in rows}


def stored(organization_id: int) -> dict[tuple[int, str], Figures]:
    """The figures by unit and month."""
    columns = [getattr(Evidence, measure) for measure in MEASURES]
    rows = db.session.execute(
        select(Evidence.unit_id, Evidence.month, *columns).where(Evidence.organization_id == organization_id)
    )
    return {(row[0], row[1]): Figures(*row[2:]) for row in rows}


def placed(tree: str) -> tuple[Placed, ...]:
    return tuple(Placed(*unit) for unit in json.loads(tree))


def places(organization_id: int) -> list[Place]:
    """The open units, each parent before its parts."""
    rows = db.session.execute(
        select(Unit.id, Unit.parent_id, Unit.name, Unit.headcount)
        .where(Unit.organization_id == organization_id, ~Unit.closed)
        .order_by(Unit.position, Unit.id)
    ).all()
    known = {row.id for row in rows}
    below: dict[int | None, list[int]] = {}
    by_id = {row.id: row for row in rows}
    for row in rows:
        below.setdefault(row.parent_id if row.parent_id in known else None, []).append(row.id)
    order: list[tuple[int, int]] = []
    waiting = [(unit, 0) for unit in reversed(below.get(None, []))]
    while waiting:
        unit, depth = waiting.pop()
        order.append((unit, depth))
        waiting.extend((part, depth + 1) for part in reversed(below.get(unit, [])))
    people = {unit: by_id[unit].headcount for unit, _depth in order}
    for unit, _depth in reversed(order):
        above = by_id[unit].parent_id
        if above in people:
            people[above] += people[unit]
    return [
        Place(
            unit,
            by_id[unit].parent_id if by_id[unit].parent_id in known else None,
            by_id[unit].name,
            depth,
            by_id[unit].headcount,
            people[unit],
            unit in below,
        )
        for unit, depth in order
    ]


def facts(organization_id: int) -> list[UnitFacts]:
    """All units in the terms of the rules for a list of figures."""
    closed = db.session.execute(
        select(Unit.id, Unit.name).where(Unit.organization_id == organization_id, Unit.closed)
    )
    return [
        *(UnitFacts(one.id, one.name, one.people) for one in places(organization_id)),
        *(UnitFacts(row.id, row.name, 0, closed=True) for row in closed),
    ]


def readable(organization_id: int, span: frozenset[int] | None) -> list[Place]:
    """The open units of a span (None: all), each parent before its parts."""
    found = places(organization_id)
    return found if span is None else [one for one in found if one.id in span]


def names(organization: Organization) -> dict[int | None, str]:
    """The names of all units, closed ones too, and of the whole."""
    rows = db.session.execute(
        select(Unit.id, Unit.name)
        .where(Unit.organization_id == organization.id)
        .order_by(Unit.position, Unit.id)
    )
    return {None: organization.name, **{row.id: row.name for row in rows}}
