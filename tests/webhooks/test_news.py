"""What webhooks are told of waves: each thing once, when it happened, and nothing that is none of their business."""

import json
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from tests.fixtures import organizations as made
from tests.webhooks.conftest import Clock, House, housed
from webapp import clock, worker
from webapp.domain.recurring import Rhythm
from webapp.extensions import db
from webapp.models import Organization, Wave
from webapp.organizations import erasing
from webapp.waves import closing, plans
from webapp.webhooks import commands


def last_day(days: int = 9) -> dict[str, object]:
    return {"closes_on": clock.today("UTC") + timedelta(days=days)}


def told(house: House) -> list[str]:
    return [received.json["event"] for received in house.receiver.received]


def test_an_opening_is_told_with_its_days_and_nothing_else(house: House) -> None:
    house.add()
    wave = made.open_one(house.app, house.organization, "Autumn", **last_day())
    house.deliver()
    house.deliver()
    (received,) = house.receiver.received
    assert received.json == {
        "format": 1,
        "id": received.id,
        "event": "wave.opened",
        "at": received.json["at"],
        "organization": "acme",
        "wave": {
            "id": wave.id,
            "name": "Autumn",
            "form": "team-core",
            "opens": clock.today("UTC").isoformat(),
            "closes": (clock.today("UTC") + timedelta(days=9)).isoformat(),
        },
        "url": f"http://127.0.0.1:8000/o/acme/waves/{wave.id}",
    }
    assert datetime.fromisoformat(received.json["at"]).utcoffset() == timedelta(0)


def test_a_publication_is_told_once_and_leads_to_the_results(house: House) -> None:
    house.add()
    wave = made.open_one(house.app, house.organization, "Autumn")
    made.answer(house.app, wave)
    made.publish(house.app, wave)
    with house.app.app_context():
        closing.publish(wave=made.again(wave), by=None)
    house.deliver()
    assert told(house) == ["wave.opened", "wave.published"]
    last = house.receiver.received[-1].json
    assert last["url"] == f"http://127.0.0.1:8000/o/acme/?wave={wave.id}"
    assert last["wave"]["closes"] is None
    said = json.dumps(house.receiver.received[-1].json)
    assert not {"score", "headcount", "answers", "owner@", "participation"} & set(
        said.replace('"', " ").split()
    )


