"""What an import does to a tree that is there already; on both databases."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.fixtures import organizations
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import AuditEvent, Organization, Unit
from webapp.units import commands, queries

HEAD = "unit,parent,headcount"
LED = f"{HEAD},leader_email"
RENAMED = f"{HEAD},renamed_from"


@dataclass
class Tree:
    """Acme's units, as one list after another changes them."""

    app: Flask
    organization: Organization

    def read(self, head: str, *lines: str, **values: Any) -> commands.Imported:
        with self.app.app_context():
            organization = db.session.get_one(Organization, self.organization.id)
            data = "\n".join([head, *lines]).encode()
            return commands.import_units(
                organization=organization, data=data, file="units.csv", by=None, **values
            )

    def refuses(self, sentence: str, head: str, *lines: str, **values: Any) -> None:
        """Nothing at all changes."""
        before = self.all()
        with pytest.raises(Refused, match=sentence):
            self.read(head, *lines, **values)
        assert self.all() == before

    def all(self) -> list[tuple[int, str, str, int, bool]]:
        """(id, name, parent, people, closed) of every unit by id."""
        with self.app.app_context():
            units = db.session.scalars(select(Unit).order_by(Unit.id)).all()
            names = {unit.id: unit.name for unit in units}
            return [
                (unit.id, unit.name, names.get(unit.parent_id or 0, ""), unit.headcount, unit.closed)
                for unit in units
            ]

    def shape(self) -> dict[str, tuple[str, int]]:
        return {name: (parent, people) for _id, name, parent, people, closed in self.all() if not closed}

    def ids(self) -> dict[str, int]:
        return {name: unit_id for unit_id, name, *_ in self.all()}

    def leaders(self, unit: str) -> list[str]:
        with self.app.app_context():
            found = queries.leaders(self.organization.id).get(self.ids()[unit], [])
            return [email for _member, email in found]


@pytest.fixture
def tree(any_app: Flask) -> Tree:
    """Engineering (led by leader@acme.example) with Platform 12 and Mobile 8; Sales 10; Support 6."""
    found = Tree(any_app, organizations.create(any_app))
    organizations.import_units(any_app, found.organization)
    return found


ACME = {
    "Engineering": ("", 0),
    "Platform": ("Engineering", 12),
    "Mobile": ("Engineering", 8),
    "Sales": ("", 10),
    "Support": ("", 6),
}


def test_the_same_list_again_changes_nothing(tree: Tree) -> None:
    before = tree.all()
    done = tree.read(LED, *organizations.UNITS.splitlines()[1:])
    assert (done.added, done.changed, done.missing, done.people) == (0, 0, (), 36)
    assert tree.all() == before
    assert tree.shape() == ACME


def test_a_unit_keeps_its_id_when_it_is_renamed_with_all_below_it(tree: Tree) -> None:
    ids = tree.ids()
    done = tree.read(RENAMED, "Product,,,Engineering")
    assert (done.added, done.changed) == (0, 1)
    assert tree.shape()["Platform"] == ("Product", 12)
    assert tree.ids()["Product"] == ids["Engineering"]
    assert tree.leaders("Product") == ["leader@acme.example"]


def test_only_the_spelling_of_a_name_can_change(tree: Tree) -> None:
    ids = tree.ids()
    done = tree.read(HEAD, "SALES ,,10")
    assert (done.added, done.changed) == (0, 1)
    assert tree.ids()["SALES"] == ids["Sales"]


@pytest.mark.parametrize(
    "lines",
    [
        ["Field,,6,Support", "Support,,10,Sales"],
        ["Outside,,10,Sales", "Sales,,6,Support"],
        ["One,,10,Sales", "Sales,,6,Support", "Support,Engineering,12,Platform"],
    ],
)
def test_names_move_on_from_unit_to_unit(tree: Tree, lines: list[str]) -> None:
    ids = tree.ids()
    tree.read(RENAMED, *lines)
    now = tree.ids()
    for line in lines:
        name, _parent, _people, was = line.split(",")
        assert now[name] == ids[was]
    assert len(now) == 5


def test_two_units_cannot_swap_names_in_one_list(tree: Tree) -> None:
    tree.refuses("already a unit “Support”", RENAMED, "Support,,10,Sales", "Sales,,6,Support")


def test_a_unit_moves_with_all_below_it(tree: Tree) -> None:
    tree.read(HEAD, "Engineering,Sales,", "Sales,,10")
    assert tree.shape() == ACME | {"Engineering": ("Sales", 0)}


def test_parent_and_child_change_places(tree: Tree) -> None:
    tree.read(HEAD, "Platform,,12", "Engineering,Platform,")
    assert tree.shape()["Engineering"] == ("Platform", 0)
    assert tree.shape()["Mobile"] == ("Engineering", 8)


def test_what_the_list_lacks_is_left_or_closed(tree: Tree) -> None:
    done = tree.read(HEAD, "Sales,,11")
    assert (done.added, done.changed, done.closed, done.people) == (0, 1, False, 37)
    assert set(done.missing) == {"Engineering", "Platform", "Mobile", "Support"}
    assert tree.shape() == ACME | {"Sales": ("", 11)}
    done = tree.read(HEAD, "Sales,,11", close_missing=True)
    assert (done.closed, done.people) == (True, 11)
    assert tree.shape() == {"Sales": ("", 11)}


