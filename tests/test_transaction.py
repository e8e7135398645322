"""The only door to a write: nothing is lost among threads and processes, and a held lock is waited for or named."""

import fcntl
import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from config import Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.organizations import create, sign_in
from tests.fixtures.pages import CheckingClient
from webapp import create_app, transaction
from webapp.extensions import db
from webapp.models import Organization
from webapp.transaction import PRAGMAS, Busy

PROCESSES = 4
THREADS = 4
EACH = 50


def increment(app: Flask, times: int) -> None:
    """Read, then write what was read plus one: the pattern that loses updates without a real lock."""
    for _ in range(times):
        with app.app_context():
            db.session.scalars(sa.select(Organization)).all()  # the access check reads first
            with transaction.transaction() as session:
                found = session.scalars(sa.select(Organization).with_for_update()).one()
                found.name = str(int(found.name) + 1)


def increment_in_threads(settings: Settings) -> None:
    app = create_app(settings)
    with ThreadPoolExecutor(THREADS) as pool:
        for done in [pool.submit(increment, app, EACH) for _ in range(THREADS)]:
            done.result()
    with app.app_context():
        db.engine.dispose()


@pytest.mark.timeout(300)
def test_800_increments_of_threads_and_processes_all_arrive(
    any_app: Flask, settings: Settings, engine_url: str
) -> None:
    organization = create(any_app, name="0")
    spawn = multiprocessing.get_context("spawn")
    target = replace(settings, database_url=engine_url)
    processes = [spawn.Process(target=increment_in_threads, args=(target,)) for _ in range(PROCESSES)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(240)
        assert process.exitcode == 0
    with any_app.app_context():
        name = db.session.get_one(Organization, organization.id).name
    assert int(name) == PROCESSES * THREADS * EACH == 800


def test_what_fails_leaves_nothing(any_app: Flask) -> None:
    def half() -> None:
        with transaction.transaction() as session:
            session.add(Organization(slug="half", name="Half"))
            session.flush()
            raise ZeroDivisionError

    with any_app.app_context():
        with pytest.raises(ZeroDivisionError):
            half()
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Organization)) == 0
        with transaction.transaction() as session:  # the lock is free again
            session.add(Organization(slug="whole", name="Whole"))
        assert db.session.scalar(sa.select(Organization.name)) == "Whole"


@contextmanager
def held(path: Path, seconds: float) -> Iterator[None]:
    """Hold the lock of the writers as another process would, for that long at most."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    timer = threading.Timer(seconds, fcntl.flock, (descriptor, fcntl.LOCK_UN))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        os.close(descriptor)


@contextmanager
def kept(app: Flask, seconds: float) -> Iterator[None]:
    """Hold what Acme's owner is about to change, as somebody else would: the writers' lock, or on PostgreSQL the row."""
    path = app.extensions["groundswell"].write_lock
    if path is not None:
        with held(path, seconds):
            yield
        return
    with app.app_context():
        other = sa.create_engine(db.engine.url, poolclass=sa.NullPool).connect()
    other.execute(sa.text("SELECT id FROM organization FOR UPDATE"))
    timer = threading.Timer(seconds, other.rollback)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        other.close()


SETTINGS = {"name": "Acme Ltd", "smallest_group": "5", "timezone": "UTC", "time_guard": "standard"}


def filled(client: CheckingClient) -> dict[str, str]:
    return client.page("/o/acme/settings").form() | SETTINGS


def change(client: CheckingClient, sent: dict[str, str]) -> tuple[TestResponse, float]:
    """Send the form of the settings; gives the reply and the seconds that it took."""
    started = time.monotonic()
    return client.post("/o/acme/settings", data=sent), time.monotonic() - started


def test_a_lock_that_is_held_for_three_seconds_is_waited_for(any_app: Flask) -> None:
    """As it is set, with nothing shortened."""
    owner = sign_in(any_app, create(any_app), "owner@acme.example")
    sent = filled(owner)
    with kept(any_app, 3):
        reply, seconds = change(owner, sent)
    assert reply.status_code == HTTPStatus.SEE_OTHER
    assert 2.5 < seconds < 8


def test_a_lock_that_is_held_for_a_minute_is_answered_within_a_third_of_it() -> None:
    """What the next test injects stands for this; a page waits for the lock, and then once for the database itself."""
    assert 3 < transaction.WAIT_SECONDS <= 10
    (busy,) = [pragma for pragma in PRAGMAS if pragma.startswith("busy_timeout")]
    assert int(busy.partition("=")[2]) == transaction.WAIT_SECONDS * 1000


def test_a_lock_that_is_held_for_long_gets_a_page_that_says_when_to_try_again(
    make_app: MakeApp, settings: Settings, engine_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "WAIT_SECONDS", 0.5)
    app = make_app(replace(settings, database_url=engine_url))
    owner = sign_in(app, create(app), "owner@acme.example")
    sent = filled(owner)
    with kept(app, 60):
        reply, seconds = change(owner, sent)
    assert reply.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert reply.headers["Retry-After"] == "10"
    assert "Nothing was lost" in reply.text
    assert 0.4 < seconds < 5
    with app.app_context():
        assert db.session.scalar(sa.select(Organization.name)) == "Acme", "nothing is half done"
    assert change(owner, sent)[0].status_code == HTTPStatus.SEE_OTHER, "and then it works, without a restart"


def test_a_lock_that_is_held_for_long_is_busy_and_nothing_is_stored(
    app: Flask, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "WAIT_SECONDS", 0.2)
    with held(settings.data / "write.lock", 60), pytest.raises(Busy):
        create(app)
    create(app)  # and then it works, without a restart


def test_a_thread_that_holds_the_lock_for_long_makes_others_busy(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "WAIT_SECONDS", 0.2)
    with app.app_context(), transaction.transaction(), ThreadPoolExecutor(1) as pool:
        busy = pool.submit(create, app).exception()
    assert isinstance(busy, Busy)


def test_a_page_says_that_it_is_busy_and_when_to_try_again(
    settings: Settings, owner: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "WAIT_SECONDS", 0.2)
    with held(settings.data / "write.lock", 60):
        reply = owner.send("/sign-out", on="/organizations")
    assert reply.status_code == HTTPStatus.SERVICE_UNAVAILABLE
    assert reply.headers["Retry-After"] == "10"
    assert "try again" in reply.text
    assert owner.get("/organizations").status_code == HTTPStatus.OK
    assert owner.send("/sign-out", on="/organizations").status_code == HTTPStatus.SEE_OTHER


def test_every_connection_is_set_up(app: Flask) -> None:
    numbers = {"WAL": "wal", "ON": 1, "OFF": 0, "FULL": 2, "MEMORY": 2}
    with app.app_context(), db.engine.connect() as first, db.engine.connect() as second:
        for connection in (first, second):
            for pragma in PRAGMAS:
                name, value = pragma.split("=")
                found = connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                assert str(found) == str(numbers.get(value, value)), pragma


def test_rows_without_their_parent_are_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(sa.exc.IntegrityError), transaction.transaction() as session:
        session.execute(
            sa.text("INSERT INTO member (organization_id, account_id) VALUES (:organization, 1)"),
            {"organization": 987},
        )


def test_postgresql_needs_no_file_to_order_its_writers(settings: Settings) -> None:
    assert transaction.lock_path("postgresql+psycopg:///x", settings.data) is None
    assert transaction.lock_path(settings.database_url, settings.data) == settings.data / "write.lock"
