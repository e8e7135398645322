"""Which units stand beside each other: those asked for, else the parts of the reader's own top; and which to add."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.results.addresses import of_comparison
from webapp.results.reading import Reading

MOST = 8  # more lines than these in one practice nobody compares by eye
FIRST = 3  # units of a large flat organization to begin with


@dataclass(frozen=True, slots=True)
class Choice:
    """Positions of the chosen units in tree order, names of those that are hidden, and whether some were too many."""

    places: tuple[int, ...]
    hidden: tuple[str, ...] = ()
    too_many: bool = False


@dataclass(frozen=True, slots=True)
class Option:
    """A unit to add: its key and name."""

    key: str
    name: str


def chosen(reading: Reading, keys: Iterable[str]) -> Choice | None:
    """What was asked for, None where a unit is not there for this reader; where nothing of it is shown, our own choice."""
    positions = {unit.key: place for place, unit in enumerate(reading.publication.units)}
    places = {positions.get(key, -1) for key in keys if key}
    if not all(place >= 0 and reading.sees(place) for place in places):
        return None
    known = sorted(places - {0})  # beside the whole a unit stands anyway
    shown = [place for place in known if reading.unit(place).shown]
    hidden = tuple(reading.unit(place).name for place in known if place not in shown)
    return Choice(tuple(shown[:MOST]) or default(reading), hidden, len(shown) > MOST)


def default(reading: Reading) -> tuple[int, ...]:
    """The parts of the highest unit that has several shown ones; of very many the first few."""
    top, only = 0, 0
    while shown := parts(reading, top):
        if len(shown) > 1:
            return shown if len(shown) <= MOST else shown[:FIRST]
        top = only = shown[0]
    others = reading.shown_teams[:FIRST]
    return others if len(others) > 1 or not only else (only,)


def parts(reading: Reading, top: int) -> tuple[int, ...]:
    """The shown units right below one."""
    return tuple(place for place in reading.children.get(top, ()) if reading.unit(place).shown)


def options(reading: Reading, places: Sequence[int]) -> list[tuple[str, list[Option]]]:
    """The shown units that may be added, under the name of the unit above them, in tree order."""
    found: list[tuple[str, list[Option]]] = []
    for top in reading.visible:
        below = [
            _option(reading, place)
            for place in parts(reading, top)
            if place not in places and not _has_parts(reading, place)
        ]
        if top and top not in places and reading.unit(top).shown and _has_parts(reading, top):
            below.insert(0, _option(reading, top))
        if below:
            found.append((reading.unit(top).name, below))
    return found


def _has_parts(reading: Reading, place: int) -> bool:
    return bool(reading.children.get(place))


def _option(reading: Reading, place: int) -> Option:
    unit = reading.unit(place)
    return Option(
        unit.key, _("%(unit)s as a whole", unit=unit.name) if _has_parts(reading, place) else unit.name
    )


def apart(reading: Reading, one: int, other: int) -> bool:
    """Whether two units share no people: neither is part of the other."""
    return not (_within(reading, one, other) or _within(reading, other, one))


def _within(reading: Reading, place: int, above: int) -> bool:
    current: int | None = place
    while current is not None and current > above:
        current = reading.unit(current).parent
    return current == above


def address_of_parts(reading: Reading, top: int) -> str:
    """Where the parts of a unit stand beside each other, empty where there are too few or too many."""
    below = parts(reading, top)
    return of_comparison(reading, below) if 1 < len(below) <= MOST else ""
