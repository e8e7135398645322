"""Inviting: a role, and a link that opens this organization alone."""

from http import HTTPStatus

import pytest
from flask import Flask
from sqlalchemy import select

from tests.fixtures.organizations import add_member, create, member_id, sign_in
from tests.fixtures.pages import CheckingClient, Page
from webapp.access import sessions
from webapp.extensions import db
from webapp.models import Account, AuditEvent, Organization

PATH = "/o/acme/members/new"
NEW = "new@acme.example"


def invite(owner: CheckingClient, email: str = NEW, role: str = "viewer", unit: object = "") -> str:
    """Invite as an owner does; gives the link that the page shows."""
    reply = owner.send(PATH, {"email": email, "role": role, "unit": str(unit)})
    assert reply.status_code == HTTPStatus.OK, reply.status
    return next(one.get("value", "") for one in Page(reply.text).all("input") if one.get("id") == "link")


def opened(app: Flask, link: str) -> CheckingClient:
    """A browser in which somebody has opened a link."""
    client: CheckingClient = app.test_client()  # type: ignore[assignment]
    assert client.send(f"/sign-in/{link.rpartition('/')[2]}").status_code == HTTPStatus.SEE_OTHER
    return client


def test_a_new_member_gets_a_role_and_a_link_that_signs_in_once(
    app: Flask, owner: CheckingClient, units: dict[str, int]
) -> None:
    link = invite(owner, f"  {NEW.upper()} ", "viewer", units["Sales"])
    assert link.startswith("http://127.0.0.1:8000/sign-in/")
    assert f"{NEW} has not signed in yet Viewer Sales" in owner.page("/o/acme/members").text()
    client = opened(app, link)
    assert client.get("/o/acme/units").status_code == HTTPStatus.OK
    assert client.get("/o/acme/members").status_code == HTTPStatus.FORBIDDEN
    assert client.get(f"/sign-in/{link.rpartition('/')[2]}").status_code == HTTPStatus.NOT_FOUND
    assert f"{NEW} Viewer Sales" in owner.page("/o/acme/members").text()


def test_it_leaves_audit_rows_without_the_address(app: Flask, owner: CheckingClient) -> None:
    invite(owner)
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.sequence.desc()).limit(2)).all()
        by = db.session.scalars(select(Account.id).where(Account.email == "owner@acme.example")).one()
    assert [(one.action, one.account_id) for one in events] == [
        ("member.link_made", by),
        ("member.role_given", by),
    ]
    assert all(NEW not in one.changes for one in events)


def test_a_link_that_an_owner_had_in_hand_opens_this_organization_alone(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    """Else an owner could invite somebody who belongs elsewhere, and read there as that person."""
    del organization
    link = invite(owner, "victim@acme.example", "viewer")
    elsewhere = create(app, "elsewhere", "Elsewhere")
    add_member(app, elsewhere, "victim@acme.example", "owner")
    thief = opened(app, link)
    assert thief.get("/o/acme/waves").status_code == HTTPStatus.OK
    for path in ("/o/elsewhere/waves", "/o/elsewhere/members", "/o/missing/waves"):
        assert thief.get(path).status_code == HTTPStatus.NOT_FOUND
    assert "Elsewhere" not in thief.page("/organizations").text()
    assert thief.get("/organizations/new").status_code == HTTPStatus.FORBIDDEN
    assert "/organizations/new" not in [one.get("href") for one in thief.page("/organizations").all("a")]
    assert thief.send("/sign-out", on="/organizations").status_code == HTTPStatus.SEE_OTHER
    victim = sign_in(app, elsewhere, "victim@acme.example")
    assert victim.get("/o/acme/waves").status_code == victim.get("/o/elsewhere/waves").status_code == 200


def test_of_somebody_who_is_signed_in_here_no_link_is_shown(app: Flask, owner: CheckingClient) -> None:
    known = sign_in(app, create(app, "elsewhere", "Elsewhere"), "owner@elsewhere.example")
    assert known.get("/o/acme/waves").status_code == HTTPStatus.NOT_FOUND
    reply = owner.send(PATH, {"email": "owner@elsewhere.example", "role": "viewer", "unit": ""})
    assert (reply.status_code, reply.location) == (HTTPStatus.SEE_OTHER, "/o/acme/members")
    assert "signs in as usual" in owner.page("/o/acme/members").text()
    assert known.get("/o/acme/waves").status_code == HTTPStatus.OK


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        ({"email": ""}, "This is needed"),
        ({"email": "nobody"}, "is not an e-mail address"),
        ({"email": "a" * 250 + "@x.example"}, "At most 254 characters"),
        ({"email": "a\u202eb@acme.example"}, "is not an e-mail address"),
        ({"email": '<b>"@acme.example'}, "is not an e-mail address"),
        ({"role": ""}, "Choose one of the roles"),
        ({"role": "king"}, "Not a valid choice"),
        ({"role": "owner", "unit": "own"}, "leave the unit out"),
        ({"role": "auditor", "unit": "own"}, "leave the unit out"),
        ({"unit": "foreign"}, "There is no such unit"),
        ({"unit": "987654"}, "There is no such unit"),
        ({"unit": "9" * 40}, "There is no such unit"),
        ({"unit": "-1"}, "There is no such unit"),
    ],
)
def test_what_no_rule_allows_changes_nothing(
    app: Flask, owner: CheckingClient, units: dict[str, int], sent: dict[str, str], told: str
) -> None:
    from tests.fixtures.organizations import import_units  # noqa: PLC0415 - beside the fixture of the same kind

    foreign = import_units(app, create(app, "elsewhere", "Elsewhere"), "unit,parent,headcount\nHidden,,9\n")
    known = {"own": str(units["Sales"]), "foreign": str(foreign["Hidden"])}
    filled = {"email": NEW, "role": "viewer", "unit": ""} | sent
    reply = owner.send(PATH, filled | {"unit": known.get(filled["unit"], filled["unit"])})
    assert reply.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert told in Page(reply.text).text()
    assert "2 members" in owner.page("/o/acme/members").text()


def test_only_the_fields_of_the_form_are_taken(app: Flask, owner: CheckingClient) -> None:
    owner.send(PATH, {"email": NEW, "role": "viewer", "unit": "", "arrived": "1", "organization_id": "2"})
    with app.app_context():
        found = db.session.scalars(select(Account).where(Account.email == NEW)).one()
        assert not sessions.reaches(found.id)
    assert f"{NEW} has not signed in yet" in owner.page("/o/acme/members").text()


def test_nobody_but_an_owner_may_invite(
    leader: CheckingClient, auditor: CheckingClient, stranger: CheckingClient
) -> None:
    sent = {"email": NEW, "role": "owner", "unit": ""}
    for client, status in ((leader, 403), (auditor, 403), (stranger, 404)):
        hidden = client.page("/organizations").form("/sign-out")
        assert client.post(PATH, data=sent | hidden).status_code == status


def test_a_forged_invitation_is_refused(owner: CheckingClient) -> None:
    sent = {"email": NEW, "role": "owner", "unit": ""}
    assert owner.post(PATH, data=sent).status_code == 400
    hidden = owner.page(PATH).form()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert owner.post(PATH, data=sent | hidden, headers=headers).status_code == 403


def test_inviting_twice_gives_the_role_once(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    first, second = invite(owner), invite(owner)
    assert first != second
    assert owner.page(f"/o/acme/members/{member_id(app, organization, NEW)}").text().count("Take away") == 1
