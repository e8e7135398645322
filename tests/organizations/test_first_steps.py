from flask import Flask

from tests.fixtures.pages import CheckingClient
from webapp.models import Organization, Wave
from webapp.waves import ballots

PATH = "/o/acme/first-steps"


def links(client: CheckingClient) -> list[str | None]:
    return [link.get("href") for link in client.page(PATH).all("a")]


def test_first_come_units(owner: CheckingClient) -> None:
    assert "Three steps to the first results of Acme" in owner.page(PATH).text()
    assert "/o/acme/units/import" in links(owner)
    assert "/o/acme/waves/new" not in links(owner)


def test_then_a_wave(owner: CheckingClient, units: dict[str, int]) -> None:
    assert f"{len(units)} units are there." in owner.page(PATH).text()
    assert "/o/acme/waves/new" in links(owner)


def test_then_links(app: Flask, owner: CheckingClient, open_wave: Wave) -> None:
    assert f"/o/acme/waves/{open_wave.id}" in links(owner)
    assert owner.page(PATH).text().count("done") == 2
    with app.app_context():
        ballots.issue(wave=open_wave, by=None)
    assert owner.page(PATH).text().count("done") == 3


def test_then_all_is_done(owner: CheckingClient, published_wave: Wave) -> None:
    del published_wave
    assert "Acme has results" in owner.page(PATH).text()


def test_other_members_read_what_is_still_to_come(leader: CheckingClient, organization: Organization) -> None:
    del organization
    assert "Acme has no results yet" in leader.page(PATH).text()
    assert "/o/acme/units/import" not in links(leader)
