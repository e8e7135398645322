"""One-time links and the sessions they open: rows that end, keyed by hashes."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from config import Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.organizations import create, sign_in
from tests.fixtures.pages import CheckingClient, Page
from webapp import clock
from webapp.access import sessions
from webapp.extensions import db
from webapp.models import BrowserSession, Model, Organization, SignInLink
from webapp.organizations import commands as organizations


class Clock:
    """A time that a test moves."""

    def __init__(self) -> None:
        self.at = clock.now()

    def __call__(self) -> datetime:
        return self.at

    def pass_by(self, **span: int) -> None:
        self.at += timedelta(**span)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    moved = Clock()
    monkeypatch.setattr(sessions, "now", moved)
    return moved


def new_secret(app: Flask, organization: Organization, email: str = "owner@acme.example") -> str:
    with app.app_context():
        return organizations.sign_in_secret(organization=organization, email=email, by=None)


def start(app: Flask, secret: str) -> str | None:
    with app.app_context():
        opened = sessions.start(secret)
    return opened.secret if opened else None


def count(app: Flask, model: type[Model]) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def test_a_link_opens_one_session(any_app: Flask) -> None:
    secret = new_secret(any_app, create(any_app))
    assert start(any_app, secret)
    assert start(any_app, secret) is None
    assert (count(any_app, BrowserSession), count(any_app, SignInLink)) == (1, 0)


def test_a_link_that_is_used_twice_at_once_opens_one_session(any_app: Flask) -> None:
    secret = new_secret(any_app, create(any_app))
    with ThreadPoolExecutor(8) as pool:
        opened = [one for one in pool.map(lambda _: start(any_app, secret), range(16)) if one]
    assert len(opened) == 1
    assert count(any_app, BrowserSession) == 1


def test_looking_at_a_link_does_not_spend_it(
    app: Flask, organization: Organization, client: CheckingClient
) -> None:
    secret = new_secret(app, organization)
    for _ in range(3):
        assert client.get(f"/sign-in/{secret}").status_code == HTTPStatus.OK
        assert client.head(f"/sign-in/{secret}").status_code == HTTPStatus.OK
    assert count(app, BrowserSession) == 0
    assert client.send(f"/sign-in/{secret}").status_code == HTTPStatus.SEE_OTHER
    assert client.get("/o/acme/units").status_code == HTTPStatus.OK


def test_a_link_ends_after_two_days(app: Flask, organization: Organization, time: Clock) -> None:
    early, late = new_secret(app, organization), new_secret(app, organization)
    time.pass_by(days=2, seconds=-1)
    assert start(app, early)
    time.pass_by(seconds=1)
    assert start(app, late) is None


@pytest.mark.parametrize("secret", ["", "x", "../etc", "\x00", "é" * 40, "A" * 5000])
def test_a_wrong_secret_opens_nothing(app: Flask, organization: Organization, secret: str) -> None:
    new_secret(app, organization)
    assert start(app, secret) is None
    assert count(app, SignInLink) == 1


def test_neither_links_nor_sessions_store_what_opens_them(app: Flask, organization: Organization) -> None:
    secret = new_secret(app, organization)
    with app.app_context():
        link = db.session.scalars(sa.select(SignInLink)).one()
        assert secret.encode() not in link.secret_hash
        assert len(link.secret_hash) == 32
    opened = start(app, secret)
    assert opened and len(opened) >= 43  # noqa: PT018 - 256 bits of it
    with app.app_context():
        row = db.session.scalars(sa.select(BrowserSession)).one()
        assert opened.encode() not in row.secret_hash


def test_a_session_ends_after_eight_idle_hours(app: Flask, organization: Organization, time: Clock) -> None:
    client = sign_in(app, organization, "owner@acme.example")
    for _ in range(3):
        time.pass_by(hours=7, minutes=59)
        assert client.get("/o/acme/units").status_code == HTTPStatus.OK
    time.pass_by(hours=8)
    assert client.get("/o/acme/units").location == "/sign-in"


def test_a_session_ends_after_seven_days_however_busy(
    app: Flask, organization: Organization, time: Clock
) -> None:
    client = sign_in(app, organization, "owner@acme.example")
    for _ in range(7 * 4 - 1):
        time.pass_by(hours=6)
        assert client.get("/o/acme/units").status_code == HTTPStatus.OK
    time.pass_by(hours=6)
    assert client.get("/o/acme/units").location == "/sign-in"


def test_both_spans_are_settings(make_app: MakeApp, settings: Settings, time: Clock) -> None:
    app = make_app(replace(settings, session_idle_hours=2, session_days=1))
    acme = create(app)
    client = sign_in(app, acme, "owner@acme.example")
    for _ in range(12):
        time.pass_by(hours=1, minutes=55)
        assert client.get("/o/acme/units").status_code == HTTPStatus.OK
    time.pass_by(hours=1)
    assert client.get("/o/acme/units").location == "/sign-in", "a day is over"
    client = sign_in(app, acme, "owner@acme.example")
    time.pass_by(hours=2)
    assert client.get("/o/acme/units").location == "/sign-in", "two hours without use"
    reply = press(app.test_client(), f"/sign-in/{new_secret(app, acme)}", settings.url)
    assert "Max-Age=86400" in next(one for one in reply.headers.getlist("Set-Cookie") if one[:4] == "sid=")


def test_reading_marks_a_session_every_five_minutes_at_most(
    app: Flask, organization: Organization, time: Clock
) -> None:
    client = sign_in(app, organization, "owner@acme.example")

    def seen() -> datetime:
        with app.app_context():
            return db.session.scalars(sa.select(BrowserSession.seen)).one()

    first = seen()
    time.pass_by(minutes=5)
    client.get("/o/acme/units")
    assert seen() == first
    time.pass_by(seconds=1)
    client.get("/o/acme/units")
    assert seen() == time.at


def test_signing_out_ends_this_browser_alone(app: Flask, organization: Organization) -> None:
    here, there = (sign_in(app, organization, "owner@acme.example") for _ in range(2))
    reply = here.send("/sign-out", on="/organizations")
    assert reply.headers["Clear-Site-Data"] == '"cache","cookies"'
    assert here.get("/o/acme/units").location == "/sign-in"
    assert there.get("/o/acme/units").status_code == HTTPStatus.OK


def test_old_rows_are_swept_when_somebody_signs_in(
    app: Flask, organization: Organization, time: Clock
) -> None:
    start(app, new_secret(app, organization))
    new_secret(app, organization)
    time.pass_by(days=8)
    start(app, new_secret(app, organization))
    assert (count(app, BrowserSession), count(app, SignInLink)) == (1, 0)


def press(client: FlaskClient, path: str, url: str) -> TestResponse:
    """Press the button of a page as a browser does on another address."""
    hidden = Page(client.get(path, base_url=url).text).form()
    return client.post(path, base_url=url, data=hidden, headers={"Origin": url})


def test_cookies_keep_to_the_address(make_app: MakeApp, settings: Settings) -> None:
    for url, name, secure in (
        ("http://127.0.0.1:8000", "sid", False),
        ("https://groundswell.example.org", "__Host-sid", True),
    ):
        app = make_app(replace(settings, url=url))
        slug = "plain" if not secure else "secure"
        secret = new_secret(app, create(app, slug, slug), f"owner@{slug}.example")
        reply = press(app.test_client(), f"/sign-in/{secret}", url)
        cookie = next(one for one in reply.headers.getlist("Set-Cookie") if one.startswith(f"{name}="))
        assert "HttpOnly" in cookie
        assert "Path=/" in cookie
        assert "SameSite=Lax" in cookie
        assert "Domain" not in cookie
        assert ("Secure" in cookie) is secure
