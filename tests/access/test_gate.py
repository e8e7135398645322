"""The one check before every request: deny by default, and tell a stranger nothing."""

import re
from dataclasses import replace
from http import HTTPStatus

import pytest
import sqlalchemy as sa
from flask import Flask, Response

from config import Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.organizations import add_member, answer, create, import_units, open_one, publish, sign_in
from tests.fixtures.pages import CheckingClient
from webapp import access
from webapp.access import Permission
from webapp.access.roles import ROLES
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
        assert foreign.data == missing.data
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
    for foreign, missing in (
        (f"/o/acme/units/{foreign_units['Hidden']}", "/o/acme/units/987654"),
        (f"/o/acme/waves/{foreign_wave.id}", "/o/acme/waves/987654"),
        (f"/o/acme/results/{foreign_wave.id}/heatmap", "/o/acme/results/987654/heatmap"),
        (f"/o/acme/waves/{foreign_wave.id}", f"/o/acme/waves/{2**70}"),
    ):
        first, second = owner.get(foreign), owner.get(missing)
        assert first.status_code == second.status_code == HTTPStatus.NOT_FOUND, foreign
        assert without_token(first.text) == without_token(second.text)
    assert owner.get(f"/o/acme/waves/{published_wave.id}").status_code == HTTPStatus.OK


@pytest.fixture
def unguarded(make_app: MakeApp, settings: Settings) -> Flask:
    """The application without the check of forms' tokens, so that a POST reaches the gate."""
    return make_app(replace(settings, extra={"WTF_CSRF_ENABLED": False}))


@pytest.mark.parametrize("role", [*ROLES, "stranger", "nobody"])
def test_every_route_of_an_organization_keeps_to_the_table_of_roles(unguarded: Flask, role: str) -> None:
    app = unguarded
    organization = create(app)
    units = import_units(app, organization)
    wave = open_one(app, organization)
    answer(app, wave)
    publish(app, wave)
    known = {
        "slug": "acme",
        "unit_id": units["Sales"],
        "key": f"u{units['Sales']}",
        "wave_id": wave.id,
        "position": 4,
    }
    of_open_wave = known | {"wave_id": open_one(app, organization, "Second wave").id}
    if role == "stranger":
        client = sign_in(app, create(app, "elsewhere", "Elsewhere"), "owner@elsewhere.example")
    elif role == "nobody":
        client = app.test_client()  # type: ignore[assignment]
    else:
        add_member(app, organization, f"{role}@roles.example", role)
        client = sign_in(app, organization, f"{role}@roles.example")
    checked = 0
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith("/o/"):
            continue
        values = of_open_wave if rule.rule.startswith("/o/<slug>/waves") else known
        path = app.url_map.bind("localhost").build(
            rule.endpoint, {name: values[name] for name in rule.arguments}
        )
        permission = app.view_functions[rule.endpoint].access.permission  # type: ignore[attr-defined]
        for method in sorted((rule.methods or set()) & {"GET", "POST"}):
            status = client.open(path, method=method).status_code
            checked += 1
            if role == "nobody":
                assert status == (HTTPStatus.FOUND if method == "GET" else HTTPStatus.UNAUTHORIZED), (
                    method,
                    path,
                )
            elif role == "stranger":
                assert status == HTTPStatus.NOT_FOUND, (method, path)
            elif permission in ROLES[role].permissions:
                assert status not in {HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED}, (method, path)
            else:
                assert status in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}, (method, path)
    assert checked > 15


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
