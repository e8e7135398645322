"""A GET writes nothing but the named exceptions."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.fixtures.organizations import (
    again,
    answer,
    create,
    import_units,
    member_id,
    open_one,
    publish,
    sign_in,
)
from tests.fixtures.pages import CheckingClient
from webapp.actions import commands as actions
from webapp.experiments import commands as experiments
from webapp.extensions import db
from webapp.models import Action, Model, Organization, Wave
from webapp.waves import ballots
from webapp.webhooks import commands as webhooks

# table: columns that reading may change. A session is marked as seen, at most every five minutes.
MAY_CHANGE = {"browser_session": {"seen"}}


@dataclass(frozen=True)
class Filled:
    """An organization with a published and an open wave, its units by name, a link of the open wave, and a webhook."""

    app: Flask
    organization: Organization
    units: dict[str, int]
    waves: tuple[Wave, Wave]
    token: str
    experiment_id: int
    webhook_id: int


@pytest.fixture
def filled(app: Flask) -> Filled:
    organization = create(app)
    units = import_units(app, organization)
    published = open_one(app, organization)
    answer(app, published)
    publish(app, published)
    open_now = open_one(app, organization, "Second wave", "pulse")
    with app.app_context():
        link = ballots.issue(wave=again(open_now), by=None)[0][1]
        actions.adopt(organization=organization, unit_id=units["Platform"], title="Show it", by=None)
        made = experiments.log(organization=organization, unit_id=units["Platform"], title="Idea", by=None)
        hook, _secret = webhooks.add(
            organization=organization,
            name="Channel",
            kind="slack",
            address="https://chat.example.org/hook",
            events=["wave.published"],
            by=None,
        )
    token = link.rpartition("/")[2]
    return Filled(app, organization, units, (published, open_now), token, made, hook.id)


def owner(filled: Filled) -> CheckingClient:
    return sign_in(filled.app, filled.organization, "owner@acme.example")


def leader(filled: Filled) -> CheckingClient:
    return sign_in(filled.app, filled.organization, "leader@acme.example")


def respondent(filled: Filled) -> CheckingClient:
    client: CheckingClient = filled.app.test_client()  # type: ignore[assignment]
    assert client.send(f"/r/{filled.token}").status_code == HTTPStatus.SEE_OTHER
    return client


def contents(app: Flask) -> dict[str, str]:
    """A digest of each table's rows, without what may change."""
    found = {}
    with app.app_context():
        for table in Model.metadata.sorted_tables:
            columns = [
                column for column in table.columns if column.name not in MAY_CHANGE.get(table.name, ())
            ]
            rows = sorted(repr(tuple(row)) for row in db.session.execute(sa.select(*columns)))
            found[table.name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def addresses(filled: Filled) -> list[str]:
    """Every address that answers a GET, for each wave and unit there is."""
    found = []
    with filled.app.app_context():
        action_id = db.session.scalars(sa.select(Action.id)).one()
    for wave in filled.waves:
        for unit_id in filled.units.values():
            known = {
                "slug": filled.organization.slug,
                "unit_id": unit_id,
                "key": f"u{unit_id}",
                "wave_id": wave.id,
                "action_id": action_id,
                "position": 1,
                "token": filled.token,
                "webhook_id": filled.webhook_id,
                "member_id": member_id(filled.app, filled.organization, "leader@acme.example"),
                "experiment_id": filled.experiment_id,
            }
            for rule in filled.app.url_map.iter_rules():
                if "GET" in (rule.methods or set()):
                    values = {name: known.get(name, "nothing") for name in rule.arguments}
                    found.append(filled.app.url_map.bind("localhost").build(rule.endpoint, values))
    return list(dict.fromkeys(found))


@pytest.mark.parametrize(("who", "pages"), [(owner, 20), (leader, 15), (respondent, 7)])
def test_reading_every_page_changes_nothing(
    filled: Filled, who: Callable[[Filled], CheckingClient], pages: int
) -> None:
    client = who(filled)
    before = contents(filled.app)
    read = 0
    for path in addresses(filled):
        response = client.get(path)
        assert response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR, f"{path} answers {response.status}"
        after = contents(filled.app)
        changed = {table for table in before if before[table] != after[table]}
        export = response.headers.get("Content-Disposition", "").startswith("attachment")
        # An export leaves an audit row, and so does a refusal, which looks missing where it is about a unit of others.
        if export or response.status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}:
            changed -= {"audit_event", "audit_head"}
        assert not changed, (
            f"GET {path} changed {changed}: move the change to a POST, or name the exception here."
        )
        before = after
        read += response.status_code == HTTPStatus.OK
    assert read >= pages, (
        f"Only {read} pages could be read: does the organization of this test lack what they show?"
    )
