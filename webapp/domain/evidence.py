"""Figures from outside: what a month says of a unit, as it was given and as it may be told.

They are about teams, never about one person. What is told of them is coarse on purpose: `evidence_plan` decides it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

Measure = Literal["active", "seats", "active_days", "spend", "trained"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
SHARES: tuple[Measure, ...] = ("active", "seats", "trained")  # people, told as a share of the head count

Word = Literal[
    "hardly any",
    "less than half",
    "half or more",
    "under a quarter",
    "under half",
    "over half",
    "nearly all",
]


@dataclass(frozen=True, slots=True)
class Figures:
    """What was given for a unit with everything below it in one month; None where there is no figure.

    active: people active in a week, average of the month; seats: licences; trained: people trained so far
    active_days: of an active person in the month, in tenths; spend: in hundredths of the currency
    """

    active: int | None = None
    seats: int | None = None
    active_days: int | None = None
    spend: int | None = None
    trained: int | None = None

    def of(self, measure: Measure) -> int | None:
        """The figure of that name."""
        found: int | None = getattr(self, measure)
        return found

    @property
    def any(self) -> bool:
        return any(self.of(measure) is not None for measure in MEASURES)


@dataclass(frozen=True, slots=True)
class Placed:
    """A unit as it stood when the first figures of a month came in; `people` of the very unit."""

    id: int
    parent: int | None
    people: int


@dataclass(frozen=True)
class Month:
    """The figures of one month (YYYY-MM) by unit, and the tree that they stand on, each parent before its parts.

    The tree is that of the day on which the first of them came in. Figures of a unit that came later are told in later
    months alone: whose people its people were before, and in whose figures they are, nobody knows.
    seen: the units whose own figures were told in this month at any time before
    """

    month: str
    units: tuple[Placed, ...]
    figures: Mapping[int, Figures]
    seen: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Share:
    """A share of people as it is told: a multiple of 5 percent, or a word; it lies from `low` to `high` percent.

    5 stands for 5 and less, 95 for 95 and more.
    """

    low: float
    high: float
    percent: int | None = None
    word: Word | None = None

    @property
    def middle(self) -> float:
        """Where a picture draws it."""
        return (self.low + self.high) / 2 if self.percent is None else self.percent


@dataclass(frozen=True, slots=True)
class Told:
    """What may be told of a unit in a month.

    given: figures came for the very unit; otherwise they are added up from those parts that have some
    people: its head count with everything below; covered: of these, the people whom each figure is about
    active_days: whole days of an active person; spend: of a person, two digits
    """

    given: bool
    people: int
    covered: Mapping[Measure, int]
    active: Share | None = None
    seats: Share | None = None
    active_days: int | None = None
    spend: float | None = None
    trained: Share | None = None

    def share(self, measure: Measure) -> Share | None:
        """One of the shares by its name; None for what is no share."""
        found: Share | None = getattr(self, measure) if measure in SHARES else None
        return found

    def reach(self, measure: Measure) -> tuple[float, float] | None:
        """From where to where the share of all people may lie, in percent: those without figures may all do it, or nobody."""
        share = self.share(measure)
        if share is None:
            return None
        part = self.known(measure)
        return part * share.low, part * share.high + 100 * (1 - part)

    def known(self, measure: Measure) -> float:
        """Of which part of the people there is the figure, in 0..1."""
        return min(1.0, self.covered.get(measure, 0) / self.people) if self.people else 0.0


@dataclass(frozen=True)
class Snapshot:
    """One month as other pages read it: by unit, None standing for the whole organization.

    stamp: names this very state of the figures, so that what was made of it may be kept
    """

    stamp: str
    month: str
    currency: str
    units: Mapping[int | None, Told]
