"""Where a mean tells little."""

from tests.fixtures.small_waves import asked, small
from webapp.domain.publication import Finding


def said(rows: list[str], code: str) -> list[Finding]:
    found = small(asked({"p": 1, "q": 1}), {"A": 14, "B": 14}, {"A": rows, "B": ["33"] * 12}).publication()
    return [one for one in found.findings if one.code == code and one.unit == 1]


def test_divided_answers_are_told_with_their_practices() -> None:
    (found,) = said(["13", "53"] * 6, "divided")
    assert (found.unit, found.values["practices"]) == (1, "p")


def test_close_answers_are_not() -> None:
    assert said(["33"] * 12, "divided") == []


def test_many_who_do_not_know_are_told_from_beyond_thirty_percent_on() -> None:
    found = said(["?3"] * 4 + ["33"] * 8, "unknown")
    assert [(one.unit, one.values["practices"]) for one in found] == [(1, "p")]
    assert said(["?3"] * 3 + ["33"] * 9, "unknown") == []