def test_a_closed_unit_comes_back_under_its_name_with_its_id(tree: Tree) -> None:
    ids = tree.ids()
    tree.read(HEAD, "Sales,,11", close_missing=True)
    done = tree.read(HEAD, "Support,Sales,3")
    assert (done.added, done.changed) == (0, 1)
    assert tree.ids()["Support"] == ids["Support"]
    assert tree.shape() == {"Sales": ("", 11), "Support": ("Sales", 3)}


def test_nothing_is_put_below_a_closed_unit(tree: Tree) -> None:
    tree.read(HEAD, "Sales,,11", close_missing=True)
    tree.refuses(
        "units.csv:2, column parent: The parent “Engineering” is not known", HEAD, "New,Engineering,3"
    )
    tree.refuses("no unit “Engineering” to rename", RENAMED, "New,,3,Engineering")


def test_closing_a_parent_under_a_child_that_stays_is_refused(tree: Tree) -> None:
    tree.refuses(
        "Engineering would be closed, but Platform stays below it",
        HEAD,
        "Platform,Engineering,12",
        close_missing=True,
    )


def test_closing_all_below_a_unit_without_people_is_refused(tree: Tree) -> None:
    tree.refuses(
        "“Engineering” has no people: a unit without units below it needs a head count of 1 or more",
        HEAD,
        "Engineering,,",
        "Sales,,10",
        close_missing=True,
    )
    tree.read(HEAD, "Engineering,,4", "Sales,,10", close_missing=True)
    assert tree.shape() == {"Engineering": ("", 4), "Sales": ("", 10)}


def test_circles_are_refused_also_by_way_of_units_that_the_list_lacks(tree: Tree) -> None:
    tree.refuses("in a circle: Engineering → Platform → Engineering", HEAD, "Engineering,Platform,")
    tree.refuses("in a circle", HEAD, "Sales,Support,10", "Support,Sales,6")
    tree.refuses("in a circle", HEAD, "Sales,Sales,10")
    tree.refuses("in a circle", RENAMED, "Works,Mobile,,Engineering")


def test_a_tree_is_at_most_twenty_units_deep_whatever_the_list_lacks(tree: Tree) -> None:
    chain = [f"L{depth},{f'L{depth - 1}' if depth else ''},1" for depth in range(20)]
    tree.read(HEAD, *chain)
    tree.refuses("deeper than 20 units", HEAD, "L20,L19,1")
    tree.refuses("deeper than 20 units", HEAD, "L0,Sales,1")


def test_leaders_come_change_and_stay(tree: Tree) -> None:
    tree.read(LED, "Sales,,10,One@Acme.example")
    assert tree.leaders("Sales") == ["one@acme.example"]
    tree.read(LED, "Sales,,10,two@acme.example", "Support,,6,two@acme.example")
    assert tree.leaders("Sales") == tree.leaders("Support") == ["two@acme.example"]
    tree.read(LED, "Sales,,10,")
    assert tree.leaders("Sales") == ["two@acme.example"]
    assert tree.leaders("Engineering") == ["leader@acme.example"]


def test_a_check_says_the_same_and_changes_nothing(tree: Tree) -> None:
    before = tree.all()
    lines = ["Field,,6,,Support", "New,Engineering,3,new@acme.example,", "Sales,Engineering,9,,"]
    head = f"{LED},renamed_from"
    would = tree.read(head, *lines, only_check=True)
    assert tree.all() == before
    assert would == tree.read(head, *lines)
    assert (would.added, would.changed, would.people) == (1, 2, 38)
    with tree.app.app_context():
        actions = db.session.scalars(select(AuditEvent.action).order_by(AuditEvent.sequence)).all()
    assert actions.count("units.imported") == 2


def test_one_fault_anywhere_and_nothing_changes(tree: Tree) -> None:
    tree.refuses("units.csv:3, column headcount: The head count “-1”", HEAD, "New,,3", "Other,,-1")
    tree.refuses("units.csv:3, column unit: The name “new” stands twice", HEAD, "New,,3", "new,,4")
    tree.refuses("“nobody” is not an e-mail address", LED, "New,,3,nobody")
    tree.refuses("it marks people of an inner unit", HEAD, "Sales (direct),,3")
    tree.refuses("begins like a formula", HEAD, "=1+1,,3")
    tree.refuses("units.csv:3: This line has 2 fields", HEAD, "New,,3", "Half,")


def test_units_of_another_organization_are_not_touched(tree: Tree) -> None:
    other = Tree(tree.app, organizations.create(tree.app, "other", "Other"))
    organizations.import_units(tree.app, other.organization, "unit,parent,headcount\nSales,,3\n")
    tree.read(HEAD, "Sales,,99", close_missing=True)
    with tree.app.app_context():
        rows = db.session.execute(
            select(Unit.headcount, Unit.closed).where(Unit.organization_id == other.organization.id)
        ).all()
    assert [tuple(row) for row in rows] == [(3, False)]
