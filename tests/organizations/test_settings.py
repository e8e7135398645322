import pytest
from flask import Flask

from tests.fixtures.pages import CheckingClient
from webapp.extensions import db
from webapp.models import Organization, Wave

PATH = "/o/acme/settings"
FILLED = {"name": "Acme Ltd", "smallest_group": "7", "timezone": "Europe/Paris", "time_guard": "strict"}


def test_an_owner_changes_them_for_later_waves(app: Flask, owner: CheckingClient, open_wave: Wave) -> None:
    assert "A wave keeps the rules it opened with" in owner.page(PATH).text()
    assert owner.send(PATH, FILLED).status_code == 303
    with app.app_context():
        stored = db.session.get_one(Organization, open_wave.organization_id)
        assert (stored.name, stored.smallest_group, stored.time_guard) == ("Acme Ltd", 7, "strict")
        wave = db.session.get_one(Wave, open_wave.id)
        assert (wave.smallest_group, wave.time_guard) == (5, "standard")


def test_they_show_what_is_in_force(owner: CheckingClient) -> None:
    page = owner.page(PATH)
    values = {one.get("name"): one.get("value") for one in page.all("input") if one.get("type") != "radio"}
    assert (values["name"], values["smallest_group"]) == ("Acme", "5")


@pytest.mark.parametrize("who", ["leader", "viewer", "auditor"])
def test_nobody_else_may(who: str, request: pytest.FixtureRequest) -> None:
    member: CheckingClient = request.getfixturevalue(who)
    assert member.get(PATH).status_code == 403
    assert PATH not in [link.get("href") for link in member.page("/o/acme/waves").all("a")]


def test_a_stranger_finds_nothing(stranger: CheckingClient, owner: CheckingClient) -> None:
    del owner
    assert stranger.get(PATH).status_code == 404
