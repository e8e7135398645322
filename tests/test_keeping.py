"""`backup` and `restore`: consistent under load, nothing overwritten, nothing strange believed."""

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from config import Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.organizations import create, sign_in
from webapp import audit, cli, keeping
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import AuditEvent, Organization, Wave
from webapp.transaction import transaction


def run(settings: Settings, *words: str) -> Result:
    environment = {"GROUNDSWELL_DATA": str(settings.data), "GROUNDSWELL_SECRET_KEY": settings.secret_key}
    return CliRunner().invoke(cli.fill(), list(words), env=environment)


@pytest.fixture
def elsewhere(settings: Settings, tmp_path: Path) -> Settings:
    """Another machine with the same keys and no database."""
    data = tmp_path / "elsewhere"
    data.mkdir(mode=0o700)
    (data / "static").symlink_to(settings.data / "static")
    return replace(settings, data=data, database_url=f"sqlite:///{data / 'groundswell.sqlite'}")


def test_a_drill_of_backup_and_restore(
    app: Flask,
    settings: Settings,
    elsewhere: Settings,
    published_wave: Wave,
    tmp_path: Path,
    make_app: MakeApp,
) -> None:
    del app, published_wave
    file = tmp_path / "kept.sqlite"
    done = run(settings, "backup", str(file))
    assert (done.exit_code, done.stdout) == (0, "")
    assert "ballot.key. Keep them apart from it." in done.stderr
    assert file.stat().st_mode & 0o077 == 0
    assert run(elsewhere, "restore", str(file)).exit_code == 0
    other = make_app(elsewhere)
    with other.app_context():
        organization = db.session.scalars(sa.select(Organization)).one()
        assert audit.broken_at(db.session, organization.id) is None
    assert sign_in(other, organization, "owner@acme.example").get("/o/acme/").status_code == 200
    assert not list(elsewhere.data.glob(".groundswell-*"))
    again = run(elsewhere, "restore", str(file))
    assert again.exit_code == 1
    assert "already; move it away first" in again.stderr


def test_a_backup_under_load_is_one_moment(app: Flask, settings: Settings, tmp_path: Path) -> None:
    """Each transaction adds an event and the seal of the new length: half of one would not hold."""
    organization = create(app)
    stop = threading.Event()

    def write() -> None:
        with app.app_context():
            while not stop.is_set():
                with transaction() as session:
                    audit.record(session, organization_id=organization.id, by=None, action="unit.added")

    writers = [threading.Thread(target=write) for _ in range(4)]
    for writer in writers:
        writer.start()
    lengths = []
    try:
        for number in range(4):
            file = tmp_path / f"{number}.sqlite"
            with app.app_context():
                keeping.backup(app, file)
            found = keeping._findings(replace(settings, database_url=f"sqlite:///{file}"))
            assert found == []
            lengths.append(sqlite3.connect(file).execute("SELECT count(*) FROM audit_event").fetchone()[0])
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert lengths == sorted(lengths)
    assert lengths[-1] > lengths[0], "Nothing was written meanwhile."


def test_it_warns_while_a_wave_is_open(settings: Settings, open_wave: Wave, tmp_path: Path) -> None:
    done = run(settings, "backup", str(tmp_path / "kept.sqlite"))
    assert done.exit_code == 0
    assert f"the wave “{open_wave.name}” is open" in done.stderr


def test_nothing_is_overwritten(settings: Settings, organization: Organization, tmp_path: Path) -> None:
    del organization
    file = tmp_path / "kept.sqlite"
    file.write_text("mine")
    assert run(settings, "backup", str(file)).exit_code == 1
    assert file.read_text() == "mine"
    assert list(tmp_path.glob(".groundswell-*")) == []


@pytest.fixture
def good(app: Flask, published_wave: Wave, tmp_path: Path) -> Path:
    del published_wave
    file = tmp_path / "good.sqlite"
    with app.app_context():
        keeping.backup(app, file)
    return file


def spoil(file: Path, how: str) -> None:
    content = file.read_bytes()
    match how:
        case "empty":
            file.write_bytes(b"")
        case "text":
            file.write_text("organization\n")
        case "truncated":
            file.write_bytes(content[: len(content) // 2])
        case "scrambled":
            middle = len(content) // 2
            file.write_bytes(content[:middle] + b"\xa5" * 40_000 + content[middle + 40_000 :])
        case _:
            connection = sqlite3.connect(file)
            connection.execute(how)
            connection.commit()
            connection.close()


@pytest.mark.parametrize(
    "how",
    [
        "empty",
        "text",
        "truncated",
        "scrambled",
        "DROP TABLE alembic_version",
        "DROP TABLE organization",
        "UPDATE alembic_version SET version_num = '9999'",
        "CREATE TRIGGER thief AFTER INSERT ON account BEGIN DELETE FROM member_role; END",
        "CREATE VIEW thief AS SELECT * FROM account",
        "UPDATE publication_row SET figures = replace(figures, '5', '6')",
        "INSERT INTO audit_event SELECT organization_id, 999, at, NULL, action, changes, hash FROM audit_event LIMIT 1",
    ],
)
def test_what_is_not_as_a_backup_was_written_is_refused_and_leaves_nothing(
    good: Path, elsewhere: Settings, how: str
) -> None:
    spoil(good, how)
    done = run(elsewhere, "restore", str(good))
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.output
    assert not list(elsewhere.data.glob("*.sqlite*"))
    assert not list(elsewhere.data.glob(".groundswell-*"))


def test_without_its_keys_a_backup_is_refused_until_somebody_says_so(good: Path, elsewhere: Settings) -> None:
    lost = replace(elsewhere, secret_key="another key of 32 random characters")
    done = run(lost, "restore", str(good))
    assert done.exit_code == 1
    assert "Are secret.key and ballot.key of the old machine in place?" in done.stderr
    assert run(lost, "restore", str(good), "--despite-findings").exit_code == 0


def test_on_postgresql_its_own_tool_is_named(settings: Settings) -> None:
    with pytest.raises(Refused, match="pg_dump"):
        keeping.own_file(replace(settings, database_url="postgresql+psycopg://127.0.0.1/x"))


def test_events_survive_word_for_word(app: Flask, good: Path) -> None:
    copy = sqlite3.connect(good).execute("SELECT hash FROM audit_event ORDER BY sequence").fetchall()
    with app.app_context():
        there = db.session.scalars(sa.select(AuditEvent.hash).order_by(AuditEvent.sequence)).all()
    assert [one for (one,) in copy] == list(there)
