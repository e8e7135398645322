"""Setting and changing the password of the own account."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.fixtures.organizations import PASSWORD, add_member, set_password, sign_in
from tests.fixtures.pages import CheckingClient
from webapp.access import sessions
from webapp.extensions import db
from webapp.models import Account, AuditEvent, BrowserSession, Organization, Password
from webapp.organizations import commands as organizations

PATH = "/accounts/me/password"
OTHER = "grey heron counts slow trains"


@pytest.fixture
def a_while_ago(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half an hour after signing in."""
    later = sessions.now() + timedelta(minutes=31)
    monkeypatch.setattr(sessions, "now", lambda: later)


def stored(app: Flask) -> list[str]:
    with app.app_context():
        return list(db.session.scalars(sa.select(Password.hash)))


def test_a_fresh_link_sets_a_password_and_ends_other_sessions(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    elsewhere = sign_in(app, organization, "owner@acme.example")
    before = owner.get_cookie("sid")
    reply = set_password(owner)
    after = owner.get_cookie("sid")
    assert (reply.status_code, reply.location) == (303, "/accounts/me")
    assert before and after and before.value != after.value  # noqa: PT018 - both are there, and differ
    assert owner.get("/organizations").status_code == 200
    assert elsewhere.get("/organizations").status_code == 302
    assert stored(app)[0].startswith("$argon2id$")
    with app.app_context():
        assert "account.password_set" in db.session.scalars(sa.select(AuditEvent.action)).all()
        assert not db.session.scalar(sa.select(sa.func.count()).where(AuditEvent.changes.contains(PASSWORD)))


def test_links_that_lie_around_end_with_the_old_password(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    with app.app_context():
        lying = organizations.sign_in_secret(organization=organization, email="owner@acme.example", by=None)
    set_password(owner)
    assert app.test_client().get(f"/sign-in/{lying}").status_code == 404


def test_a_browser_that_is_found_open_sets_no_first_password(
    app: Flask, owner: CheckingClient, a_while_ago: None
) -> None:
    del a_while_ago
    assert "You signed in a while ago" in owner.page(PATH).text()
    form = owner.page("/organizations").form("/sign-out")
    reply = owner.post(PATH, data=form | {"new": PASSWORD, "again": PASSWORD})
    assert reply.status_code == 422
    assert not stored(app)


def test_changing_asks_for_the_present_one(app: Flask, owner: CheckingClient) -> None:
    set_password(owner)
    first = stored(app)
    assert "This is not your password" in set_password(owner, OTHER, "wrong").text
    assert "This is not your password" in set_password(owner, OTHER).text
    assert stored(app) == first
    assert set_password(owner, OTHER, PASSWORD).status_code == 303
    assert stored(app) != first


def test_guessing_the_present_one_is_limited_with_signing_in(app: Flask, owner: CheckingClient) -> None:
    set_password(owner)
    for _ in range(10):
        set_password(owner, OTHER, "wrong")
    assert "Too many wrong tries" in set_password(owner, OTHER, PASSWORD).text
    elsewhere: CheckingClient = app.test_client()  # type: ignore[assignment]
    reply = elsewhere.send("/sign-in", {"email": "owner@acme.example", "password": PASSWORD})
    assert reply.status_code == 429


@pytest.mark.parametrize(
    ("new", "again", "words"),
    [
        ("short", "short", "15 characters or more"),
        ("acme acme acme 2026", "acme acme acme 2026", "easy to guess"),
        (PASSWORD, OTHER, "The two are not the same"),
        ("", "", "This is needed"),
        ("x9" * 400, "x9" * 400, "This is too long"),
    ],
)
def test_what_is_not_good_enough_is_said_at_the_field(
    app: Flask, owner: CheckingClient, new: str, again: str, words: str
) -> None:
    reply = owner.send(PATH, {"new": new, "again": again})
    assert reply.status_code == 422
    assert words in reply.text
    assert not stored(app)


def test_a_link_that_was_handed_over_gives_no_account_away(app: Flask, organization: Organization) -> None:
    add_member(app, organization, "new@acme.example", "viewer")
    with app.app_context():
        account = db.session.scalars(sa.select(Account).where(Account.email == "owner@acme.example")).one()
        handed = organizations.sign_in_secret(organization=organization, email="new@acme.example", by=account)
    client: CheckingClient = app.test_client()  # type: ignore[assignment]
    assert client.send(f"/sign-in/{handed}").status_code == 303
    assert "an owner handed you" in client.page("/accounts/me").text()
    form = client.page("/accounts/me").form("/sign-out")
    assert client.get(PATH).status_code == 403
    assert client.post(PATH, data=form | {"new": PASSWORD, "again": PASSWORD}).status_code == 403
    assert client.post("/accounts/me/sessions/end-others", data=form).status_code == 403
    assert not stored(app)


def test_the_session_tells_how_it_began(app: Flask, owner: CheckingClient) -> None:
    set_password(owner)
    with app.app_context():
        assert db.session.scalars(sa.select(BrowserSession.how)).all() == ["password"]
