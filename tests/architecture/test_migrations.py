"""The migrations make what the models describe, in both directions, on both engines."""

import json
import os
import re
import secrets
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask

from config import Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.organizations import (
    again,
    answer,
    create,
    import_units,
    open_one,
    publish,
    sign_in,
    token_of,
)
from webapp import prepare_database, schema
from webapp.access import attempts, sessions
from webapp.accounts import resets
from webapp.clock import now
from webapp.evidence import commands as evidence
from webapp.extensions import db
from webapp.invitations import commands as invitations
from webapp.models import (
    Account,
    Action,
    ActionOwner,
    Experiment,
    LinkedIdentity,
    Member,
    Model,
    Password,
    Plan,
    Publishing,
    RecoveryCode,
    SecondStep,
    Unit,
)
from webapp.transaction import transaction
from webapp.webhooks import commands as webhooks

ROOT = Path(__file__).parents[2]


@pytest.fixture
def empty_app(make_app: MakeApp, settings: Settings, empty_engine_url: str) -> Flask:
    """The application on a database without a table, once on SQLite and once on PostgreSQL."""
    return make_app(replace(settings, database_url=empty_engine_url))


def shape(connection: sa.Connection) -> dict[str, Any]:
    """All that a database says about its tables, in an order that does not depend on how they were made."""
    inspector = sa.inspect(connection)
    found: dict[str, Any] = {}
    for table in sorted(set(inspector.get_table_names()) - {"alembic_version"}):
        checks = inspector.get_check_constraints(table)
        found[table] = {
            "columns": [
                (one["name"], str(one["type"]), one["nullable"], one["default"], one.get("identity"))
                for one in sorted(inspector.get_columns(table), key=lambda one: one["name"])
            ],
            "key": inspector.get_pk_constraint(table),
            "foreign": sorted(
                repr(sorted(one.items(), key=str)) for one in inspector.get_foreign_keys(table)
            ),
            "unique": plain(inspector.get_unique_constraints(table)),
            "checks": sorted((one["name"], re.sub(r"\s+", " ", one["sqltext"])) for one in checks),
            "indexes": plain(inspector.get_indexes(table)),
        }
        if connection.dialect.name == "sqlite":
            sql = connection.execute(
                sa.text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table}
            )
            made = sql.scalar_one()
            found[table]["rowid"] = "WITHOUT ROWID" not in made
            found[table]["numbers are given once"] = "AUTOINCREMENT" in made
    return found


def plain(found: Sequence[Mapping[str, Any]]) -> list[str]:
    """Descriptions as sorted text; a condition of an index is an object that equals only itself."""
    return sorted(json.dumps(one, sort_keys=True, default=str) for one in found)


def rows(connection: sa.Connection) -> dict[str, int]:
    names = sorted(set(sa.inspect(connection).get_table_names()) - {"alembic_version"})
    counted = {name: sa.select(sa.func.count()).select_from(sa.table(name)) for name in names}
    return {name: connection.execute(query).scalar_one() for name, query in counted.items()}


def revisions() -> list[str]:
    """The numbers of all migrations, the first one first."""
    script = ScriptDirectory(str(schema.FOLDER))
    return [one.revision for one in script.walk_revisions()][::-1]


def test_migrations_are_numbered_in_one_line() -> None:
    paths = sorted((schema.FOLDER / "versions").glob("*.py"))
    for place, path in enumerate(paths, 1):
        assert re.fullmatch(rf"{place:04}_[a-z0-9_]+", path.stem), (
            f"Name {path.name} {place:04}_what_it_does.py: migrations are numbered without a gap."
        )
    assert revisions() == [path.stem[:4] for path in paths]
    assert schema.head() == revisions()[-1]


