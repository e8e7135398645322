"""Taking figures over, on both databases: all or nothing, by unit and month, in one currency."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.fixtures import organizations as made
from webapp.domain.evidence import Figures
from webapp.domain.refusal import Refused
from webapp.evidence import commands, queries
from webapp.extensions import db
from webapp.models import AuditEvent, Evidence, EvidenceBook, EvidenceMonth, Organization
from webapp.units import commands as units

HEAD = "unit,month,active,seats,active_days,spend,trained"


@dataclass
class Figured:
    """Acme with its units, as one list of figures after another changes what is known."""

    app: Flask
    organization: Organization
    ids: dict[str, int]

    def put(self, *rows: str, head: str = HEAD, **values: Any) -> commands.Imported:
        with self.app.app_context():
            return commands.import_figures(
                organization=self.again(),
                data="\n".join([head, *rows]).encode(),
                file="figures.csv",
                by=None,
                **values,
            )

    def again(self) -> Organization:
        return db.session.get_one(Organization, self.organization.id)

    def kept(self) -> dict[tuple[str, str], Figures]:
        names = {identity: name for name, identity in self.ids.items()}
        with self.app.app_context():
            found = queries.stored(self.organization.id)
        return {(names[unit], month): one for (unit, month), one in found.items()}

    def count(self, model: Any) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(model)) or 0

    def events(self) -> list[str]:
        with self.app.app_context():
            return list(
                db.session.scalars(select(AuditEvent.changes).where(AuditEvent.action == "evidence.imported"))
            )

    def stamp(self) -> str:
        with self.app.app_context():
            return db.session.get_one(EvidenceBook, self.organization.id).stamp


@pytest.fixture
def acme(any_app: Flask) -> Figured:
    organization = made.create(any_app)
    return Figured(any_app, organization, made.import_units(any_app, organization))


def test_lines_are_added_changed_left_and_taken_back(acme: Figured) -> None:
    done = acme.put("Platform,2025-01,4,9,,,", "Mobile,2025-01,3,8,,,", "Sales,2025-01,2,,,,")
    assert (done.added, done.changed, done.removed, done.months) == (3, 0, 0, ("2025-01",))
    done = acme.put(
        "Platform,2025-01,5,9,,,", "Mobile,2025-01,3,8,,,", "Sales,2025-01,,,,,", "Sales,2025-02,2,,,,"
    )
    assert (done.added, done.changed, done.removed) == (1, 1, 1)
    assert acme.kept() == {
        ("Platform", "2025-01"): Figures(active=5, seats=9),
        ("Mobile", "2025-01"): Figures(active=3, seats=8),
        ("Sales", "2025-02"): Figures(active=2),
    }
    assert acme.events() == [
        '{"added": 3, "changed": 0, "removed": 0}',
        '{"added": 1, "changed": 1, "removed": 1}',
    ]


def test_the_same_list_again_changes_nothing_and_leaves_no_event(acme: Figured) -> None:
    acme.put("Platform,2025-01,4,9,,,")
    before = acme.stamp()
    done = acme.put("Platform,2025-01,4,9,,,")
    assert (done.added, done.changed, done.removed) == (0, 0, 0)
    assert acme.stamp() == before
    assert len(acme.events()) == 1


def test_a_check_changes_nothing(acme: Figured) -> None:
    done = acme.put("Platform,2025-01,4,9,,,", only_check=True)
    assert done.added == 1
    assert acme.kept() == {}
    assert acme.count(EvidenceMonth) == acme.count(EvidenceBook) == 0
    assert acme.events() == []


def test_all_or_nothing(acme: Figured) -> None:
    with pytest.raises(Refused, match="There is no unit “Nobody”"):
        acme.put("Platform,2025-01,4,9,,,", "Nobody,2025-01,4,9,,,")
    assert acme.kept() == {}


def test_figures_of_a_unit_with_too_few_people_are_refused(acme: Figured) -> None:
    with acme.app.app_context():
        units.import_units(
            organization=acme.again(), data=b"unit,parent,headcount\nBoard,,4\n", file="u.csv", by=None
        )
    with pytest.raises(Refused, match="“Board” has fewer than 5 people"):
        acme.put("Board,2025-01,4,,,,")


def test_a_month_without_figures_is_gone_and_its_tree_too(acme: Figured) -> None:
    acme.put("Platform,2025-01,4,,,,", "Platform,2025-02,4,,,,")
    acme.put("Platform,2025-01,,,,,")
    assert acme.count(EvidenceMonth) == 1
    assert acme.count(Evidence) == 1


def test_a_month_keeps_the_head_counts_of_the_day_its_first_figures_came_in(acme: Figured) -> None:
    acme.put("Engineering,2025-01,9,,,,")
    with acme.app.app_context():
        units.import_units(
            organization=acme.again(),
            data=b"unit,parent,headcount\nEngineering,,\nPlatform,Engineering,30\nData,Engineering,7\n",
            file="u.csv",
            by=None,
        )
    acme.put("Engineering,2025-01,8,,,,", "Data,2025-01,3,,,,", "Engineering,2025-02,8,,,,")
    with acme.app.app_context():
        january, february = queries.months(acme.organization.id)
        people = {one.id: one.people for one in january.units}
        data = next(one.id for one in january.units if one.id not in acme.ids.values())
        assert (people[acme.ids["Platform"]], people[data]) == (12, 7)
        assert {one.id: one.people for one in february.units}[acme.ids["Platform"]] == 30


def test_spend_needs_a_currency_once(acme: Figured) -> None:
    with pytest.raises(Refused, match="in which currency"):
        acme.put("Platform,2025-01,,,,90,")
    acme.put("Platform,2025-01,,,,90,", currency=" eur ")
    acme.put("Platform,2025-02,,,,90,")
    with pytest.raises(Refused, match="kept in EUR already"):
        acme.put("Platform,2025-03,,,,90,", currency="USD")
    with pytest.raises(Refused, match="“Euros” is not a currency"):
        acme.put("Platform,2025-03,,,,90,", currency="Euros")
    with acme.app.app_context():
        assert queries.book(acme.again()).currency == "EUR"


def test_a_currency_may_change_while_there_is_no_spend(acme: Figured) -> None:
    acme.put("Platform,2025-01,,,,90,", currency="EUR")
    acme.put("Platform,2025-01,4,,,,")
    acme.put("Platform,2025-01,4,,,,", currency="CHF")
    with acme.app.app_context():
        assert queries.book(acme.again()).currency == "CHF"


def test_what_is_told_follows_each_change_and_the_smallest_group(acme: Figured) -> None:
    acme.put("Platform,2025-01,6,,,,", "Mobile,2025-01,2,,,,")
    platform = acme.ids["Platform"]
    with acme.app.app_context():
        organization = acme.again()
        first = queries.book(organization).told("2025-01")[platform].active
        assert queries.book(organization) is queries.book(organization), "it is worked out once"
        organization.smallest_group = 13
        db.session.flush()
        assert platform not in queries.book(organization).told("2025-01")
        db.session.rollback()
    acme.put("Platform,2025-01,1,,,,")
    with acme.app.app_context():
        second = queries.book(acme.again()).told("2025-01")[platform].active
    assert first != second


def test_a_wave_is_read_beside_its_month_or_the_latest_of_the_two_before(acme: Figured) -> None:
    from datetime import date  # noqa: PLC0415 - read beside what it is for

    acme.put("Platform,2025-01,4,,,,", "Platform,2025-04,5,,,,")
    with acme.app.app_context():
        months = [
            found.month if (found := queries.snapshot(acme.again(), date(2025, month, 15))) else ""
            for month in range(1, 8)
        ]
        assert months == ["2025-01", "2025-01", "2025-01", "2025-04", "2025-04", "2025-04", ""]
        assert queries.snapshot(acme.again(), date(2024, 12, 31)) is None


def test_figures_of_two_organizations_do_not_meet(acme: Figured) -> None:
    acme.put("Platform,2025-01,4,,,,")
    other = made.create(acme.app, "elsewhere", "Elsewhere")
    made.import_units(acme.app, other)
    with acme.app.app_context():
        assert queries.stored(other.id) == {}
        assert queries.book(db.session.get_one(Organization, other.id)).months == []
