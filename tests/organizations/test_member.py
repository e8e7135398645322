"""One member: roles are given and taken, and a member is removed; an organization always keeps an owner."""

from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.fixtures.organizations import add_member, create, import_units, member_id, open_one, sign_in
from tests.fixtures.pages import CheckingClient
from webapp.access import sessions
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import (
    Account,
    Assessment,
    AuditEvent,
    BrowserSession,
    Member,
    MemberRole,
    Organization,
    SignInLink,
    Wave,
)
from webapp.organizations import commands

SECOND = "second@acme.example"


def page_of(app: Flask, organization: Organization, email: str) -> str:
    return f"/o/{organization.slug}/members/{member_id(app, organization, email)}"


def count(app: Flask, *where: sa.ColumnElement[bool]) -> int:
    with app.app_context():
        return db.session.scalar(sa.select(sa.func.count()).where(*where)) or 0


def test_a_role_is_given_and_taken_and_holds_from_the_next_request(
    app: Flask, organization: Organization, owner: CheckingClient, viewer: CheckingClient
) -> None:
    path = page_of(app, organization, "viewer@acme.example")
    assert viewer.get("/o/acme/members").status_code == HTTPStatus.FORBIDDEN
    assert owner.send(path, {"role": "auditor", "unit": ""}).status_code == HTTPStatus.SEE_OTHER
    assert viewer.get("/o/acme/members").status_code == HTTPStatus.OK
    owner.send(f"{path}/take", {"role": "auditor", "unit": ""}, on=path)
    assert viewer.get("/o/acme/members").status_code == HTTPStatus.FORBIDDEN
    assert viewer.get("/o/acme/waves").status_code == HTTPStatus.OK


def test_without_a_role_a_member_sees_nothing(
    app: Flask,
    organization: Organization,
    units: dict[str, int],
    owner: CheckingClient,
    viewer: CheckingClient,
) -> None:
    path = page_of(app, organization, "viewer@acme.example")
    for _ in range(2):  # a second click changes nothing
        owner.send(f"{path}/take", {"role": "viewer", "unit": str(units["Sales"])}, on=path)
    assert "None any more" in owner.page(path).text()
    assert viewer.get("/o/acme/waves").status_code == HTTPStatus.FORBIDDEN


def test_a_removed_member_is_gone_with_the_next_request(
    app: Flask, organization: Organization, owner: CheckingClient, viewer: CheckingClient
) -> None:
    path = page_of(app, organization, "viewer@acme.example")
    assert owner.send(f"{path}/remove", on=path).location == "/o/acme/members"
    assert viewer.get("/o/acme/waves").location == "/sign-in"
    assert owner.get(path).status_code == HTTPStatus.NOT_FOUND
    assert count(app, Account.email == "viewer@acme.example") == 0


def test_who_belongs_elsewhere_keeps_the_account_and_loses_this_organization(
    app: Flask, organization: Organization, owner: CheckingClient, stranger: CheckingClient
) -> None:
    add_member(app, organization, "owner@elsewhere.example", "viewer")
    assert stranger.get("/o/acme/waves").status_code == HTTPStatus.OK
    with app.app_context():
        commands.remove_member(organization=organization, email="owner@elsewhere.example", by=None)
    assert stranger.get("/o/acme/waves").status_code == HTTPStatus.NOT_FOUND
    assert stranger.get("/o/elsewhere/waves").status_code == HTTPStatus.OK
    del owner


def test_links_and_sessions_of_this_organization_end_with_the_membership(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    """Else a link that was handed over would work again when the person comes back."""
    elsewhere = create(app, "elsewhere", "Elsewhere")
    add_member(app, elsewhere, SECOND, "viewer")
    with app.app_context():
        by = db.session.scalars(sa.select(Account).where(Account.email == "owner@acme.example")).one()
        for _ in range(2):
            secret = commands.add_member(
                organization=organization, email=SECOND, role="viewer", unit_id=None, by=by
            )
        sessions.start(secret or "")
        commands.remove_member(organization=organization, email=SECOND, by=by)
        left = [
            db.session.scalars(sa.select(one.organization_id)).all() for one in (SignInLink, BrowserSession)
        ]
    assert organization.id not in [*left[0], *left[1]]
    del owner


def test_an_assessment_goes_with_the_member_and_no_number_is_given_again(
    app: Flask, organization: Organization, units: dict[str, int], open_wave: Wave, leader: CheckingClient
) -> None:
    leader.send(
        f"/o/acme/waves/{open_wave.id}/assessments/{units['Engineering']}",
        {"shown": "average", "P1.L1": "3"},
    )
    gone = member_id(app, organization, "leader@acme.example")
    with app.app_context():
        item = db.session.scalars(sa.select(Assessment)).all()
        by = db.session.scalars(sa.select(Member.account_id).where(Member.id == gone)).one()
        assert len(item) <= 1
        commands.remove_member(organization=organization, email="leader@acme.example", by=None)
    assert count(app, Assessment.member_id == gone) == 0
    add_member(app, organization, "later@acme.example", "viewer")
    assert member_id(app, organization, "later@acme.example") > gone
    assert count(app, Account.id == by) == 0
    with app.app_context():
        later = db.session.scalars(sa.select(Account.id).where(Account.email == "later@acme.example")).one()
    assert later > by, "The audit log would name somebody else."


@pytest.mark.parametrize("act", ["take", "remove"])
def test_the_last_owner_stays(
    app: Flask, organization: Organization, owner: CheckingClient, act: str
) -> None:
    path = page_of(app, organization, "owner@acme.example")
    reply = owner.send(f"{path}/{act}", {"role": "owner", "unit": ""}, on=path)
    assert reply.location == path
    assert "An organization needs an owner" in owner.page(path).text()
    add_member(app, organization, SECOND, "owner")
    reply = owner.send(f"{path}/{act}", {"role": "owner", "unit": ""}, on=path)
    assert owner.get("/o/acme/members").status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.FOUND}