def test_the_page_of_a_message_is_there(lite: House) -> None:
    lite.add()
    wave = made.open_one(lite.app, lite.organization, "Autumn", **last_day())
    made.answer(lite.app, wave)
    made.publish(lite.app, wave)
    hook, _secret = lite.add(address=lite.receiver.url("/other"))
    lite.do(commands.send_test, hook)
    lite.deliver()
    owner = made.sign_in(lite.app, lite.organization, "owner@acme.example")
    for received in lite.receiver.received:
        assert owner.get(received.json["url"].removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert len(lite.receiver.received) == 3


def test_that_a_wave_ends_soon_is_told_a_day_before_and_once(house: House, time: Clock) -> None:
    house.add()
    wave = made.open_one(house.app, house.organization, **last_day())
    assert wave.ends_at is not None
    house.deliver()
    time.at = wave.ends_at - timedelta(days=1, minutes=1)
    house.deliver()
    assert told(house) == ["wave.opened"]
    time.move(minutes=1)
    for _ in range(4):
        house.deliver()
        time.move(hours=6)
    assert told(house) == ["wave.opened", "wave.closing"]
    soon = house.receiver.received[-1].json
    assert soon["at"] == (wave.ends_at - timedelta(days=1)).isoformat(timespec="seconds") + "Z"
    assert house.rows() == []


def test_a_webhook_that_was_added_later_is_told_the_end_and_not_the_opening(lite: House, time: Clock) -> None:
    wave = made.open_one(lite.app, lite.organization, **last_day())
    lite.add()
    lite.deliver()
    assert wave.ends_at is not None
    time.at = wave.ends_at - timedelta(hours=3)
    lite.deliver()
    assert told(lite) == ["wave.closing"]


@pytest.mark.parametrize("how", ["closed", "published"])
def test_a_wave_that_was_closed_before_does_not_end_soon(lite: House, time: Clock, how: str) -> None:
    lite.add(events=["wave.closing"])
    wave = made.open_one(lite.app, lite.organization, **last_day())
    made.answer(lite.app, wave)
    with lite.app.app_context():
        closing.close(wave=made.again(wave), by=None)
        if how == "published":
            closing.publish(wave=made.again(wave), by=None)
    time.move(days=9)
    lite.deliver()
    assert lite.receiver.received == []
    assert lite.rows() == []


def test_a_wave_of_one_day_says_both(lite: House) -> None:
    lite.add()
    made.open_one(lite.app, lite.organization, **last_day(0))
    lite.deliver()
    assert sorted(told(lite)) == ["wave.closing", "wave.opened"]


def test_only_what_was_chosen_is_told_and_a_choice_holds_for_the_end_that_comes(
    lite: House, time: Clock
) -> None:
    hook, _secret = lite.add(events=["wave.published"])
    wave = made.open_one(lite.app, lite.organization, **last_day())
    assert wave.ends_at is not None
    lite.deliver()
    assert told(lite) == []
    lite.do(commands.change, hook, name="Other", events=["wave.closing"])
    time.at = wave.ends_at - timedelta(hours=3)
    lite.deliver()
    assert told(lite) == ["wave.closing"]


def test_one_that_is_turned_off_is_told_nothing_and_once_on_again_what_comes(
    lite: House, time: Clock
) -> None:
    hook, _secret = lite.add()
    wave = made.open_one(lite.app, lite.organization, **last_day())
    lite.do(commands.turn, hook, on=False)
    lite.deliver()
    assert told(lite) == []
    lite.do(commands.turn, hook, on=True)
    assert wave.ends_at is not None
    time.at = wave.ends_at - timedelta(hours=3)
    lite.deliver()
    assert told(lite) == ["wave.closing"]


def test_an_act_that_fails_tells_nothing(lite: House) -> None:
    lite.add()

    def fail(_session: Session, _wave: Wave, _what: str) -> None:
        raise RuntimeError

    lite.app.extensions["groundswell_slots"]["wave_news"].append(fail)
    with pytest.raises(RuntimeError):
        made.open_one(lite.app, lite.organization, **last_day())
    assert lite.rows() == []


def test_a_wave_that_a_plan_opens_and_the_worker_ends_is_told_too(lite: House, time: Clock) -> None:
    lite.add()
    with lite.app.app_context():
        plans.add(
            organization=lite.organization,
            questionnaire="ai-adoption",
            form="pulse",
            rhythm=Rhythm("month", clock.today("UTC"), 3),
            reminders=[],
            name="{month} {year}",
            by=None,
        )
        worker.do_chores()
    lite.deliver()
    time.move(days=3)
    with lite.app.app_context():
        worker.do_chores()
    lite.deliver()
    assert told(lite) == ["wave.opened", "wave.published"]


def test_each_organization_tells_its_own_and_a_deleted_one_nothing(house: House) -> None:
    other = housed(house.app, house.receiver, "other", "Other")
    house.add()
    other.add(address=house.receiver.url("/of-other"))
    made.open_one(house.app, house.organization, **last_day())
    made.open_one(house.app, other.organization, **last_day())
    with house.app.app_context():
        erasing.delete_organization(
            organization=db.session.get_one(Organization, other.organization.id), word="other", by=None
        )
    house.deliver()
    assert [received.json["organization"] for received in house.receiver.received] == ["acme"]
    assert {row.organization_id for row in house.rows()} == {house.organization.id}


def test_a_wave_costs_nothing_where_there_is_no_webhook(lite: House) -> None:
    made.open_one(lite.app, lite.organization, **last_day())
    assert lite.rows() == []
