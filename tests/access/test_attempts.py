"""Tries are counted in the database, under names that tell nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from webapp.access import attempts
from webapp.access.attempts import Limit
from webapp.clock import now
from webapp.extensions import db
from webapp.models import Attempts
from webapp.transaction import transaction

FEW = Limit("tests of", 3, timedelta(minutes=5))
OTHER = Limit("tests from", 5, timedelta(minutes=5))


def test_so_many_tries_and_no_more(any_app: Flask) -> None:
    with any_app.app_context():
        assert [attempts.allowed((FEW, "one")) for _ in range(5)] == [True, True, True, False, False]
        assert attempts.allowed((FEW, "another"))
        assert attempts.allowed((OTHER, "one")), "another limit counts for itself"


def test_a_hundred_at_once_count_as_a_hundred(any_app: Flask) -> None:
    def once(_: int) -> bool:
        with any_app.app_context():
            return attempts.allowed((FEW, "one"))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(once, range(24))) == 3


def test_a_good_try_takes_back_its_own_count_and_no_others(app: Flask) -> None:
    with app.app_context():
        for _ in range(3):
            assert attempts.allowed((FEW, "one"))
        with transaction():
            attempts.take_back((FEW, "one"), (FEW, "never tried"))
        assert [attempts.allowed((FEW, "one")) for _ in range(2)] == [True, False]


def test_the_span_begins_with_the_first_try_and_ends(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 3, 5, 12)  # noqa: DTZ001 - as the database stores it
    with app.app_context():
        for minutes, free in ((0, True), (4, True), (4, True), (4, False), (5, True), (9, True)):
            monkeypatch.setattr(attempts, "now", lambda minutes=minutes: at + timedelta(minutes=minutes))
            assert attempts.allowed((FEW, "one")) is free, minutes


def test_what_is_used_up_costs_no_write(app: Flask) -> None:
    with app.app_context():
        for _ in range(3):
            attempts.allowed((FEW, "one"))
        before = db.session.scalars(sa.select(Attempts.tries)).all()
        attempts.allowed((OTHER, "somewhere"), (FEW, "one"))
        assert db.session.scalars(sa.select(Attempts.tries)).all() == before


def test_names_tell_nothing_and_rows_go_after_a_day(app: Flask) -> None:
    with app.app_context():
        attempts.allowed((FEW, "owner@acme.example"))
        row = db.session.scalars(sa.select(Attempts)).one()
        assert len(row.name) == 32
        assert b"acme" not in row.name
        with transaction() as session:
            session.execute(sa.update(Attempts).values(since=now() - timedelta(days=1, seconds=1)))
        attempts.allowed((FEW, "another"))
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Attempts)) == 1
