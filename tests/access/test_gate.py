"""The one check before every request: deny by default, and tell a stranger nothing."""

import re
from http import HTTPStatus

import sqlalchemy as sa
from flask import Flask, Response

from tests.fixtures.organizations import create, import_units, member_id, open_one, sign_in
from tests.fixtures.pages import CheckingClient
from webapp import access
from webapp.access import Permission
from webapp.extensions import db
from webapp.models import BrowserSession, MemberRole, Organization, Wave


def test_a_view_that_declares_nothing_answers_nobody(app: Flask, organization: Organization) -> None:
    app.add_url_rule("/o/<slug>/forgotten", "forgotten", lambda slug: f"secrets of {slug}")
    for client in (app.test_client(), sign_in(app, organization, "owner@acme.example")):
        reply = client.get("/o/acme/forgotten")
        assert reply.status_code == HTTPStatus.FORBIDDEN
        assert "secrets" not in reply.text


def test_an_unknown_address_is_a_plain_404(client: CheckingClient) -> None:
    assert client.get("/nothing").status_code == HTTPStatus.NOT_FOUND
    assert client.get("/o/").status_code == HTTPStatus.NOT_FOUND


def test_who_is_not_signed_in_is_sent_to_sign_in(client: CheckingClient, organization: Organization) -> None:
    reply = client.get(f"/o/{organization.slug}/units")
    assert (reply.status_code, reply.location) == (HTTPStatus.FOUND, "/sign-in")
    assert client.get("/o/missing/units").location == reply.location


def test_a_foreign_and_a_missing_organization_look_the_same(
    stranger: CheckingClient, published_wave: Wave, units: dict[str, int]
) -> None:
    for path in (
        "/",
        "/units",
        f"/waves/{published_wave.id}",
        f"/units/{units['Sales']}",
        "/settings",
        "/results/trend",
    ):
        stranger.get("/organizations")  # so that both replies find the same cookies
        foreign = stranger.get(f"/o/acme{path}")
        missing = stranger.get(f"/o/missing{path}")
        assert foreign.status_code == missing.status_code == HTTPStatus.NOT_FOUND, path
        assert without_token(foreign.text) == without_token(missing.text)
        assert dict(foreign.headers) == dict(missing.headers)
        assert "Acme" not in foreign.text


def without_token(html: str) -> str:
    return re.sub(r'name="csrf_token" type="hidden" value="[^"]*"', "", html)


def test_an_object_of_another_organization_looks_missing(
    app: Flask, owner: CheckingClient, published_wave: Wave
) -> None:
    elsewhere = create(app, "elsewhere", "Elsewhere")
    foreign_units = import_units(app, elsewhere, "unit,parent,headcount\nHidden,,9\n")
    foreign_wave = open_one(app, elsewhere, "Their wave")
    foreign_member = member_id(app, elsewhere, "owner@elsewhere.example")
    for foreign, missing in (
        (f"/o/acme/units/{foreign_units['Hidden']}", "/o/acme/units/987654"),
        (f"/o/acme/waves/{foreign_wave.id}", "/o/acme/waves/987654"),
        (f"/o/acme/members/{foreign_member}", "/o/acme/members/987654"),
        (f"/o/acme/results/{foreign_wave.id}/heatmap", "/o/acme/results/987654/heatmap"),
        (f"/o/acme/waves/{foreign_wave.id}", f"/o/acme/waves/{2**70}"),
    ):
        first, second = owner.get(foreign), owner.get(missing)
        assert first.status_code == second.status_code == HTTPStatus.NOT_FOUND, foreign
        assert without_token(first.text) == without_token(second.text)
    assert owner.get(f"/o/acme/waves/{published_wave.id}").status_code == HTTPStatus.OK


def test_a_role_on_a_unit_reaches_that_unit_and_all_below_it(
    app: Flask, organization: Organization, units: dict[str, int]
) -> None:
    @access.requires(Permission.RESULT_READ)
    def probe(slug: str, unit_id: int) -> Response:
        return Response(f"{slug} {unit_id}", mimetype="text/plain")

    app.add_url_rule("/o/<slug>/probe/<int:unit_id>", "probe", probe)
    leader = sign_in(app, organization, "leader@acme.example")
    seen = {
        name for name, unit_id in units.items() if leader.get(f"/o/acme/probe/{unit_id}").status_code == 200
    }
    assert seen == {"Engineering", "Platform", "Mobile"}
    outside = leader.get(f"/o/acme/probe/{units['Sales']}")
    missing = leader.get("/o/acme/probe/987654")
    assert outside.status_code == missing.status_code == HTTPStatus.NOT_FOUND
    assert outside.data == missing.data


def test_a_role_that_is_taken_is_gone_at_once(app: Flask, owner: CheckingClient) -> None:
    assert owner.get("/o/acme/settings").status_code == HTTPStatus.OK
    with app.app_context():
        db.session.execute(sa.update(MemberRole).values(role="viewer"))
        db.session.commit()
    assert owner.get("/o/acme/settings").status_code == HTTPStatus.FORBIDDEN
    with app.app_context():
        db.session.execute(sa.delete(MemberRole))
        db.session.commit()
    assert owner.get("/o/acme/units").status_code == HTTPStatus.FORBIDDEN


def test_a_session_that_is_ended_is_gone_at_once(app: Flask, owner: CheckingClient) -> None:
    assert owner.get("/o/acme/units").status_code == HTTPStatus.OK
    with app.app_context():
        db.session.execute(sa.delete(BrowserSession))
        db.session.commit()
    assert owner.get("/o/acme/units").location == "/sign-in"
