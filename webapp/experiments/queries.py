"""Experiments as stored, and the units on which they stand, as far as the reader's span reaches (None: all of it)."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Select, bindparam, func, select

from webapp.domain import register
from webapp.domain.experiments import Area, Entry, Phase, Reason, State, Type
from webapp.extensions import db
from webapp.models import Experiment, Unit

A_PAGE = 50
Span = frozenset[int] | None

_REACHED = {
    State.IDEA: (Experiment.first_user_on.is_(None), Experiment.ended_on.is_(None)),
    State.FIRST_USER: (
        Experiment.first_user_on.is_not(None),
        Experiment.live_on.is_(None),
        Experiment.ended_on.is_(None),
    ),
    State.LIVE: (Experiment.live_on.is_not(None), Experiment.ended_on.is_(None)),
    State.ENDED: (Experiment.ended_on.is_not(None),),
}


@dataclass(frozen=True, slots=True)
class Listed:
    """An experiment with its unit."""

    id: int
    version: int
    unit_id: int
    unit: str
    closed: bool
    entry: Entry


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a reader asks for: `unit_id` with all below it, a state, a type, a phase; None for all.

    units: ids of the units whose experiments may be told at all
    """

    units: Span = None
    unit_id: int | None = None
    state: State | None = None
    type: Type | None = None
    phase: Phase | None = None

    @property
    def words(self) -> dict[str, Any]:
        """The same as words behind the question mark of an address."""
        named = {"unit": self.unit_id, "state": self.state, "type": self.type, "phase": self.phase}
        return {name: value for name, value in named.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the register: `number` of `pages`, of the `count` experiments that were asked for."""

    rows: list[Listed]
    number: int
    pages: int
    count: int


def page(organization_id: int, chosen: Chosen, number: int) -> Page:
    """Those asked for, the newest idea first; a number beyond the end is the last page."""
    wanted = _wanted(organization_id, chosen)
    count = db.session.scalar(wanted.with_only_columns(func.count())) or 0
    pages = max(1, -(-count // A_PAGE))
    number = min(max(number, 1), pages)
    newest = wanted.order_by(Experiment.idea_on.desc(), Experiment.id.desc())
    return Page(_listed(newest.limit(A_PAGE).offset((number - 1) * A_PAGE)), number, pages, count)


def everything(organization_id: int, chosen: Chosen) -> list[Listed]:
    """All that were asked for, the oldest idea first."""
    return _listed(_wanted(organization_id, chosen).order_by(Experiment.idea_on, Experiment.id))


def after(organization_id: int, chosen: Chosen, number: int, most: int) -> list[Listed]:
    """The first of those asked for that come after a number, in the order of their numbers."""
    later = _wanted(organization_id, chosen).where(Experiment.id > number)
    return _listed(later.order_by(Experiment.id).limit(most))


def one(organization_id: int, experiment_id: int) -> Listed | None:
    return next(iter(_listed(_wanted(organization_id, Chosen()).where(Experiment.id == experiment_id))), None)


def _wanted(organization_id: int, chosen: Chosen) -> Select[Experiment, str, bool]:
    wanted = (
        select(Experiment, Unit.name, Unit.closed)
        .join(Unit, (Unit.organization_id == Experiment.organization_id) & (Unit.id == Experiment.unit_id))
        .where(Experiment.organization_id == organization_id)
    )
    if chosen.units is not None:
        wanted = wanted.where(Experiment.unit_id.in_(sorted(chosen.units)))
    if chosen.state is not None:
        wanted = wanted.where(*_REACHED[chosen.state])
    if chosen.type is not None:
        wanted = wanted.where(Experiment.type == chosen.type)
    if chosen.phase is not None:
        wanted = wanted.where(Experiment.phase == chosen.phase)
    return wanted


def _listed(wanted: Select[Experiment, str, bool]) -> list[Listed]:
    return [
        Listed(stored.id, stored.version, stored.unit_id, name, closed, entry_of(stored))
        for stored, name, closed in db.session.execute(wanted)
    ]


def entry_of(stored: Experiment) -> Entry:
    """What the register holds of a stored experiment, its codes as words of the domain."""
    return Entry(
        title=stored.title,
        idea_on=stored.idea_on,
        type=Type(stored.type),
        problem_area=Area(stored.problem_area) if stored.problem_area else None,
        phase=Phase(stored.phase) if stored.phase else None,
        first_user_on=stored.first_user_on,
        live_on=stored.live_on,
        ended_on=stored.ended_on,
        end_reason=Reason(stored.end_reason) if stored.end_reason else None,
        rule=stored.rule,
        rule_written_on=stored.rule_written_on,
        value=stored.value,
        value_unit=stored.value_unit,
        baseline=stored.baseline,
        ready_made_model=stored.ready_made_model,
        saved_tests=stored.saved_tests,
        note=stored.note,
    )


@dataclass(frozen=True, slots=True)
class Place:
    """An open unit in tree order: `depth` within what is listed, `inner` with units below it, its own people."""

    id: int
    name: str
    depth: int
    inner: bool
    people: int


def places(organization_id: int, span: Span, below: int | None = None) -> list[Place]:
    """The open units of a span, each parent before its children; with `below` that unit and all below it alone."""
    rows = db.session.execute(
        select(Unit.id, Unit.parent_id, Unit.name, Unit.headcount)
        .where(Unit.organization_id == organization_id, Unit.closed.is_(False))
        .order_by(Unit.position, Unit.id)
    ).all()
    children: dict[int | None, list[tuple[int, str, int]]] = {}
    for identity, parent, name, people in rows:
        children.setdefault(parent, []).append((identity, name, people))
    found: list[Place] = []

    def walk(parent: int | None, depth: int, *, inside: bool) -> None:
        for identity, name, people in children.get(parent, ()):
            listed = (inside or identity == below) and (span is None or identity in span)
            if listed:
                found.append(Place(identity, name, depth, identity in children, people))
            walk(identity, depth + listed, inside=inside or identity == below)

    walk(None, 0, inside=below is None)
    return found


def units_below(organization_id: int, unit_id: int, span: Span) -> frozenset[int]:
    """Ids of a unit and all below it, closed ones too, as far as the span reaches; empty where there is no such unit."""
    rows = db.session.execute(
        select(Unit.id, Unit.parent_id).where(Unit.organization_id == organization_id)
    ).all()
    children: dict[int | None, list[int]] = {}
    for identity, parent in rows:
        children.setdefault(parent, []).append(identity)
    known = {identity for identity, _parent in rows}
    waiting, found = [unit_id] if unit_id in known else [], set[int]()
    while waiting:
        identity = waiting.pop()
        found.add(identity)
        waiting += children.get(identity, [])
    return frozenset(found if span is None else found & span)


def shipped(organization_id: int, on: date) -> dict[int, int]:
    """A slot: how many experiments of each unit had gone live by a day; units with none are left out."""
    return register.shipped_by(_placed(organization_id), on)


def ideas_open(organization_id: int, on: date) -> dict[int, int]:
    """A slot: how many ideas of each unit waited for a first user at the end of a day; units with none are left out."""
    return register.ideas_open(_placed(organization_id), on)


def _placed(organization_id: int) -> list[tuple[int, Entry]]:
    """The unit of each experiment and its days, without all that is written down of it: pages of results ask each time."""
    days = db.session.execute(_DAYS, {"of": organization_id})
    return [
        (unit, Entry(title="", idea_on=idea, first_user_on=user, live_on=live, ended_on=ended))
        for unit, idea, user, live, ended in days
    ]


_DAYS = select(
    Experiment.unit_id, Experiment.idea_on, Experiment.first_user_on, Experiment.live_on, Experiment.ended_on
).where(Experiment.organization_id == bindparam("of"))
