"""Every route × every role × own and foreign organization × foreign ids in path, query and body."""

import hashlib
import io
import shutil
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from pypdf import PdfReader
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from tests.access.matrix import ACCOUNT, ADMINISTRATOR, ANYONE, MATRIX, TOKEN
from tests.fixtures.applications import MakeApp, settings_in
from tests.fixtures.organizations import (
    add_figures,
    add_member,
    answer,
    create,
    import_units,
    member_id,
    open_one,
    program,
    publish,
    sign_in,
    token_of,
)
from tests.fixtures.pages import CheckingClient
from webapp import clock, create_app
from webapp.access.roles import ROLES
from webapp.actions import commands as actions
from webapp.domain.recurring import Rhythm
from webapp.experiments import commands as experiments
from webapp.extensions import db
from webapp.models import ApiToken, Model, Organization
from webapp.waves import plans
from webapp.webhooks import commands as webhooks

FOREIGN = "Quagga"  # stands in every name of the other organization, and may stand in no reply
REFUSED = {HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}
MISSING = 2**31 - 7


@dataclass(frozen=True)
class Place:
    """What the words in angle brackets of an address stand for, in one organization."""

    values: dict[str, Any]


@dataclass(frozen=True)
class Meeting:
    """Two organizations in one database: ours, and one of which nothing may be seen."""

    app: Flask
    ours: Place
    theirs: Place
    slugs: tuple[str, str]

    def organization(self, slug: str) -> Organization:
        with self.app.app_context():
            return db.session.scalars(sa.select(Organization).where(Organization.slug == slug)).one()


def _settle(app: Flask, slug: str, name: str, units: str) -> Place:
    """An organization with a published wave and an open one."""
    made = create(app, slug, name)
    ids = import_units(app, made, units)
    first = open_one(app, made, f"{name} first")
    answer(app, first, dict.fromkeys(list(ids)[1:], 7))
    publish(app, first)
    second = open_one(app, made, f"{name} second")
    add_figures(app, made, list(ids)[1:])
    unit = list(ids.values())[-1]
    reader = f"reader@{name.lower()}.example"
    add_member(app, made, reader, "viewer", unit)
    return Place(
        {
            "slug": slug,
            "unit_id": unit,
            "key": f"u{unit}",
            "wave_id": second.id,
            "published": first.id,
            "plan_id": _plan(app, made, name),
            "action_id": _action(app, made, name, unit),
            "experiment_id": _experiment(app, made, name, unit),
            "webhook_id": _webhook(app, made, name),
            "position": 2,
            "practice": "simplify",
            "kind": "reminder",
            "member_id": member_id(app, made, reader),
            "token_id": _token(app, made, reader),
            "token": "no-such-token",
            "secret": "no-such-secret",
            "ticket": "no-such-ticket",
            "provider": "no-such-provider",
        }
    )


def _token(app: Flask, organization: Organization, email: str) -> int:
    token_of(app, organization, email)
    with app.app_context():
        found = sa.select(ApiToken.id).where(ApiToken.organization_id == organization.id)
        return db.session.scalars(found).one()


def _plan(app: Flask, organization: Organization, name: str) -> int:
    with app.app_context():
        return plans.add(
            organization=organization,
            questionnaire="ai-adoption",
            form="pulse",
            rhythm=Rhythm("month", clock.today("UTC") + timedelta(days=30), 14),
            reminders=[],
            name=f"{name} {{month}} {{year}}",
            by=None,
        ).id


def _action(app: Flask, organization: Organization, name: str, unit_id: int) -> int:
    with app.app_context():
        return actions.adopt(
            organization=organization,
            unit_id=unit_id,
            title=f"{name} shows what works",
            by=None,
        ).id


def _experiment(app: Flask, organization: Organization, name: str, unit: int) -> int:
    with app.app_context():
        return experiments.log(organization=organization, unit_id=unit, title=f"{name} idea", by=None)


def _webhook(app: Flask, organization: Organization, name: str) -> int:
    with app.app_context():
        made, _secret = webhooks.add(
            organization=organization,
            name=f"{name} channel",
            kind="plain",
            address=f"https://{name.lower()}.example.org/",
            events=["wave.published"],
            by=None,
        )
        return made.id


@pytest.fixture(scope="module")
def settled(tmp_path_factory: pytest.TempPathFactory, template: Path) -> tuple[Path, Place, Place]:
    """A data folder with both organizations, made once and copied for each role."""
    data = tmp_path_factory.mktemp("matrix")
    shutil.copyfile(template / "groundswell.sqlite", data / "groundswell.sqlite")
    app = create_app(settings_in(data))
    ours = _settle(app, "acme", "Acme", "unit,parent,headcount\nField,,\nNorth,Field,9\nSouth,Field,9\n")
    theirs = _settle(
        app,
        "elsewhere",
        FOREIGN,
        f"unit,parent,headcount\n{FOREIGN} field,,\n{FOREIGN} east,{FOREIGN} field,9\n{FOREIGN} west,{FOREIGN} field,9\n",
    )
    with app.app_context():
        db.engine.dispose()
    return data, ours, theirs


