from datetime import timedelta

import pytest
from flask import Flask

from tests.fixtures.organizations import create
from tests.fixtures.pages import CheckingClient
from webapp.access import attempts
from webapp.models import Organization
from webapp.organizations import commands


@pytest.fixture
def secret(app: Flask, organization: Organization) -> str:
    with app.app_context():
        return commands.sign_in_secret(organization=organization, email="owner@acme.example", by=None)


def test_opening_a_link_has_no_effect(client: CheckingClient, secret: str) -> None:
    for _time in range(2):
        assert "has not used it yet" in client.page(f"/sign-in/{secret}").text()
    assert client.get("/organizations").status_code == 302


def test_the_button_signs_in_once(app: Flask, client: CheckingClient, secret: str) -> None:
    reply = client.send(f"/sign-in/{secret}")
    assert (reply.status_code, reply.location) == (303, "/organizations")
    assert "Acme" in client.page("/organizations").text()
    again = app.test_client().get(f"/sign-in/{secret}")
    assert again.status_code == 404
    assert "has been used, or it has ended" in again.text


def test_a_link_that_never_was_gets_the_same_page(client: CheckingClient) -> None:
    reply = client.get("/sign-in/nothing")
    assert reply.status_code == 404
    assert "has been used, or it has ended" in reply.text


@pytest.mark.parametrize("path", ["/sign-in/nothing", "/sign-in/reset/nothing"])
def test_thirty_links_that_are_no_good_close_an_address_for_a_minute_but_no_good_one(
    any_app: Flask, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    organization = create(any_app)
    with any_app.app_context():
        good = commands.sign_in_secret(organization=organization, email="owner@acme.example", by=None)
    client: CheckingClient = any_app.test_client()  # type: ignore[assignment]
    form = client.page("/sign-in").form()
    assert [client.post(path, data=form).status_code for _ in range(31)] == [404] * 30 + [429]
    assert client.get(path).status_code == 404, "looking is not limited, and tells no more"
    assert client.post(f"/sign-in/{good}", data=form).status_code == 303
    later = attempts.now() + timedelta(minutes=1)
    monkeypatch.setattr(attempts, "now", lambda: later)
    assert client.post(path, data=form).status_code == 404
