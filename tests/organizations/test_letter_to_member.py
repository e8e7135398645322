"""Inviting by mail: the letter goes to the address, its link to nobody else, and it signs in once."""

import re
import threading
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus

import pytest
from flask import Flask
from sqlalchemy import select

from config import Settings
from tests.fixtures import organizations
from tests.fixtures.applications import MakeApp
from tests.fixtures.organizations import create, member_id, sign_in
from tests.fixtures.pages import CheckingClient, Page
from tests.fixtures.post_office import PostOffice
from webapp import worker
from webapp.access import sessions
from webapp.extensions import db
from webapp.models import AuditEvent, Organization, OutboxRow, SignInLink

PATH = "/o/acme/members/new"
NEW = "new@acme.example"
LINK = re.compile(r"/sign-in/([\w-]+)")


@dataclass
class House:
    app: Flask
    office: PostOffice
    acme: Organization
    owner: CheckingClient

    def invite(self, email: str = NEW, role: str = "viewer") -> str:
        reply = self.owner.send(PATH, {"email": email, "role": role, "unit": ""})
        assert reply.status_code == HTTPStatus.SEE_OTHER, Page(reply.text).text()
        return str(self.owner.page("/o/acme/members").text())

    def deliver(self) -> None:
        with self.app.app_context():
            worker.deliver(threading.Event())

    def link(self) -> str:
        """The secret in the last letter."""
        (found,) = LINK.findall(self.office.letters[-1].get_content())
        return str(found)

    def opened(self, secret: str) -> CheckingClient:
        client: CheckingClient = self.app.test_client()  # type: ignore[assignment]
        assert client.send(f"/sign-in/{secret}").status_code == HTTPStatus.SEE_OTHER
        return client

    def page(self, email: str = NEW) -> str:
        return f"/o/acme/members/{member_id(self.app, self.acme, email)}"

    def rows(self) -> list[OutboxRow]:
        with self.app.app_context():
            return list(db.session.scalars(select(OutboxRow)))


@pytest.fixture
def house(make_app: MakeApp, settings: Settings, post_office: PostOffice) -> House:
    app = make_app(
        replace(
            settings,
            mail_server=post_office.server(),
            mail_from="groundswell@example.org",
            mail_per_minute=60_000,
        )
    )
    acme = create(app)
    organizations.import_units(app, acme)
    return House(app, post_office, acme, sign_in(app, acme, "owner@acme.example"))


def test_the_letter_goes_to_the_address_and_its_link_signs_in_once(house: House) -> None:
    assert f"A letter goes to {NEW}" in house.invite()
    with house.app.app_context():
        assert not db.session.scalars(select(SignInLink)).all()  # it is made when the letter is written
    assert all(NEW not in row.payload for row in house.rows())
    house.deliver()
    assert house.office.receivers == [NEW]
    letter = house.office.letters[0]
    assert letter["Subject"] == "You are invited to Acme"
    assert "owner@acme.example has made you a member of Acme" in letter.get_content()
    secret = house.link()
    client = house.opened(secret)
    assert client.get("/o/acme/units").status_code == HTTPStatus.OK
    assert client.get("/accounts/me").status_code == HTTPStatus.OK
    assert client.get(f"/sign-in/{secret}").status_code == HTTPStatus.NOT_FOUND


def test_reading_the_link_uses_nothing_up(house: House) -> None:
    house.invite()
    house.deliver()
    scanner: CheckingClient = house.app.test_client()  # type: ignore[assignment]
    for _ in range(3):
        assert scanner.get(f"/sign-in/{house.link()}").status_code == HTTPStatus.OK
    assert house.opened(house.link()).get("/organizations").status_code == HTTPStatus.OK


def test_the_link_ends_after_two_days(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    house.invite()
    house.deliver()
    now = sessions.now
    client: CheckingClient = house.app.test_client()  # type: ignore[assignment]
    monkeypatch.setattr(sessions, "now", lambda: now() + timedelta(hours=49))
    assert client.get(f"/sign-in/{house.link()}").status_code == HTTPStatus.NOT_FOUND


def test_no_page_shows_the_owner_the_link(house: House) -> None:
    house.owner.send(PATH, {"email": NEW, "role": "viewer", "unit": ""})
    house.deliver()
    for path in ("/o/acme/members", house.page(), "/o/acme/audit"):
        assert "/sign-in/" not in house.owner.get(path).text
    with house.app.app_context():
        found = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "member.invited")).all()
    assert len(found) == 1
    assert NEW not in found[0].changes


def test_who_is_signed_in_elsewhere_is_told_to_sign_in_as_usual(house: House) -> None:
    sign_in(house.app, create(house.app, "elsewhere", "Elsewhere"), "owner@elsewhere.example")
    house.invite("owner@elsewhere.example")
    house.deliver()
    text = house.office.letters[0].get_content()
    assert "Sign in as usual" in text
    assert not LINK.findall(text)


def test_who_was_removed_meanwhile_gets_no_letter(house: House) -> None:
    house.invite()
    assert house.owner.send(f"{house.page()}/remove", on=house.page()).status_code == HTTPStatus.SEE_OTHER
    house.deliver()
    assert house.office.receivers == []
    assert house.rows() == []


def test_the_page_of_a_member_tells_what_became_of_the_letter(house: House) -> None:
    house.invite()
    assert "A letter to them waits" in house.owner.page(house.page()).text()
    house.office.answers[NEW] = "550 unknown"
    house.deliver()
    assert "did not take the letter" in house.owner.page(house.page()).text()
    assert "Send the letter again" in house.owner.page(house.page()).text()
    house.office.answers.clear()
    assert house.owner.send(f"{house.page()}/letter", on=house.page()).status_code == HTTPStatus.SEE_OTHER
    house.deliver()
    assert house.office.receivers == [NEW]


def test_an_address_is_not_flooded(house: House) -> None:
    for _ in range(3):
        house.invite()
    reply = house.owner.send(PATH, {"email": NEW, "role": "viewer", "unit": ""})
    assert reply.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Enough letters for today" in Page(reply.text).text()
    house.owner.send(f"{house.page()}/letter", on=house.page())
    assert len(house.rows()) == 3


def test_the_letter_speaks_the_language_of_whoever_invites_and_puts_no_head_in(house: House) -> None:
    with house.app.app_context():
        organization = db.session.scalars(select(Organization)).one()
        organization.name = "<b>Acme</b> Bcc: x@y.example"
        db.session.commit()
    house.invite()
    house.deliver()
    assert house.office.receivers == [NEW]
    assert house.office.letters[0]["Bcc"] is None
    assert house.office.letters[0]["Subject"] == "You are invited to <b>Acme</b> Bcc: x@y.example"


def test_without_a_mail_server_no_letter_is_queued_and_sending_again_is_refused(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    reply = owner.send(PATH, {"email": NEW, "role": "viewer", "unit": ""})
    assert "Hand this link to" in Page(reply.text).text()
    page = f"/o/acme/members/{member_id(app, organization, NEW)}"
    assert "Send the letter again" not in owner.page(page).text()
    owner.send(f"{page}/letter", on=page)
    assert "No mail server is set up" in owner.page(page).text()
    with app.app_context():
        assert not db.session.scalars(select(OutboxRow)).all()
