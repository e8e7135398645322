"""What watches the server asks here."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from webapp.home import queries


def test_it_answers_when_the_database_does(app: Flask) -> None:
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_without_the_database_it_says_that_it_is_away(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def away() -> None:
        raise OperationalError("SELECT 1", {}, Exception("away"))

    monkeypatch.setattr(queries, "database_answers", away)
    answer = app.test_client().get("/healthz")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
