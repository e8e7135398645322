"""Leaders beside their people: all of them on average, and one by name."""

from dataclasses import replace

from tests.fixtures.small_waves import SmallWave, answered, asked, small
from webapp.domain.publication import Finding

KEYS = [f"p{number}" for number in range(6)]


def wave(lead: str, people: str = "222222", named: int = 1) -> SmallWave:
    """Two teams; as many leaders of A as asked for stand by name and say `lead`."""
    rows = {"A": [people] * 12, "B": [people] * 12}
    made = small(asked(dict.fromkeys(KEYS, 1)), {"A": 14, "B": 14}, rows, {"A": named, "B": 1})
    return made.changed(
        named=answered(made.tree, {"A": [lead] * named}, 6), named_members=tuple(range(1, named + 1))
    )


def said(made: SmallWave) -> list[Finding]:
    return [one for one in made.publication().findings if one.code.startswith("lead_")]


def test_a_leader_by_name_who_sees_more_is_said_without_a_name() -> None:
    (found,) = said(wave("555522"))
    assert (found.code, found.unit, found.practice) == ("lead_more", 1, None)
    assert found.values == {"practices": 4, "of": 6, "lead": 72, "score": 25, "leads": 1}


def test_one_who_sees_less_likewise() -> None:
    (found,) = said(wave("111111", people="444444"))
    assert (found.code, found.values["practices"]) == ("lead_less", 6)


def test_one_who_sees_the_same_is_not_spoken_of() -> None:
    assert said(wave("222222")) == []
    assert said(wave("232222")) == []


def test_beside_a_hidden_unit_nothing_is_said() -> None:
    made = wave("555555")
    few = answered(made.tree, {"A": ["222222"] * 2, "B": ["222222"] * 12}, 6)
    assert said(made.changed(responses=few)) == []


def test_two_leaders_of_one_unit_are_told_apart_by_number_only() -> None:
    found = said(wave("555555", named=2))
    assert [one.values["leads"] for one in found] == [2, 2]


def test_the_leaders_average_is_held_against_all_practices_at_once() -> None:
    made = small(
        asked(dict.fromkeys(KEYS, 1)),
        dict.fromkeys("ABCDEF", 6),
        {name: ["222222"] * 6 for name in "ABCDEF"},
        dict.fromkeys("ABCDEF", 1),
    )
    rows = {name: ["522222"] for name in "ABCDEF"}
    found = replace(made, average=answered(made.tree, rows, 6)).publication().findings
    gaps = [one for one in found if one.code == "leaders_more"]
    assert [(one.practice, one.values["leaders"], one.values["teams"]) for one in gaps] == [("p0", 95, 25)]
