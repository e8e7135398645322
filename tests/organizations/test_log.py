"""The page of the audit log: who did what, in words."""

import csv
import io
from http import HTTPStatus

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.fixtures.organizations import add_member, create, sign_in
from tests.fixtures.pages import CheckingClient
from tests.fixtures.sources import ROOT
from webapp import audit
from webapp.extensions import db
from webapp.models import Account, AuditEvent, Organization, Wave
from webapp.organizations import commands, event_words, events
from webapp.transaction import transaction

PATH = "/o/acme/audit"


def test_it_tells_who_did_what_the_newest_first(
    app: Flask, organization: Organization, units: dict[str, int], owner: CheckingClient
) -> None:
    add_member(app, organization, "viewer@acme.example", "viewer", units["Sales"])
    owner.send(
        "/o/acme/settings",
        {"name": "Acme", "smallest_group": "7", "timezone": "Asia/Tokyo", "time_guard": "standard"},
    )
    text = owner.page(PATH).text()
    for told in (
        "owner@acme.example Changed the settings: smallest group 5 → 7, time zone UTC → Asia/Tokyo",
        "the command line Gave viewer@acme.example the role Viewer: Sales",
        "owner@acme.example Signed in",
        "the command line Imported units: 5 added, 0 changed, 0 closed",
        "the command line Created the organization Acme",
    ):
        assert told in text
    assert text.index("Changed the settings") < text.index("Created the organization")


def test_times_are_those_of_the_organization(
    app: Flask, owner: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import datetime  # noqa: PLC0415 - a naive time, as the log stores it

    monkeypatch.setattr(audit, "now", lambda: datetime(2026, 3, 1, 22, 30))  # noqa: DTZ001 - UTC
    made = create(app, "tokyo", "Tokyo", timezone="Asia/Tokyo")
    client = sign_in(app, made, "owner@tokyo.example")
    text = client.page("/o/tokyo/audit").text()
    assert "2 Mar 2026, 07:30" in text
    assert "When (Asia/Tokyo)" in text
    del owner


def test_every_event_of_a_whole_story_is_told_in_words(
    app: Flask, organization: Organization, owner: CheckingClient, published_wave: Wave
) -> None:
    owner.get(f"/o/acme/results/{published_wave.id}/scores.csv")
    owner.get("/o/acme/waves/987654")
    with app.test_request_context():
        told = [line.what for line in events.everything(organization, action="")]
    assert "Published the results of “First wave”" in told
    assert "Imported 30 responses into “First wave”" in told
    assert "Downloaded the results of “First wave” as CSV" in told
    assert not [what for what in told if "{" in what or "None" in what or "." in what.split(" ")[0]]


def test_every_action_that_a_command_records_has_its_words() -> None:
    import re  # noqa: PLC0415 - for this one test

    recorded = {
        action
        for path in (ROOT / "webapp").rglob("*.py")
        for action in re.findall(r'(?:action=|_note\([^)]*)"([a-z]+\.[a-z_]+)"', path.read_text())
    }
    assert len(recorded) > 15
    missing = recorded - event_words.ACTIONS.keys()
    assert not missing, f"Say in organizations/event_words.py what {sorted(missing)} mean."


def test_a_removed_member_reads_a_former_member(
    app: Flask, organization: Organization, owner: CheckingClient, viewer: CheckingClient
) -> None:
    assert "viewer@acme.example Signed in" in owner.page(PATH).text()
    with app.app_context():
        commands.remove_member(organization=organization, email="viewer@acme.example", by=None)
    text = owner.page(PATH).text()
    assert "viewer@acme.example" not in text
    assert "a former member Signed in" in text
    assert "Removed a former member" in text
    del viewer


def test_whoever_left_is_not_named_by_an_account_that_belongs_elsewhere(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    elsewhere = create(app, "elsewhere", "Elsewhere")
    add_member(app, organization, "owner@elsewhere.example", "viewer")
    sign_in(app, elsewhere, "owner@elsewhere.example")
    with app.app_context():
        commands.remove_member(organization=organization, email="owner@elsewhere.example", by=None)
    assert "elsewhere" not in owner.page(PATH).text()


def test_the_filter_shows_one_kind_and_keeps_it_from_page_to_page(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    with app.app_context(), transaction() as session:
        for number in range(120):
            audit.record(session, organization_id=organization.id, by=None, action="unit.added", unit=number)
    page = owner.page(f"{PATH}?action=unit.added")
    assert "120 events" in page.text()
    assert "Signed in" not in page.text().partition("120 events")[2]
    assert "Page 1 of 3" in page.text()
    hrefs = [one.get("href") or "" for one in page.all("a")]
    assert f"{PATH}?action=unit.added&page=2" in hrefs
    assert f"{PATH}.csv?action=unit.added" in hrefs
    assert owner.page(f"{PATH}?action=unit.added&page=3").text().count("Added a unit") == 20


@pytest.mark.parametrize(
    "query", ["?page=0", "?page=-1", "?page=99999999999", "?page=x", "?page=²", "?action=<b>"]
)
def test_a_strange_question_shows_the_log(owner: CheckingClient, query: str) -> None:
    assert "Created the organization" in owner.page(PATH + query).text()


def test_the_export_is_safe_in_a_spreadsheet_and_leaves_an_event(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    with app.app_context(), transaction() as session:
        session.execute(sa.update(Organization).values(name="=1+1"))
        session.execute(sa.update(Account).values(email="+cmd@acme.example"))
    reply = owner.get(f"{PATH}.csv")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="audit-acme.csv"'
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert [row["number"] for row in rows] == [str(number) for number in range(1, len(rows) + 1)]
    assert rows[-1]["action"] == "audit.exported"
    assert rows[-1]["who"] == "'+cmd@acme.example"
    assert not [cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]
    with app.app_context():
        hashes = db.session.scalars(sa.select(AuditEvent.hash).order_by(AuditEvent.sequence)).all()
        assert [row["hash"] for row in rows] == list(hashes)
        assert audit.broken_at(db.session, organization.id) is None


def test_an_auditor_reads_and_exports_it(auditor: CheckingClient) -> None:
    assert "Created the organization" in auditor.page(PATH).text()
    assert auditor.get(f"{PATH}.csv").status_code == HTTPStatus.OK
    assert PATH in [one.get("href") for one in auditor.page("/o/acme/waves").all("a")]


@pytest.mark.parametrize("who", ["leader", "viewer"])
def test_others_may_not_and_that_is_noted_once(
    app: Flask, owner: CheckingClient, who: str, request: pytest.FixtureRequest
) -> None:
    client: CheckingClient = request.getfixturevalue(who)
    for _ in range(3):
        assert client.get(PATH).status_code == HTTPStatus.FORBIDDEN
    text = owner.page(f"{PATH}?action=access.refused").text()
    assert text.count(f"{who}@acme.example Was refused a page that needs audit:read") == 1
    with app.app_context():
        noted = db.session.scalars(
            sa.select(AuditEvent.changes).where(AuditEvent.action == "access.refused")
        ).one()
    assert "acme.example" not in noted


def test_a_stranger_finds_nothing_and_leaves_nothing(
    app: Flask, stranger: CheckingClient, organization: Organization
) -> None:
    with app.app_context():
        before = db.session.scalar(
            sa.select(sa.func.count()).where(AuditEvent.organization_id == organization.id)
        )
    assert stranger.get(PATH).status_code == stranger.get(f"{PATH}.csv").status_code == HTTPStatus.NOT_FOUND
    with app.app_context():
        after = db.session.scalar(
            sa.select(sa.func.count()).where(AuditEvent.organization_id == organization.id)
        )
    assert before == after
