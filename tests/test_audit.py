"""The chain of events: nothing in it can be changed, added, swapped, removed or cut off without being found."""

import json
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DatabaseError

from tests.fixtures.organizations import create
from webapp import audit
from webapp.extensions import db
from webapp.models import Account, AuditEvent, AuditHead, Organization
from webapp.transaction import transaction

EVENTS = 6


@pytest.fixture
def chain(any_app: Flask) -> tuple[Flask, Organization]:
    """An organization with a chain of six events, on either engine."""
    organization = create(any_app)
    with any_app.app_context():
        for number in range(EVENTS - 2):
            note(organization.id, number)
    return any_app, organization


def note(organization_id: int, number: int) -> None:
    with transaction() as session:
        audit.record(session, organization_id=organization_id, by=None, action="unit.added", unit=number)


def without_triggers(statement: str) -> None:
    """What somebody does who may write to the database, past its own guard."""
    with transaction() as session:
        connection = session.connection()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_event_keeps")
            connection.exec_driver_sql("DROP TRIGGER IF EXISTS audit_event_stays")
            connection.exec_driver_sql(statement)
        else:
            connection.exec_driver_sql("ALTER TABLE audit_event DISABLE TRIGGER audit_event_keeps")
            connection.exec_driver_sql(statement)
            connection.exec_driver_sql("ALTER TABLE audit_event ENABLE TRIGGER audit_event_keeps")


def broken(app: Flask, organization: Organization) -> int | None:
    with app.app_context():
        return audit.broken_at(db.session, organization.id)


@pytest.mark.parametrize(
    "statement", ["UPDATE audit_event SET action = 'x'", "DELETE FROM audit_event WHERE sequence = 6"]
)
def test_the_database_refuses_to_change_or_delete_an_event(
    chain: tuple[Flask, Organization], statement: str
) -> None:
    app, organization = chain
    with app.app_context(), pytest.raises(DatabaseError, match="append-only"), transaction() as session:
        session.connection().exec_driver_sql(statement)
    assert broken(app, organization) is None


def test_the_log_goes_with_its_organization_and_no_other_log_does(
    chain: tuple[Flask, Organization],
) -> None:
    app, organization = chain
    other = create(app, "elsewhere", "Elsewhere")
    with app.app_context():
        with transaction() as session:
            session.execute(sa.delete(Organization).where(Organization.id == organization.id))
        left = db.session.scalars(sa.select(AuditEvent.organization_id).distinct()).all()
        heads = db.session.scalars(sa.select(AuditHead.organization_id)).all()
    assert left == heads == [other.id]
    assert broken(app, other) is None


COPY = "SELECT organization_id, {number}, at, account_id, action, changes, hash FROM audit_event WHERE sequence = 6"


@pytest.mark.parametrize(
    ("statement", "at"),
    [
        ("UPDATE audit_event SET action = 'unit.closed' WHERE sequence = 3", 3),
        ("UPDATE audit_event SET changes = '{}' WHERE sequence = 4", 4),
        ("UPDATE audit_event SET account_id = 1 WHERE sequence = 6", 6),
        ("UPDATE audit_event SET hash = 'x' WHERE sequence = 6", 6),
        ("DELETE FROM audit_event WHERE sequence = 1", 1),
        ("DELETE FROM audit_event WHERE sequence = 4", 4),
        ("DELETE FROM audit_event WHERE sequence = 6", 6),
        ("DELETE FROM audit_event WHERE sequence > 2", 3),
        ("DELETE FROM audit_event", 1),
        (f"INSERT INTO audit_event {COPY.format(number=7)}", 7),
        ("UPDATE audit_head SET events = 5", 7),
        ("UPDATE audit_head SET seal = 'x'", 7),
        ("DELETE FROM audit_head", 7),
    ],
)
def test_what_was_done_past_that_is_found(chain: tuple[Flask, Organization], statement: str, at: int) -> None:
    app, organization = chain
    assert broken(app, organization) is None
    with app.app_context():
        without_triggers(statement)
    assert broken(app, organization) == at


def test_two_events_that_were_swapped_are_found(chain: tuple[Flask, Organization]) -> None:
    app, organization = chain
    with app.app_context():
        without_triggers("UPDATE audit_event SET sequence = 99 WHERE sequence = 3")
        without_triggers("UPDATE audit_event SET sequence = 3 WHERE sequence = 4")
        without_triggers("UPDATE audit_event SET sequence = 4 WHERE sequence = 99")
    assert broken(app, organization) == 3


def test_a_tail_that_was_cut_with_everything_an_attacker_can_compute_is_found(
    chain: tuple[Flask, Organization],
) -> None:
    """The seal of a shorter chain cannot be made without the key, however many seals of other lengths are known."""
    app, organization = chain
    with app.app_context():
        without_triggers("CREATE TABLE kept AS SELECT seal FROM audit_head")
        note(organization.id, 99)
        without_triggers("DELETE FROM audit_event WHERE sequence > 5")
        without_triggers("UPDATE audit_head SET events = 5, seal = (SELECT seal FROM kept)")
        without_triggers("DROP TABLE kept")
    assert broken(app, organization) == 6


def test_a_chain_of_another_key_does_not_hold(chain: tuple[Flask, Organization]) -> None:
    app, organization = chain
    app.secret_key = "another secret key, 32 or more letters"
    assert broken(app, organization) == 1


def test_events_of_many_at_once_stand_in_one_chain(any_app: Flask) -> None:
    organization = create(any_app)

    def act(number: int) -> None:
        with any_app.app_context():
            note(organization.id, number)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(40)))
    assert broken(any_app, organization) is None
    with any_app.app_context():
        numbers = db.session.scalars(
            sa.select(AuditEvent.changes).where(AuditEvent.action == "unit.added")
        ).all()
    assert sorted(json.loads(one)["unit"] for one in numbers) == list(range(40))


def test_what_is_rolled_back_leaves_no_event(any_app: Flask) -> None:
    organization = create(any_app)

    def half() -> None:
        with any_app.app_context(), transaction() as session:
            audit.record(session, organization_id=organization.id, by=None, action="unit.added")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert broken(any_app, organization) is None


def test_the_same_thing_again_is_noted_once_an_hour(
    app: Flask, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import timedelta  # noqa: PLC0415 - beside the clock that it moves

    real = audit.now
    with app.app_context():
        by = db.session.scalars(sa.select(Account)).one()

        def refuse(page: str) -> int:
            audit.record_once(organization_id=organization.id, by=by, action="access.refused", page=page)
            return db.session.get_one(AuditHead, organization.id).events

        first = refuse("a")
        assert [refuse("a"), refuse("a"), refuse("b")] == [first, first, first + 1]
        monkeypatch.setattr(audit, "now", lambda: real() + timedelta(hours=1, seconds=1))
        assert refuse("a") == first + 2
