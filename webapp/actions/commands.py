"""What is decided, changed and moved. Whoever calls has asked whether the actor may."""

from datetime import date
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import audit, clock
from webapp.actions import queries
from webapp.domain import action as rules
from webapp.domain.action import State
from webapp.domain.refusal import Refused
from webapp.models import Account, Action, ActionOwner, Organization, Unit, Wave
from webapp.transaction import locked, transaction

SAID = ("wave_id", "practice", "item", "note", "advice", "first_step", "due")


class Outdated(Exception):  # noqa: N818 - a state of the world: somebody else was first
    """Somebody changed the action since the form was opened; nothing was written."""


def adopt(
    *,
    organization: Organization,
    unit_id: int | None,
    title: str,
    wave_id: int | None = None,
    practice: str = "",
    item: str = "",
    note: str = "",
    advice: str = "",
    first_step: str = "",
    member_id: int | None = None,
    due: date | None = None,
    by: Account | None,
) -> Action:
    """Write down what a unit will do (None: the whole organization), and who looks after it until when.

    wave_id, practice, item, advice, first_step: what it answers, where it comes from results. Of one unit no two open
    actions have the same title: the same sent twice is written down once, anything else is refused.
    """
    today = clock.today(organization.timezone)
    made = Action(
        organization_id=organization.id,
        unit_id=unit_id,
        wave_id=wave_id,
        practice=practice,
        item=item,
        title=rules.title(title),
        note=rules.note(note),
        advice=advice,
        first_step=first_step,
        due=rules.due(due, today),
        state=State.PLANNED,
        reason="",
        reminded=rules.reminded_at_first(due, today),
        version=1,
        made_at=clock.now(),
        moved_at=clock.now(),
    )
    with transaction() as session:
        locked(session, Organization, made.organization_id)  # of two at once the second finds the first
        _check_place(session, made)
        known = _same_title(session, made)
        if known is not None and _is_what(session, known, made, member_id):
            return known
        if known is not None:
            raise Refused("There is an open action with these words already.", place="title")
        session.add(made)
        session.flush()
        _give(session, made, member_id)
        _note(session, made, by, "action.made")
    return made


def change(*, action: Action, version: int, by: Account | None, **values: Any) -> None:
    """Change words, day and who looks after it, as `version` of it was read; raises Outdated when it is another by now.

    values: title, note, practice, item, member_id, due. Sent twice the same is done once.
    """
    number, organization_id = action.id, action.organization_id
    with transaction() as session:
        stored = locked(session, Action, number)
        today = clock.today(session.get_one(Organization, organization_id).timezone)
        wanted = {
            "title": rules.title(values["title"]),
            "note": rules.note(values["note"]),
            "practice": values["practice"],
            "item": values["item"],
            "due": values["due"] if values["due"] == stored.due else rules.due(values["due"], today),
        }
        owner = session.get(ActionOwner, number)
        changed = {name: value for name, value in wanted.items() if getattr(stored, name) != value}
        moved = (owner.member_id if owner else None) != values["member_id"]
        if not changed and not moved:
            return
        if stored.version != version:
            raise Outdated
        for name, value in changed.items():
            setattr(stored, name, value)
        if "due" in changed:
            stored.reminded = rules.reminded_at_first(stored.due, today)
        if moved:
            _give(session, stored, values["member_id"])
        stored.version += 1
        _note(session, stored, by, "action.changed")


def move(*, action: Action, seen: State, to: State, reason: str = "", by: Account | None) -> None:
    """Take an action from the state that was seen to another; where it is there already, nothing happens."""
    number = action.id
    why = rules.reason(reason, to)
    with transaction() as session:
        stored = locked(session, Action, number)
        if stored.state == to:
            return
        if stored.state != seen:
            raise Refused("Somebody else moved it meanwhile. Look at it again.")
        rules.check_move(seen, to)
        stored.state, stored.reason, stored.moved_at = to, why, clock.now()
        stored.version += 1
        _note(session, stored, by, "action.moved", state=str(to))


def _check_place(session: Session, made: Action) -> None:
    """A unit that is open, and a wave that is published; both of this organization."""
    if made.unit_id is not None:
        unit = session.scalar(
            select(Unit).where(Unit.organization_id == made.organization_id, Unit.id == made.unit_id)
        )
        if unit is None or unit.closed:
            raise Refused("This unit is closed.", place="unit")
    if made.wave_id is not None:
        published = select(Wave.id).where(
            Wave.organization_id == made.organization_id, Wave.id == made.wave_id, Wave.status == "published"
        )
        if session.scalar(published) is None:
            raise Refused("There are no results of this wave.")


def _same_title(session: Session, made: Action) -> Action | None:
    same = select(Action).where(
        Action.organization_id == made.organization_id,
        Action.unit_id.is_not_distinct_from(made.unit_id),
        Action.title == made.title,
        Action.state.in_(rules.OPEN),
    )
    return session.scalars(same.limit(1)).first()


def _is_what(session: Session, known: Action, made: Action, member_id: int | None) -> bool:
    """Whether an action is still exactly what somebody writes down now: a second click, or a program that tries again."""
    owner = session.get(ActionOwner, known.id)
    return (
        known.version == 1
        and all(getattr(known, name) == getattr(made, name) for name in SAID)
        and (owner.member_id if owner else None) == member_id
    )


def _give(session: Session, action: Action, member_id: int | None) -> None:
    """Let a member look after it; None for nobody."""
    session.execute(delete(ActionOwner).where(ActionOwner.action_id == action.id))
    if member_id is None:
        return
    if not queries.may_look_after(action.organization_id, action.unit_id, member_id):
        raise Refused("Only who may read an action can look after it.", place="member")
    session.add(ActionOwner(organization_id=action.organization_id, action_id=action.id, member_id=member_id))


def _note(session: Session, action: Action, by: Account | None, event: str, **more: str) -> None:
    """The event names numbers and keys alone: what an action says may be about people."""
    audit.record(
        session,
        organization_id=action.organization_id,
        by=by,
        action=event,
        number=action.id,
        unit=action.unit_id,
        practice=action.practice,
        **more,
    )
