"""Verdicts on the pairs of a few units, in words."""

from types import SimpleNamespace

import pytest

from webapp.results.compare.boards import Pair
from webapp.results.compare.words import verdict

NAMES = ("Ada", "Ben", "Cy", "Di")


def pairs_of(*called: tuple[int, int], units: int = 3) -> list[Pair]:
    """All pairs of some units; `called` are those that differ, the higher one first."""
    found = []
    for one in range(units):
        for other in range(one + 1, units):
            higher = next((pair for pair in called if set(pair) == {one, other}), None)
            points = 3 if higher is None else 20 if higher[0] == other else -20
            found.append(Pair(one, other, points, points - 9.0, points + 9.0, higher is not None))
    return found


@pytest.mark.parametrize(
    ("called", "told"),
    [
        ((), "No clear differences."),
        (((0, 1), (0, 2), (1, 2)), "All three differ."),
        (((0, 2), (1, 2)), "Cy is lower. Ada and Ben: no clear difference."),
        (((1, 0), (1, 2)), "Ben is higher. Ada and Cy: no clear difference."),
        (((0, 2),), "Ada is higher than Cy. Otherwise no clear difference."),
        (((0, 1), (2, 0)), "Ada is higher than Ben. Cy is higher than Ada. Otherwise no clear difference."),
    ],
)
def test_what_is_said_of_three(
    kestrel: SimpleNamespace, called: tuple[tuple[int, int], ...], told: str
) -> None:
    with kestrel.app.test_request_context():
        assert verdict(NAMES[:3], pairs_of(*called), range(3)) == told


@pytest.mark.parametrize(
    ("called", "told"),
    [
        (
            ((0, 2), (0, 3), (1, 2), (1, 3)),
            "Ada and Ben are higher than Cy and Di. Otherwise no clear difference.",
        ),
        (
            ((0, 1), (0, 2), (0, 3), (1, 3)),
            "Ada is higher than all the others. Ben is higher than Di. Otherwise no clear difference.",
        ),
        (((0, 1), (0, 2), (0, 3), (1, 2), (1, 3), (2, 3)), "All four differ."),
    ],
)
def test_what_is_said_of_four(
    kestrel: SimpleNamespace, called: tuple[tuple[int, int], ...], told: str
) -> None:
    with kestrel.app.test_request_context():
        assert verdict(NAMES, pairs_of(*called, units=4), range(4)) == told


def test_what_is_said_of_two_that_are_not_clearly_apart(kestrel: SimpleNamespace) -> None:
    with kestrel.app.test_request_context():
        close = [Pair(0, 1, -6, -11.4, -0.6, called=False)]
        open_ = [Pair(0, 1, 3, -1.2, 7.4, called=False)]
        assert verdict(NAMES[:2], close, range(2)) == "Too close to call, +1 to +11."
        assert verdict(NAMES[:2], open_, range(2)) == "No clear difference, −1 to +7."


def test_in_a_long_list_of_differences_the_rest_is_counted(kestrel: SimpleNamespace) -> None:
    chain = [(one, other) for one in range(8) for other in range(one + 2, 8)]
    names = [f"Team {letter}" for letter in "ABCDEFGH"]
    with kestrel.app.test_request_context():
        told = verdict(names, pairs_of(*chain, units=8), range(8))
    assert told.count("higher than") == 3
    assert "6 further pairs differ. Otherwise no clear difference." in told


def test_a_range_that_begins_at_zero_is_not_too_close_to_call(kestrel: SimpleNamespace) -> None:
    with kestrel.app.test_request_context():
        told = verdict(NAMES[:2], [Pair(0, 1, 6, 0.4, 11.4, called=False)], range(2))
    assert told == "No clear difference, 0 to +11."
