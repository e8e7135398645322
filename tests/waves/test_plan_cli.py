"""Plans on the command line, and what is coming as a calendar file."""

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from config import Settings
from tests.fixtures.organizations import create
from tests.fixtures.pages import CheckingClient
from tests.waves.conftest import Acme
from tests.waves.test_plans import make, open_due, today
from webapp import cli
from webapp.domain.recurring import Rhythm
from webapp.extensions import db
from webapp.models import AuditEvent, Organization, Plan, Wave

Run = Callable[..., Result]
FIRST = today() + timedelta(days=9)
WORDS = {
    "--questionnaire": "ai-adoption",
    "--form": "team-core",
    "--every": "quarter",
    "--first-day": FIRST,
    "--days-open": 14,
    "--name": "{month} {year}",
}


@pytest.fixture
def run(settings: Settings) -> Run:
    environment = {"GROUNDSWELL_DATA": str(settings.data), "GROUNDSWELL_SECRET_KEY": settings.secret_key}
    return lambda *words: CliRunner().invoke(cli.fill(), [str(word) for word in words], env=environment)


def add(run: Run, **changes: object) -> Result:
    given = WORDS | {f"--{name.replace('_', '-')}": value for name, value in changes.items()}
    return run("plan", "add", "acme", *[word for pair in given.items() for word in pair])


def test_a_plan_is_added_listed_and_stopped(run: Run, lite: Acme) -> None:
    done = add(run, remind="5, 10", language="de")
    assert (done.exit_code, done.stdout, done.stderr) == (0, "1\n", "")
    listed = run("plan", "list", "acme")
    assert listed.stdout == f"1\tai-adoption\tteam-core\tquarter\t{FIRST}\t14\t5,10\tde\t{{month}} {{year}}\n"
    again = add(run)
    assert (again.exit_code, again.stdout) == (1, "")
    assert "There is a plan for this form already" in again.stderr
    assert run("plan", "stop", "acme", 1).exit_code == 0
    assert lite.count("plan") == 0
    gone = run("plan", "stop", "acme", 1)
    assert (gone.exit_code, "There is no plan 1 in acme" in gone.stderr) == (1, True)
    assert run("plan", "list", "acme").stdout == ""
    with lite.inside():
        told = db.session.scalars(sa.select(AuditEvent.action).where(AuditEvent.action.startswith("plan")))
        assert list(told) == ["plan.made", "plan.stopped"]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": "Always"}, "Each wave needs a name of its own"),
        ({"days_open": 90}, "open for 1 to 89 days"),
        ({"first_day": "2001-01-01"}, "today or a day within a year"),
        ({"remind": "soon"}, "Write whole numbers"),
        ({"form": "leader"}, "no form “leader” for teams"),
        ({"questionnaire": "none"}, "There is no questionnaire"),
    ],
)
def test_a_refusal_is_said_and_no_plan_made(
    run: Run, lite: Acme, changes: dict[str, object], told: str
) -> None:
    done = add(run, **changes)
    assert (done.exit_code, done.stdout) == (1, "")
    assert told in done.stderr
    assert lite.count("plan") == 0


def test_why_a_plan_could_not_open_goes_to_stderr(run: Run, lite: Acme) -> None:
    make(lite)
    with lite.inside():
        db.session.execute(sa.update(Plan).values(questionnaire_key="gone"))
        db.session.commit()
    open_due(lite)
    listed = run("plan", "list", "acme")
    assert listed.stdout.startswith("1\tgone\tteam-core\t")
    assert listed.stderr == "plan 1 could not open: There is no questionnaire “gone”.\n"


def test_a_plan_of_another_organization_is_none(run: Run, app: Flask, lite: Acme) -> None:
    assert add(run).exit_code == 0
    create(app, "other", "Other")
    assert run("plan", "list", "other").stdout == ""
    assert run("plan", "stop", "other", 1).exit_code == 1
    assert lite.count("plan") == 1


def test_what_is_coming_can_be_taken_along(
    app: Flask, owner: CheckingClient, viewer: CheckingClient, open_wave: Wave
) -> None:
    acme = Acme(app, create(app, "quagga", "Quagga"))
    make(acme, name="Quagga {number}")
    mine = Acme(app, open_wave_of(app, open_wave))
    make(mine, form="pulse", rhythm=Rhythm("year", FIRST, 14), name="Round {number}; “a, b”")
    assert "/o/acme/waves/coming.ics" in [link.get("href") for link in owner.page("/o/acme/waves").all("a")]
    reply = owner.get("/o/acme/waves/coming.ics")
    assert reply.mimetype == "text/calendar"
    assert "attachment" in reply.headers["Content-Disposition"]
    lines = reply.text.replace("\r\n ", "").split("\r\n")
    told = {
        start.removeprefix("DTSTART;VALUE=DATE:"): title.removeprefix("SUMMARY:")
        for start, title in pairwise(lines)
        if start.startswith("DTSTART")
    }
    assert told[f"{FIRST:%Y%m%d}"] == "Acme: “Round 1\\; “a\\, b”” opens"
    assert told[f"{FIRST + timedelta(days=13):%Y%m%d}"].startswith("Acme: Last day of")
    uids = [line for line in lines if line.startswith("UID:")]
    assert len(uids) == len(set(uids)) == 4
    assert "Quagga" not in reply.text
    assert f"URL:http://127.0.0.1:8000/o/acme/waves/{open_wave.id}" not in lines, "it has no last day"
    assert "URL:http://127.0.0.1:8000/o/acme/waves" in lines
    assert viewer.get("/o/acme/waves/coming.ics").text.count("BEGIN:VEVENT") == 4
    assert uids == [
        line for line in owner.get("/o/acme/waves/coming.ics").text.split("\r\n") if line[:4] == "UID:"
    ]
    owner.set_cookie("language", "de")
    assert "Erinnerungen an" in owner.get("/o/acme/waves/coming.ics").text


def open_wave_of(app: Flask, wave: Wave) -> Organization:
    with app.app_context():
        return db.session.get_one(Organization, wave.organization_id)
