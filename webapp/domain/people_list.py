"""The rules for a list of people to be invited: each belongs to a unit that is asked, once, within its head count."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.domain.csv_table import Row, check_name, name_key
from webapp.domain.refusal import Refused, RefusedMany
from webapp.domain.unit_list import check_email

COLUMNS = ("unit", "email")
OPTIONAL = ("name",)
MOST_FAULTS = 20


@dataclass(frozen=True, slots=True)
class Place:
    """A unit that is asked: how many people it has, which kind of link, and how many are invited already."""

    position: int
    name: str
    headcount: int
    link: str | None
    invited: int


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to be invited."""

    position: int
    email: str
    name: str


def plan(rows: Sequence[Row], places: Sequence[Place], invited: Mapping[str, int]) -> list[Person]:
    """Check all rows; gives those to be invited, without those who are already (`invited`: address → position).

    Raises RefusedMany with every fault, each with its line.
    """
    if not rows:
        raise Refused("The list has a header line and no people.")
    by_key = {name_key(place.name): place for place in places}
    left = {place.position: place.headcount - place.invited for place in places}
    seen: dict[str, int] = {}
    people: list[Person] = []
    faults: list[Refused] = []
    for row in rows:
        try:
            person = _person(row, by_key, seen, invited)
            if person is not None:
                _take_seat(row, person, by_key[name_key(row.fields["unit"])], left)
                people.append(person)
        except Refused as fault:
            faults.append(fault)
    if faults:
        raise RefusedMany(faults[:MOST_FAULTS])
    return people


def _person(
    row: Row, by_key: Mapping[str, Place], seen: dict[str, int], invited: Mapping[str, int]
) -> Person | None:
    place = by_key.get(name_key(row.fields["unit"]))
    if place is None:
        raise Refused(
            "In this wave nobody answers for a unit {name}.",
            place=row.place("unit"),
            name=f"“{row.fields['unit'][:140]}”",
        )
    if place.link == "open":
        raise Refused(
            "{name} has an open link already; a unit has one kind of link.",
            place=row.place("unit"),
            name=f"“{place.name}”",
        )
    if place.link == "single":
        raise Refused(
            "{name} has single-use links already; a unit has one kind of link.",
            place=row.place("unit"),
            name=f"“{place.name}”",
        )
    email = check_email(row.fields["email"], place=row.place("email"))
    if email in seen:
        raise Refused(
            "The address {email} stands twice: first in line {line}.",
            place=row.place("email"),
            email=f"“{email}”",
            line=seen[email],
        )
    seen[email] = row.line
    if email in invited:
        if invited[email] != place.position:
            raise Refused(
                "{email} is invited already, for another unit.", place=row.place("email"), email=f"“{email}”"
            )
        return None
    name = row.fields.get("name", "")
    return Person(place.position, email, check_name(name, place=row.place("name")) if name else "")


def _take_seat(row: Row, person: Person, place: Place, left: dict[int, int]) -> None:
    if left[person.position] == 0:
        raise Refused(
            "{name} has {headcount} people, and this list would invite more.",
            place=row.place("unit"),
            name=f"“{place.name}”",
            headcount=place.headcount,
        )
    left[person.position] -= 1
