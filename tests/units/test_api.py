"""The units as programs read them."""

from typing import Any

import pytest
from flask import Flask

from tests.fixtures.organizations import import_units, program, token_of
from tests.fixtures.pages import CheckingClient
from webapp.models import Organization
from webapp.units import commands

PATH = "/api/v1/units"


def client_of(app: Flask, organization: Organization, who: str = "owner") -> CheckingClient:
    return program(app, token_of(app, organization, f"{who}@acme.example", ["unit:read"]))


def test_they_are_listed_with_their_parents(
    app: Flask, organization: Organization, units: dict[str, int]
) -> None:
    found = client_of(app, organization).get(PATH).json
    assert found["next"] is None
    assert {one["name"]: one for one in found["items"]}["Mobile"] == {
        "id": units["Mobile"],
        "name": "Mobile",
        "parent": units["Engineering"],
        "headcount": 8,
        "people": 8,
    }
    assert {one["name"]: one["people"] for one in found["items"]}["Engineering"] == 20
    assert "leader@acme.example" not in str(found)


def test_page_by_page_all_come_once(app: Flask, organization: Organization) -> None:
    lines = "".join(f"Unit {number:03},,{number % 7 + 1}\n" for number in range(60))
    ids = import_units(app, organization, f"unit,parent,headcount\n{lines}")
    client = client_of(app, organization)
    found: list[int] = []
    after = 0
    while after is not None:
        page: Any = client.get(f"{PATH}?after={after}&limit=7").json
        assert len(page["items"]) <= 7
        found += [one["id"] for one in page["items"]]
        after = page["next"]
    assert found == sorted(ids.values())


def test_a_unit_that_closes_between_two_pages_breaks_nothing(
    app: Flask, organization: Organization, units: dict[str, int]
) -> None:
    client = client_of(app, organization)
    first = client.get(f"{PATH}?limit=4").json
    with app.app_context():
        commands.close_unit(organization=organization, unit_id=units["Sales"], by=None)
    assert first["next"] == units["Sales"]
    rest = client.get(f"{PATH}?after={first['next']}").json
    assert [one["name"] for one in rest["items"]] == ["Support"]
    assert client.get(f"{PATH}/{units['Sales']}").status_code == 404


@pytest.mark.parametrize(
    "question",
    ["after=-1", "after=9999999999", f"after={10**30}", "after=１２", "after=%00", "after=", "after=1.0", "after=+1", "after=1e3",
     "after=0x1", "after= 1", "after=true", "limit=0", "limit=501", "limit=-5", "after=1&after=2", "page=1", "after[]=1",
     "after=1'%20OR%201=1", "limit=%F0%9F%8C%8A", "after=" + "9" * 5000, "%00=1", "after=null"],
)  # fmt: skip
def test_other_questions_are_refused_and_not_repeated(
    app: Flask, organization: Organization, units: dict[str, int], question: str
) -> None:
    del units
    reply = client_of(app, organization).get(f"{PATH}?{question}")
    assert reply.status_code == 422
    assert reply.mimetype == "application/problem+json"
    assert len(reply.data) < 1000
    assert reply.json["errors"][0]["where"].startswith("query")  # type: ignore[index]


def test_the_tree_holds_the_same_units(app: Flask, organization: Organization, units: dict[str, int]) -> None:
    found = client_of(app, organization).get(f"{PATH}/tree").json
    assert [one["name"] for one in found["units"]] == ["Engineering", "Sales", "Support"]
    assert [one["name"] for one in found["units"][0]["units"]] == ["Platform", "Mobile"]
    assert found["units"][0]["id"] == units["Engineering"]


def test_a_leaders_program_reads_the_leaders_units(app: Flask, organization: Organization) -> None:
    """Also where the leader leads a unit in the middle: what is above is not told, not even as a number."""
    text = "unit,parent,headcount,leader_email\nAll,,,\nField,All,,leader@acme.example\nNorth,Field,9,\nSouth,All,9,\n"
    ids = import_units(app, organization, text)
    client = client_of(app, organization, "leader")
    assert [(one["name"], one["parent"]) for one in client.get(PATH).json["items"]] == [
        ("Field", None),
        ("North", ids["Field"]),
    ]
    assert [one["name"] for one in client.get(f"{PATH}/tree").json["units"]] == ["Field"]
    assert client.get(f"{PATH}/{ids['North']}").json["parent"] == ids["Field"]
    assert client.get(f"{PATH}/{ids['Field']}").json["parent"] is None
    foreign, missing = client.get(f"{PATH}/{ids['South']}"), client.get(f"{PATH}/98765")
    assert (foreign.status_code, foreign.data) == (404, missing.data)
