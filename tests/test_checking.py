"""`check`: finds what is not as it was stored, and says so a line a finding."""

from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from config import Settings
from tests.fixtures.organizations import create
from tests.test_audit import without_triggers
from webapp import checking, cli
from webapp.extensions import db
from webapp.models import Organization, Wave
from webapp.transaction import transaction


def run(settings: Settings, *words: str) -> Result:
    environment = {"GROUNDSWELL_DATA": str(settings.data), "GROUNDSWELL_SECRET_KEY": settings.secret_key}
    return CliRunner().invoke(cli.fill(), ["check", *words], env=environment)


def change(app: Flask, statement: str) -> None:
    with app.app_context(), transaction() as session:
        session.connection().exec_driver_sql(statement)


def test_what_is_whole_prints_where_each_log_ends(
    app: Flask, settings: Settings, published_wave: Wave
) -> None:
    create(app, "elsewhere", "Elsewhere")
    done = run(settings)
    assert (done.exit_code, done.stderr) == (0, "")
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["acme", "elsewhere"]
    assert all(len(line.split()[2]) == 64 for line in done.stdout.splitlines())
    del published_wave


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        (
            "UPDATE publication_row SET figures = replace(figures, '5', '6')",
            "they are not what was published",
        ),
        ("UPDATE publication SET digest = 'x'", "they are not what was published"),
        ("DELETE FROM publication", "they were published and are gone"),
        ("DELETE FROM publication_row WHERE position = 1", "they are not what was published"),
    ],
)
def test_changed_results_are_found(
    app: Flask, settings: Settings, published_wave: Wave, statement: str, told: str
) -> None:
    change(app, statement)
    done = run(settings)
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [f"results of acme, wave {published_wave.id}: {told}"]


def test_results_that_were_made_up_with_their_own_hash_are_found(
    app: Flask, settings: Settings, published_wave: Wave
) -> None:
    """Their hash is no secret; the one in the audit log cannot be changed without its key."""
    from webapp import publications  # noqa: PLC0415 - beside the fixture of the same kind
    from webapp.domain import publication_json  # noqa: PLC0415 - likewise
    from webapp.models import StoredPublication  # noqa: PLC0415 - likewise

    with app.app_context(), transaction() as session:
        stored = session.scalars(sa.select(StoredPublication)).one()
        session.execute(sa.text("UPDATE publication_row SET figures = replace(figures, '5', '6')"))
        stored.digest = publication_json.digest(stored.header, publications._rows(session, stored.id))
        assert publications.intact(session, stored)
    assert "they are not what was published" in run(settings).stderr
    del published_wave


def test_a_broken_log_is_found_and_named(app: Flask, settings: Settings, organization: Organization) -> None:
    del organization
    create(app, "elsewhere", "Elsewhere")
    with app.app_context():
        without_triggers(
            "DELETE FROM audit_event WHERE sequence > 1 AND organization_id = "
            "(SELECT id FROM organization WHERE slug = 'acme')"
        )
    done = run(settings)
    assert done.exit_code == 1
    assert done.stderr.startswith("audit log of acme: event 2 was changed or is missing")
    assert len(done.stderr.splitlines()) == 1


def test_rows_without_their_parent_are_found(app: Flask, settings: Settings, units: dict[str, int]) -> None:
    with app.app_context(), db.engine.connect() as connection:
        connection.rollback()
        raw = connection.connection.driver_connection
        assert raw is not None
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute("UPDATE unit SET parent_id = 987 WHERE id = ?", [units["Platform"]])
        raw.execute("PRAGMA foreign_keys=ON")
    done = run(settings)
    assert done.exit_code == 1
    assert "a row of unit belongs to a row of unit that is not there" in done.stderr


def test_a_damaged_file_is_found(app: Flask, settings: Settings, published_wave: Wave) -> None:
    with app.app_context():
        with db.engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        db.engine.dispose()
    file = settings.data / "groundswell.sqlite"
    content = bytearray(file.read_bytes())
    for place in range(len(content) // 2, len(content), 4096):
        content[place : place + 2000] = b"\xa5" * len(content[place : place + 2000])
    file.write_bytes(content)
    done = run(settings)
    assert done.exit_code == 1
    assert done.stderr.strip()
    assert "Traceback" not in done.output
    del published_wave


def test_an_older_state_that_was_put_back_is_found_by_what_was_noted_elsewhere(
    app: Flask, settings: Settings, organization: Organization, tmp_path: Path
) -> None:
    with app.app_context(), db.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    older = (settings.data / "groundswell.sqlite").read_bytes()
    create(app, "elsewhere", "Elsewhere")
    noted = tmp_path / "ends.txt"
    noted.write_text(run(settings).stdout)
    assert run(settings, "--against", str(noted)).exit_code == 0
    put_back = replace(settings, data=tmp_path / "older")
    put_back.data.mkdir()
    (put_back.data / "groundswell.sqlite").write_bytes(older)
    assert run(put_back).exit_code == 0, "Nothing in the database itself can tell."
    done = run(put_back, "--against", str(noted))
    assert done.exit_code == 1
    assert "audit log of elsewhere: event" in done.stderr
    del organization


def test_what_is_no_output_of_check_is_refused(settings: Settings, tmp_path: Path) -> None:
    noted = tmp_path / "ends.txt"
    noted.write_text("acme 12\n")
    done = run(settings, "--against", str(noted))
    assert done.exit_code == 1
    assert "ends.txt:1: This is no line that `check` has printed." in done.stderr


def test_a_sqlite_with_a_known_fault_is_told(
    app: Flask, settings: Settings, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "version_is_sound", lambda _module: False)
    done = run(settings)
    assert done.exit_code == 0
    assert done.stderr.startswith("Warning: This SQLite")
    del app, organization
