"""Actions, as programs read and write them: for the same units, by the same rules and with the same commands as the pages."""

from collections.abc import Iterable
from datetime import date

from flask import abort, g
from pydantic import Field

from webapp import clock
from webapp.access import Permission
from webapp.actions import commands, measured, queries
from webapp.api import LARGEST_ID, Answer, Body, Day, Id, Page, Routes, Thing
from webapp.domain.action import LONGEST_NOTE, LONGEST_REASON, LONGEST_TITLE, State
from webapp.domain.refusal import Refused

routes = Routes()

LONGEST_KEY = 60


class Action(Thing):
    """What a unit decided to do."""

    unit: int | None = Field(description="Whose action it is; null for the whole organization.")
    title: str
    note: str
    wave: int | None = Field(description="The wave in whose results it was decided.")
    practice: str = Field(description="The key of the practice that it should move; empty for none.")
    item: str = Field(description="The key of the one question that it should move; empty for none.")
    advice: str = Field(description="The advice that was adopted; empty for own words.")
    member: int | None = Field(description="The number of the member who looks after it.")
    due: date | None
    overdue: bool
    state: State
    reason: str = Field(description="Why it was dropped, or what came of it.")
    made_on: date
    moved_on: date
    version: int = Field(description="Send it along with a change, so that nobody is overwritten.")


class Actions(Answer):
    items: list[Action]
    next: int | None


class ActionsWanted(Page):
    unit: int | None = Field(
        None, ge=0, le=LARGEST_ID, description="Those of one unit; 0 for those of the whole organization."
    )
    state: State | None = Field(None, strict=False)


class NewAction(Body):
    """An action in words of one's own."""

    unit: Id | None = Field(description="Null for the whole organization.")
    title: str = Field(min_length=1, max_length=LONGEST_TITLE, description="A verb and a thing, in one line.")
    note: str = Field("", max_length=LONGEST_NOTE, description="Nothing about a person.")
    practice: str = Field("", max_length=LONGEST_KEY, description="A practice of the latest results.")
    item: str = Field("", max_length=LONGEST_KEY, description="A question of that practice.")
    member: Id | None = Field(None, description="Who looks after it: somebody who may read it.")
    due: Day | None = Field(None, description="Today or later, within ten years.")


class ChangedAction(Body):
    """All that can be changed of an action, as it shall be, and the version that was read."""

    version: Id
    title: str = Field(min_length=1, max_length=LONGEST_TITLE)
    note: str = Field(max_length=LONGEST_NOTE)
    practice: str = Field(max_length=LONGEST_KEY)
    item: str = Field(max_length=LONGEST_KEY)
    member: Id | None
    due: Day | None


class Moved(Body):
    """Where an action goes."""

    state: State
    reason: str = Field(
        "", max_length=LONGEST_REASON, description="Needed where it is dropped, kept where it ends."
    )


@routes.get("/actions", Permission.ACTION_READ)
def actions(query: ActionsWanted) -> Actions:
    """The actions that you may read."""
    wanted = queries.Filter(unit=query.unit, state=query.state)
    found = queries.after(g.actor, wanted, query.after, query.limit + 1)
    shown = found[: query.limit]
    more = shown[-1].action.id if len(found) > len(shown) else None
    return Actions(items=[_told(one) for one in shown], next=more)


@routes.get("/actions/<int:action_id>", Permission.ACTION_READ)
def action(action_id: int) -> Action:
    """One action."""
    return _told(_readable(action_id))


@routes.post("/actions", Permission.ACTION_CHANGE)
def new_action(body: NewAction) -> Action:
    """Decide something in words of one's own.

    Of one unit no two open actions have the same words: the same sent twice is written down once and answered alike,
    other things with the same words are refused. To name a practice the scope `result:read` is needed too.
    """
    if body.unit not in {place.id for place in queries.units(g.actor, Permission.ACTION_CHANGE)}:
        raise Refused("There is no such unit.", place="unit")
    latest = measured.latest(g.actor)
    _check_measure(latest.measures if latest else (), body.practice, body.item)
    _check_member(body.unit, body.member)
    made = commands.adopt(
        organization=g.actor.organization,
        unit_id=body.unit,
        wave_id=latest.wave_id if latest else None,
        title=body.title,
        note=body.note,
        practice=body.practice,
        item=body.item,
        member_id=body.member,
        due=body.due,
        by=g.account,
    )
    return _told(_readable(made.id))


@routes.put("/actions/<int:action_id>", Permission.ACTION_CHANGE)
def change_action(action_id: int, body: ChangedAction) -> Action:
    """Change the words, the day, and who looks after it.

    Of an adopted advice the practice stays. Where somebody changed it since `version`, it is refused: read it again.
    """
    shown = _changeable(action_id)
    stored = shown.action
    if (body.practice, body.item) != (stored.practice, stored.item):
        of_wave = measured.of_wave(g.actor, stored.wave_id) if stored.wave_id else None
        known = [
            one
            for one in (of_wave.measures if of_wave else ())
            if not stored.advice or one.practice == stored.practice
        ]
        _check_measure(known, body.practice, body.item, none=not stored.advice)
    if body.member != shown.member_id:
        _check_member(stored.unit_id, body.member)
    try:
        commands.change(
            action=stored,
            version=body.version,
            title=body.title,
            note=body.note,
            practice=body.practice,
            item=body.item,
            member_id=body.member,
            due=body.due,
            by=g.account,
        )
    except commands.Outdated:
        raise Refused("Somebody changed it meanwhile. Read it again.", place="version") from None
    return _told(_readable(action_id))


@routes.put("/actions/<int:action_id>/state", Permission.ACTION_CHANGE)
def move_action(action_id: int, body: Moved) -> Action:
    """Take an action to another state; where it is there already, nothing happens."""
    shown = _changeable(action_id)
    commands.move(action=shown.action, seen=shown.state, to=body.state, reason=body.reason, by=g.account)
    return _told(_readable(action_id))


def _readable(action_id: int) -> queries.Shown:
    return queries.one(g.actor, action_id) or abort(404)


def _changeable(action_id: int) -> queries.Shown:
    """404 where it is not theirs to read, 403 where it is theirs to read alone."""
    shown = _readable(action_id)
    return shown if shown.may_change else abort(403)


def _check_measure(known: Iterable[measured.Measure], practice: str, item: str, *, none: bool = True) -> None:
    """What it should move: something that was measured, or nothing."""
    if none and not practice and not item:
        return
    found = next((one for one in known if one.practice == practice), None)
    if found is None:
        raise Refused("These results measure no such practice.", place="practice")
    if item and item not in dict(found.items):
        raise Refused("This practice has no such question.", place="item")


def _check_member(unit_id: int | None, member_id: int | None) -> None:
    if member_id is not None and member_id not in dict(queries.people(g.actor, unit_id)):
        raise Refused("Only who may read an action can look after it.", place="member")


def _told(shown: queries.Shown) -> Action:
    stored, zone = shown.action, g.actor.organization.timezone
    return Action(
        id=stored.id,
        unit=stored.unit_id,
        title=stored.title,
        note=stored.note,
        wave=stored.wave_id,
        practice=stored.practice,
        item=stored.item,
        advice=stored.advice,
        member=shown.member_id,
        due=stored.due,
        overdue=shown.overdue,
        state=shown.state,
        reason=stored.reason,
        made_on=clock.day_in(stored.made_at, zone),
        moved_on=clock.day_in(stored.moved_at, zone),
        version=stored.version,
    )
