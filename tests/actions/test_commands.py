"""What is decided, changed and moved, also by two at once."""

import json
from datetime import date, timedelta
from functools import partial

import pytest
import sqlalchemy as sa

from tests.actions.conftest import Acme
from tests.fixtures import organizations as made
from tests.waves.conftest import at_once
from webapp import clock
from webapp.actions import commands
from webapp.domain.action import State
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import Action, ActionOwner, AuditEvent
from webapp.organizations import commands as organizations
from webapp.organizations import erasing
from webapp.units import commands as units

LEADER = "leader@acme.example"


def values(action: Action, **changed: object) -> dict[str, object]:
    names = ("title", "note", "practice", "item", "due")
    return {name: getattr(action, name) for name in names} | {"member_id": None} | changed


def change(acme: Acme, number: int, version: int, **changed: object) -> None:
    with acme.inside():
        action = db.session.get_one(Action, number)
        commands.change(action=action, version=version, by=None, **values(action, **changed))


def move(acme: Acme, number: int, seen: State, to: State, reason: str = "") -> None:
    with acme.inside():
        commands.move(action=db.session.get_one(Action, number), seen=seen, to=to, reason=reason, by=None)


def test_what_is_decided_stands_there_with_who_looks_after_it(acme: Acme) -> None:
    wave = acme.publish()
    due = clock.today("UTC") + timedelta(days=20)
    number = acme.adopt(
        "Engineering",
        wave_id=wave,
        practice="amplify",
        advice="Show it.",
        first_step="Ask one.",
        member_id=acme.member(LEADER),
        due=due,
    )
    shown = acme.shown(LEADER, number)
    assert shown is not None
    assert (shown.unit, shown.wave, shown.who) == ("Engineering", "First wave", LEADER)
    action = acme.action(number)
    assert (action.state, action.due, action.advice) == ("planned", due, "Show it.")
    assert acme.events() == ["action.made"]


def test_no_event_holds_a_word_of_an_action(acme: Acme) -> None:
    number = acme.adopt(title="Tell a secret", note="Of a person", member_id=None)
    change(acme, number, 1, title="Tell another secret")
    move(acme, number, State.PLANNED, State.DROPPED, "Kept the secret")
    with acme.inside():
        found = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action.startswith("action.")))
        for event in found:
            assert "secret" not in event.changes
            assert json.loads(event.changes)["unit"] == acme.units["Platform"]


def test_sent_twice_it_is_decided_once(acme: Acme) -> None:
    replies = at_once(*[acme.adopt] * 6)
    assert set(replies) == {acme.numbers()[0]}
    with pytest.raises(Refused, match="already"):
        acme.adopt(note="Another thing with the same words")
    acme.adopt("Mobile")  # another unit may do the same
    move(acme, acme.numbers()[0], State.PLANNED, State.DONE)
    acme.adopt()  # and the same one again, once it is done
    assert len(acme.numbers()) == 3


def test_only_who_may_read_it_can_look_after_it(acme: Acme) -> None:
    made.add_member(acme.app, acme.organization, "sales@acme.example", "leader", acme.units["Sales"])
    made.add_member(acme.app, acme.organization, "audit@acme.example", "auditor")
    leads, sells, audits = map(acme.member, (LEADER, "sales@acme.example", "audit@acme.example"))
    acme.adopt("Platform", member_id=leads)
    for unit, member in (("Platform", sells), ("Platform", audits), ("", leads), ("Sales", leads)):
        with pytest.raises(Refused, match="look after"):
            acme.adopt(unit, "Another", member_id=member)
    other = made.create(acme.app, "elsewhere", "Elsewhere")
    stranger = made.member_id(acme.app, other, "owner@elsewhere.example")
    with pytest.raises(Refused, match="look after"):
        acme.adopt("Platform", "Another", member_id=stranger)


def test_closed_units_foreign_units_and_foreign_waves_are_refused(acme: Acme) -> None:
    with acme.inside():
        units.close_unit(organization=acme.organization, unit_id=acme.units["Sales"], by=None)
    other = made.create(acme.app, "elsewhere", "Elsewhere")
    foreign = made.import_units(acme.app, other)["Sales"]
    acme.units |= {"foreign": foreign, "missing": 987_654}
    for unit in ("Sales", "foreign", "missing"):
        with pytest.raises(Refused, match="closed"):
            acme.adopt(unit)
    wave = made.open_one(acme.app, acme.organization)
    for number in (wave.id, 987_654):
        with pytest.raises(Refused, match="no results"):
            acme.adopt("Platform", wave_id=number)


def test_of_two_who_change_at_once_the_second_is_told_and_nothing_is_lost(acme: Acme) -> None:
    number = acme.adopt()
    first, second = at_once(
        lambda: change(acme, number, 1, title="The first"),
        lambda: change(acme, number, 1, title="The second"),
    )
    assert sorted([type(first), type(second)], key=str) == sorted([type(None), commands.Outdated], key=str)
    kept = acme.action(number)
    assert kept.title == ("The first" if first is None else "The second")
    assert kept.version == 2
    change(acme, number, 1, title=kept.title)  # sent twice: it stands there already
    change(acme, number, 2, title="Both")
    assert acme.action(number).title == "Both"
    assert acme.events().count("action.changed") == 2


def test_a_change_of_nothing_leaves_no_event(acme: Acme) -> None:
    number = acme.adopt()
    change(acme, number, 1)
    assert acme.action(number).version == 1
    assert acme.events() == ["action.made"]


def test_a_move_from_a_state_that_it_has_left_is_told(acme: Acme) -> None:
    number = acme.adopt()
    replies = at_once(*[partial(move, acme, number, State.PLANNED, State.DOING)] * 5)
    assert replies == [None] * 5
    assert acme.events().count("action.moved") == 1
    with pytest.raises(Refused, match="meanwhile"):
        move(acme, number, State.PLANNED, State.DROPPED, "no time")
    with pytest.raises(Refused, match="in one line"):
        move(acme, number, State.DOING, State.DROPPED)
    move(acme, number, State.DOING, State.DROPPED, "no time")
    assert acme.action(number).reason == "no time"
    move(acme, number, State.DROPPED, State.PLANNED)
    assert acme.action(number).reason == ""


def test_a_day_that_has_passed_may_stay_and_a_new_one_lies_ahead(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = clock.today("UTC") + timedelta(days=2)
    number = acme.adopt(due=due)
    monkeypatch.setattr(clock, "today", lambda _zone: due + timedelta(days=5))
    change(acme, number, 1, title="Still to do")
    for day in (due + timedelta(days=1), date.max):
        with pytest.raises(Refused):
            change(acme, number, 2, due=day)


def test_a_member_who_goes_leaves_the_action_to_nobody(acme: Acme) -> None:
    number = acme.adopt(member_id=acme.member(LEADER))
    with acme.inside():
        organizations.remove_member(organization=acme.organization, email=LEADER, by=None)
    shown = acme.shown("owner@acme.example", number)
    assert shown is not None
    assert shown.who == ""
    assert shown.member_id is None


def test_an_organization_that_goes_takes_its_actions_along(acme: Acme) -> None:
    wave = acme.publish()
    acme.adopt(wave_id=wave, member_id=acme.member(LEADER))
    with acme.inside():
        erasing.delete_organization(organization=acme.organization, word="acme", by=None)
        for table in (Action, ActionOwner):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(table)) == 0
