from flask import Flask

from tests.fixtures.organizations import create, sign_in
from tests.fixtures.pages import CheckingClient
from webapp.extensions import db
from webapp.models import Member, Organization, Wave
from webapp.transaction import transaction


def test_it_lists_the_own_organizations_and_no_other(app: Flask, owner: CheckingClient) -> None:
    create(app, "elsewhere", "Elsewhere")
    page = owner.page("/organizations")
    assert "Acme" in page.text()
    assert "Elsewhere" not in page.text()
    assert "/o/acme/first-steps" in [link.get("href") for link in page.all("a")]


def test_with_results_it_leads_to_them(owner: CheckingClient, published_wave: Wave) -> None:
    del published_wave
    assert "/o/acme/" in [link.get("href") for link in owner.page("/organizations").all("a")]


def test_an_auditor_is_not_led_to_results(auditor: CheckingClient, published_wave: Wave) -> None:
    del published_wave
    assert "/o/acme/first-steps" in [link.get("href") for link in auditor.page("/organizations").all("a")]


def test_without_any_it_says_how_to_get_one(app: Flask, organization: Organization) -> None:
    client = sign_in(app, organization, "owner@acme.example")
    with app.app_context(), transaction() as session:
        session.delete(session.query(Member).one())
    text = client.page("/organizations").text()
    assert "You belong to no organization yet" in text
    assert "groundswell member add" in text
    with app.app_context():
        db.session.rollback()