@pytest.fixture
def meeting(settled: tuple[Path, Place, Place], template: Path, tmp_path: Path, make_app: MakeApp) -> Meeting:
    """A copy of it, in an application without the check of forms' tokens, so that a POST reaches the gate."""
    source, ours, theirs = settled
    data = tmp_path / "matrix"
    data.mkdir(mode=0o700)
    (data / "static").symlink_to(template / "static")
    shutil.copyfile(source / "groundswell.sqlite", data / "groundswell.sqlite")
    app = make_app(replace(settings_in(data), extra={"WTF_CSRF_ENABLED": False}))
    return Meeting(app, ours, theirs, ("acme", "elsewhere"))


def client_of(meeting: Meeting, role: str) -> CheckingClient:
    """A member with the role on all of our organization, the owner of the other one, or nobody."""
    if role == "nobody":
        return meeting.app.test_client()  # type: ignore[return-value]
    slug = "elsewhere" if role == "stranger" else "acme"
    organization = meeting.organization(slug)
    email = f"{role}@{slug}.example"
    add_member(meeting.app, organization, email, "owner" if role == "stranger" else role)
    return sign_in(meeting.app, organization, email)


def calls(app: Flask) -> Iterator[tuple[str, Rule, str]]:
    """Every (name in the matrix, route, method): reading first, for what changes something may end the rest."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint != "assets.static"]
    for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
        for rule in rules:
            if method in (rule.methods or ()):
                yield f"{method} {rule.endpoint}", rule, method


def address(app: Flask, rule: Rule, values: dict[str, Any]) -> str:
    known = dict(values)
    if rule.endpoint.startswith("results."):
        known["wave_id"] = known.get("published", known["wave_id"])
    return app.url_map.bind("localhost").build(rule.endpoint, {name: known[name] for name in rule.arguments})


def expected(name: str, role: str) -> str:
    """What a role meets: "in", "missing", "refused" (403 or 404), "sign in", "no token"."""
    who = MATRIX[name]
    of_all = {ANYONE: "in", ADMINISTRATOR: "missing"}
    if who.startswith(TOKEN):
        return "no token"
    if who in of_all:
        return of_all[who]
    if role == "nobody":
        return "sign in"
    if who == ACCOUNT:
        return "in"
    if role == "stranger":
        return "missing"
    return "in" if role in who.split() else "refused"


def held(reply: TestResponse, wanted: str, method: str) -> bool:
    match wanted:
        case "in":
            # A ballot, a link or a file that is not there answers 404 to anyone; that is no refusal of a role.
            return reply.status_code not in {HTTPStatus.FORBIDDEN, HTTPStatus.UNAUTHORIZED}
        case "missing":
            return reply.status_code == HTTPStatus.NOT_FOUND
        case "sign in" if method == "GET":
            return reply.status_code == HTTPStatus.FOUND and str(reply.location).endswith("/sign-in")
        case "sign in" | "no token":
            return reply.status_code == HTTPStatus.UNAUTHORIZED
    return reply.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}


@pytest.mark.parametrize("role", [*ROLES, "stranger", "nobody"])
def test_only_the_allowed_cells_answer(meeting: Meeting, role: str) -> None:
    client = client_of(meeting, role)
    client.allow_failures = False
    wrong = []
    for name, rule, method in calls(meeting.app):
        if name == "POST accounts.sign_out":
            continue
        reply = client.open(address(meeting.app, rule, meeting.ours.values), method=method)
        wanted = expected(name, role)
        if not held(reply, wanted, method):
            wrong.append(f"{name}: {role} should be {wanted!r}, and meets {reply.status}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("role", [*ROLES, "stranger"])
def test_a_program_may_what_its_member_may(meeting: Meeting, role: str) -> None:
    """With all scopes there are; a program of another organization finds nothing of ours."""
    slug = "elsewhere" if role == "stranger" else "acme"
    organization, email = meeting.organization(slug), f"{role}@{slug}.example"
    add_member(meeting.app, organization, email, "owner" if role == "stranger" else role)
    client = program(meeting.app, token_of(meeting.app, organization, email))
    wrong, met = [], 0
    for name, rule, method in calls(meeting.app):
        reply = client.open(address(meeting.app, rule, meeting.ours.values), method=method)
        who = MATRIX[name].split()
        if who[0] == TOKEN:
            named = rule.arguments & set(meeting.ours.values)
            wanted = "missing" if role == "stranger" and named else "in"
            wanted = wanted if role in who or role == "stranger" else "refused"
        else:
            wanted = {ANYONE: "in", ADMINISTRATOR: "missing"}.get(MATRIX[name], "sign in")
        met += who[0] == TOKEN
        if not held(reply, wanted, method):
            wrong.append(f"{name}: a program of {role} should be {wanted!r}, and meets {reply.status}")
        assert FOREIGN not in said(reply) or role == "stranger", name
    assert met
    assert not wrong, "\n".join(wrong)


def foreign_rows(meeting: Meeting) -> str:
    """A digest of everything that belongs to the other organization."""
    found = hashlib.sha256()
    with meeting.app.app_context():
        theirs = db.session.scalars(
            sa.select(Organization.id).where(Organization.slug == meeting.theirs.values["slug"])
        ).one()
        for table in Model.metadata.sorted_tables:
            if "organization_id" in table.columns:
                rows = db.session.execute(sa.select(table).where(table.c.organization_id == theirs))
                found.update("\n".join(sorted(repr(tuple(row)) for row in rows)).encode())
    return found.hexdigest()


def paths_with_foreign_ids(meeting: Meeting, rule: Rule) -> list[str]:
    """The address in our organization with one id of the other one each time."""
    found = []
    for name in sorted(
        rule.arguments - {"slug", "position", "practice", "kind", "token", "secret", "ticket"}
    ):
        value = meeting.theirs.values.get("published" if rule.endpoint.startswith("results.") else name)
        values = meeting.ours.values | {name: meeting.theirs.values[name]}
        if name == "wave_id":
            values["published"] = value
        found.append(address(meeting.app, rule, values))
    return found


def test_foreign_ids_in_a_path_look_missing(meeting: Meeting) -> None:
    """For the owner of ours, who may do everything there."""
    client = client_of(meeting, "owner")
    before = foreign_rows(meeting)
    tried = 0
    for name, rule, method in calls(meeting.app):
        if "slug" not in rule.arguments or MATRIX[name] == "leader":
            continue
        for path in paths_with_foreign_ids(meeting, rule):
            reply = client.open(path, method=method)
            assert reply.status_code == HTTPStatus.NOT_FOUND, f"{method} {path} answers {reply.status}"
            assert FOREIGN not in said(reply), path
            tried += 1
    assert tried > 10
    assert foreign_rows(meeting) == before


def _everything(values: dict[str, Any]) -> dict[str, Any]:
    """Names under which a page or form may take an id."""
    unit, wave = values["unit_id"], values["published"]
    ids = dict.fromkeys(("unit_id", "parent", "parent_id", "part", "member_id", "member", "id"), unit)
    return ids | {
        "unit": values["key"],
        "key": values["key"],
        "wave_id": wave,
        "wave": wave,
        "slug": values["slug"],
    }


Sending = Callable[[CheckingClient, str, str, dict[str, Any]], TestResponse]


def in_query(client: CheckingClient, path: str, method: str, values: dict[str, Any]) -> TestResponse:
    return client.open(path, method=method, query_string=values)


def in_body(client: CheckingClient, path: str, method: str, values: dict[str, Any]) -> TestResponse:
    return client.open(path, method=method, data=values)


def numbers_only(client: CheckingClient, path: str, method: str, values: dict[str, Any]) -> TestResponse:
    """Names that take a number, alone, so that no other name stops the view first."""
    numbers = {name: value for name, value in values.items() if isinstance(value, int)}
    return client.open(path, method=method, query_string=numbers, data=None if method == "GET" else numbers)


def said(reply: TestResponse) -> str:
    """The words of a reply, also of a document and of files packed in it."""
    if reply.mimetype == "application/pdf":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(reply.data)).pages)
    if not reply.data.startswith(b"PK"):
        return reply.text
    with zipfile.ZipFile(io.BytesIO(reply.data)) as packed:
        return "\n".join(name + packed.read(name).decode() for name in packed.namelist())


@pytest.mark.parametrize("sending", [in_query, in_body, numbers_only])
@pytest.mark.parametrize("role", ["owner", "leader"])
def test_foreign_ids_in_query_and_body_reach_nothing(meeting: Meeting, role: str, sending: Sending) -> None:
    client = client_of(meeting, role)
    before = foreign_rows(meeting)
    for name, rule, method in calls(meeting.app):
        if name == "POST accounts.sign_out" or (sending is in_body and method == "GET"):
            continue
        path = address(meeting.app, rule, meeting.ours.values)
        reply = sending(client, path, method, _everything(meeting.theirs.values))
        assert FOREIGN not in said(reply), f"{method} {path} shows something of the other organization"
    assert foreign_rows(meeting) == before


def test_nobody_learns_from_an_answer_whether_something_exists(meeting: Meeting) -> None:
    """Foreign and missing are the same reply, whoever asks."""
    for role in ("owner", "viewer"):
        client = client_of(meeting, role)
        for rule in meeting.app.url_map.iter_rules():
            if "slug" in rule.arguments and "wave_id" in rule.arguments and "GET" in (rule.methods or ()):
                values = meeting.ours.values
                foreign = meeting.theirs.values["published"]
                replies = [
                    client.get(address(meeting.app, rule, values | {"wave_id": one, "published": one}))
                    for one in (foreign, MISSING)
                ]
                statuses = {reply.status_code for reply in replies}
                assert len(statuses) == 1, rule
                assert statuses <= REFUSED, rule
