"""The units of an organization, as programs read them. Who leads them is not told: that is an address of a person."""

from flask import abort, g
from pydantic import Field

from webapp.access import Permission
from webapp.api import Answer, Page, Routes, Thing, cut
from webapp.units import queries

routes = Routes()


class Unit(Thing):
    """A unit of the tree as it is now."""

    name: str
    parent: int | None = Field(
        description="The unit that it stands below; null directly below the organization, or where you may not read it."
    )
    headcount: int = Field(description="People who answer in this very unit.")
    people: int = Field(description="People of this unit and of all below it.")


class Units(Answer):
    items: list[Unit]
    next: int | None


class Branch(Answer):
    """A unit with all below it."""

    id: int
    name: str
    headcount: int
    people: int
    units: list["Branch"]


class Tree(Answer):
    units: list[Branch]


def _places() -> list[queries.Place]:
    return queries.readable(g.actor.organization.id, g.actor.span(Permission.UNIT_READ))


def _told(place: queries.Place, readable: set[int]) -> Unit:
    unit = place.unit
    parent = unit.parent_id if unit.parent_id in readable else None
    return Unit(id=unit.id, name=unit.name, parent=parent, headcount=unit.headcount, people=place.people)


@routes.get("/units", Permission.UNIT_READ)
def units(query: Page) -> Units:
    """The open units that you may read."""
    places = _places()
    readable = {place.unit.id for place in places}
    found, more = cut(places, query, lambda place: place.unit.id)
    return Units(items=[_told(place, readable) for place in found], next=more)


@routes.get("/units/tree", Permission.UNIT_READ)
def tree() -> Tree:
    """The same units, each with those below it, in the order of the tree."""
    top: list[Branch] = []
    below: dict[int, list[Branch]] = {}
    for place in _places():  # each parent before its children
        unit = place.unit
        branch = Branch(id=unit.id, name=unit.name, headcount=unit.headcount, people=place.people, units=[])
        below[unit.id] = branch.units
        below.get(unit.parent_id or 0, top).append(branch)
    return Tree(units=top)


@routes.get("/units/<int:unit_id>", Permission.UNIT_READ)
def unit(unit_id: int) -> Unit:
    """One open unit."""
    places = _places()
    found = next((place for place in places if place.unit.id == unit_id), None)
    if found is None:
        abort(404)
    return _told(found, {place.unit.id for place in places})
