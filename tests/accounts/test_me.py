"""The account's page: where it is signed in, and ending that."""

from datetime import datetime

import sqlalchemy as sa
from flask import Flask

from tests.fixtures.organizations import add_member, create, set_password, sign_in
from tests.fixtures.pages import CheckingClient
from webapp.access import sessions
from webapp.extensions import db
from webapp.models import BrowserSession, MemberRole, Organization

PATH = "/accounts/me"
END = "/accounts/me/sessions/end"


def keys(app: Flask) -> list[str]:
    with app.app_context():
        return [key.hex() for key in db.session.scalars(sa.select(BrowserSession.secret_hash))]


def test_it_shows_each_session_and_which_is_this_one(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    sign_in(app, organization, "owner@acme.example")
    page = owner.page(PATH)
    assert page.text().count("this browser") == 1
    assert len(page.all("tr")) == 3
    assert "owner@acme.example" in page.text()
    assert "127.0.0.1" not in page.text()


def test_times_are_told_in_words_and_by_the_clocks_of_the_organization(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    sign_in(app, organization, "owner@acme.example")
    started = datetime(2026, 3, 5, 12, 30)  # noqa: DTZ001 - as the database stores it
    with app.app_context():
        other = sa.select(BrowserSession.secret_hash).order_by(BrowserSession.started.desc()).limit(1)
        changed = sa.update(BrowserSession).where(BrowserSession.secret_hash == other.scalar_subquery())
        db.session.execute(changed.values(started=started))
        db.session.execute(sa.update(Organization).values(timezone="Europe/Berlin"))
        db.session.commit()
    page = owner.page(PATH)
    assert "5 Mar 2026, 13:30" in page.text()
    assert "those of the time zone Europe/Berlin" in page.text()
    assert "a moment ago" in page.text()
    assert "2026-03-05T12:30:00Z" in [one.get("datetime") for one in page.all("time")]
    add_member(app, create(app, "b", "B"), "owner@acme.example", "viewer")
    page = owner.page(PATH)
    assert "5 Mar 2026, 12:30" in page.text()
    assert "those of the time zone UTC" in page.text(), "its organizations are in two zones"


def test_every_page_of_a_member_leads_there(owner: CheckingClient, units: dict[str, int]) -> None:
    del units
    for path in ("/organizations", "/o/acme/units"):
        links = [one.get("href") for one in owner.page(path).all("a")]
        assert PATH in links, path


def test_one_other_session_is_ended(app: Flask, organization: Organization, owner: CheckingClient) -> None:
    here = set(keys(app))
    other = sign_in(app, organization, "owner@acme.example")
    (key,) = set(keys(app)) - here
    reply = owner.send(END, {"session": key}, on=PATH)
    assert (reply.status_code, reply.location) == (303, PATH)
    assert other.get("/organizations").status_code == 302
    assert owner.get("/organizations").status_code == 200
    assert "had ended already" in owner.send(END, {"session": key}, on=PATH, follow_redirects=True).text


def test_ending_this_one_signs_out(app: Flask, owner: CheckingClient) -> None:
    reply = owner.send(END, {"session": keys(app)[0]}, on=PATH)
    assert (reply.status_code, reply.location) == (303, "/sign-in?signed_out=1")
    assert reply.headers["Clear-Site-Data"] == '"cache","cookies"'
    assert owner.get("/organizations").status_code == 302


def test_all_others_are_ended_at_once(app: Flask, organization: Organization, owner: CheckingClient) -> None:
    others = [sign_in(app, organization, "owner@acme.example") for _ in range(3)]
    reply = owner.send("/accounts/me/sessions/end-others", on=PATH, follow_redirects=True)
    assert "3 other sessions are ended" in reply.text
    assert owner.get("/organizations").status_code == 200
    assert {one.get("/organizations").status_code for one in others} == {302}


def test_sessions_of_others_are_out_of_reach(
    owner: CheckingClient, stranger: CheckingClient, app: Flask
) -> None:
    before = keys(app)
    for key in (*before, "", "zz", "é", "00", "x" * 5000):
        cookie = stranger.get_cookie("sid")
        assert cookie is not None
        if key not in before or key != sessions_key(cookie.value):
            stranger.send(END, {"session": key}, on=PATH)
    stranger.send("/accounts/me/sessions/end-others", on=PATH)
    assert owner.get("/organizations").status_code == 200
    assert set(keys(app)) == set(before)


def sessions_key(secret: str) -> str:
    return sessions._hash(secret).hex()


def test_a_changed_role_holds_from_the_next_request_on_in_every_session(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    set_password(owner)
    other = sign_in(app, organization, "owner@acme.example")
    assert {one.get("/o/acme/settings").status_code for one in (owner, other)} == {200}
    with app.app_context():
        db.session.execute(sa.update(MemberRole).values(role="viewer"))
        db.session.commit()
    assert {one.get("/o/acme/settings").status_code for one in (owner, other)} == {403}
