"""Figures from outside as files: what is told of them, and a list to fill in."""

import csv
import io
from collections.abc import Collection, Iterable, Mapping

from webapp.domain.csv_table import safe
from webapp.domain.evidence import MEASURES, Measure, Share, Told
from webapp.domain.evidence_list import COLUMNS

# Figures of people: of how many, is told with them.
ABOUT: tuple[Measure, ...] = ("active", "seats", "spend", "trained")
TOLD = ("unit", "month", "people", *MEASURES, "currency", *(f"{measure}_of" for measure in ABOUT))


def told_csv(
    months: Iterable[tuple[str, Mapping[int | None, Told]]],
    names: Mapping[int | None, str],
    visible: Collection[int | None],
    currency: str,
) -> str:
    """A line a month and unit with what the pages tell: percent in steps of five or a word, days, spend of a person.

    `people` belong to the unit; the figure of a measure is one of the `…_of` among them of whom there are figures.
    """
    lines = [
        [
            safe(names[unit]),
            month,
            told.people,
            _share(told.active),
            _share(told.seats),
            "" if told.active_days is None else told.active_days,
            "" if told.spend is None else f"{told.spend:g}",
            _share(told.trained),
            currency if told.spend is not None else "",
            *(told.covered.get(measure, "") for measure in ABOUT),
        ]
        for month, units in months
        for unit, told in units.items()
        if unit in visible and unit in names
    ]
    return _text(TOLD, lines)


def _share(told: Share | None) -> object:
    if told is None:
        return ""
    return told.word if told.percent is None else told.percent


def empty_list(names: Iterable[str], month: str) -> str:
    """The list to fill in: a line a unit for one month."""
    return _text((*COLUMNS, *MEASURES), [[safe(name), month, *[""] * len(MEASURES)] for name in names])


def _text(head: Iterable[object], lines: Iterable[Iterable[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows(lines)
    return out.getvalue()
