"""A list of people to invite: every fault is named with its line, and nobody is invited twice or over the head count."""

import pytest

from webapp.domain import csv_table
from webapp.domain.people_list import COLUMNS, OPTIONAL, Person, Place, plan
from webapp.domain.refusal import Refused, RefusedMany

PLACES = [
    Place(1, "Platform", 3, None, 0),
    Place(2, "Sales (direct)", 2, "mail", 1),
    Place(3, "Posters", 9, "open", 0),
    Place(4, "Handed out", 9, "single", 0),
]


def planned(text: str, invited: dict[str, int] | None = None) -> list[Person]:
    rows = csv_table.read(text.encode(), file="people.csv", required=COLUMNS, optional=OPTIONAL)
    return plan(rows, PLACES, invited or {})


def faults(text: str, invited: dict[str, int] | None = None) -> list[str]:
    with pytest.raises(RefusedMany) as refused:
        planned(text, invited)
    return [str(one) for one in refused.value.refusals]


def test_people_are_found_by_unit_whatever_its_case_and_the_columns_order() -> None:
    assert planned("name;email;unit\nAda Ö;Ada@Example.org;PLATFORM\n;bo@example.org; sales (Direct)\n") == [
        Person(1, "ada@example.org", "Ada Ö"),
        Person(2, "bo@example.org", ""),
    ]


def test_all_faults_are_named_with_their_lines() -> None:
    found = faults(
        "unit,email,name\nNobody,a@example.org,\nPlatform,no address,\nPosters,b@example.org,\n"
        'Handed out,c@example.org,\nPlatform,d@example.org,=1+1\nPlatform,e@example.org,"two\nlines"\n'
        "Platform,f@example.org,\nPlatform,F@example.org,\n"
    )
    assert [one.split(": ")[0] for one in found] == [
        "people.csv:2, column unit",
        "people.csv:3, column email",
        "people.csv:4, column unit",
        "people.csv:5, column unit",
        "people.csv:6, column name",
        "people.csv:7, column name",
        "people.csv:10, column email",
    ]
    assert "an open link" in found[2]
    assert "single-use links" in found[3]
    assert "first in line 9" in found[6]


def test_nobody_is_invited_over_the_head_count() -> None:
    (fault,) = faults("unit,email\n" + "".join(f"Platform,p{number}@example.org\n" for number in range(4)))
    assert fault.startswith("people.csv:5, column unit: “Platform” has 3 people")
    (fault,) = faults("unit,email\nSales (direct),a@example.org\nSales (direct),b@example.org\n")
    assert fault.startswith("people.csv:3")


def test_who_is_invited_already_is_left_alone_and_takes_no_seat() -> None:
    text = "unit,email\nSales (direct),old@example.org\nSales (direct),new@example.org\n"
    assert planned(text, {"old@example.org": 2}) == [Person(2, "new@example.org", "")]
    assert "for another unit" in faults("unit,email\nPlatform,old@example.org\n", {"old@example.org": 2})[0]


@pytest.mark.parametrize(
    "address",
    [
        '"x@example.org\r\nBcc: y@example.org"',
        '"a@example.org, b@example.org"',
        "x@example.org\u2028y",
        "x@localhost",
        "@example.org",
        "a" * 250 + "@example.org",
        "x\u202e@example.org",
        "<x@example.org>",
    ],
)
def test_what_no_letter_could_reach_is_refused(address: str) -> None:
    assert "is not an e-mail address" in faults(f"unit,email\nPlatform,{address}\n")[0]


def test_a_list_without_people_is_refused() -> None:
    with pytest.raises(Refused, match="no people"):
        planned("unit,email\n")


def test_at_most_twenty_faults_are_told_at_once() -> None:
    assert len(faults("unit,email\n" + "Nobody,x@example.org\n" * 100)) == 20
