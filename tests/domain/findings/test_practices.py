"""Which practices stand at the ends of a unit."""

import pytest

from tests.fixtures.small_waves import asked, small
from webapp.domain.publication import Finding

PEOPLE = 30


def ends(levels: str, people: int = PEOPLE) -> list[Finding]:
    """What is said where everybody gives these levels, one practice each, give or take one level."""
    half = people // 2
    other = levels.translate(str.maketrans("12345", "21234"))
    rows = {
        "A": [levels] * (people - half) + [other] * half,
        "B": [levels] * (people - half) + [other] * half,
    }
    questionnaire = asked({f"p{number}": 1 for number in range(len(levels))})
    found = small(questionnaire, {"A": people, "B": people}, rows).publication().findings
    codes = ("highest", "lowest", "highest_few", "lowest_few", "practices_apart")
    return [one for one in found if one.unit == 0 and one.code in codes]


def test_one_practice_alone_at_each_end_is_named_with_its_range() -> None:
    top, bottom = ends("53331")
    assert (top.code, top.practice, top.values["score"]) == ("highest", "p0", 88)
    assert (bottom.code, bottom.practice) == ("lowest", "p4")
    assert int(bottom.values["low"]) <= int(bottom.values["score"]) <= int(bottom.values["high"])


def test_two_that_stand_together_are_named_together() -> None:
    (bottom,) = [one for one in ends("444422") if one.code == "lowest_few"]
    assert bottom.values == {"practices": "p5,p4", "least": 13, "most": 13, "others": 4}


def test_practices_without_a_gap_between_them_have_ends_but_no_lowest() -> None:
    people = 24
    rows = ["5" * number + "1" * (9 - number) for number in range(9)] + ["5" * 9] * (people - 9)
    questionnaire = asked({f"p{number}": 1 for number in range(9)})
    found = small(questionnaire, {"A": people, "B": people}, {"A": rows, "B": rows}).publication().findings
    (apart,) = [one for one in found if one.unit == 0 and one.practice in {"p0", "p8"}]
    assert (apart.code, apart.practice, apart.values["practices"]) == ("practices_apart", "p0", "p8")


@pytest.mark.parametrize("levels", ["3", "33", "33333"])
def test_equal_practices_have_no_ends(levels: str) -> None:
    assert ends(levels) == []
