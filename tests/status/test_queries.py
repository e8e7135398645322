"""How the installation is, and nothing of any organization."""

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from flask_babel import force_locale

from config import Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.organizations import create
from tests.fixtures.post_office import PostOffice
from webapp import cli, marks, outbox, worker
from webapp.mail import Message
from webapp.status import queries as status
from webapp.transaction import transaction


@pytest.fixture
def run(settings: Settings) -> Callable[..., Result]:
    environment = {"GROUNDSWELL_DATA": str(settings.data), "GROUNDSWELL_SECRET_KEY": settings.secret_key}
    return lambda *words: CliRunner().invoke(cli.fill(), list(words), env=environment)


def told(app: Flask) -> dict[str, status.Line]:
    with app.app_context(), force_locale("en"):
        return {line.name: line for line in status.lines()}


def test_a_fresh_installation_says_what_it_lacks(run: Callable[..., Result], app: Flask) -> None:
    create(app, "acme", "Secret Name")
    done = run("status")
    assert done.exit_code == 0
    names = [line.partition(": ")[0] for line in done.stdout.splitlines()]
    assert names == [
        "Groundswell",
        "Database",
        "Disk",
        "Migration",
        "Organizations",
        "Worker",
        "Outbox",
        "Webhooks",
        "Mail",
        "Backup",
        "Check",
    ]
    assert "Organizations: 1\n" in done.stdout
    assert "Worker: never seen" in done.stdout
    assert "Mail: not set up" in done.stdout
    assert "Backup: Run “backup FILE”" in done.stderr
    for word in ("Secret Name", "acme", "@"):
        assert word not in done.output


def test_a_backup_and_a_check_are_remembered(run: Callable[..., Result], app: Flask, tmp_path: Path) -> None:
    create(app)
    assert run("backup", str(tmp_path / "kept.sqlite")).exit_code == 0
    assert run("check").exit_code == 0
    done = run("status")
    assert "Backup: 0 min ago" in done.stdout
    assert str(tmp_path / "kept.sqlite") in done.stdout
    assert ", all is whole" in done.stdout
    assert "Backup" not in done.stderr


def test_it_works_on_both_engines(any_app: Flask) -> None:
    found = told(any_app)
    assert found["Database"].value.startswith(("SQLite", "PostgreSQL"))
    assert found["Migration"].value.split(" of ")[0] == found["Migration"].value.split(" of ")[1]


def test_a_worker_that_went_silent_needs_attention(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    monkeypatch.setattr(worker, "do_chores", stop.set)
    worker.run(app, stop)
    assert told(app)["Worker"].attention == ""
    now = status.now
    monkeypatch.setattr(status, "now", lambda: now() + timedelta(minutes=6))
    assert "No worker runs" in told(app)["Worker"].attention


@outbox.letter("status-test")
def _letter(row: outbox.Taken) -> Message:
    return Message(str(row.payload["to"]), "Hello", "Hello")


@outbox.letter("status-test-silent", silent=True)
def _silent(row: outbox.Taken) -> Message:
    return Message(str(row.payload["to"]), "Hello", "Hello")


@pytest.fixture
def mailing(make_app: MakeApp, settings: Settings, post_office: PostOffice) -> Flask:
    return make_app(
        replace(settings, mail_server=post_office.server(), mail_from="g@example.org", mail_per_minute=60_000)
    )


def queue(app: Flask, kind: str) -> None:
    with app.app_context(), transaction() as session:
        outbox.put(session, kind=kind, organization_id=None, payload={"to": "ada@example.org"})


def deliver(app: Flask) -> None:
    with app.app_context():
        worker.deliver(threading.Event())


def test_mail_that_was_sent_and_mail_that_was_refused_are_told(
    mailing: Flask, post_office: PostOffice
) -> None:
    queue(mailing, "status-test")
    assert told(mailing)["Outbox"].value.startswith("1 waiting, 0 failed")
    deliver(mailing)
    assert "last sent 0 min ago" in told(mailing)["Mail"].value
    post_office.answers["ada@example.org"] = "550 ada@example.org is unknown"
    queue(mailing, "status-test")
    deliver(mailing)
    line = told(mailing)["Mail"]
    assert "last failed 0 min ago" in line.value
    assert "ada@example.org" not in line.value
    assert told(mailing)["Outbox"].value.startswith("0 waiting, 1 failed")


def test_of_a_silent_kind_nobody_learns_whether_a_letter_was_sent(
    mailing: Flask, post_office: PostOffice
) -> None:
    queue(mailing, "status-test-silent")
    deliver(mailing)
    assert post_office.receivers == ["ada@example.org"]
    assert "none sent yet" in told(mailing)["Mail"].value


@pytest.mark.parametrize("text", ["", "{", "[]", '{"at": "now"}', json.dumps({"at": 5, "words": ""})])
def test_a_mark_that_cannot_be_read_is_none(app: Flask, settings: Settings, text: str) -> None:
    with app.app_context():
        marks.leave("backup", "one")
        (settings.data / "marks" / "backup.json").write_text(text)
        assert marks.find("backup") is None


def test_a_disk_that_takes_no_note_undoes_nothing(app: Flask, settings: Settings) -> None:
    (settings.data / "marks").write_text("no folder")
    with app.app_context():
        marks.leave("worker")
        assert marks.find("worker") is None


def test_sizes_read_as_people_say_them(app: Flask) -> None:
    with app.app_context(), force_locale("en"):
        told = [status.size(count) for count in (0, 999, 1000, 12_345_678, 3e12, 5e16)]
    assert told == [
        "0 bytes",
        "999 bytes",
        "1 kB",
        "12 MB",
        "3 TB",
        "50000 TB",
    ]
