"""The tables refuse what must never be, whatever the code above them does; on both engines."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.fixtures.organizations import create, import_units, open_one
from webapp.extensions import db
from webapp.models import (
    Account,
    Assessment,
    AuditEvent,
    Ballot,
    Member,
    MemberRole,
    Model,
    Organization,
    QuestionnaireCopy,
    Response,
    Unit,
    Wave,
    WaveUnit,
)
from webapp.transaction import transaction


@dataclass(frozen=True)
class Two:
    """Ids of two organizations with units and an open wave each."""

    app: Flask
    organizations: tuple[int, int]
    units: tuple[dict[str, int], dict[str, int]]
    waves: tuple[int, int]
    members: tuple[int, int]
    copies: tuple[int, int]


@pytest.fixture
def two(any_app: Flask) -> Two:
    made = [create(any_app, slug, slug.title()) for slug in ("acme", "elsewhere")]
    units = [import_units(any_app, one) for one in made]
    waves = [open_one(any_app, one) for one in made]
    with any_app.app_context():
        members = [
            db.session.scalars(sa.select(Member.id).where(Member.organization_id == one.id)).first() or 0
            for one in made
        ]
        copies = [
            db.session.scalars(
                sa.select(QuestionnaireCopy.id).where(QuestionnaireCopy.organization_id == one.id)
            ).one()
            for one in made
        ]
    first, second = made
    return Two(
        any_app,
        (first.id, second.id),
        (units[0], units[1]),
        (waves[0].id, waves[1].id),
        (members[0], members[1]),
        (copies[0], copies[1]),
    )


def store(app: Flask, *rows: Model) -> None:
    with app.app_context(), transaction() as session:
        session.add_all(rows)


def refused(app: Flask, *rows: Model) -> None:
    with pytest.raises(sa.exc.IntegrityError):
        store(app, *rows)


def response(two: Two, **changes: Any) -> Response:
    given = {
        "wave_id": two.waves[0],
        "id": b"0123456789abcdef",
        "organization_id": two.organizations[0],
        "position": 2,
        "answers": "1234",
    }
    return Response(**given | changes)


def test_a_response_belongs_to_a_unit_of_a_wave_of_its_organization(two: Two) -> None:
    refused(two.app, response(two, position=99))
    refused(two.app, response(two, wave_id=two.waves[1]))
    refused(two.app, response(two, organization_id=two.organizations[1]))
    store(two.app, response(two))
    refused(two.app, response(two))


def test_a_ballot_belongs_to_a_unit_of_a_wave_of_its_organization(two: Two) -> None:
    def ballot(**changes: Any) -> Ballot:
        given = {
            "token_hash": b"x" * 32,
            "organization_id": two.organizations[0],
            "wave_id": two.waves[0],
            "position": 2,
        }
        return Ballot(**given | changes)

    refused(two.app, ballot(position=99))
    refused(two.app, ballot(wave_id=two.waves[1]))
    store(two.app, ballot())
    refused(two.app, ballot(position=3))


def test_an_assessment_belongs_to_a_member_of_its_organization(two: Two) -> None:
    def assessment(**changes: Any) -> Assessment:
        given = {
            "organization_id": two.organizations[0],
            "wave_id": two.waves[0],
            "position": 1,
            "member_id": two.members[0],
            "answers": "1",
        }
        return Assessment(**given | changes)

    refused(two.app, assessment(member_id=two.members[1]))
    refused(two.app, assessment(wave_id=two.waves[1]))
    store(two.app, assessment())
    refused(two.app, assessment())


@pytest.mark.parametrize(("column", "value"), [("spent", -1), ("spent", 13), ("parent", 2), ("link", "both")])
def test_a_unit_of_a_wave_is_answered_by_its_people_at_most(two: Two, column: str, value: object) -> None:
    with two.app.app_context(), pytest.raises(sa.exc.IntegrityError), transaction() as session:
        session.execute(
            sa.update(WaveUnit)
            .where(WaveUnit.wave_id == two.waves[0], WaveUnit.position == 2)
            .values({column: value})
        )


def wave(two: Two, **changes: Any) -> Wave:
    given = {
        "organization_id": two.organizations[0],
        "questionnaire_copy_id": two.copies[0],
        "questionnaire_key": "ai-adoption",
        "form": "team",
        "name": "Another",
        "status": "open",
        "opened_on": date(2026, 1, 1),
        "smallest_group": 5,
        "time_guard": "standard",
    }
    return Wave(**given | changes)


def test_a_wave_keeps_to_its_rules(two: Two) -> None:
    refused(two.app, wave(two, status="paused"))
    refused(two.app, wave(two, smallest_group=2))
    refused(two.app, wave(two, time_guard="none"))
    refused(two.app, wave(two, name="First wave"))
    refused(two.app, wave(two, questionnaire_copy_id=two.copies[1]))
    refused(two.app, wave(two, form="team-core"))  # one open wave a form
    store(two.app, wave(two), wave(two, form="team-core", name="Old", status="closed"))


def test_a_unit_belongs_to_the_tree_of_its_organization(two: Two) -> None:
    def unit(**changes: Any) -> Unit:
        given = {"organization_id": two.organizations[0], "name": "New", "name_key": "new", "headcount": 3}
        return Unit(**given | changes)

    refused(two.app, unit(parent_id=two.units[1]["Sales"]))
    refused(two.app, unit(name_key="sales"))
    refused(two.app, unit(headcount=-1))
    store(two.app, unit(parent_id=two.units[0]["Sales"]))
    store(two.app, unit(organization_id=two.organizations[1]))


def test_a_role_is_one_of_four_and_an_owner_owns_all(two: Two) -> None:
    def role(**changes: Any) -> MemberRole:
        given = {"organization_id": two.organizations[0], "member_id": two.members[0], "role": "viewer"}
        return MemberRole(**given | changes)

    refused(two.app, role(role="king"))
    refused(two.app, role(role="owner", unit_id=two.units[0]["Sales"]))
    refused(two.app, role(member_id=two.members[1]))
    refused(two.app, role(unit_id=two.units[1]["Sales"]))
    store(two.app, role(unit_id=two.units[0]["Sales"]))
    refused(two.app, role(unit_id=two.units[0]["Sales"]))


def test_what_is_known_by_a_name_is_known_once(two: Two) -> None:
    refused(two.app, Organization(slug="acme", name="Other"))
    refused(two.app, Organization(slug="other", name="Other", smallest_group=2))
    refused(two.app, Account(email="owner@acme.example"))
    with two.app.app_context():
        event = db.session.scalars(sa.select(AuditEvent)).first()
        assert event is not None
        values = {column.name: getattr(event, column.name) for column in AuditEvent.__table__.columns}
    refused(two.app, AuditEvent(**values))


def test_an_organization_goes_with_all_that_is_its_own_and_nothing_else(two: Two) -> None:
    store(two.app, response(two))
    tables = [table for table in Model.metadata.sorted_tables if "organization_id" in table.columns]

    def owned_by(organization: int) -> dict[str, int]:
        return {
            table.name: db.session.execute(
                sa.select(sa.func.count()).where(table.c.organization_id == organization)
            ).scalar_one()
            for table in tables
        }

    with two.app.app_context():
        other = owned_by(two.organizations[1])
        with transaction() as session:
            session.execute(sa.delete(Organization).where(Organization.id == two.organizations[0]))
        assert not any(owned_by(two.organizations[0]).values())
        assert owned_by(two.organizations[1]) == other
