import json

import pytest
from flask import Flask
from sqlalchemy import select

from tests.fixtures.organizations import add_member
from tests.fixtures.pages import CheckingClient, Page
from webapp.extensions import db
from webapp.models import AuditEvent, Organization, Unit
from webapp.units import queries


def path(unit_id: int) -> str:
    return f"/o/acme/units/{unit_id}"


def filled(name: str, parent: str = "", headcount: str = "10", leader: str = "") -> dict[str, str]:
    return {"unit": name, "parent": parent, "headcount": headcount, "leader_email": leader}


def tree(app: Flask, organization: Organization) -> list[tuple[str, str, int, tuple[str, ...]]]:
    with app.app_context():
        return [
            (place.unit.name, place.path[-1] if place.path else "", place.unit.headcount, place.leaders)
            for place in queries.tree(organization.id)
        ]


def test_it_shows_what_is_stored(owner: CheckingClient, units: dict[str, int]) -> None:
    page = owner.page(path(units["Engineering"]))
    values = {one.get("name"): one.get("value") for one in page.all("input")}
    assert (values["unit"], values["headcount"], values["leader_email"]) == (
        "Engineering",
        "0",
        "leader@acme.example",
    )
    offered = [one.get("value") for one in page.all("option")]
    assert offered == ["", "Sales", "Support"], "not itself, and nothing below it"


def test_a_unit_is_renamed_with_its_children_in_place(
    app: Flask, owner: CheckingClient, organization: Organization, units: dict[str, int]
) -> None:
    sent = filled("Product", headcount="3", leader="leader@acme.example")
    assert owner.send(path(units["Engineering"]), sent).status_code == 303
    assert tree(app, organization) == [
        ("Product", "", 3, ("leader@acme.example",)),
        ("Platform", "Product", 12, ()),
        ("Mobile", "Product", 8, ()),
        ("Sales", "", 10, ()),
        ("Support", "", 6, ()),
    ]


def test_a_unit_moves_and_the_order_of_the_others_stays(
    app: Flask, owner: CheckingClient, organization: Organization, units: dict[str, int]
) -> None:
    assert owner.send(path(units["Sales"]), filled("Sales", "Engineering", "11")).status_code == 303
    assert [row[:3] for row in tree(app, organization)] == [
        ("Engineering", "", 0),
        ("Platform", "Engineering", 12),
        ("Mobile", "Engineering", 8),
        ("Sales", "Engineering", 11),
        ("Support", "", 6),
    ]


def test_a_leader_is_named_replaced_and_taken_away(
    app: Flask, owner: CheckingClient, organization: Organization, units: dict[str, int]
) -> None:
    place = path(units["Engineering"])
    for typed, led in (("New@Acme.example ", ("new@acme.example",)), ("", ())):
        assert owner.send(place, filled("Engineering", headcount="0", leader=typed)).status_code == 303
        assert tree(app, organization)[0][3] == led


def test_where_several_lead_a_blank_leaves_them(
    app: Flask, owner: CheckingClient, organization: Organization, units: dict[str, int]
) -> None:
    add_member(app, organization, "second@acme.example", "leader", units["Engineering"])
    assert "Led by leader@acme.example, second@acme.example." in owner.page(path(units["Engineering"])).text()
    owner.send(path(units["Engineering"]), filled("Engineering", headcount="0"))
    assert tree(app, organization)[0][3] == ("leader@acme.example", "second@acme.example")


@pytest.mark.parametrize(
    ("sent", "field", "told"),
    [
        (filled(""), "unit", "A name is missing."),
        (filled("sales  "), "unit", "already a unit"),
        (filled("Team (direct)"), "unit", "is ours"),
        (filled("Mobile", "Nowhere"), "parent", "is not known"),
        (filled("Mobile", "Engineering", "many"), "headcount", "not a whole number"),
        (filled("Mobile", "Engineering", "0"), "headcount", "needs a head count"),
        (filled("Mobile", "Engineering", "8", "nobody"), "leader_email", "not an e-mail address"),
    ],
)
def test_a_refusal_stands_at_its_field(
    owner: CheckingClient, units: dict[str, int], sent: dict[str, str], field: str, told: str
) -> None:
    reply = owner.send(path(units["Mobile"]), sent)
    assert reply.status_code == 422
    [error] = [one for one in Page(reply.text).all("p") if one.get("id") == f"{field}-error"]
    assert told in "".join(error.itertext())


