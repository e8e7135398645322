import pytest
from flask import Flask

from tests.fixtures.pages import CheckingClient
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
