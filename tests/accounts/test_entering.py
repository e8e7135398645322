"""Signing in once more for what somebody at an open browser must not do, and coming back to it."""

from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from tests.fixtures.organizations import PASSWORD, set_password
from tests.fixtures.pages import CheckingClient
from webapp import access
from webapp.access import second_step, sessions
from webapp.models import Account
from webapp.transaction import transaction

DELETE = "/o/acme/settings/delete"
AGAIN = f"/sign-in?next={DELETE}"
OWNER = "owner@acme.example"


def wait(monkeypatch: pytest.MonkeyPatch, **span: int) -> None:
    later = sessions.now() + timedelta(**span)
    monkeypatch.setattr(sessions, "now", lambda: later)


def test_a_while_after_signing_in_one_does_it_again_and_comes_back(
    owner: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_password(owner)
    wait(monkeypatch, minutes=14, seconds=50)
    assert owner.get(DELETE).status_code == 200
    wait(monkeypatch, minutes=1)
    reply = owner.get(DELETE)
    assert (reply.status_code, reply.location) == (303, AGAIN)
    page = owner.page(AGAIN)
    assert "Sign in once more" in page.text()
    assert [one.get("value") for one in page.all("input") if one.get("name") == "email"] == [OWNER]
    assert owner.get("/organizations").status_code == 200, "the session goes on"
    reply = owner.send(AGAIN, {"email": OWNER, "password": PASSWORD})
    assert (reply.status_code, reply.location) == (303, DELETE)
    assert owner.get(DELETE).status_code == 200


def test_a_page_that_was_opened_in_time_may_be_sent_a_while_later(
    owner: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = owner.page(DELETE).form()
    wait(monkeypatch, minutes=29)
    assert owner.post(DELETE, data=form | {"word": "not this one"}).status_code == 422
    wait(monkeypatch, minutes=2)
    reply = owner.post(DELETE, data=form | {"word": "acme"})
    assert (reply.status_code, reply.location) == (303, AGAIN)
    assert owner.get("/o/acme/units").status_code == 200, "nothing was deleted"


def test_the_second_step_is_asked_on_the_way(
    app: Flask, owner: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_password(owner)
    secret = second_step.new_secret()
    with app.app_context(), transaction() as session:
        second_step.turn_on(session, session.scalars(sa.select(Account)).one(), secret, step=0)
    reply = owner.send(AGAIN, {"email": OWNER, "password": PASSWORD})
    step = f"/sign-in/second-step?next={DELETE}"
    assert (reply.status_code, reply.location) == (303, step)
    reply = owner.send(step, {"code": pyotp.TOTP(secret).now()})
    assert (reply.status_code, reply.location) == (303, DELETE)
    wait(monkeypatch, minutes=31)
    off = owner.send("/accounts/me/second-step/off", {"code": "000000"}, on="/accounts/me/second-step")
    assert off.location == "/sign-in?next=/accounts/me/second-step/off"


@pytest.mark.parametrize(
    ("given", "leads"),
    [
        (DELETE, DELETE),
        ("/accounts/me/second-step/off", "/accounts/me/second-step"),
        ("/o/acme/members/5/take", "/o/acme/members/5"),
        ("//evil.example", "/organizations"),
        ("//evil.example/o/acme/settings", "/organizations"),
        ("///sign-in", "/sign-in"),
        ("/\\evil.example", "/organizations"),
        ("https://evil.example/", "/organizations"),
        ("javascript:alert(1)", "/organizations"),
        ("/o/acme", "/organizations"),
        ("/o/\r\nSet-Cookie:x/settings", "/o/%0D%0ASet-Cookie:x/settings"),
        ("", "/organizations"),
    ],
)
def test_it_leads_to_pages_of_ours_alone(owner: CheckingClient, given: str, leads: str) -> None:
    set_password(owner)
    reply = owner.send("/sign-in", {"email": OWNER, "password": PASSWORD}, query_string={"next": given})
    assert (reply.status_code, reply.location) == (303, leads)


def test_who_is_not_signed_in_meets_the_usual_page(client: CheckingClient) -> None:
    assert "Sign in once more" not in client.page(AGAIN).text()


def test_what_must_be_fresh_says_so_above_who_may(app: Flask) -> None:
    @access.freshly
    @access.signed_in
    def probe() -> str:
        return "done"

    assert probe.access.fresh  # type: ignore[attr-defined]
    assert not probe.access.anyone  # type: ignore[attr-defined]
    with app.test_request_context():
        assert not sessions.fresh(), "who is not signed in is not fresh"
