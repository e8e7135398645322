"""A worker that is killed while a plan opens a wave, while people are invited and while reminders are queued: the next one
finds either nothing done or all of it, and in the end everything is there once. On both databases, at every statement."""

import random
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests.fixtures import organizations as made
from tests.fixtures.dying import deaths
from tests.fixtures.post_office import PostOffice
from tests.test_worker import House, wait_until
from tests.waves.conftest import Acme
from webapp import audit
from webapp.domain.recurring import Rhythm
from webapp.extensions import db
from webapp.invitations import commands as invitations
from webapp.models import Organization, ReminderDay, Wave
from webapp.transaction import transaction
from webapp.waves import plans

PEOPLE = "unit,email\n" + "".join(
    f"{unit},{unit.lower()}{number}@example.org\n"
    for unit, count in (("Platform", 5), ("Sales", 6))
    for number in range(count)
)
# Where it is about noon now, so that the hour of the day decides nothing.
NOON = f"Etc/GMT{datetime.now(UTC).hour - 12:+d}"


@pytest.fixture
def acme(any_app: Flask) -> Acme:
    found = Acme(any_app, made.create(any_app, timezone=NOON))
    found.import_units()
    return found


def settings_of(acme: Acme) -> Settings:
    with acme.inside():
        db.engine.dispose()
    found: Settings = acme.app.extensions["groundswell"].settings
    return found


def plan(acme: Acme) -> None:
    with acme.inside():
        organization = db.session.get_one(Organization, acme.organization.id)
        plans.add(
            organization=organization,
            questionnaire="ai-adoption",
            form="pulse",
            rhythm=Rhythm("month", plans.clock.today(NOON), 14),
            reminders=[5, 10],
            name="{month} {year}",
            by=None,
        )


def test_a_plan_that_dies_at_any_statement_opens_one_whole_wave_in_the_end(acme: Acme) -> None:
    plan(acme)
    opened = []
    for _point in deaths(settings_of(acme), plans.open_due):
        waves = acme.count("wave")
        number = acme.rows("SELECT number FROM plan")[0][0]
        assert waves == number <= 1, "the wave and the step to the next one are one act"
        opened.append(waves)
        assert acme.count("wave_unit") == 6 * waves
        assert acme.count("reminder_day") == 2 * waves
        assert unbroken(acme)
    assert opened[0] == 0
    assert len(opened) > 15, "it died at many points"
    assert acme.count("wave") == 1
    assert acme.rows("SELECT sum(headcount) FROM wave_unit") == [(36,)]
    assert [
        count for (count,) in acme.rows("SELECT count(*) FROM audit_event WHERE action = 'wave.opened'")
    ] == [1]


def unbroken(acme: Acme) -> bool:
    with acme.inside():
        return audit.broken_at(db.session, acme.organization.id) is None


def invite(wave_id: int) -> None:
    wave = db.session.get_one(Wave, wave_id)
    invitations.invite(wave=wave, data=PEOPLE.encode(), file="people.csv", by=None)


def test_inviting_that_dies_at_any_statement_invites_everybody_once_when_it_is_done_again(acme: Acme) -> None:
    wave = acme.open()
    stages = set()
    for _point in deaths(settings_of(acme), invite, wave):
        ballots, people = acme.count("ballot"), acme.count("invitation")
        assert ballots in {0, 12 + 10}, "each invited unit has all of its links, or none"
        assert people in {0, 11}
        assert acme.rows("SELECT count(*) FROM outbox WHERE kind = 'invitation'") == [(people,)]
        assert acme.rows("SELECT count(*) FROM wave_unit WHERE link = 'mail'") == [(2 if people else 0,)]
        assert unbroken(acme)
        stages.add((ballots, people))
    assert {(0, 0), (22, 0)} <= stages
    assert (acme.count("ballot"), acme.count("invitation")) == (22, 11)
    assert acme.rows("SELECT count(DISTINCT payload) FROM outbox WHERE kind = 'invitation'") == [(11,)]


def test_reminders_that_die_at_any_statement_are_queued_once_for_everybody(acme: Acme) -> None:
    wave = acme.open()
    with acme.inside():
        invite(wave)
    remind_today(acme, wave)
    for _point in deaths(settings_of(acme), invitations.queue_due_reminders):
        ((queued,),) = acme.rows("SELECT queued FROM reminder_day")
        assert reminders(acme) == (11 if queued else 0)
        assert unbroken(acme)
    assert reminders(acme) == 11
    assert acme.rows("SELECT count(DISTINCT payload) FROM outbox WHERE kind = 'reminder'") == [(11,)]
    assert acme.rows("SELECT count(*) FROM audit_event WHERE action = 'invitations.reminded'") == [(1,)]


def remind_today(acme: Acme, wave: int) -> None:
    with acme.inside(), transaction() as session:
        session.add(
            ReminderDay(organization_id=acme.organization.id, wave_id=wave, day=plans.clock.today(NOON))
        )


def reminders(acme: Acme) -> int:
    return int(acme.rows("SELECT count(*) FROM outbox WHERE kind = 'reminder'")[0][0])


def test_a_real_worker_that_is_killed_again_and_again_opens_one_wave_and_reminds_everybody_once(
    tmp_path: Path, template: Path, post_office: PostOffice
) -> None:
    """From outside: `worker` as a process, killed at odd moments of its start, when it does all of this."""
    data = tmp_path / "house"
    data.mkdir(mode=0o700)
    (data / "static").symlink_to(template / "static")
    (data / "groundswell.sqlite").write_bytes((template / "groundswell.sqlite").read_bytes())
    house = House(data, post_office)
    try:
        people = house.invite(20)
        with house.app.app_context():
            acme = Acme(house.app, db.session.scalars(sa.select(Organization)).one())
            db.session.execute(sa.update(Organization).values(timezone=NOON))
            db.session.commit()
        plan(acme)
        remind_today(acme, house.wave.id)
        odd = random.Random(7)
        for _ in range(4):
            with house.worker() as process:
                wait_until((data / "marks" / "worker.json").exists)
                (data / "marks" / "worker.json").unlink(missing_ok=True)
                time.sleep(odd.random() / 4)
                process.kill()
                process.wait(10)
            house.hasten()
        with house.worker():
            wait_until(lambda: acme.count("wave") == 2 and reminded(acme) and not waiting(acme, "invitation"))
        assert acme.count("wave") == 2
        assert acme.rows("SELECT number FROM plan") == [(1,)]
        first = [
            str(letter["X-To"])
            for letter in post_office.letters
            if letter["Subject"].startswith("A few minutes")
        ]
        assert set(first) == set(people)
        assert len(first) <= len(people) + 4, "of each killed worker the one letter in its hands"
        told = acme.rows("SELECT count(*) FROM audit_event WHERE action = 'invitations.reminded'")
        assert told == [(1,)]
        assert unbroken(acme)
    finally:
        house.stop()


def reminded(acme: Acme) -> bool:
    return bool(acme.rows("SELECT queued FROM reminder_day WHERE queued"))


def waiting(acme: Acme, kind: str) -> int:
    return int(acme.rows("SELECT count(*) FROM outbox WHERE kind = :kind", kind=kind)[0][0])
