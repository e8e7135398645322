"""API tokens as requests bring them: in one header, for one organization, and never for more than their maker may."""

import io
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from tests.fixtures.organizations import add_member, create, member_id, program, sign_in, token_of
from tests.fixtures.pages import CheckingClient
from webapp import logs
from webapp.access import Permission, second_step, tokens
from webapp.clock import now
from webapp.extensions import db
from webapp.models import Account, ApiToken, AuditEvent, Model, Organization
from webapp.organizations import commands
from webapp.organizations import tokens as made
from webapp.transaction import transaction

OWNER = "owner@acme.example"
UNITS, RESULTS = "/api/v1/units", "/api/v1/results"


@pytest.fixture
def token(app: Flask, organization: Organization, units: dict[str, int]) -> str:
    del units
    return token_of(app, organization, OWNER)


def names(reply: TestResponse) -> list[str]:
    assert reply.status_code == 200, reply.text
    return [unit["name"] for unit in reply.json["items"]]  # type: ignore[index]


def with_header(client: CheckingClient, value: str) -> TestResponse:
    return client.get(UNITS, headers={"Authorization": value})


def test_a_token_in_its_header_opens_what_its_scopes_say(
    app: Flask, organization: Organization, units: dict[str, int]
) -> None:
    client = program(app, token_of(app, organization, OWNER, ["unit:read"]))
    assert names(client.get(UNITS)) == list(units)
    refused = client.get(RESULTS)
    assert refused.status_code == 403
    assert refused.mimetype == "application/problem+json"
    with app.app_context():
        event = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.sequence.desc())).first()
        assert event is not None
        assert (event.action, "result:read" in event.changes, '"by_token": 1' in event.changes) == (
            "access.refused",
            True,
            True,
        )


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "Bearer  "])
def test_the_scheme_is_read_as_http_says(client: CheckingClient, token: str, scheme: str) -> None:
    assert with_header(client, f"{scheme} {token}").status_code == 200


def test_it_stands_nowhere_else(client: CheckingClient, token: str) -> None:
    client.set_cookie("sid", token)
    client.set_cookie("token", token)
    for path in (
        f"{UNITS}?token={token}",
        f"{UNITS}?access_token={token}",
        f"{UNITS}?Authorization=Bearer%20{token}",
    ):
        assert client.get(path).status_code == 401
    assert client.get(UNITS, data={"access_token": token}).status_code == 401
    assert client.get(UNITS, headers={"X-Api-Key": token}).status_code == 401
    for value in (
        token,
        f"Basic {token}",
        f"Token {token}",
        f"Bearer {token}, Bearer {token}",
        f'Bearer "{token}"',
        "Bearer",
    ):
        reply = with_header(client, value)
        assert reply.status_code == 401, value
        assert reply.headers["WWW-Authenticate"].startswith("Bearer realm=")


def test_a_good_token_in_the_address_beside_that_in_the_header_is_refused(app: Flask, token: str) -> None:
    """Addresses are written down in many places: nobody should get used to it."""
    assert program(app, token).get(f"{UNITS}?access_token={token}").status_code == 422


def test_pages_take_no_token_and_programs_no_session(
    app: Flask, organization: Organization, token: str
) -> None:
    client = program(app, token)
    assert client.get("/o/acme/units").location == "/sign-in"
    assert client.get("/organizations").location == "/sign-in"
    assert client.post("/o/acme/settings").status_code in {400, 401}
    signed_in = sign_in(app, organization, OWNER)
    assert signed_in.get(UNITS).status_code == 401
    assert not signed_in.get(UNITS).headers.getlist("Set-Cookie")


def test_the_cookie_of_another_member_changes_nothing(
    app: Flask, organization: Organization, token: str
) -> None:
    client = program(app, token)
    other = create(app, "elsewhere", "Elsewhere")
    cookie = sign_in(app, other, "owner@elsewhere.example").get_cookie("sid")
    assert cookie is not None
    client.set_cookie("sid", cookie.value)
    assert client.get("/api/v1/organization").json["slug"] == organization.slug  # type: ignore[index]


