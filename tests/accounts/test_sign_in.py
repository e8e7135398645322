"""Signing in with an address and a password."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from werkzeug.test import TestResponse

from tests.fixtures.organizations import PASSWORD, add_member, create, set_password, sign_in
from tests.fixtures.pages import CheckingClient, Page
from webapp.access import attempts, hashing
from webapp.extensions import db
from webapp.models import AuditEvent, BrowserSession, Organization, Password

OWNER = "owner@acme.example"
WRONG = "This address and this password do not belong together."


@pytest.fixture
def with_password(owner: CheckingClient) -> CheckingClient:
    """Acme's owner, who has set a password."""
    assert set_password(owner).status_code == 303
    return owner


def enter(app: Flask, email: str = OWNER, password: str = PASSWORD) -> TestResponse:
    """What a new browser is answered."""
    return app.test_client().send("/sign-in", {"email": email, "password": password})  # type: ignore[attr-defined]


def events(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        found = sa.select(AuditEvent.action, AuditEvent.changes).order_by(AuditEvent.sequence)
        return [
            (row.action, row.changes) for row in db.session.execute(found) if row.action[:8] == "account."
        ]


def without_form(reply: TestResponse) -> str:
    return Page(reply.text).text()


def test_it_says_how_to_get_a_link(client: CheckingClient) -> None:
    assert "groundswell member link SLUG EMAIL" in client.page("/sign-in").text()


def test_a_page_for_members_leads_there(client: CheckingClient) -> None:
    reply = client.get("/organizations")
    assert (reply.status_code, reply.location) == (302, "/sign-in")


@pytest.mark.usefixtures("with_password")
def test_address_and_password_open_a_session(app: Flask, client: CheckingClient) -> None:
    reply = client.send("/sign-in", {"email": " Owner@ACME.example ", "password": PASSWORD})
    assert (reply.status_code, reply.location) == (303, "/organizations")
    assert "Acme" in client.page("/organizations").text()
    assert events(app)[-1] == ("account.signed_in", '{"how": "password"}')


@pytest.mark.usefixtures("with_password")
def test_what_was_wrong_is_not_told(app: Flask, organization: Organization) -> None:
    add_member(app, organization, "new@acme.example", "viewer")  # has no password
    replies = [
        enter(app, OWNER, "wrong"),
        enter(app, "nobody@acme.example", PASSWORD),
        enter(app, "new@acme.example", PASSWORD),
        enter(app, "no address", PASSWORD),
        enter(app, OWNER, PASSWORD + " "),
        enter(app, "' OR 1=1 --", "' OR 1=1 --"),
        enter(app, OWNER, "\x00"),
    ]
    assert {reply.status_code for reply in replies} == {422}
    assert len({without_form(reply) for reply in replies}) == 1
    assert WRONG in replies[0].text
    assert not any(PASSWORD in reply.text for reply in replies), "a password is never written back"


@pytest.mark.usefixtures("with_password")
def test_a_failure_is_noted_where_the_account_belongs_and_holds_no_address(app: Flask) -> None:
    enter(app, OWNER, "wrong")
    assert events(app)[-1] == ("account.sign_in_failed", '{"how": "password"}')
    before = events(app)
    enter(app, "nobody@acme.example", "wrong")
    assert events(app) == before


@pytest.mark.usefixtures("with_password")
def test_ten_wrong_passwords_close_an_account_for_five_minutes_and_no_other(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [enter(app, OWNER, "wrong").status_code for _ in range(11)] == [422] * 10 + [429]
    assert enter(app).status_code == 429, "the right one must not tell that it is right"
    assert [enter(app, "nobody@acme.example", "wrong").status_code for _ in range(11)] == [422] * 10 + [429]
    other = create(app, "elsewhere", "Elsewhere")
    assert set_password(sign_in(app, other, "owner@elsewhere.example")).status_code == 303
    assert enter(app, "owner@elsewhere.example").status_code == 303
    later = attempts.now() + timedelta(minutes=5)
    monkeypatch.setattr(attempts, "now", lambda: later)
    assert enter(app).status_code == 303


@pytest.mark.usefixtures("with_password")
def test_right_passwords_are_not_counted(app: Flask) -> None:
    assert {enter(app).status_code for _ in range(12)} == {303}


def test_fifty_wrong_passwords_close_an_address(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "fits", lambda _stored, _password: False)  # 50 hashes take seconds
    statuses = [enter(app, f"nobody{n}@acme.example", "wrong").status_code for n in range(51)]
    assert statuses == [422] * 50 + [429]


@pytest.mark.usefixtures("with_password")
def test_a_closed_account_still_opens_by_a_link(app: Flask, organization: Organization) -> None:
    for _ in range(10):
        enter(app, OWNER, "wrong")
    assert sign_in(app, organization, OWNER).get("/organizations").status_code == 200


@pytest.mark.usefixtures("with_password")
def test_a_hash_of_older_costs_is_made_anew(app: Flask) -> None:
    with app.app_context():
        old = PasswordHasher(time_cost=1, memory_cost=8_192, parallelism=1).hash(PASSWORD)
        db.session.execute(sa.update(Password).values(hash=old))
        db.session.commit()
    assert enter(app).status_code == 303
    with app.app_context():
        assert "m=47104,t=1" in db.session.scalars(sa.select(Password.hash)).one()
    assert enter(app).status_code == 303


def test_signing_in_again_ends_the_session_before_in_this_browser(
    app: Flask, with_password: CheckingClient
) -> None:
    before = with_password.get_cookie("sid")
    reply = with_password.send("/sign-in", {"email": OWNER, "password": PASSWORD})
    after = with_password.get_cookie("sid")
    assert reply.status_code == 303
    assert before and after and before.value != after.value  # noqa: PT018 - both cookies are there, and differ
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(BrowserSession)) == 1


def test_a_forged_form_does_not_sign_in(app: Flask, with_password: CheckingClient) -> None:
    del with_password
    reply = app.test_client().post("/sign-in", data={"email": OWNER, "password": PASSWORD})
    assert reply.status_code == 400
    assert "sid=" not in str(reply.headers)
