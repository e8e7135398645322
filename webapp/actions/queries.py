"""Actions as a member may read them: those of the units on which they may, and of all below."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, case, func, or_, select, true

from webapp import clock
from webapp.access import Actor, Permission
from webapp.access.roles import ROLES
from webapp.domain.action import ENDED, MOVES, OPEN, State
from webapp.extensions import db
from webapp.models import Account, Action, ActionOwner, Member, MemberRole, Unit, Wave

Found = Select[*tuple[Any, ...]]

A_PAGE = 50
A_COLUMN = 25
ANYWHERE = -1  # for a unit that is not chosen yet
READING = [role.name for role in ROLES.values() if Permission.ACTION_READ in role.permissions]


@dataclass(frozen=True, slots=True)
class Shown:
    """An action with what it names; `unit` is "" for the whole organization, `who` "" where nobody looks after it."""

    action: Action
    unit: str
    wave: str
    who: str
    member_id: int | None
    today: date
    may_change: bool

    @property
    def state(self) -> State:
        return State(self.action.state)

    @property
    def moves(self) -> tuple[State, ...]:
        return MOVES[self.state] if self.may_change else ()

    @property
    def overdue(self) -> bool:
        return self.state.open and self.action.due is not None and self.action.due < self.today


@dataclass(frozen=True, slots=True)
class Filter:
    """Which actions are wanted; `unit` is None for all, 0 for the whole organization."""

    unit: int | None = None
    state: State | None = None
    mine: bool = False
    overdue: bool = False

    @classmethod
    def asked(cls, words: Mapping[str, str]) -> "Filter":
        """From the words behind the question mark of an address; what is not understood asks for nothing."""
        unit, state = words.get("unit", ""), words.get("state", "")
        return cls(
            unit=int(unit) if unit.isascii() and unit.isdigit() and len(unit) < 10 else None,  # noqa: PLR2004 - what a column holds
            state=State(state) if state in set(State) else None,
            mine=bool(words.get("mine")),
            overdue=bool(words.get("overdue")),
        )

    @property
    def words(self) -> dict[str, Any]:
        """What stands behind the question mark, for links to other pages of the same."""
        given = {
            "unit": self.unit,
            "state": self.state,
            "mine": self.mine or None,
            "overdue": self.overdue or None,
        }
        return {
            name: int(value) if value is True else value for name, value in given.items() if value is not None
        }


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the list: `number` of `pages`, of `count` actions."""

    lines: list[Shown]
    number: int
    pages: int
    count: int


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the board: the first of its actions, and how many there are."""

    state: State
    cards: list[Shown]
    count: int


@dataclass(frozen=True, slots=True)
class Place:
    """A unit that may have actions, in the order of the tree; `id` is None for the whole organization."""

    id: int | None
    name: str
    path: tuple[str, ...] = field(default=())

    @property
    def label(self) -> str:
        return " › ".join((*self.path, self.name))


def one(actor: Actor, action_id: int) -> Shown | None:
    """An action that the actor may read; None for others, as if there were none."""
    found = _rows(actor, _readable(actor).where(Action.id == action_id))
    return found[0] if found else None


def board(actor: Actor, wanted: Filter) -> list[Column]:
    """Planned, under way, ended; the next due day first, what ended last first."""
    return [
        _column(actor, wanted, State.PLANNED, (State.PLANNED,)),
        _column(actor, wanted, State.DOING, (State.DOING,)),
        _column(actor, wanted, State.DONE, ENDED),
    ]


def _column(actor: Actor, wanted: Filter, head: State, states: tuple[State, ...]) -> Column:
    chosen = _chosen(actor, wanted).where(Action.state.in_(states))
    return Column(head, _rows(actor, _ordered(chosen).limit(A_COLUMN)), _count(chosen))


def page(actor: Actor, wanted: Filter, number: int) -> Page:
    """The list, the open ones first; a number beyond the end is the last page."""
    chosen = _chosen(actor, wanted)
    count = _count(chosen)
    pages = max(1, -(-count // A_PAGE))
    number = min(max(number, 1), pages)
    stretch = _ordered(chosen).limit(A_PAGE).offset((number - 1) * A_PAGE)
    return Page(_rows(actor, stretch), number, pages, count)


def after(actor: Actor, wanted: Filter, number: int, most: int) -> list[Shown]:
    """The first actions that come after a number, in the order of their numbers."""
    return _rows(actor, _chosen(actor, wanted).where(Action.id > number).order_by(Action.id).limit(most))


def of_unit(actor: Actor, unit_id: int | None, wave_id: int) -> list[Shown]:
    """The open actions of a unit, and those that were decided on the results of a wave, the open ones first.

    Whether the actor may read actions of this unit is the caller's question.
    """
    return _rows(actor, _OF_UNIT, {"of": actor.organization.id, "unit": unit_id, "wave": wave_id})


def tally(actor: Actor) -> tuple[int, int, int]:
    """How many actions there are, how many are open, and how many of those overdue."""
    span = actor.span(Permission.ACTION_READ)
    today = clock.today(actor.organization.timezone)
    values = {"of": actor.organization.id, "today": today}
    if span is None:
        rows = db.session.execute(_TALLY, values).all()
    else:
        rows = db.session.execute(_TALLY_WITHIN, values | {"span": sorted(span)}).all()
    still = [(count, overdue) for state, count, overdue in rows if state in OPEN]
    return (
        sum(row[1] for row in rows),
        sum(count for count, _late in still),
        sum(late for _count, late in still),
    )


def listed(actor: Actor, wanted: Filter) -> list[Shown]:
    """All that the list goes through page by page, in the order of their numbers."""
    return _rows(actor, _chosen(actor, wanted).order_by(Action.id))


def everything(organization_id: int) -> list[tuple[Action, str | None, str | None, str | None]]:
    """(action, names of its unit and wave, address of whoever looks after it) of all actions, the oldest first."""
    found = _with_names().where(Action.organization_id == organization_id).order_by(Action.id)
    return [(action, unit, wave, email) for action, unit, wave, email, _id in db.session.execute(found)]


def _readable(actor: Actor) -> Found:
    return _within(actor, _with_names())


def _with_names() -> Found:
    return (
        select(Action, Unit.name, Wave.name, Account.email, ActionOwner.member_id)
        .outerjoin(Unit, Unit.id == Action.unit_id)
        .outerjoin(Wave, Wave.id == Action.wave_id)
        .outerjoin(ActionOwner, ActionOwner.action_id == Action.id)
        .outerjoin(Member, Member.id == ActionOwner.member_id)
        .outerjoin(Account, Account.id == Member.account_id)
    )


def _within(actor: Actor, found: Found) -> Found:
    """Of the actor's organization, and of the units whose actions they may read."""
    found = found.where(Action.organization_id == actor.organization.id)
    span = actor.span(Permission.ACTION_READ)
    return found if span is None else found.where(Action.unit_id.in_(span))


