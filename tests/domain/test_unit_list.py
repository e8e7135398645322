"""Lists of units that somebody made to keep the server busy: each is refused, and soon."""

import time

import pytest

from webapp.domain import csv_table, unit_list
from webapp.domain.refusal import Refused

MANY = 100_000


def refused(lines: list[str]) -> str:
    data = "\n".join(["unit,parent,headcount", *lines]).encode()
    rows = csv_table.read(data, file="units.csv", required=unit_list.COLUMNS)
    began = time.process_time()
    with pytest.raises(Refused) as found:
        unit_list.plan(rows, [])
    assert time.process_time() - began < 10
    return str(found.value)


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    """The rules behind the limit, on as much as a list may hold at all."""
    monkeypatch.setattr(unit_list, "MOST_UNITS", MANY)


@pytest.mark.usefixtures("large")
@pytest.mark.parametrize("down", [True, False])
def test_a_long_chain_is_walked_once(down: bool) -> None:
    """It once took the cube of its length: 3,000 lines half a minute, 10,000 longer than anybody waits."""
    chain = [f"U{number},U{number + 1},1" for number in range(MANY - 1)] + [f"U{MANY - 1},,1"]
    assert "The tree is deeper than 20 units." in refused(chain if down else chain[::-1])


@pytest.mark.usefixtures("large")
def test_a_long_circle_is_told_by_its_beginning() -> None:
    said = refused([f"U{number},U{(number + 1) % MANY},1" for number in range(MANY)])
    assert "in a circle: U0 → U1 → U2" in said
    assert said.endswith("U19 → ….")


@pytest.mark.usefixtures("large")
def test_units_that_hang_on_a_circle_are_refused_with_it() -> None:
    assert "in a circle: A → B → A" in refused(["C,A,1", "A,B,1", "B,A,1"])


def test_more_units_than_an_organization_has_are_refused() -> None:
    lines = [f"U{number},,1" for number in range(unit_list.MOST_UNITS + 1)]
    assert "An organization has 20000 units at most." in refused(lines)
