"""The rules for a list of units: what a file may say, and what the organization's tree becomes."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from webapp.domain.csv_table import Row, check_name, name_key
from webapp.domain.refusal import Refused

COLUMNS = ("unit", "parent", "headcount")
OPTIONAL = ("leader_email", "renamed_from")
MAX_HEADCOUNT = 1_000_000
MAX_DEPTH = 20
MOST_UNITS = 20_000
EMAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]{1,190}\.[^@\s,;<>\".]{2,63}")


@dataclass(frozen=True, slots=True)
class PlannedUnit:
    """A unit as it shall be after an import; `was` is the key of its old name when it is renamed."""

    name: str
    parent: str
    headcount: int
    leader_email: str = ""
    was: str = ""

    @property
    def key(self) -> str:
        return name_key(self.name)


def plan(
    rows: Sequence[Row], existing: Iterable[PlannedUnit], *, close_missing: bool = False
) -> list[PlannedUnit]:
    """Check the rows against each other and the units there are; raises Refused at the first fault.

    Returns the units of the file in its order. Existing units that the file lacks are left as they are, but count
    for parents, names and cycles. A leaf needs a head count of 1 or more; with `close_missing` a unit is one too when
    the file lacks all that is below it.
    """
    if not rows:
        raise Refused("The file has a header line and no units.", place="")
    planned = [(row, _unit(row)) for row in rows]
    kept = {unit.key: unit for unit in existing}
    _renames(planned, kept)
    seen: dict[str, Row] = {}
    for row, unit in planned:
        if unit.key in seen:
            raise Refused(
                "The name {name} stands twice: first in line {line}.",
                place=row.place("unit"),
                name=f"“{unit.name}”",
                line=seen[unit.key].line,
            )
        seen[unit.key] = row
    everything = kept | {unit.key: unit for _row, unit in planned}
    if len(everything) > MOST_UNITS:
        raise Refused("An organization has {most} units at most.", place="", most=MOST_UNITS)
    _check_parents(planned, everything)
    _check_depth(planned, everything)
    _check_leaves(planned, [unit for _row, unit in planned] if close_missing else everything.values())
    return [unit for _row, unit in planned]


def _unit(row: Row) -> PlannedUnit:
    name = check_name(row.fields["unit"], place=row.place("unit"))
    if name_key(name).endswith("(direct)"):
        raise Refused(
            "“(direct)” at the end of a name is ours: it marks people of an inner unit.",
            place=row.place("unit"),
        )
    email = row.fields.get("leader_email", "")
    if email:
        email = check_email(email, place=row.place("leader_email"))
    return PlannedUnit(
        name=name,
        parent=row.fields["parent"],
        headcount=_headcount(row),
        leader_email=email,
        was=name_key(row.fields.get("renamed_from", "")),
    )


def check_email(text: str, *, place: str = "") -> str:
    """Refuse what no mail could reach; returns the address in lower case."""
    if len(text) > 254 or not EMAIL.fullmatch(text) or not text.isprintable():  # noqa: PLR2004 - RFC 5321's limit
        raise Refused("{text} is not an e-mail address.", place=place, text=f"“{text}”")
    return text.lower()


def _headcount(row: Row) -> int:
    text = row.fields["headcount"]
    if not text:
        return 0
    if not (text.isascii() and text.isdigit()) or len(text) > 7:  # noqa: PLR2004 - digits of MAX_HEADCOUNT
        raise Refused(
            "The head count {text} is not a whole number.", place=row.place("headcount"), text=f"“{text}”"
        )
    if int(text) > MAX_HEADCOUNT:
        raise Refused("The head count is above {limit}.", place=row.place("headcount"), limit=MAX_HEADCOUNT)
    return int(text)


def _renames(planned: list[tuple[Row, PlannedUnit]], kept: dict[str, PlannedUnit]) -> None:
    for row, unit in planned:
        if not unit.was:
            continue
        if unit.was not in kept:
            raise Refused(
                "There is no unit {name} to rename.",
                place=row.place("renamed_from"),
                name=f"“{row.fields['renamed_from']}”",
            )
        if unit.key in kept and unit.key != unit.was:
            raise Refused("There is already a unit {name}.", place=row.place("unit"), name=f"“{unit.name}”")
        old = kept.pop(unit.was)
        for key, other in list(kept.items()):
            if name_key(other.parent) == old.key:
                kept[key] = PlannedUnit(other.name, unit.name, other.headcount, other.leader_email)


def _check_parents(planned: list[tuple[Row, PlannedUnit]], everything: dict[str, PlannedUnit]) -> None:
    for row, unit in planned:
        if unit.parent and name_key(unit.parent) not in everything:
            raise Refused(
                "The parent {name} is not known.", place=row.place("parent"), name=f"“{unit.parent}”"
            )
    # Of these it is known that the way up ends: a chain is walked once, not once a unit.
    rooted: set[str] = set()
    for row, unit in planned:
        passed = {unit.key: unit}
        current = unit
        while current.parent and current.key not in rooted:
            key = name_key(current.parent)
            if key in passed:
                raise Refused(
                    "The units stand in a circle: {circle}.",
                    place=row.place("parent"),
                    circle=_told(passed, key),
                )
            current = passed[key] = everything[key]
        rooted.update(passed)


def _told(passed: dict[str, PlannedUnit], key: str) -> str:
    """The names of a circle, from the unit at which it closes; of a long one how it begins."""
    keys = list(passed)
    circle = [passed[step].name for step in [*keys[keys.index(key) :], key]]
    return " → ".join([*circle[:MAX_DEPTH], "…"] if len(circle) > MAX_DEPTH + 1 else circle)


def _check_depth(planned: list[tuple[Row, PlannedUnit]], everything: dict[str, PlannedUnit]) -> None:
    """Units that the file lacks hang below those that it moves, so each way up is measured."""
    rows = {unit.key: row for row, unit in planned}
    for unit in everything.values():
        above = [unit]
        while above[-1].parent and len(above) <= MAX_DEPTH:
            above.append(everything[name_key(above[-1].parent)])
        if len(above) > MAX_DEPTH:
            row = next((rows[one.key] for one in above if one.key in rows), None)
            raise Refused(
                "The tree is deeper than {limit} units.",
                place=row.place("parent") if row else "",
                limit=MAX_DEPTH,
            )


def _check_leaves(planned: list[tuple[Row, PlannedUnit]], staying: Iterable[PlannedUnit]) -> None:
    parents = {name_key(unit.parent) for unit in staying if unit.parent}
    for row, unit in planned:
        if unit.headcount == 0 and unit.key not in parents:
            raise Refused(
                "{name} has no people: a unit without units below it needs a head count of 1 or more.",
                place=row.place("headcount"),
                name=f"“{unit.name}”",
            )
