from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from tests.fixtures.pages import CheckingClient, Page
from webapp.extensions import db
from webapp.language import LANGUAGES
from webapp.models import Organization, Wave

PATH = "/o/acme/waves/new"
LATER = (date.today() + timedelta(days=14)).isoformat()  # noqa: DTZ011 - any day to come
FILLED = {"form": "ai-adoption@1/team-core", "name": "Autumn", "closes": ""}


def test_it_offers_the_forms_for_teams_the_usual_one_first(
    owner: CheckingClient, units: dict[str, int]
) -> None:
    del units
    page = owner.page(PATH)
    assert [one.get("value") for one in page.all("option")] == [
        "ai-adoption@1/team-core",
        "ai-adoption@1/team",
        "ai-adoption@1/pulse",
        *LANGUAGES,
    ]
    assert "It would ask 36 people in 5 units." in page.text()


def test_opening_freezes_and_leads_to_the_links(
    app: Flask, owner: CheckingClient, units: dict[str, int]
) -> None:
    del units
    reply = owner.send(PATH, FILLED | {"closes": LATER, "language": "de"})
    assert reply.status_code == 303
    with app.app_context():
        wave = db.session.scalars(select(Wave)).one()
        assert (wave.name, wave.form, wave.leader_form, str(wave.closes_on)) == (
            "Autumn",
            "team-core",
            "leader-core",
            LATER,
        )
        assert wave.language == "de"
    assert reply.location == f"/o/acme/waves/{wave.id}"
    assert "“Autumn” is open. Now hand out the links." in owner.page(reply.location).text()


@pytest.mark.parametrize(
    ("sent", "field", "told"),
    [
        ({"name": ""}, "name", "This is needed."),
        ({"name": "=Autumn"}, "name", "begins like a formula"),
        ({"closes": "2001-01-01"}, "closes", "has passed"),
        ({"closes": "9999-12-31"}, "closes", "open for a year at most"),
        ({"closes": "soon"}, "closes", "Not a valid date"),
        ({"form": "ai-adoption@1/leader"}, "form", "has no form “leader” for teams"),
        ({"form": "ai-adoption@9/team"}, None, "There is no questionnaire"),
        ({"form": ""}, None, "There is no questionnaire"),
        ({"language": "tlh"}, "language", "no letters in “tlh”"),
    ],
)
def test_a_refusal_is_said_and_nothing_opened(
    owner: CheckingClient, units: dict[str, int], sent: dict[str, str], field: str | None, told: str
) -> None:
    del units
    reply = owner.send(PATH, FILLED | sent)
    assert reply.status_code == 422
    page = Page(reply.text)
    assert told in page.text()
    if field:
        assert [one for one in page.all("p") if one.get("id") == f"{field}-error"]
    assert "There is none yet." in owner.page("/o/acme/waves").text()


def test_one_wave_of_a_form_is_open_at_a_time(owner: CheckingClient, open_wave: Wave) -> None:
    del open_wave
    reply = owner.send(PATH, FILLED)
    assert reply.status_code == 422
    assert "The wave “First wave” of this form is still open; close it first." in Page(reply.text).text()


def test_a_name_stands_once(owner: CheckingClient, open_wave: Wave) -> None:
    reply = owner.send(PATH, FILLED | {"form": "ai-adoption@1/pulse", "name": open_wave.name})
    assert "There is already a wave “First wave”." in Page(reply.text).text()


def test_without_units_it_says_what_comes_first(owner: CheckingClient, organization: Organization) -> None:
    del organization
    page = owner.page(PATH)
    assert "A wave needs units first" in page.text()
    assert "/o/acme/units/import" in [link.get("href") for link in page.all("a")]


@pytest.mark.parametrize("who", ["leader", "viewer", "auditor"])
def test_only_owners_may(who: str, request: pytest.FixtureRequest) -> None:
    member: CheckingClient = request.getfixturevalue(who)
    assert member.get(PATH).status_code == 403