def test_it_reads_its_own_organization_alone(app: Flask, token: str) -> None:
    other = create(app, "elsewhere", "Elsewhere")
    stranger = program(app, token_of(app, other, "owner@elsewhere.example"))
    foreign, missing = stranger.get(f"{UNITS}/1"), stranger.get(f"{UNITS}/999")
    assert (foreign.status_code, foreign.data) == (404, missing.data)
    assert program(app, token).get(f"{UNITS}/1").status_code == 200
    assert names(stranger.get(UNITS)) == []


def test_revoked_it_ends_with_the_next_request(app: Flask, organization: Organization, token: str) -> None:
    client = program(app, token)
    assert client.get(UNITS).status_code == 200
    with app.app_context():
        by = commands._member(db.session, organization, OWNER).account
        made.revoke(organization=organization, token_id=1, by=by)
    assert client.get(UNITS).status_code == 401


def test_over_it_ends_by_itself_and_is_forgotten_later(
    app: Flask, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = program(app, token)
    at = now() + timedelta(days=30)
    monkeypatch.setattr(tokens, "now", lambda: at)
    assert client.get(UNITS).status_code == 401
    for days, left in ((89, 1), (91, 0)):
        monkeypatch.setattr(tokens, "now", lambda days=days: at + timedelta(days=days))
        with app.app_context():
            tokens.forget_ended()
            assert db.session.scalar(sa.select(sa.func.count()).select_from(ApiToken)) == left


def test_it_ends_with_its_makers_membership(app: Flask, organization: Organization, token: str) -> None:
    add_member(app, organization, "second@acme.example", "owner")
    client = program(app, token)
    assert client.get(UNITS).status_code == 200
    with app.app_context():
        commands.remove_member(organization=organization, email=OWNER, by=None)
    assert client.get(UNITS).status_code == 401
    add_member(app, organization, OWNER, "owner")
    assert client.get(UNITS).status_code == 401, "who comes back makes a new one"


def test_a_change_of_its_makers_roles_holds_from_the_next_request_on(
    app: Flask, organization: Organization, units: dict[str, int]
) -> None:
    email = "leader@acme.example"
    maker = member_id(app, organization, email)
    client = program(app, token_of(app, organization, email, ["unit:read", "organization:read"]))
    assert names(client.get(UNITS)) == ["Engineering", "Platform", "Mobile"]
    assert client.get(f"{UNITS}/{units['Sales']}").status_code == 404
    add_member(app, organization, email, "owner")
    assert names(client.get(UNITS)) == list(units), "it reads what its maker reads"
    assert client.get(RESULTS).status_code == 403, "and gets no scope that it was not given"
    for role, unit in (("owner", None), ("leader", units["Engineering"])):
        with app.app_context():
            add_second_owner(organization)
            commands.take_role(organization=organization, member_id=maker, role=role, unit_id=unit, by=None)
    assert client.get(UNITS).status_code == 403
    assert client.get("/api/v1/organization").status_code == 403


def add_second_owner(organization: Organization) -> None:
    commands.add_member(
        organization=organization, email="second@acme.example", role="owner", unit_id=None, by=None
    )


def test_a_scope_of_which_nobody_knows_any_more_opens_nothing(app: Flask, organization: Organization) -> None:
    client = program(app, token_of(app, organization, OWNER, ["everything:read", "organization:read"]))
    assert client.get("/api/v1/organization").status_code == 200
    assert client.get(UNITS).status_code == 403


def test_its_day_of_use_is_noted_once_a_day_and_nothing_else(
    app: Flask, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    marked = []
    real = tokens._mark
    monkeypatch.setattr(tokens, "_mark", lambda *given: marked.append(given) or real(*given))
    client = program(app, token)

    def rows() -> dict[str, list[str]]:
        with app.app_context():
            return {
                name: sorted(repr(tuple(row)) for row in db.session.execute(sa.select(table)))
                for name, table in Model.metadata.tables.items()
            }

    before = rows()
    for _ in range(3):
        assert client.get(UNITS).status_code == 200
        assert client.head("/api/v1/waves").status_code == 200
    after = rows()
    assert marked == [(1, now().date())]
    assert {name for name in before if before[name] != after[name]} == {"api_token"}


def test_a_database_that_is_held_stops_no_reading(
    app: Flask, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from webapp.transaction import Busy  # noqa: PLC0415 - beside the test that needs it

    def busy() -> Iterator[None]:
        raise Busy

    monkeypatch.setattr(tokens, "transaction", busy)
    assert program(app, token).get(UNITS).status_code == 200


def test_600_requests_a_minute_are_taken_of_each_token(
    app: Flask, organization: Organization, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MOST", tokens.RateLimitItemPerMinute(5))
    client = program(app, token)
    assert [client.get(UNITS).status_code for _ in range(5)] == [200] * 5
    reply = client.get(UNITS)
    assert reply.status_code == 429
    assert 1 <= int(reply.headers["Retry-After"]) <= 60
    assert reply.json["status"] == 429  # type: ignore[index]
    other = program(app, token_of(app, organization, OWNER))
    assert other.get(UNITS).status_code == 200, "each token has its own"


def test_the_limit_is_that_of_the_document() -> None:
    from webapp.api import problems  # noqa: PLC0415 - what it tells

    assert f"{tokens.MOST.amount} a minute" in problems.MEANINGS[429]


def test_nothing_of_a_token_is_kept_but_its_beginning(app: Flask, organization: Organization) -> None:
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logs.Lines())
    logging.getLogger().addHandler(handler)
    with app.app_context():
        by = commands._member(db.session, organization, OWNER).account
        token = made.make(
            organization=organization, name="Canary", scopes=[Permission.UNIT_READ], days=30, by=by
        )
    client = program(app, token)
    client.allow_failures = True
    client.get(UNITS)
    client.get(RESULTS)
    app.view_functions["units.api_tree"] = _broken(app)
    assert client.get(f"{UNITS}/tree?token={token}").status_code == 500
    logging.getLogger("somebody.else").warning("a header %s was odd", token)
    logging.getLogger().removeHandler(handler)
    secret = token[8:]
    assert len(written.getvalue().splitlines()) == 2
    assert secret not in written.getvalue()
    with app.app_context():
        for table in Model.metadata.sorted_tables:
            for row in db.session.execute(sa.select(table)):
                assert secret not in repr(tuple(row)), table.name
                assert secret.encode() not in repr(tuple(row)).encode(), table.name


def _broken(app: Flask) -> object:
    view = app.view_functions["units.api_tree"]

    def broken(**_values: object) -> None:
        raise RuntimeError("an inner detail")

    broken.access = view.access  # type: ignore[attr-defined]  # as the gate reads it
    return broken


def test_two_organizations_may_not_share_a_row(app: Flask, organization: Organization, token: str) -> None:
    """A token of ours with a member of theirs cannot be stored."""
    del token
    other = create(app, "elsewhere", "Elsewhere")
    theirs = member_id(app, other, "owner@elsewhere.example")
    with app.app_context(), pytest.raises(sa.exc.IntegrityError), transaction() as session:
        session.execute(sa.update(ApiToken).values(organization_id=organization.id, member_id=theirs))


def test_where_all_need_a_second_step_a_program_of_who_has_none_waits(
    app: Flask, organization: Organization, token: str
) -> None:
    client = program(app, token)
    with app.app_context(), transaction() as session:
        session.get_one(Organization, organization.id).asks_second_step = True
    assert client.get(UNITS).status_code == 403
    with app.app_context(), transaction() as session:
        second_step.turn_on(
            session, session.scalars(sa.select(Account)).first(), second_step.new_secret(), step=0
        )
    assert client.get(UNITS).status_code == 200
