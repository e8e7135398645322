"""What changes the organization's tree."""

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.access.members import give_role, take_role
from webapp.domain import csv_table, unit_list
from webapp.domain.csv_table import Row, name_key
from webapp.domain.refusal import Refused
from webapp.domain.unit_list import PlannedUnit
from webapp.models import Account, Organization, Unit
from webapp.transaction import locked, transaction
from webapp.units import queries


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import did, or would do."""

    added: int
    changed: int
    missing: tuple[str, ...]
    closed: bool
    people: int


def import_units(
    *,
    organization: Organization,
    data: bytes,
    file: str,
    only_check: bool = False,
    close_missing: bool = False,
    by: Account | None,
) -> Imported:
    """Take a whole list of units, or nothing. Units are known by name; those the file lacks are left unless closed."""
    rows = csv_table.read(data, file=file, required=unit_list.COLUMNS, optional=unit_list.OPTIONAL)
    with transaction() as session:
        locked(session, Organization, organization.id)
        planned = unit_list.plan(rows, queries.planned(organization), close_missing=close_missing)
        result = _apply(session, organization, planned, close_missing=close_missing, by=by)
        if only_check:
            session.rollback()
            return result
        audit.record(
            session,
            organization_id=organization.id,
            by=by,
            action="units.imported",
            added=result.added,
            changed=result.changed,
            closed=len(result.missing) if result.closed else 0,
        )
    return result


@dataclass(frozen=True)
class FormRow(Row):
    """A unit that was typed into a form: a fault of it stands at a field, one of the others nowhere in particular."""

    typed: bool = False

    def place(self, column: str = "") -> str:
        return column if self.typed else ""


def save_unit(
    *,
    organization: Organization,
    unit_id: int | None,
    unit: str,
    parent: str,
    headcount: str,
    leader_email: str,
    by: Account | None,
) -> None:
    """Add a unit (`unit_id` is None) or change one, by the rules of an import of the whole tree.

    A blank address takes the lead from the one person who has it; where several lead, it changes nothing.
    """
    with transaction() as session:
        locked(session, Organization, organization.id)
        places = queries.tree(organization.id)
        before = next((place for place in places if place.unit.id == unit_id), None)
        if unit_id is not None and before is None:
            raise Refused("This unit is closed; an import with its name opens it again.")
        names = {place.unit.id: place.unit.name for place in places}
        typed = {"unit": unit, "parent": parent, "headcount": headcount, "leader_email": leader_email}
        if before:
            names[before.unit.id] = unit
            typed["renamed_from"] = before.unit.name
        rows = [_row(place.unit, names) for place in places if place is not before]
        rows.insert(places.index(before) if before else len(rows), FormRow("", 0, typed, typed=True))
        planned = unit_list.plan(rows, queries.planned(organization))
        _apply(session, organization, planned, close_missing=False, by=by)
        if before and not leader_email and len(before.leaders) == 1:
            take_role(session, organization_id=organization.id, role="leader", unit_id=before.unit.id, by=by)
        audit.record(
            session,
            organization_id=organization.id,
            by=by,
            action="unit.changed" if before else "unit.added",
            unit=unit_id,
        )


def close_unit(*, organization: Organization, unit_id: int, by: Account | None) -> None:
    """Close a unit for waves to come; waves that were opened keep it."""
    with transaction() as session:
        places = queries.tree(organization.id)
        gone = next((place for place in places if place.unit.id == unit_id), None)
        if gone is None:
            return  # closed already: a second click changes nothing
        if gone.inner:
            raise Refused(
                "{name} has units below it: close them or move them first.", name=f"“{gone.unit.name}”"
            )
        names = {place.unit.id: place.unit.name for place in places}
        rest = [_row(place.unit, names) for place in places if place is not gone]
        if rest:
            unit_list.plan(rest, [])
        session.get_one(Unit, unit_id).closed = True
        audit.record(session, organization_id=organization.id, by=by, action="unit.closed", unit=unit_id)


def _row(unit: Unit, names: dict[int, str]) -> Row:
    parent = names[unit.parent_id] if unit.parent_id else ""
    return FormRow("", 0, {"unit": unit.name, "parent": parent, "headcount": str(unit.headcount)})


def _apply(
    session: Session,
    organization: Organization,
    planned: list[PlannedUnit],
    *,
    close_missing: bool,
    by: Account | None,
) -> Imported:
    units = {unit.name_key: unit for unit in queries.all_of(organization.id)}
    before = {key: (unit.name, unit.parent_id, unit.headcount, unit.closed) for key, unit in units.items()}
    added = [unit for unit in planned if (unit.was or unit.key) not in units]
    _free_names(session, planned, units)
    for place, unit in enumerate(planned, 1):
        _store(session, organization, unit, units, place)
    session.flush()
    for unit in planned:
        stored = units[unit.key]
        stored.parent_id = units[name_key(unit.parent)].id if unit.parent else None
    listed = {unit.key for unit in planned}
    missing = [unit for key, unit in units.items() if key not in listed and not unit.closed]
    if close_missing:
        _refuse_orphans(planned, missing)
        for stored in missing:
            stored.closed = True
    session.flush()
    _lead(session, organization, planned, units, by)
    changed = sum(
        1
        for unit in planned
        if (unit.was or unit.key) in before
        and before[unit.was or unit.key]
        != (
            units[unit.key].name,
            units[unit.key].parent_id,
            units[unit.key].headcount,
            units[unit.key].closed,
        )
    )
    people = session.scalar(
        select(func.sum(Unit.headcount)).where(
            Unit.organization_id == organization.id, Unit.closed.is_(False)
        )
    )
    return Imported(len(added), changed, tuple(unit.name for unit in missing), close_missing, people or 0)


def _free_names(session: Session, planned: list[PlannedUnit], units: dict[str, Unit]) -> None:
    """Take the old names off units that are renamed: another may get one, and rows are not written in that order."""
    for unit in planned:
        if unit.was in units and unit.was != unit.key:
            units[unit.was].name_key = f" {units[unit.was].id}"  # no name's key begins with a blank
    session.flush()


def _store(
    session: Session, organization: Organization, unit: PlannedUnit, units: dict[str, Unit], place: int
) -> None:
    stored = units.pop(unit.was, None) if unit.was else units.get(unit.key)
    if unit.was and unit.key in units:
        raise Refused("There is a closed unit {name}; choose another name.", name=f"“{unit.name}”")
    if stored is None:
        stored = Unit(organization_id=organization.id)
        session.add(stored)
    stored.name = unit.name
    stored.name_key = unit.key
    stored.headcount = unit.headcount
    stored.position = place
    stored.closed = False
    units[unit.key] = stored


def _refuse_orphans(planned: list[PlannedUnit], missing: list[Unit]) -> None:
    gone = {unit.name_key for unit in missing}
    for unit in planned:
        if unit.parent and name_key(unit.parent) in gone:
            raise Refused(
                "{parent} would be closed, but {name} stays below it.", parent=unit.parent, name=unit.name
            )


def _lead(
    session: Session,
    organization: Organization,
    planned: list[PlannedUnit],
    units: dict[str, Unit],
    by: Account | None,
) -> None:
    """Make the address of each row the unit's leader; a blank one changes nothing."""
    led = queries.leaders(organization.id)
    for unit in planned:
        stored = units[unit.key]
        if unit.leader_email and [email for _member, email in led.get(stored.id, ())] != [unit.leader_email]:
            take_role(session, organization_id=organization.id, role="leader", unit_id=stored.id, by=by)
            give_role(
                session,
                organization_id=organization.id,
                email=unit.leader_email,
                role="leader",
                unit_id=stored.id,
                by=by,
            )
