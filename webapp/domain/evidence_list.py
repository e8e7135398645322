"""The rules for a list of figures from outside: what a line may say, and what looks odd about it."""

import re
from calendar import monthrange
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import Literal

from webapp.domain.csv_table import Row, name_key
from webapp.domain.evidence import MEASURES, Figures, Measure
from webapp.domain.refusal import Refused, RefusedMany

COLUMNS = ("unit", "month")
EARLIEST = 2000
LARGEST = 1_000_000  # people, seats
MOST_SPEND = 1_000_000_000
ABOVE_HEADS = 1.2  # of the head count: a leader and somebody who left count in figures, not in it
JUMP = 3  # times the month before
LEAST_JUMP = 5  # people or days, so that 1 after 4 is no jump
MONTH = re.compile(r"(\d{4})-(0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?")
NUMBER = re.compile(r"(\d{1,12})(?:[.,](\d{1,6}))?")
WHOLE: frozenset[Measure] = frozenset({"active", "seats", "trained"})
SCALE: Mapping[Measure, int] = {"active_days": 10, "spend": 100}  # kept in tenths and hundredths

Oddity = Literal[
    "came_later",
    "active_above_seats",
    "active_above_people",
    "trained_above_people",
    "jumped",
    "dropped",
    "fewer_trained",
]


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit as it is now: `people` with all below it."""

    id: int
    name: str
    people: int
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line: figures of a unit in a month (YYYY-MM); `named` are those that the list has a column for."""

    place: str
    unit: UnitFacts
    month: str
    figures: Figures
    named: tuple[Measure, ...]

    def after(self, before: Figures | None) -> Figures:
        """What holds once the line is taken over: columns that the list lacks stay as they were."""
        kept = before or Figures()
        return replace(kept, **{measure: self.figures.of(measure) for measure in self.named})


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something odd that does not stop a list: which figure of which line.

    people: the unit's head count, where the figure is odd beside that. What was kept before is not repeated here: whoever
    may add figures need not have seen those of others.
    """

    oddity: Oddity
    place: str
    unit: str
    month: str
    measure: Measure
    value: int
    people: int


def read(
    rows: Sequence[Row], units: Iterable[UnitFacts], *, whole: str, this_month: str, k: int
) -> list[Line]:
    """Check all rows; raises RefusedMany with every fault, in the order of the lines.

    Args:
        rows: of the list, by column name.
        units: those that there are, closed ones too.
        whole: the name of the organization, which is no unit.
        this_month: YYYY-MM, the latest one of which there can be figures.
        k: the smallest group; figures of fewer people are refused.
    """
    if not rows:
        raise Refused("The list has a header line and no figures.", place="")
    known = {name_key(unit.name): unit for unit in units}
    lines: list[Line] = []
    faults: list[Refused] = []
    seen: dict[tuple[int, str], Row] = {}
    for row in rows:
        try:
            line = _line(row, known, whole=whole, this_month=this_month, k=k)
            _once(line, row, seen)
            lines.append(line)
        except Refused as refused:
            faults.append(refused)
    if faults:
        raise RefusedMany(faults)
    return lines


def _once(line: Line, row: Row, seen: dict[tuple[int, str], Row]) -> None:
    first = seen.setdefault((line.unit.id, line.month), row)
    if first is not row:
        raise Refused(
            "{name} has figures of {month} twice: first in line {line}.",
            place=row.place("unit"),
            name=f"“{line.unit.name}”",
            month=line.month,
            line=first.line,
        )


def _line(row: Row, known: Mapping[str, UnitFacts], *, whole: str, this_month: str, k: int) -> Line:
    unit = _unit(row, known, whole=whole, k=k)
    month = _month(row, this_month)
    named = tuple(measure for measure in MEASURES if measure in row.fields)
    figures = Figures(**{measure: _number(row, measure) for measure in named})
    days = monthrange(int(month[:4]), int(month[5:]))[1]
    if figures.active_days is not None and figures.active_days > 10 * days:
        raise Refused("{month} has {days} days.", place=row.place("active_days"), month=month, days=days)
    if figures.trained is not None and figures.trained > ABOVE_HEADS * unit.people:
        raise Refused(
            "{trained} people were trained, and {name} has {people} with all below it.",
            place=row.place("trained"),
            trained=figures.trained,
            name=f"“{unit.name}”",
            people=unit.people,
        )
    return Line(row.place(), unit, month, figures, named)


def _unit(row: Row, known: Mapping[str, UnitFacts], *, whole: str, k: int) -> UnitFacts:
    name = row.fields["unit"]
    unit = known.get(name_key(name))
    if unit is None and name_key(name) == name_key(whole):
        raise Refused(
            "Figures of the whole organization are added up from those of its units.", place=row.place("unit")
        )
    if unit is None:
        raise Refused("There is no unit {name}.", place=row.place("unit"), name=f"“{name}”")
    if unit.closed:
        raise Refused("The unit {name} is closed.", place=row.place("unit"), name=f"“{name}”")
    if unit.people < k:
        raise Refused(
            "{name} has fewer than {k} people. Figures of so few would say something about single persons:"
            " leave it out, or give those of the unit above it.",
            place=row.place("unit"),
            name=f"“{name}”",
            k=k,
        )
    return unit


def _month(row: Row, this_month: str) -> str:
    text = row.fields["month"]
    found = MONTH.fullmatch(text)
    if found is None or int(found[1]) < EARLIEST:
        raise Refused(
            "{text} is not a month: write it as in 2026-03.", place=row.place("month"), text=f"“{text}”"
        )
    month = f"{found[1]}-{found[2]}"
    if month > this_month:
        raise Refused("{month} is still to come.", place=row.place("month"), month=month)
    return month


def _number(row: Row, measure: Measure) -> int | None:
    """A figure as it is kept: people in whole numbers, an average of them rounded; blank for none."""
    text = row.fields[measure]
    if not text:
        return None
    found = NUMBER.fullmatch(text)
    broken = bool(found and found[2] and found[2].strip("0"))
    if found is None or not text.isascii() or (broken and measure in WHOLE - {"active"}):
        raise Refused(
            "{text} is not a number that may stand here.", place=row.place(measure), text=f"“{text}”"
        )
    most = MOST_SPEND if measure == "spend" else LARGEST
    value = float(f"{found[1]}.{found[2] or 0}")
    if value > most:
        raise Refused("{text} is above {limit}.", place=row.place(measure), text=f"“{text}”", limit=most)
    return int(value * SCALE.get(measure, 1) + 0.5)


def doubts(
    lines: Sequence[Line],
    stored: Mapping[tuple[int, str], Figures],
    trees: Mapping[str, Collection[int]] = MappingProxyType({}),
) -> list[Doubt]:
    """What looks odd once the lines are taken over `stored`, by unit and month: to be looked at, not refused.

    trees: the units on which the figures of a month stand, where it has some already
    """
    together = dict(stored)
    for line in lines:
        key = line.unit.id, line.month
        together[key] = line.after(together.get(key))
    return [
        doubt
        for line in lines
        for doubt in (
            *_beside_tree(line, trees),
            *_beside_people(line, together[line.unit.id, line.month]),
            *_beside_before(line, together),
        )
    ]


def _beside_tree(line: Line, trees: Mapping[str, Collection[int]]) -> Iterable[Doubt]:
    """A unit that came after the first figures of a month is not told in it."""
    if line.figures.any and line.month in trees and line.unit.id not in trees[line.month]:
        measure = next(measure for measure in MEASURES if line.figures.of(measure) is not None)
        yield _doubt("came_later", line, measure, line.figures.of(measure) or 0)


def _beside_people(line: Line, now: Figures) -> Iterable[Doubt]:
    if now.active is not None and now.seats is not None and now.active > now.seats:
        yield _doubt("active_above_seats", line, "active", now.active)
    if now.active is not None and now.active > ABOVE_HEADS * line.unit.people:
        yield _doubt("active_above_people", line, "active", now.active)
    if now.trained is not None and now.trained > line.unit.people:
        yield _doubt("trained_above_people", line, "trained", now.trained)


def _beside_before(line: Line, together: Mapping[tuple[int, str], Figures]) -> Iterable[Doubt]:
    """Beside the month before, if it has figures."""
    before = together.get((line.unit.id, month_before(line.month)))
    if before is None:
        return
    for measure in line.named:
        value, was = line.figures.of(measure), before.of(measure)
        if value is None or was is None:
            continue
        if measure == "trained":
            if value < was:
                yield _doubt("fewer_trained", line, measure, value)
            continue
        far = abs(value - was) >= LEAST_JUMP * SCALE.get(measure, 1)
        if far and value > JUMP * was:
            yield _doubt("jumped", line, measure, value)
        elif far and was > JUMP * value:
            yield _doubt("dropped", line, measure, value)


def _doubt(oddity: Oddity, line: Line, measure: Measure, value: int) -> Doubt:
    return Doubt(oddity, line.place, line.unit.name, line.month, measure, value, line.unit.people)


def month_before(month: str) -> str:
    """YYYY-MM of the month before."""
    years, months = divmod(int(month[:4]) * 12 + int(month[5:]) - 2, 12)
    return f"{years:04}-{months + 1:02}"


def month_of(day: date) -> str:
    """YYYY-MM of a day."""
    return f"{day:%Y-%m}"
