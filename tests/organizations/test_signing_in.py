"""An organization that asks all its members for a second step."""

import re

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from tests.fixtures.organizations import add_member, create, sign_in
from tests.fixtures.pages import CheckingClient, Page
from webapp.access import second_step
from webapp.extensions import db
from webapp.models import Account, AuditEvent, Organization
from webapp.organizations import commands
from webapp.transaction import transaction

PATH = "/o/acme/settings/signing-in"
STEP = "/accounts/me/second-step"


def turn_on(app: Flask, email: str = "owner@acme.example") -> None:
    with app.app_context(), transaction() as session:
        account = session.scalars(sa.select(Account).where(Account.email == email)).one()
        second_step.turn_on(session, account, second_step.new_secret(), step=0)


def ask(owner: CheckingClient, app: Flask) -> None:
    turn_on(app)
    assert owner.send(PATH, {"asks_second_step": "y"}).status_code == 303


def test_an_owner_without_one_cannot_shut_themselves_out(app: Flask, owner: CheckingClient) -> None:
    assert f"{STEP}?next={PATH}" in owner.get(PATH).text
    reply = owner.send(PATH, {"asks_second_step": "y"})
    assert reply.status_code == 422
    assert "Turn your own second step on first" in reply.text
    turn_on(app)
    assert owner.send(PATH, {"asks_second_step": "y"}).status_code == 303
    assert "Every member needs a second step" in owner.page("/o/acme/settings").text()
    assert owner.send(PATH, {}).status_code == 303
    with app.app_context():
        actions = db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.sequence)).all()
    assert actions[-2:] == ["organization.second_step_asked", "organization.second_step_left_free"]
    assert "Left a second step to each member again" in owner.page("/o/acme/audit").text()


def test_a_member_without_one_reaches_no_page_from_the_next_request_on(
    app: Flask, owner: CheckingClient, viewer: CheckingClient
) -> None:
    assert viewer.get("/o/acme/units").status_code == 200
    ask(owner, app)
    for path in ("/o/acme/units", "/o/acme/", "/o/acme/first-steps", "/o/acme/settings"):
        reply = viewer.get(path)
        assert (reply.status_code, reply.location) == (303, f"{STEP}?next={path}"), path
    form = viewer.page("/organizations").form("/sign-out")
    assert viewer.post("/o/acme/units/new", data=form).status_code == 303
    assert "every member needs one" in viewer.page(f"{STEP}?next=/o/acme/units").text()
    assert owner.get("/o/acme/units").status_code == 200
    assert viewer.get("/organizations").status_code == 200
    assert viewer.get("/accounts/me").status_code == 200


def test_turning_it_on_leads_back_to_where_one_was_going(
    app: Flask, owner: CheckingClient, viewer: CheckingClient
) -> None:
    ask(owner, app)
    path = viewer.get("/o/acme/units").location
    page = viewer.page(path)
    secret = next(re.sub(r"\s", "", "".join(one.itertext())) for one in page.all("code"))
    reply = viewer.post(path, data=page.form() | {"code": pyotp.TOTP(secret).now()})
    onwards = [one.get("href") for one in Page(reply.text).all("a") if "button" in one.get("class", "")]
    assert onwards == ["/o/acme/units"]
    assert viewer.get("/o/acme/units").status_code == 200


def test_other_organizations_stay_as_they_are(app: Flask, owner: CheckingClient) -> None:
    other = create(app, "elsewhere", "Elsewhere")
    add_member(app, other, "viewer@acme.example", "viewer")
    viewer = sign_in(app, other, "viewer@acme.example")
    ask(owner, app)
    assert viewer.get("/o/elsewhere/units").status_code == 200
    assert viewer.get("/o/acme/units").status_code == 404, "not a member there"


def test_who_came_by_a_link_that_was_handed_over_is_told_why_it_is_not_enough(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    add_member(app, organization, "new@acme.example", "viewer")
    with app.app_context():
        account = db.session.scalars(sa.select(Account).where(Account.email == "owner@acme.example")).one()
        handed = commands.sign_in_secret(organization=organization, email="new@acme.example", by=account)
    client: CheckingClient = app.test_client()  # type: ignore[assignment]
    assert client.send(f"/sign-in/{handed}").status_code == 303
    ask(owner, app)
    reply = client.get("/o/acme/units")
    assert reply.location == f"{STEP}?next=/o/acme/units"
    reply = client.get(reply.location)
    assert reply.status_code == 403
    assert "every member needs a second step" in reply.text
    assert "Sign in with a link of your own" in reply.text


def test_owners_see_who_has_one_and_auditors_do_not(
    app: Flask, owner: CheckingClient, auditor: CheckingClient
) -> None:
    turn_on(app)
    page = owner.page("/o/acme/members")
    rows = [" ".join("".join(row.itertext()).split()) for row in page.all("tr")]
    assert [row[-3:].strip() for row in rows[1:]] == ["no", "yes"]
    assert "Second step" not in auditor.page("/o/acme/members").text()


@pytest.mark.parametrize("who", ["leader", "viewer", "auditor"])
def test_nobody_else_decides(who: str, request: pytest.FixtureRequest) -> None:
    member: CheckingClient = request.getfixturevalue(who)
    assert member.get(PATH).status_code == 403


def test_the_command_line_goes_on(app: Flask, owner: CheckingClient, organization: Organization) -> None:
    ask(owner, app)
    add_member(app, organization, "more@acme.example", "viewer")
