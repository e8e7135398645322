"""What a figure from outside says of all people of a unit, where there are figures of some of them alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.evidence import Share, Told
from webapp.domain.lamps import Reach, Sign, evidence
from webapp.domain.publication import Cell


def told(people: int, covered: int, share: Share | None) -> Told:
    return Told(given=False, people=people, covered={"active": covered} if covered else {}, active=share)


def test_those_without_figures_may_all_do_it_or_nobody() -> None:
    """35 % of 20 of 24 people: 6.5 to 7.5 of the 20, and none to four of the others."""
    found = told(24, 20, Share(32.5, 37.5, percent=35)).reach("active")
    assert found == (pytest.approx(100 * 6.5 / 24), pytest.approx(100 * 11.5 / 24))
    assert told(24, 24, Share(32.5, 37.5, percent=35)).reach("active") == (32.5, 37.5)
    assert told(24, 0, None).reach("active") is None
    assert told(0, 0, None).known("active") == 0


@given(st.integers(1, 60), st.data())
def test_the_true_share_always_lies_within(people: int, data: st.DataObject) -> None:
    covered = data.draw(st.integers(1, people))
    some, others = data.draw(st.integers(0, covered)), data.draw(st.integers(0, people - covered))
    at = 100 * some / covered
    low, high = told(people, covered, Share(at, at, percent=round(at))).reach("active") or (0, 0)
    assert low - 1e-9 <= 100 * (some + others) / people <= high + 1e-9
    assert 0 <= low <= high <= 100 + 1e-9


def test_one_team_of_four_lights_no_lamp_for_all_of_them() -> None:
    """Nearly all of 10 are active, and of the 35 others nothing is known: that says nothing against a low score."""
    cell, sign = Cell(30, 45, 25, 20, 30, 1), Sign("active", 25, 60)
    share = Share(75, 100, word="nearly all")
    assert evidence(cell, sign, Reach(*(told(10, 10, share).reach("active") or ()))) == "disagree"
    assert evidence(cell, sign, Reach(*(told(45, 10, share).reach("active") or ()))) == "none"
