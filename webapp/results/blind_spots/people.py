"""Whose views are compared: the average of a unit's leaders, or one leader who chose to stand beside their own unit."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.results.reading import Reading

if TYPE_CHECKING:
    from webapp.domain.mirrors import Gap


@dataclass(frozen=True, slots=True)
class View:
    """The gaps of an average (`by_name` 0) or of one leader: the only one of the unit who chose so, or one of several."""

    position: int
    by_name: int
    gaps: "tuple[Gap, ...]"

    @property
    def called(self) -> "list[Gap]":
        return [gap for gap in self.gaps if gap.called]

    @property
    def open(self) -> "list[Gap]":
        return [gap for gap in self.gaps if not gap.called]


def views(reading: Reading) -> list[View]:
    """All views that the reader may see, in tree order; without gaps where nothing can be compared."""
    return [view for position in reading.visible for view in _of_unit(reading, position)]


def _of_unit(reading: Reading, position: int) -> Iterator[View]:
    """The views of one unit, the average first."""
    from webapp.domain.mirrors import gaps  # noqa: PLC0415 - NumPy stays out of start-up

    unit = reading.unit(position)
    if unit.leaders:
        yield View(position, 0, gaps(reading.publication, reading.questionnaire, unit.teams, unit.leaders))
    for one in unit.named:
        found = gaps(reading.publication, reading.questionnaire, unit.teams, one.cells)
        yield View(position, len(unit.named), found)