def _chosen(actor: Actor, wanted: Filter) -> Found:
    found = _readable(actor)
    if wanted.unit is not None:
        found = found.where(Action.unit_id.is_not_distinct_from(wanted.unit or None))
    if wanted.state is not None:
        found = found.where(Action.state == wanted.state)
    if wanted.mine:
        found = found.where(ActionOwner.member_id == actor.member_id)
    if wanted.overdue:
        found = found.where(Action.state.in_(OPEN), Action.due < clock.today(actor.organization.timezone))
    return found


def _ordered(found: Found) -> Found:
    ended = Action.state.in_(ENDED)
    last_first = case((ended, Action.moved_at)).desc()
    return found.order_by(ended, last_first, Action.due.is_(None), Action.due, Action.id)


def _count(chosen: Found) -> int:
    return db.session.scalar(chosen.with_only_columns(func.count(Action.id))) or 0


def _rows(actor: Actor, found: Found, values: Mapping[str, Any] | None = None) -> list[Shown]:
    today = clock.today(actor.organization.timezone)
    changing = actor.span(Permission.ACTION_CHANGE)
    return [
        Shown(
            action,
            unit or "",
            wave or "",
            email or "",
            member_id,
            today,
            may_change=changing is None or action.unit_id in changing,
        )
        for action, unit, wave, email, member_id in db.session.execute(found, values)
    ]


# Pages of results ask these each time, so they are built once: building one costs more than running it.
_OF_UNIT = _ordered(
    _with_names().where(
        Action.organization_id == bindparam("of"),
        Action.unit_id.is_not_distinct_from(bindparam("unit", type_=Action.unit_id.type)),
        or_(Action.state.in_(OPEN), Action.wave_id == bindparam("wave")),
    )
)
_TALLY = (
    select(Action.state, func.count(), func.count(case((Action.due < bindparam("today"), 1))))
    .where(Action.organization_id == bindparam("of"))
    .group_by(Action.state)
)
_TALLY_WITHIN = _TALLY.where(Action.unit_id.in_(bindparam("span", expanding=True)))


