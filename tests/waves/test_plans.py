"""Plans open their waves once, where the organization is, and say what keeps them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from config import MailServer, Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.organizations import create, import_units, sign_in
from tests.fixtures.pages import CheckingClient
from tests.waves.conftest import Acme, at_once
from webapp import clock, outbox
from webapp.domain.recurring import Rhythm
from webapp.extensions import db
from webapp.models import Organization, Plan, Unit, Wave
from webapp.transaction import transaction
from webapp.waves import closing, ending, plans
from webapp.waves.plans import named

PATH = "/o/acme/waves/plans"


def today() -> date:
    return datetime.now(UTC).date()


def make(acme: Acme, **values: object) -> int:
    with acme.inside():
        return plans.add(
            **{
                "organization": db.session.get_one(Organization, acme.organization.id),
                "questionnaire": "ai-adoption",
                "form": "team-core",
                "rhythm": Rhythm("quarter", today(), 14),
                "reminders": [5, 10],
                "name": "{month} {year}",
                "by": None,
                **values,
            }
        ).id


def open_due(acme: Acme) -> None:
    with acme.inside():
        plans.open_due()


def waves(acme: Acme) -> list[Wave]:
    with acme.inside():
        found = list(db.session.scalars(sa.select(Wave).order_by(Wave.id)))
        db.session.expunge_all()
        return found


def move(patch: pytest.MonkeyPatch, day: date) -> None:
    patch.setattr(clock, "today", lambda _zone: day)


def test_a_wave_opens_on_its_day_with_its_reminders_and_its_end(acme: Acme) -> None:
    make(acme)
    open_due(acme)
    open_due(acme)
    (wave,) = waves(acme)
    assert (wave.form, wave.opened_on, wave.closes_on) == (
        "team-core",
        today(),
        today() + timedelta(days=13),
    )
    assert wave.name == f"{today():%B %Y}"
    assert wave.ends_at == clock.end_of(today() + timedelta(days=13), "UTC")
    assert acme.count("reminder_day") == 2
    with acme.inside():
        (plan,) = plans.of(acme.organization.id)
        assert (plan.number, plan.fault) == (1, "")


def test_names_and_letters_are_in_the_language_of_the_plan(lite: Acme) -> None:
    make(lite, language="de", rhythm=Rhythm("month", today(), 14))
    open_due(lite)
    (wave,) = waves(lite)
    assert wave.language == "de"
    assert wave.name == named("{month} {year}", today(), 1, "de")
    assert named("{month}", date(2027, 3, 1), 1, "de") == "März"
    with lite.inside():
        events = plans.coming(db.session.get_one(Organization, lite.organization.id))
        (plan,) = plans.of(lite.organization.id)
        third = plans.rhythm(plan).day(2)
    assert named("{month} {year}", third, 3, "de") in {event.name for event in events}


def test_four_workers_at_once_open_one_wave(acme: Acme) -> None:
    make(acme)
    assert at_once(*[lambda: open_due(acme)] * 4) == [None] * 4
    assert len(waves(acme)) == 1
    with acme.inside():
        assert plans.of(acme.organization.id)[0].number == 1


@pytest.mark.parametrize(("zone", "at_ten"), [("Pacific/Kiritimati", True), ("America/Los_Angeles", False)])
def test_it_opens_when_the_day_begins_where_the_organization_is(
    lite: Acme, monkeypatch: pytest.MonkeyPatch, zone: str, at_ten: bool
) -> None:
    day = today() + timedelta(days=3)
    make(lite, rhythm=Rhythm("month", day, 14))
    with lite.inside(), transaction() as session:
        session.execute(sa.update(Organization).values(timezone=zone))
    before = datetime(day.year, day.month, day.day, 10, 30, tzinfo=UTC) - timedelta(days=1)
    monkeypatch.setattr(clock, "today", lambda name: clock.day_in(before.replace(tzinfo=None), name))
    open_due(lite)
    assert bool(waves(lite)) == at_ten


def test_a_wave_that_is_still_open_is_waited_for_in_words(
    acme: Acme, owner_of_acme: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(acme)
    with acme.inside():
        asked = plans.questionnaires.available().find("ai-adoption")
        blocking = plans.opening.open_wave(
            organization=db.session.get_one(Organization, acme.organization.id),
            questionnaire=asked.questionnaire,
            text=asked.text,
            form="team-core",
            name="By hand",
            by=None,
        ).id
    open_due(acme)
    assert "The wave “By hand” of this form is still open" in owner_of_acme.page(PATH).text()
    acme.call(closing.close, blocking)
    move(monkeypatch, today() + timedelta(days=2))
    open_due(acme)
    late = waves(acme)[-1]
    assert late.closes_on == today() + timedelta(days=15), "it is open for as many days as planned"
    assert "is still open" not in owner_of_acme.page(PATH).text()


@pytest.fixture
def owner_of_acme(acme: Acme) -> CheckingClient:
    return sign_in(acme.app, acme.organization, "owner@acme.example")


def test_missed_openings_are_not_made_up_for_and_head_counts_are_of_the_day(
    lite: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(lite, rhythm=Rhythm("month", today(), 14), name="Round {number}")
    with lite.inside(), transaction() as session:
        session.execute(sa.update(Unit).where(Unit.name == "Sales").values(headcount=99))
    move(monkeypatch, Rhythm("month", today(), 14).day(3))
    open_due(lite)
    (wave,) = waves(lite)
    assert wave.name == "Round 4"
    assert {unit.name: unit.headcount for unit in lite.tree(wave.id)}["Sales"] == 99


def test_a_plan_is_made_seen_and_stopped_on_its_page(
    app: Flask, owner: CheckingClient, organization: Organization, units: dict[str, int]
) -> None:
    del units
    filled = {
        "form": "ai-adoption@1/team-core",
        "every": "quarter",
        "first_day": (today() + timedelta(days=9)).isoformat(),
        "days_open": "14",
        "days": "5, 10",
        "name": "{month} {year}",
    }
    assert owner.send(PATH, filled).status_code == 303
    assert "every quarter" in owner.page(PATH).text()
    again = owner.send(PATH, filled)
    assert again.status_code == 422
    assert "There is a plan for this form already" in again.text
    index = owner.page("/o/acme/waves").text()
    assert "What is coming" in index
    assert index.count("reminder") >= 8
    with app.app_context():
        (plan,) = plans.of(organization.id)
        events = plans.coming(db.session.get_one(Organization, organization.id))
    assert [event.kind for event in events[:4]] == ["opens", "reminds", "reminds", "closes"]
    assert owner.send(f"{PATH}/{plan.id}/stop", {}, on=PATH).status_code == 303
    assert Acme(app, organization).count("plan") == 0


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"name": "Always the same"}, "Each wave needs a name of its own"),
        ({"name": "{year}"}, "Each wave needs a name of its own"),
        ({"name": "{month}", "every": "month", "days_open": "9"}, "Each wave needs a name of its own"),
        ({"name": "={month} {year}"}, "begins like a formula"),
        ({"days_open": "90"}, "open for 1 to 89 days"),
        ({"days_open": "x"}, "Not a valid integer"),
        ({"days": "5, soon"}, "Write whole numbers"),
        ({"days": "14"}, "Reminders go on days 1 to 13"),
        ({"first_day": "2001-01-01"}, "today or a day within a year"),
        ({"first_day": "9999-12-31"}, "today or a day within a year"),
        ({"every": "week"}, "Not a valid choice"),
        ({"form": "ai-adoption@1/leader"}, "has no form “leader” for teams"),
        ({"form": ""}, "There is no questionnaire"),
    ],
)
def test_a_refusal_is_said_and_no_plan_made(
    app: Flask, owner: CheckingClient, organization: Organization, sent: dict[str, str], told: str
) -> None:
    filled = {
        "form": "ai-adoption@1/team-core",
        "every": "quarter",
        "first_day": today().isoformat(),
        "days_open": "14",
        "days": "",
        "name": "{month} {year}",
    }
    reply = owner.send(PATH, filled | sent)
    assert reply.status_code == 422
    assert told in reply.text
    assert Acme(app, organization).count("plan") == 0


def test_a_plan_of_another_organization_cannot_be_stopped(
    app: Flask, owner: CheckingClient, organization: Organization
) -> None:
    other = Acme(app, create(app, "other", "Other"))
    plan = make(other)
    assert owner.send(f"{PATH}/{plan}/stop", {}, on=PATH).status_code == 404
    assert other.count("plan") == 1
    assert organization.id != other.organization.id


def test_owners_are_told_by_mail_what_happened_by_itself(
    make_app: MakeApp, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = MailServer(host="127.0.0.1", port=1, user="", password="", encryption="print")
    app = make_app(replace(settings, mail_server=server, mail_from="groundswell@example.org"))
    acme = Acme(app, create(app))
    import_units(app, acme.organization)
    make(acme)
    open_due(acme)
    wave = waves(acme)[0]
    assert wave.ends_at is not None
    assert subjects(acme) == [f"Acme: “{wave.name}” is open"]
    monkeypatch.setattr(outbox, "now", lambda: wave.ends_at - timedelta(days=2))
    assert subjects(acme) == [f"Acme: “{wave.name}” ends soon"]
    acme.call(closing.close, wave.id)
    with acme.inside():
        ending.publish_closed()
    assert subjects(acme) == [f"Acme: “{wave.name}” is published"]


def test_owners_are_told_once_when_publishing_fails_and_not_of_what_they_did_by_hand(
    make_app: MakeApp, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server = MailServer(host="127.0.0.1", port=1, user="", password="", encryption="print")
    app = make_app(replace(settings, mail_server=server, mail_from="groundswell@example.org"))
    acme = Acme(app, create(app))
    import_units(app, acme.organization)
    by_hand = acme.open("By hand")
    acme.close(by_hand)
    assert subjects(acme) == []
    wave = acme.open("Failing")
    acme.call(closing.close, wave)
    kept = closing._computed

    def failing(_wave: Wave) -> None:
        raise MemoryError

    monkeypatch.setattr(closing, "_computed", failing)
    start, told = clock.now(), []
    for hours in range(5):
        monkeypatch.setattr(clock, "now", lambda: start + timedelta(hours=hours))  # noqa: B023 - called in the round
        with acme.inside():
            ending.publish_closed()
        told.append(subjects(acme))
    assert told == [[], [], ["Acme: “Failing” could not be published yet"], [], []]
    monkeypatch.setattr(closing, "_computed", kept)
    acme.close(wave)
    assert subjects(acme) == []


def subjects(acme: Acme) -> list[str]:
    """The letters that are due, which are taken for sent."""
    found = []
    with acme.inside():
        while (taken := outbox.take()) is not None:
            message = outbox.write(taken)
            assert message is not None
            assert f"/o/acme/waves/{taken.payload['wave']}" in message.text
            assert message.to == "owner@acme.example"
            found.append(message.subject)
            outbox.settle(taken, outbox.Outcome("sent"))
    return found


def test_what_a_plan_is_of_stays_when_its_questionnaire_is_gone(lite: Acme) -> None:
    plan = make(lite)
    with lite.inside(), transaction() as session:
        session.execute(sa.update(Plan).where(Plan.id == plan).values(questionnaire_key="gone"))
    open_due(lite)
    with lite.app.test_request_context():
        (found,) = plans.of(lite.organization.id)
        assert "There is no questionnaire" in plans.fault(found)
        assert plans.title(found) == "gone: team-core"
        assert plans.coming(db.session.get_one(Organization, lite.organization.id))
