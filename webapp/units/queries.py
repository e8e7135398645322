from dataclasses import dataclass

from sqlalchemy import select

from webapp.domain.unit_list import PlannedUnit
from webapp.extensions import db
from webapp.models import Account, Member, MemberRole, Organization, Unit


@dataclass(frozen=True, slots=True)
class Place:
    """A unit in tree order with its depth, its own leaders' addresses and whether units lie below it.

    `people` counts those of the unit and of all below it; `path` names the units above it, the highest first.
    """

    unit: Unit
    depth: int
    leaders: tuple[str, ...]
    inner: bool
    people: int
    path: tuple[str, ...]


_NOWHERE = Place(Unit(), 0, (), inner=False, people=0, path=())


def all_of(organization_id: int) -> list[Unit]:
    return list(
        db.session.scalars(
            select(Unit).where(Unit.organization_id == organization_id).order_by(Unit.position, Unit.id)
        )
    )


def leaders(organization_id: int) -> dict[int, list[tuple[int, str]]]:
    """(member id, address) of the leaders of each unit."""
    rows = db.session.execute(
        select(MemberRole.unit_id, Member.id, Account.email)
        .join(Member, Member.id == MemberRole.member_id)
        .join(Account, Account.id == Member.account_id)
        .where(MemberRole.organization_id == organization_id, MemberRole.role == "leader")
        .order_by(Account.email)
    )
    found: dict[int, list[tuple[int, str]]] = {}
    for unit_id, member_id, email in rows:
        if unit_id is not None:
            found.setdefault(unit_id, []).append((member_id, email))
    return found


def tree(organization_id: int) -> list[Place]:
    """All open units, each parent before its children."""
    units = [unit for unit in all_of(organization_id) if not unit.closed]
    led = leaders(organization_id)
    children: dict[int | None, list[Unit]] = {}
    for unit in units:
        children.setdefault(unit.parent_id, []).append(unit)
    found: list[Place] = []

    def walk(parent: int | None, path: tuple[str, ...]) -> int:
        total = 0
        for unit in children.get(parent, ()):
            at = len(found)
            found.append(_NOWHERE)
            people = unit.headcount + walk(unit.id, (*path, unit.name))
            emails = tuple(email for _member, email in led.get(unit.id, ()))
            found[at] = Place(unit, len(path), emails, unit.id in children, people, path)
            total += people
        return total

    walk(None, ())
    return found


def place(organization_id: int, unit_id: int) -> Place | None:
    """One open unit, None where it is closed."""
    return next((found for found in tree(organization_id) if found.unit.id == unit_id), None)


def possible_parents(organization_id: int, unit_id: int | None) -> list[str]:
    """Names of the units that a unit may stand below: all but itself and what is below it."""
    places = tree(organization_id)
    own = next((found.unit.name for found in places if found.unit.id == unit_id), None)
    return [found.unit.name for found in places if found.unit.id != unit_id and own not in found.path]


def planned(organization: Organization) -> list[PlannedUnit]:
    """The units there are, in the terms of the rules for a list of units."""
    units = all_of(organization.id)
    names = {unit.id: unit.name for unit in units}
    return [
        PlannedUnit(unit.name, names.get(unit.parent_id, "") if unit.parent_id else "", unit.headcount)
        for unit in units
        if not unit.closed
    ]


def readable(organization_id: int, span: frozenset[int] | None) -> list[Place]:
    """The open units of a span (None: all), each parent before its children."""
    places = tree(organization_id)
    return places if span is None else [found for found in places if found.unit.id in span]


def closed(organization_id: int) -> list[str]:
    """Names of the closed units."""
    return [unit.name for unit in all_of(organization_id) if unit.closed]