def test_migrations_make_what_the_models_describe(empty_app: Flask) -> None:
    prepare_database(empty_app)
    with empty_app.app_context(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        difference = compare_metadata(context, Model.metadata)
        migrated = shape(connection)
    assert not difference, f"Models and migrations differ; write a migration for {difference}"
    with empty_app.app_context():
        with db.engine.begin() as connection:
            Model.metadata.drop_all(connection)
            Model.metadata.create_all(connection)
        with db.engine.connect() as connection:
            described = shape(connection)
    for table in described:
        assert migrated[table] == described[table], (
            f"The migrations make another table {table} than its model."
        )
    assert set(migrated) == set(described)


def fill(app: Flask) -> None:
    """Something in every table."""
    organization = create(app)
    import_units(app, organization)
    sign_in(app, organization, "owner@acme.example")
    token_of(app, organization, "owner@acme.example")
    with app.app_context():
        account_id = db.session.scalars(sa.select(Account.id)).first()
        with transaction() as session:
            session.add(Password(account_id=account_id, hash="$argon2id$", set_at=now()))
            session.add(SecondStep(account_id=account_id, sealed=b"sealed", last=0))
            there = {"issuer": "https://login.example.org", "subject": "1"}
            session.add(LinkedIdentity(**there, account_id=account_id, linked=now()))
            session.add(RecoveryCode(account_id=account_id, code_hash=secrets.token_bytes(32)))
            sessions.enter(session, account_id, how="link")
        resets.new_ticket(account_id)
        assert attempts.allowed((attempts.Limit("tests", 1, timedelta(minutes=1)), secrets.token_hex(4)))
    wave = open_one(app, organization)
    answer(app, wave)
    publish(app, wave)
    second = open_one(app, organization, "Second wave")
    with app.app_context():
        with transaction() as session:
            session.add(
                Plan(
                    organization_id=organization.id,
                    questionnaire_key="ai-adoption",
                    form="pulse",
                    every="month",
                    first_day=now().date(),
                    days_open=9,
                    name="{month} {year}",
                )
            )
            tried = {"tries": 1, "tried": now(), "due": now()}
            member = session.scalars(sa.select(Member)).first()
            action = Action(
                organization_id=organization.id,
                wave_id=again(wave).id,
                title="Show what works",
                made_at=now(),
                moved_at=now(),
            )
            session.add(action)
            session.flush()
            session.add(
                ActionOwner(organization_id=organization.id, action_id=action.id, member_id=member.id)
            )
            unit = session.scalars(sa.select(Unit.id).where(Unit.name == "Sales")).one()
            held = {"title": "Idea", "title_key": "idea", "type": "text", "idea_on": now().date()}
            session.add(Experiment(organization_id=organization.id, unit_id=unit, **held))
            session.add(Publishing(organization_id=organization.id, wave_id=again(wave).id, **tried))
        evidence.import_figures(
            organization=organization,
            data=b"unit,month,active,spend\nSales,2026-01,4,90",
            file="figures.csv",
            currency="EUR",
            by=None,
        )
        invitations.invite(
            wave=again(second), data=b"unit,email\nSales,ada@example.org", file="people.csv", by=None
        )
        invitations.remind(wave=again(second), by=None)
        webhooks.add(
            organization=organization,
            name="Channel",
            kind="slack",
            address="https://chat.example.org/hook",
            events=["wave.published"],
            by=None,
        )
        invitations.save_letter(
            wave=again(second), kind="reminder", spoken="de", subject="Hello", text="{link}", by=None
        )


def test_migrations_go_down_and_up_again_on_a_filled_database(empty_app: Flask) -> None:
    prepare_database(empty_app)
    fill(empty_app)
    with empty_app.app_context():
        with db.engine.connect() as connection:
            before, made = shape(connection), rows(connection)
        assert {name for name, count in made.items() if not count} <= {
            "assessment",
            "sign_in_link",
        }
        for target in ([*revisions()[:-1], None])[::-1]:
            schema.downgrade(db.engine, target or "base")
            with db.engine.connect() as connection:
                left = rows(connection)
                assert all(left[name] == made[name] for name in left), f"Going down to {target} lost rows."
            schema.upgrade(db.engine)
            with db.engine.connect() as connection:
                assert shape(connection) == before
                again = rows(connection)
            assert all(again[name] == made[name] for name in left), f"Going up from {target} lost rows."
            if target is None:
                fill(empty_app)


def test_migrating_a_newest_database_does_nothing(any_app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        schema, "_run", lambda *_: pytest.fail("Alembic was asked although nothing is to be done.")
    )
    prepare_database(any_app)


def test_two_first_starts_at_once_make_one_database(empty_engine_url: str, settings: Settings) -> None:
    environment = os.environ | {"GROUNDSWELL_DATA": str(settings.data), "DATABASE_URL": empty_engine_url}
    code = "import webapp; webapp.prepare_database(webapp.create_app())"
    started = [
        subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=environment, stderr=subprocess.PIPE)
        for _ in range(3)
    ]
    for process in started:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
    engine = sa.create_engine(empty_engine_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        assert schema.current(connection) == schema.head()
    engine.dispose()
