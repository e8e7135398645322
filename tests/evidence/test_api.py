"""Figures from outside as programs hand them in and read them: by the rules of the pages, as coarse as the pages."""

from typing import Any

import pytest
from flask import Flask

from tests.fixtures.organizations import create, import_units, program, token_of
from tests.fixtures.pages import CheckingClient
from webapp.models import Organization

PATH = "/api/v1/evidence"
OWNER = "owner@acme.example"
UNITS = "unit,parent,headcount,leader_email\nMaking,,,making@acme.example\nMill,Making,12,\nBakery,Making,10,\nVan,,3,\nShop,,20,\n"


@pytest.fixture
def acme(app: Flask) -> Organization:
    return create(app)


@pytest.fixture
def ids(app: Flask, acme: Organization) -> dict[str, int]:
    return import_units(app, acme, UNITS)


@pytest.fixture
def owner(app: Flask, acme: Organization, ids: dict[str, int]) -> CheckingClient:
    del ids
    return program(app, token_of(app, acme, OWNER))


def line(unit: int, **values: Any) -> dict[str, Any]:
    return {"unit": unit, "month": "2026-03"} | values


def put(client: CheckingClient, *lines: dict[str, Any], **values: Any) -> Any:
    return client.put(PATH, json={"figures": list(lines)} | values)


def test_figures_that_were_handed_in_are_told_coarsely(owner: CheckingClient, ids: dict[str, int]) -> None:
    done = put(owner, line(ids["Mill"], active=6, spend=120.5), line(ids["Shop"], active=11), currency="EUR")
    assert done.json == {"added": 2, "changed": 0, "removed": 0, "doubts": 0}, done.text
    read: Any = owner.get(PATH).json
    assert (read["months"], read["month"], read["currency"]) == (["2026-03"], "2026-03", "EUR")
    told = {one["unit"]: one for one in read["items"]}
    assert told[ids["Mill"]]["active"] == {
        "low": 47.5,
        "high": 52.5,
        "percent": 50,
        "word": None,
        "of": 12,
    }
    assert told[ids["Shop"]]["active"]["percent"] == 55
    assert told[ids["Mill"]]["spend"] == 10
    assert ids["Van"] not in told


def test_the_same_once_more_changes_nothing_and_null_takes_away(
    owner: CheckingClient, ids: dict[str, int]
) -> None:
    put(owner, line(ids["Mill"], active=6, trained=7))
    assert put(owner, line(ids["Mill"], active=6)).json["changed"] == 0
    assert put(owner, line(ids["Mill"], active=None)).json["changed"] == 1
    told = owner.get(PATH).json["items"][0]  # type: ignore[index]
    assert told["active"] is None
    assert told["trained"] is not None


def test_few_people_and_unknown_units_are_refused_and_nothing_is_taken(
    owner: CheckingClient, ids: dict[str, int]
) -> None:
    reply = put(owner, line(ids["Mill"], active=6), line(ids["Van"], active=1), line(999_999, active=6))
    assert reply.status_code == 409
    assert [one["where"] for one in reply.json["errors"]] == ["body/figures/1/unit", "body/figures/2/unit"]
    assert owner.get(PATH).json["months"] == []  # type: ignore[index]


def test_the_number_of_no_unit_is_not_the_name_of_another_one(
    app: Flask, acme: Organization, owner: CheckingClient, ids: dict[str, int]
) -> None:
    assert 4711 not in import_units(app, acme, "unit,parent,headcount\n4711,,30\n").values()
    assert ids
    assert put(owner, line(4711, active=8)).status_code == 409
    assert owner.get(PATH).json["months"] == []  # type: ignore[index]


@pytest.mark.parametrize(
    "values", [{"active": "6"}, {"active": -1}, {"active": 6.5}, {"month": "2026-13"}, {"who": "x"}]
)
def test_what_is_no_figure_is_unfit(
    owner: CheckingClient, ids: dict[str, int], values: dict[str, Any]
) -> None:
    assert put(owner, line(ids["Mill"]) | values).status_code == 422


def test_a_leader_reads_the_units_below_and_the_whole(
    app: Flask, acme: Organization, owner: CheckingClient, ids: dict[str, int]
) -> None:
    put(owner, line(ids["Mill"], active=6), line(ids["Shop"], active=11))
    leader = program(app, token_of(app, acme, "making@acme.example"))
    read: Any = leader.get(PATH).json
    assert ids["Shop"] not in {one["unit"] for one in read["items"]}
    assert ids["Mill"] in {one["unit"] for one in read["items"]}
    assert put(leader, line(ids["Mill"], active=7)).status_code == 403


def test_another_organizations_units_are_units_that_there_are_not(
    app: Flask, owner: CheckingClient, ids: dict[str, int]
) -> None:
    other = create(app, "other", "Other")
    foreign = import_units(app, other, "unit,parent,headcount\nFar,,30\n")["Far"]
    assert foreign not in ids.values()
    assert put(owner, line(foreign, active=8)).status_code == 409
    assert owner.get(f"{PATH}?month=2026-03").json["items"] == []  # type: ignore[index]
