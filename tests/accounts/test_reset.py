"""A new password by mail."""

import re
import threading
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.organizations import PASSWORD, create, sign_in
from tests.fixtures.pages import CheckingClient
from tests.fixtures.post_office import PostOffice
from webapp import worker
from webapp.access import second_step
from webapp.accounts import resets
from webapp.extensions import db
from webapp.models import Account, OutboxRow, PasswordReset
from webapp.transaction import transaction

ASK = "/sign-in/reset"
EMAIL = "owner@acme.example"


@pytest.fixture
def mailing(make_app: MakeApp, settings: Settings, engine_url: str, post_office: PostOffice) -> Flask:
    """Acme, on either database, with a mail server."""
    made = make_app(
        replace(
            settings,
            database_url=engine_url,
            mail_server=post_office.server(),
            mail_from="Groundswell <groundswell@example.org>",
        )
    )
    create(made)
    return made


def deliver(app: Flask) -> None:
    with app.app_context():
        worker.deliver(threading.Event())


def visitor(app: Flask) -> CheckingClient:
    found: CheckingClient = app.test_client()  # type: ignore[assignment]
    return found


def link(app: Flask, office: PostOffice) -> str:
    """Ask for a letter and open it."""
    assert visitor(app).send(ASK, {"email": EMAIL}).status_code == 200
    deliver(app)
    found = re.search(r"https?://[^/\s]+(/sign-in/reset/[\w-]{43})", office.letters[-1].get_content())
    assert found
    return found[1]


def test_the_letter_leads_to_a_new_password_and_a_session(mailing: Flask, post_office: PostOffice) -> None:
    other = sign_in(mailing, create(mailing, "b", "B"), "owner@b.example")
    path = link(mailing, post_office)
    assert post_office.receivers == [EMAIL]
    client = visitor(mailing)
    reply = client.send(path, {"new": PASSWORD, "again": PASSWORD})
    assert (reply.status_code, reply.location) == (303, "/organizations")
    assert "Acme" in client.page("/organizations").text()
    assert visitor(mailing).send("/sign-in", {"email": EMAIL, "password": PASSWORD}).status_code == 303
    assert other.get("/organizations").status_code == 200, "others stay signed in"


def test_using_it_ends_all_sessions_and_all_other_links(mailing: Flask, post_office: PostOffice) -> None:
    first, second = link(mailing, post_office), link(mailing, post_office)
    inside = visitor(mailing)
    assert inside.send(first, {"new": PASSWORD, "again": PASSWORD}).status_code == 303
    assert visitor(mailing).get(second).status_code == 404
    third = link(mailing, post_office)
    assert visitor(mailing).send(third, {"new": PASSWORD, "again": PASSWORD}).status_code == 303
    assert inside.get("/organizations").status_code == 302


def test_opening_it_has_no_effect_and_it_works_once(mailing: Flask, post_office: PostOffice) -> None:
    path = link(mailing, post_office)
    for _ in range(3):
        assert visitor(mailing).get(path).status_code == 200
        assert visitor(mailing).head(path).status_code == 200
    client = visitor(mailing)
    refused = client.send(path, {"new": "too short", "again": "too short"})
    assert refused.status_code == 422, "a password that is refused does not use it up"
    form = client.page(path).form()
    sent = form | {"new": PASSWORD, "again": PASSWORD}
    assert client.post(path, data=sent).status_code == 303
    assert client.post(path, data=sent).status_code == 404
    assert "has been used, or it has ended" in visitor(mailing).get(path).text


def test_it_ends_after_an_hour(
    mailing: Flask, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = link(mailing, post_office)
    later = resets.now() + timedelta(hours=1)
    monkeypatch.setattr(resets, "now", lambda: later)
    assert visitor(mailing).get(path).status_code == 404


def test_the_answer_is_the_same_for_everybody(mailing: Flask, post_office: PostOffice) -> None:
    known = visitor(mailing).send(ASK, {"email": f" {EMAIL.title()} "})
    unknown = visitor(mailing).send(ASK, {"email": "nobody@acme.example"})
    strange = visitor(mailing).send(ASK, {"email": "x\r\nBcc: y@example.org"})
    assert known.text == unknown.text == strange.text
    deliver(mailing)
    assert post_office.receivers == [EMAIL]


def test_there_are_five_letters_a_day_and_the_answer_stays_the_same(
    mailing: Flask, post_office: PostOffice
) -> None:
    texts = {visitor(mailing).send(ASK, {"email": EMAIL}).text for _ in range(7)}
    deliver(mailing)
    assert len(texts) == 1
    assert post_office.receivers == [EMAIL] * 5


def test_neither_the_queue_nor_the_table_holds_what_opens_it(mailing: Flask, post_office: PostOffice) -> None:
    visitor(mailing).send(ASK, {"email": EMAIL})
    with mailing.app_context():
        assert EMAIL not in db.session.scalars(sa.select(OutboxRow.payload)).one()
        assert not db.session.scalars(sa.select(PasswordReset)).all()
    deliver(mailing)
    path = link(mailing, post_office)
    with mailing.app_context():
        hashes = db.session.scalars(sa.select(PasswordReset.secret_hash)).all()
    assert {len(one) for one in hashes} == {32}
    assert visitor(mailing).get(path.replace("/reset", "")).status_code == 404, "it signs nobody in by itself"


def test_the_second_step_is_still_asked(mailing: Flask, post_office: PostOffice) -> None:
    with mailing.app_context(), transaction() as session:
        account = session.scalars(sa.select(Account)).one()
        second_step.turn_on(session, account, second_step.new_secret(), step=0)
    client = visitor(mailing)
    reply = client.send(link(mailing, post_office), {"new": "vK7#qZ2!", "again": "vK7#qZ2!"})
    assert (reply.status_code, reply.location) == (303, "/sign-in/second-step")
    assert client.get("/organizations").status_code == 302


@pytest.mark.parametrize("ticket", ["x", "A" * 5000, "é", "%00"])
def test_a_link_that_never_was_gets_the_same_page(client: CheckingClient, ticket: str) -> None:
    reply = client.get(f"{ASK}/{ticket}")
    assert reply.status_code == 404
    assert "has been used, or it has ended" in reply.text


def test_without_a_mail_server_the_page_says_what_to_do_instead(client: CheckingClient) -> None:
    assert "groundswell member link" in client.page(ASK).text()
    assert ASK not in client.get("/sign-in").text
