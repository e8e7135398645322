"""What units say beside what they do: by their own answers, by the tools' own figures, by use cases that are live."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from webapp.domain.publication import Cell
from webapp.domain.questionnaire import Item
from webapp.results.outside import Outside
from webapp.results.reading import Reading

if TYPE_CHECKING:
    from webapp.domain.hype import Beside, Gap, Moved, Pair

Against = Literal["use", "active", "shipped"]
VIEWS: tuple[Against, ...] = ("use", "active", "shipped")
MOST_PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class Done:
    """What a unit does, as a figure from outside: from where to where it may lie, and where a picture draws it."""

    low: float
    at: float
    high: float


@dataclass(frozen=True, slots=True)
class Both:
    """What a unit says and what it does by a figure from outside, each beside everybody else."""

    place: int
    says: Cell
    does: Done
    says_beside: "Beside"
    does_beside: "Beside"
    named: bool

    @property
    def apart(self) -> bool:
        """Says more and does less than the others, or the other way round."""
        return {self.says_beside, self.does_beside} == {"more", "less"}


@dataclass(frozen=True)
class Boards:
    """Everything that the page tells, as far as the reader sees it; tested over the whole organization."""

    reading: Reading
    outside: Outside

    @cached_property
    def pair(self) -> "Pair | None":
        from webapp.domain import hype  # noqa: PLC0415 - NumPy stays out of start-up

        return hype.pair(self.reading.questionnaire, self.reading.publication.form)

    @property
    def belief(self) -> Item | None:
        return self.reading.questionnaire.item(self.pair.belief) if self.pair else None

    @property
    def use(self) -> Item | None:
        return self.reading.questionnaire.item(self.pair.use) if self.pair else None

    @cached_property
    def gaps(self) -> "tuple[Gap, ...]":
        """Of the units that the reader sees, in tree order; the whole first, where it has one."""
        from webapp.domain import hype  # noqa: PLC0415 - likewise

        if self.pair is None:
            return ()
        found = hype.gaps(self.reading.publication, self.reading.questionnaire, self.pair)
        return tuple(gap for gap in found if self.reading.sees(gap.place))

    @property
    def whole(self) -> "Gap | None":
        return next((gap for gap in self.gaps if gap.place == 0), None)

    def of(self, against: Against) -> "tuple[Both, ...]":
        """Beside a figure from outside: the units that show what people believe and have that figure."""
        if against == "use" or self.pair is None:
            return ()
        return self._active if against == "active" else self._shipped

    @cached_property
    def _active(self) -> "tuple[Both, ...]":
        from webapp.domain.hype import LEAST_APART  # noqa: PLC0415 - likewise

        done = {}
        for place in self.reading.visible:
            told = self.outside.told(self.reading, place)
            ends = told.reach("active") if told else None
            if told is not None and told.active is not None and ends is not None:
                done[place] = Done(ends[0], told.active.middle, ends[1])
        return self._both(done, least=LEAST_APART)

    @cached_property
    def _shipped(self) -> "tuple[Both, ...]":
        done = {}
        for place in self.reading.visible:
            rate = self.outside.per_ten(self.reading, place)
            if rate is not None:
                done[place] = Done(rate.low, rate.at, rate.high)
        return self._both(done, least=0.0)

    def _both(self, done: dict[int, Done], *, least: float) -> "tuple[Both, ...]":
        from webapp.domain import hype  # noqa: PLC0415 - likewise

        if self.pair is None:
            return ()
        said = hype.standing(self.reading.publication, self.pair)
        found = []
        for place, does in done.items():
            says = self.reading.unit(place).teams.get(self.pair.belief)
            if says is None or says.score is None:
                continue
            stands = said.get(place)
            beside: Beside = ""
            if place and 0 in done:
                beside = hype.beside(does.low, does.high, (done[0].low, done[0].high), least=least)
            found.append(
                Both(
                    place,
                    says,
                    does,
                    says_beside=stands.beside if stands else "",
                    does_beside=beside,
                    named=bool(stands and stands.named),
                )
            )
        return tuple(found)

    @cached_property
    def views(self) -> "tuple[Against, ...]":
        """The views that have a unit to show."""
        found: dict[Against, bool] = {"use": bool(self.gaps)}
        found |= {view: bool(self.of(view)) for view in VIEWS[1:]}
        return tuple(view for view in VIEWS if found[view])

    @property
    def usual(self) -> "Against | None":
        """The first view that shows units beside the whole, else the first of all."""
        sizes: dict[Against, int] = {
            view: len(self.gaps) if view == "use" else len(self.of(view)) for view in self.views
        }
        return next((view for view, size in sizes.items() if size > 1), next(iter(sizes), None))

    @cached_property
    def believes(self) -> tuple[int, ...]:
        """The units that show what people believe."""
        if self.pair is None:
            return ()
        key = self.pair.belief
        return tuple(
            place
            for place in self.reading.visible
            if (cell := self.reading.unit(place).teams.get(key)) is not None and cell.score is not None
        )


@dataclass(frozen=True, slots=True)
class Wave:
    """The gap of the whole in one wave, and how far it moved since the one before."""

    reading: Reading
    gap: "Gap"
    moved: "Moved | None"


def over_time(history: list[Reading]) -> list[Wave]:
    """The waves in which the whole has a gap, on the same two questions as the last, the oldest first."""
    from webapp.domain import hype  # noqa: PLC0415 - NumPy stays out of start-up

    found: list[Wave] = []
    asked = _identities(history[-1]) if history else None
    for reading in history:
        of = hype.pair(reading.questionnaire, reading.publication.form)
        if of is None or asked is None or _identities(reading) != asked:
            continue
        gaps = hype.gaps(reading.publication, reading.questionnaire, of)
        if gaps and gaps[0].place == 0:
            moved = hype.moved(found[-1].gap, gaps[0]) if found else None
            found.append(Wave(reading, gaps[0], moved))
    return found


def _identities(reading: Reading) -> tuple[str, str] | None:
    from webapp.domain import hype  # noqa: PLC0415 - likewise

    of = hype.pair(reading.questionnaire, reading.publication.form)
    if of is None:
        return None
    items = [reading.questionnaire.item(key).identity for key in (of.belief, of.use)]
    return str(items[0]), str(items[1])
