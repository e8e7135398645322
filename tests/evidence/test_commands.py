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
from webapp.models import AuditEvent, EvidenceBook, EvidenceMonth, Organization

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

    def units(self, *rows: str) -> None:
        self.ids |= made.import_units(
            self.app, self.organization, "\n".join(["unit,parent,headcount", *rows])
        )

    def told(self, month: str) -> set[str]:
        """The units whose own figures are told."""
        names = {identity: name for name, identity in self.ids.items()}
        with self.app.app_context():
            found = queries.book(self.again()).told(month)
        return {names[unit] for unit, one in found.items() if unit is not None and one.given}

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
    acme.units("Board,,4")
    with pytest.raises(Refused, match="“Board” has fewer than 5 people"):
        acme.put("Board,2025-01,4,,,,")


def test_a_month_without_figures_is_gone_but_for_what_was_told_in_it(acme: Figured) -> None:
    acme.units("Division,,", "A,Division,8", "B,Division,7", "C,Division,3")
    acme.put("Division,2025-01,9,,,,", "A,2025-01,4,,,,", "B,2025-02,4,,,,", "Platform,2025-03,4,,,,")
    assert acme.told("2025-02") == set(), "B would be what A and the division leave of the three of C"
    acme.put("B,2025-02,,,,,", "Platform,2025-03,,,,,")
    with acme.app.app_context():
        assert [one.month for one in queries.months(acme.organization.id)] == ["2025-01"]
        assert set(queries.trees(acme.organization.id)) == {"2025-01", "2025-03"}


def test_a_month_keeps_the_head_counts_of_the_day_its_first_figures_came_in(acme: Figured) -> None:
    acme.put("Engineering,2025-01,9,,,,")
    acme.units("Engineering,,", "Platform,Engineering,30", "Data,Engineering,7")
    done = acme.put("Engineering,2025-01,8,,,,", "Data,2025-01,3,,,,", "Engineering,2025-02,8,,,,")
    assert [(doubt.oddity, doubt.unit, doubt.month) for doubt in done.doubts] == [
        ("came_later", "Data", "2025-01")
    ]
    with acme.app.app_context():
        january, february = queries.months(acme.organization.id)
    before, after = ({one.id: one.people for one in month.units} for month in (january, february))
    platform, data = acme.ids["Platform"], acme.ids["Data"]
    assert (before[platform], after[platform]) == (12, 30)
    assert (data in before, data in after) == (False, True)


def test_what_was_told_once_stays_and_nothing_comes_beside_it_that_tells_too_few(acme: Figured) -> None:
    """First the division and B. With A, the better choice, they would tell the three people of C."""
    acme.units("Division,,", "A,Division,8", "B,Division,7", "C,Division,3")
    acme.put("Division,2025-01,9,,,,", "B,2025-01,4,,,,")
    assert acme.told("2025-01") == {"Division", "B"}
    acme.put("A,2025-01,4,,,,")
    assert acme.told("2025-01") == {"Division", "B"}
    acme.put("B,2025-01,,,,,")
    assert acme.told("2025-01") == {"Division"}, "what B had is known"


def test_a_unit_that_comes_later_hides_nobody_of_those_who_were_there(acme: Figured) -> None:
    """C of January has three people, however many stand below the division by now."""
    acme.units("Division,,", "A,Division,8", "B,Division,7", "C,Division,3")
    acme.put("Division,2025-01,9,,,,", "A,2025-01,4,,,,", "B,2025-01,4,,,,")
    acme.units("New,Division,10")
    acme.put("Division,2025-01,8,,,,", "New,2025-01,5,,,,")
    assert acme.told("2025-01") == {"Division", "A"}


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


def test_what_is_kept_of_a_page_depends_on_the_smallest_group_too(acme: Figured) -> None:
    """Pages of results are kept by this stamp; with a larger group they must be made anew."""
    from datetime import date  # noqa: PLC0415 - read beside what it is for

    acme.put("Platform,2025-01,6,,,,")
    with acme.app.app_context():
        organization = acme.again()
        stamps = set()
        for k in (5, 6):
            organization.smallest_group = k
            db.session.flush()
            found = queries.snapshot(organization, date(2025, 1, 31))
            stamps.add(found.stamp if found else "")
        db.session.rollback()
    assert len(stamps) == 2


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
