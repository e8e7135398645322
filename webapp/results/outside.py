"""What is known from outside of the time at which a wave closed: the tools' own figures, and use cases that had gone live.

Both come from other features by slots, and either may be empty.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import date

from webapp import slots
from webapp.access import Actor, Permission
from webapp.domain.evidence import Snapshot, Told
from webapp.domain.lamps import Reach, Sign
from webapp.domain.shipped import PerTen, per_ten
from webapp.results.reading import DIRECT, Reading, unit_id


@dataclass(frozen=True)
class Outside:
    """The figures of one month, and the use cases that had gone live by the wave's last day, by unit; None where there are none."""

    snapshot: Snapshot | None = None
    shipped: Mapping[int, int] | None = None

    @property
    def stamp(self) -> Hashable:
        """What a kept page depends on."""
        seen = (self.snapshot.stamp, self.snapshot.month) if self.snapshot else None
        return seen, tuple(sorted((self.shipped or {}).items()))

    def told(self, reading: Reading, position: int) -> Told | None:
        """What may be told of a unit; nothing of people attached to an inner one, who have no figures of their own."""
        key = reading.unit(position).key
        if self.snapshot is None or (position and key.endswith(DIRECT)):
            return None
        return self.snapshot.units.get(unit_id(key))

    def per_ten(self, reading: Reading, position: int) -> PerTen | None:
        """Use cases of a unit with all below it that went live, for its size.

        The whole too is made of the units that the wave knows: of others the people are not counted, and none stands beside it.
        """
        people = reading.unit(position).headcount
        if not self.shipped or not people or (position and reading.unit(position).key.endswith(DIRECT)):
            return None
        return per_ten(sum(self.shipped.get(unit, 0) for unit in _below(reading, position)), people)

    def reach(self, reading: Reading, position: int, sign: Sign) -> Reach | None:
        """From where to where the figure of a sign may lie in a unit."""
        if sign.figure == "shipped":
            rate = self.per_ten(reading, position)
            return Reach(rate.low, rate.high) if rate else None
        told = self.told(reading, position)
        ends = told.reach(sign.figure) if told else None
        return Reach(*ends) if ends else None


def of(actor: Actor, reading: Reading) -> Outside:
    """What the actor may read beside a publication."""
    on = date.fromisoformat(reading.publication.closed_on)
    found: list[Snapshot | None] = []
    if actor.may(Permission.EVIDENCE_READ):
        found = slots.ask("evidence", actor.organization, on)
    shipped: list[Mapping[int, int]] = slots.ask("shipped", actor.organization.id, on)
    return Outside(next(iter(found), None), next(iter(shipped), None) or None)


def _below(reading: Reading, position: int) -> set[int]:
    """The ids of a unit and of all units below it."""
    units = reading.publication.units
    places = {position}
    for place in range(position + 1, len(units)):  # a parent stands before its parts
        if units[place].parent in places:
            places.add(place)
    return {found for place in places if (found := unit_id(units[place].key)) is not None}
