"""Whoever looks after an action gets a letter a week before its day and one on the day: once each, while it is open."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
import sqlalchemy as sa

from config import Settings
from tests.actions.conftest import Acme, furnished
from tests.fixtures.applications import MakeApp
from tests.fixtures.organizations import add_member
from tests.fixtures.post_office import PostOffice
from tests.waves.conftest import at_once
from webapp import clock, outbox, worker
from webapp.actions import commands, reminders
from webapp.domain.action import State
from webapp.extensions import db
from webapp.models import Action, Organization, OutboxRow
from webapp.organizations import commands as organizations
from webapp.transaction import transaction

LEADER = "leader@acme.example"
Later = Callable[[int], None]


@pytest.fixture
def acme(make_app: MakeApp, settings: Settings, engine_url: str, post_office: PostOffice) -> Acme:
    """On both databases, with a mail server of its own."""
    sender = "Groundswell <groundswell@example.org>"
    mailing = replace(
        settings,
        database_url=engine_url,
        mail_server=post_office.server(),
        mail_from=sender,
        mail_per_minute=60_000,
    )
    return furnished(make_app(mailing))


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Later:
    """`later(days)`: so many days from the first one; it is always day."""
    now, today, moved = clock.now, clock.today, [timedelta()]
    monkeypatch.setattr(clock, "now", lambda: now() + moved[0])
    monkeypatch.setattr(outbox, "now", lambda: now() + moved[0])
    monkeypatch.setattr(clock, "today", lambda zone: today(zone) + moved[0])
    monkeypatch.setattr(reminders, "EARLIEST_HOUR", 0)

    def move(days: int) -> None:
        moved[0] = timedelta(days=days)

    return move


def send(acme: Acme) -> None:
    """What the worker does in one go."""
    with acme.inside():
        reminders.queue_due()
    with acme.inside():
        worker.deliver(threading.Event())


def due_in(acme: Acme, days: int, **values: Any) -> int:
    due = clock.today("UTC") + timedelta(days=days)
    return acme.adopt("Platform", due=due, **{"member_id": acme.member(LEADER), **values})


def test_a_letter_goes_a_week_before_and_one_on_the_day(
    acme: Acme, post_office: PostOffice, later: Later
) -> None:
    number = due_in(acme, 20)
    sent = []
    for day in range(25):
        later(day)
        send(acme)
        send(acme)
        sent.append(len(post_office.letters))
    assert [day for day in range(1, 25) if sent[day] > sent[day - 1]] == [13, 20]
    assert post_office.receivers == [LEADER, LEADER]
    first = post_office.letters[0]
    assert first["Subject"].startswith("Acme: due on ")
    text = first.get_content()
    assert "You look after this action of Platform, which is due on" in text
    assert "“Show what works”" in text
    assert f"/o/acme/actions/{number}" in text.split()[-1]


@pytest.mark.parametrize("state", [State.DONE, State.DROPPED])
def test_nobody_is_reminded_of_what_has_ended(
    acme: Acme, post_office: PostOffice, later: Later, state: State
) -> None:
    number = due_in(acme, 20)
    with acme.inside():
        action = db.session.get_one(Action, number)
        commands.move(action=action, seen=State.PLANNED, to=state, reason="So", by=None)
    for day in (13, 20):
        later(day)
        send(acme)
    assert not post_office.letters


def test_what_ends_while_its_letter_waits_is_not_sent(
    acme: Acme, post_office: PostOffice, later: Later
) -> None:
    numbers = [due_in(acme, 20, title=f"Thing {place}") for place in range(4)]
    later(13)
    with acme.inside():
        reminders.queue_due()
        moving, changing, _given, kept = (db.session.get_one(Action, number) for number in numbers)
        commands.move(action=moving, seen=State.PLANNED, to=State.DONE, by=None)
        values = {"title": "Thing 1", "note": "", "practice": "", "item": ""}
        leader = acme.member(LEADER)
        another_day = clock.today("UTC") + timedelta(days=30)
        commands.change(action=changing, version=1, by=None, **values, due=another_day, member_id=leader)
        given = db.session.get_one(Action, numbers[2])
        owner = acme.member("owner@acme.example")
        commands.change(
            action=given, version=1, by=None, **values | {"title": "Thing 2"}, due=given.due, member_id=owner
        )
        assert kept.id == numbers[3]
    with acme.inside():
        worker.deliver(threading.Event())
    assert len(post_office.letters) == 1
    assert "Thing 3" in post_office.letters[0].get_content()


def test_another_day_is_reminded_of_anew(acme: Acme, post_office: PostOffice, later: Later) -> None:
    number = due_in(acme, 20)
    later(13)
    send(acme)
    with acme.inside():
        action = db.session.get_one(Action, number)
        commands.change(
            action=action,
            version=action.version,
            by=None,
            title=action.title,
            note="",
            practice="",
            item="",
            due=clock.today("UTC") + timedelta(days=30),
            member_id=acme.member(LEADER),
        )
    for day in range(14, 50):
        later(day)
        send(acme)
    assert len(post_office.letters) == 3


def test_two_workers_at_once_queue_one_letter(acme: Acme, later: Later) -> None:
    due_in(acme, 20)
    later(13)

    def chore() -> None:
        with acme.inside():
            reminders.queue_due()

    assert at_once(*[chore] * 4) == [None] * 4
    with acme.inside():
        assert (
            len(db.session.scalars(sa.select(OutboxRow).where(OutboxRow.kind == reminders.KIND)).all()) == 1
        )


def test_who_lost_the_role_or_is_gone_gets_no_letter(
    acme: Acme, post_office: PostOffice, later: Later
) -> None:
    add_member(acme.app, acme.organization, "platform@acme.example", "leader", acme.units["Platform"])
    due_in(acme, 20)
    due_in(acme, 20, title="Another", member_id=acme.member("platform@acme.example"))
    later(13)
    with acme.inside():
        reminders.queue_due()
        organizations.remove_member(organization=acme.organization, email=LEADER, by=None)
        organizations.take_role(
            organization=acme.organization,
            member_id=acme.member("platform@acme.example"),
            role="leader",
            unit_id=acme.units["Platform"],
            by=None,
        )
    with acme.inside():
        worker.deliver(threading.Event())
    assert not post_office.letters


def test_a_worker_that_was_away_sends_no_letter_days_late(
    acme: Acme, post_office: PostOffice, later: Later
) -> None:
    due_in(acme, 20)
    later(24)
    send(acme)
    assert not post_office.letters
    due_in(acme, 5, title="Soon")  # within a week: no letter about the week
    later(26)
    send(acme)
    assert not post_office.letters
    later(30)
    send(acme)
    assert len(post_office.letters) == 1


def test_letters_speak_the_language_of_the_organization(
    acme: Acme, post_office: PostOffice, later: Later
) -> None:
    with acme.inside(), transaction() as session:
        session.execute(sa.update(Organization).values(language="de"))
    due_in(acme, 20)
    later(13)
    send(acme)
    (letter,) = post_office.letters
    assert "fällig am" in letter["Subject"]


def test_where_no_mail_is_set_up_nothing_waits_and_nothing_counts_as_sent(lite: Acme, later: Later) -> None:
    due = clock.today("UTC") + timedelta(days=20)
    number = lite.adopt("Platform", due=due, member_id=lite.member(LEADER))
    later(13)
    with lite.inside():
        reminders.queue_due()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(OutboxRow)) == 0
    assert lite.action(number).reminded == ""


def test_nobody_is_woken_at_night(
    acme: Acme, later: Later, monkeypatch: pytest.MonkeyPatch, post_office: PostOffice
) -> None:
    due_in(acme, 20)
    later(13)
    monkeypatch.setattr(reminders, "EARLIEST_HOUR", 8)
    for hour, letters in ((3, 0), (9, 1)):
        monkeypatch.setattr(clock, "hour", partial(lambda at, _zone: at, hour))
        send(acme)
        assert len(post_office.letters) == letters