def published(organization_id: int) -> dict[int, datetime]:
    """When each wave was published, by its id."""
    found = select(Wave.id, Wave.published_at).where(
        Wave.organization_id == organization_id, Wave.published_at.is_not(None)
    )
    return {wave_id: at for wave_id, at in db.session.execute(found) if at is not None}


def acted(organization_id: int, practice: str, wave_id: int) -> frozenset[int | None]:
    """The units that had an action on a practice before a wave was published, None for the whole organization.

    Whatever became of it, and whoever asks: it tells which units may stand beside others as those that did not act.
    """
    wave = db.session.get_one(Wave, wave_id)
    found = (
        select(Action.unit_id)
        .join(Wave, Wave.id == Action.wave_id)
        .where(
            Action.organization_id == organization_id,
            Action.practice == practice,
            Wave.questionnaire_key == wave.questionnaire_key,
        )
    )
    if wave.published_at is not None:
        found = found.where(Action.made_at < wave.published_at)
    return frozenset(db.session.scalars(found))


def units(actor: Actor, permission: Permission) -> list[Place]:
    """The open units on which the actor has a permission, the whole organization first where it holds on all."""
    span = actor.span(permission)
    rows = db.session.execute(
        select(Unit.id, Unit.name, Unit.parent_id)
        .where(Unit.organization_id == actor.organization.id, Unit.closed.is_(False))
        .order_by(Unit.position, Unit.id)
    ).all()
    known = {row.id: row for row in rows}
    children: dict[int | None, list[int]] = {}
    for row in rows:
        children.setdefault(row.parent_id if row.parent_id in known else None, []).append(row.id)
    found = [Place(None, actor.organization.name)] if span is None else []

    def walk(parent: int | None, path: tuple[str, ...]) -> None:
        for identity in children.get(parent, ()):
            name = known[identity].name
            if span is None or identity in span:
                found.append(Place(identity, name, path))
                walk(identity, (*path, name))
            else:
                walk(identity, ())

    walk(None, ())
    return found


def people(actor: Actor, unit_id: int | None) -> list[tuple[int, str]]:
    """(member id, address) of those who may look after an action of a unit: who may read it, by address.

    ANYWHERE: of some unit. Whoever does not decide for the whole organization is offered themselves and the people of the own units, because a
    list of members is not theirs to read.
    """
    mine = actor.span(Permission.ACTION_CHANGE)
    rows = db.session.execute(
        _who_may_read(actor.organization.id, unit_id).with_only_columns(
            Member.id, Account.email, MemberRole.unit_id
        )
    )
    found = {
        row.id: row.email for row in rows if mine is None or row.unit_id in mine or row.id == actor.member_id
    }
    return sorted(found.items(), key=lambda one: one[1])


def may_look_after(organization_id: int, unit_id: int | None, member_id: int) -> bool:
    """Whether a member may read the actions of a unit, and so look after one."""
    found = _who_may_read(organization_id, unit_id).where(Member.id == member_id)
    return db.session.execute(found.limit(1)).first() is not None


def _who_may_read(organization_id: int, unit_id: int | None) -> Found:
    covers: ColumnElement[bool] = MemberRole.unit_id.is_(None)
    if unit_id == ANYWHERE:
        covers = true()
    elif unit_id is not None:
        covers = or_(covers, MemberRole.unit_id.in_(_above(organization_id, unit_id)))
    return (
        select(Member.id)
        .join(MemberRole, MemberRole.member_id == Member.id)
        .join(Account, Account.id == Member.account_id)
        .where(Member.organization_id == organization_id, MemberRole.role.in_(READING), covers)
    )


def _above(organization_id: int, unit_id: int) -> list[int]:
    """The unit and all above it."""
    parents = dict(
        db.session.execute(
            select(Unit.id, Unit.parent_id).where(Unit.organization_id == organization_id)
        ).all()
    )
    found: list[int] = []
    at: int | None = unit_id
    while at is not None and at not in found:
        found.append(at)
        at = parents.get(at)
    return found