def test_owners_who_remove_each_other_at_once_leave_one(any_app: Flask) -> None:
    organization = create(any_app)
    emails = ["owner@acme.example", *(f"owner{number}@acme.example" for number in range(9))]
    for email in emails[1:]:
        add_member(any_app, organization, email, "owner")

    def act(number: int) -> bool:
        with any_app.app_context():
            by = db.session.scalar(sa.select(Account).where(Account.email == emails[number % 10]))
            if by is None:
                return False
            other = emails[(number + 1 + number // 10) % 10]
            try:
                if number % 2:
                    commands.remove_member(organization=organization, email=other, by=by)
                else:
                    gone = db.session.scalar(sa.select(Member.id).join(Account).where(Account.email == other))
                    commands.take_role(
                        organization=organization, member_id=gone or 0, role="owner", unit_id=None, by=by
                    )
            except (Refused, sa.orm.exc.ObjectDeletedError):
                return False
            return True

    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(act, range(50)))
    assert any(done)
    assert not all(done)
    with any_app.app_context():
        owners = sa.select(sa.func.count()).select_from(MemberRole).where(MemberRole.role == "owner")
        assert db.session.scalar(owners) == 1


def test_who_was_removed_meanwhile_changes_nothing_more(app: Flask, organization: Organization) -> None:
    """The check of a request has passed, and then somebody takes the right away."""
    add_member(app, organization, SECOND, "owner")
    add_member(app, organization, "third@acme.example", "viewer")
    with app.app_context():
        by = db.session.scalars(sa.select(Account).where(Account.email == SECOND)).one()
        gone = db.session.scalars(sa.select(Member.id).where(Member.account_id == by.id)).one()
        commands.take_role(organization=organization, member_id=gone, role="owner", unit_id=None, by=None)
        with pytest.raises(Refused, match="may not change members any more"):
            commands.remove_member(organization=organization, email="third@acme.example", by=by)


def test_an_erased_account_in_the_middle_of_a_request_is_asked_to_sign_in(
    app: Flask, organization: Organization, owner: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_member(app, organization, SECOND, "owner")
    client = sign_in(app, organization, SECOND)
    real = commands.change_settings

    def removed_first(**values: object) -> None:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(remove, app, organization, SECOND).result()
        real(**values)  # type: ignore[arg-type]

    monkeypatch.setattr(commands, "change_settings", removed_first)
    settings = {"name": "Mine", "smallest_group": "7", "timezone": "UTC", "time_guard": "strict"}
    assert client.send("/o/acme/settings", settings).status_code == HTTPStatus.UNAUTHORIZED
    assert "Mine" not in owner.page("/o/acme/settings").text()


def remove(app: Flask, organization: Organization, email: str) -> None:
    with app.app_context():
        commands.remove_member(organization=organization, email=email, by=None)


def test_a_link_can_be_made_again_until_somebody_arrives(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    add_member(app, organization, SECOND, "viewer")
    path = page_of(app, organization, SECOND)
    reply = owner.send(f"{path}/link", on=path)
    assert "Hand this link to second@acme.example" in reply.text
    sign_in(app, organization, SECOND)
    assert "Make a link" not in owner.page(path).text()
    reply = owner.send(f"{path}/link", on=path)
    assert reply.location == path
    assert "no link is shown to anybody else" in owner.page(path).text()


def test_only_members_of_this_organization_can_be_meant(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    elsewhere = create(app, "elsewhere", "Elsewhere")
    import_units(app, elsewhere, "unit,parent,headcount\nHidden,,9\n")
    open_one(app, elsewhere)
    foreign = member_id(app, elsewhere, "owner@elsewhere.example")
    hidden = owner.page("/o/acme/members/new").form()
    for act in ("", "/take", "/link", "/remove"):
        sent = hidden | {"role": "owner", "unit": ""}
        assert owner.post(f"/o/acme/members/{foreign}{act}", data=sent).status_code == 404
        assert owner.post(f"/o/elsewhere/members/{foreign}{act}", data=sent).status_code == 404
    assert count(app, MemberRole.member_id == foreign) == 1
    with app.app_context():
        commands.take_role(organization=organization, member_id=foreign, role="owner", unit_id=None, by=None)
    assert count(app, MemberRole.member_id == foreign) == 1


@pytest.mark.parametrize("who", ["leader", "viewer", "auditor"])
def test_nobody_makes_themselves_an_owner(
    app: Flask, organization: Organization, who: str, request: pytest.FixtureRequest
) -> None:
    client: CheckingClient = request.getfixturevalue(who)
    own = member_id(app, organization, f"{who}@acme.example")
    hidden = client.page("/organizations").form("/sign-out")
    for act in ("", "/take", "/link", "/remove"):
        reply = client.post(f"/o/acme/members/{own}{act}", data=hidden | {"role": "owner", "unit": ""})
        assert reply.status_code == HTTPStatus.FORBIDDEN
    assert count(app, MemberRole.role == "owner") == 1


def test_what_happens_to_members_stands_in_the_log_without_their_address(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    add_member(app, organization, SECOND, "viewer")
    path = page_of(app, organization, SECOND)
    owner.send(path, {"role": "auditor", "unit": ""})
    owner.send(f"{path}/take", {"role": "viewer", "unit": ""}, on=path)
    owner.send(f"{path}/remove", on=path)
    with app.app_context():
        events = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.sequence.desc()).limit(3)).all()
    assert [one.action for one in events][::-1] == [
        "member.role_given",
        "member.role_taken",
        "member.removed",
    ]
    assert all(SECOND not in one.changes for one in events)
