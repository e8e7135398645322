"""The figures of a stretch of the register, each worked out when it is asked for."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import dropwhile

from webapp.domain import register
from webapp.domain.experiments import Area, Entry, State, Type
from webapp.domain.register import Curve, Kind, Quarter, Stage
from webapp.experiments.queries import Listed, Place


@dataclass(frozen=True)
class Figures:
    """The register of a stretch of the tree. `places`: its open units; `today`: the day where the organization is."""

    listed: Sequence[Listed]
    places: Sequence[Place]
    today: date

    @cached_property
    def entries(self) -> list[Entry]:
        return [one.entry for one in self.listed]

    @property
    def enough(self) -> bool:
        """Whether there are so many that a curve says more than a list."""
        return len(self.listed) >= register.FEWEST

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        return register.pipeline(self.entries)

    @cached_property
    def curve(self) -> Curve:
        return register.curve(register.waits(self.entries, today=self.today))

    @cached_property
    def people(self) -> int:
        return sum(place.people for place in self.places)

    @cached_property
    def quarters(self) -> list[Quarter]:
        """The last quarters from the first in which something happened."""
        found = register.quarters(self.entries, today=self.today)
        return list(
            dropwhile(lambda one: not (one.ideas or one.started or one.shipped or one.stopped), found)
        )

    @cached_property
    def kinds(self) -> dict[Type, Kind]:
        return register.kinds(self.entries, lambda entry: entry.type)

    @cached_property
    def areas(self) -> dict[Area | None, Kind]:
        return register.kinds(self.entries, lambda entry: entry.problem_area)

    @cached_property
    def shipped(self) -> dict[int, int]:
        """How many use cases of each unit went live."""
        return register.shipped_by(self._placed, self.today)

    @cached_property
    def _placed(self) -> list[tuple[int, Entry]]:
        return [(one.unit_id, one.entry) for one in self.listed]

    @cached_property
    def ideas_open(self) -> dict[int, int]:
        return register.ideas_open(self._placed, self.today)

    @cached_property
    def trying(self) -> Counter[int]:
        """How many experiments of each unit have a first user and are not live yet."""
        return Counter(one.unit_id for one in self.listed if one.entry.state is State.FIRST_USER)

    @property
    def above_teams(self) -> int:
        """How many use cases that went live stand on units with others below them."""
        return sum(self.shipped.get(place.id, 0) for place in self.places if place.inner)

    @cached_property
    def teams(self) -> tuple[list[Place], list[Place]]:
        """The open units without units below them: those with a use case that went live, and those without one yet."""
        leaves = [place for place in self.places if not place.inner]
        return (
            [place for place in leaves if place.id in self.shipped],
            [place for place in leaves if place.id not in self.shipped],
        )

    @cached_property
    def valued(self) -> list[Listed]:
        """What went live and has a number, the newest first."""
        found = [one for one in self.listed if one.entry.value is not None and one.entry.live_on is not None]
        return sorted(found, key=lambda one: one.entry.live_on or self.today, reverse=True)