def test_a_unit_cannot_stand_below_itself(owner: CheckingClient, units: dict[str, int]) -> None:
    reply = owner.send(path(units["Engineering"]), filled("Engineering", "Platform", "0"))
    assert reply.status_code == 422
    assert "The units stand in a circle" in Page(reply.text).text()


def test_a_move_that_leaves_a_unit_without_people_is_refused(
    owner: CheckingClient, units: dict[str, int]
) -> None:
    assert owner.send(path(units["Mobile"]), filled("Mobile", "", "8")).status_code == 303
    reply = owner.send(path(units["Platform"]), filled("Platform", "", "12"))
    assert reply.status_code == 422
    page = Page(reply.text)
    assert "“Engineering” has no people" in page.text()
    assert not [one for one in page.all("p") if one.get("id") == "headcount-error"], (
        "it is not this unit's fault"
    )


def test_one_is_added(
    app: Flask, owner: CheckingClient, organization: Organization, units: dict[str, int]
) -> None:
    del units
    sent = filled("Data", "Engineering", "7", "data@acme.example")
    assert owner.send("/o/acme/units/new", sent).location == "/o/acme/units"
    assert ("Data", "Engineering", 7, ("data@acme.example",)) in tree(app, organization)


def test_the_first_one_is_added_without_an_import(
    app: Flask, owner: CheckingClient, organization: Organization
) -> None:
    assert owner.send("/o/acme/units/new", filled("All of us")).status_code == 303
    assert tree(app, organization) == [("All of us", "", 10, ())]


def test_each_act_is_in_the_audit_log_without_addresses(
    app: Flask, owner: CheckingClient, units: dict[str, int]
) -> None:
    owner.send("/o/acme/units/new", filled("Data", leader="data@acme.example"))
    owner.send(path(units["Sales"]), filled("Selling"))
    owner.send(f"{path(units['Support'])}/close", on=path(units["Support"]))
    with app.app_context():
        events = db.session.scalars(select(AuditEvent).order_by(AuditEvent.sequence)).all()[-3:]
        assert [event.action for event in events] == ["unit.added", "unit.changed", "unit.closed"]
        assert not any("@" in json.dumps(event.changes) for event in events)


def test_a_unit_is_closed_once_and_gone_from_the_tree(
    app: Flask, owner: CheckingClient, units: dict[str, int]
) -> None:
    page = path(units["Support"])
    token = owner.page(page).form()
    for _click in range(2):
        assert owner.post(f"{page}/close", data=token).location == "/o/acme/units"
    assert "Closed: Support." in owner.page("/o/acme/units").text()
    assert owner.get(page).status_code == 404
    with app.app_context():
        assert db.session.get_one(Unit, units["Support"]).closed


def test_a_unit_with_units_below_it_is_not_closed(owner: CheckingClient, units: dict[str, int]) -> None:
    page = path(units["Engineering"])
    assert owner.send(f"{page}/close", on=page).location == page
    assert "“Engineering” has units below it: close them or move them first." in owner.page(page).text()


def test_the_last_people_of_a_unit_are_not_closed_away(owner: CheckingClient, units: dict[str, int]) -> None:
    for name, location in (("Mobile", "/o/acme/units"), ("Platform", path(units["Platform"]))):
        page = path(units[name])
        assert owner.send(f"{page}/close", on=page).location == location
    assert "“Engineering” has no people" in owner.page(path(units["Platform"])).text()


def test_of_another_organization_it_is_not_found(stranger: CheckingClient, units: dict[str, int]) -> None:
    for slug in ("acme", "elsewhere"):
        assert stranger.get(f"/o/{slug}/units/{units['Sales']}").status_code == 404


@pytest.mark.parametrize("who", ["leader", "viewer", "auditor"])
def test_only_owners_may_change_one(who: str, units: dict[str, int], request: pytest.FixtureRequest) -> None:
    member: CheckingClient = request.getfixturevalue(who)
    assert member.get(path(units["Platform"])).status_code in {403, 404}
