"""Actions as files: the same columns as a CSV and as a sheet. Columns are only ever added."""

import csv
import io
from collections.abc import Iterable, Mapping

from webapp import clock
from webapp.domain.csv_table import safe
from webapp.domain.spreadsheet import Sheet, Value
from webapp.models import Action, Organization

Line = Mapping[str, Value]

COLUMNS = (
    "number",
    "unit",
    "action",
    "state",
    "reason",
    "due",
    "who",
    "practice",
    "item",
    "wave",
    "decided",
    "moved",
    "note",
    "advice",
    "first_step",
    "wave_name",
)


def line(action: Action, organization: Organization, *, unit: str, wave: str, who: str) -> Line:
    """An action by column; `unit` is "" for the whole organization, `who` where nobody looks after it."""
    return {
        "number": action.id,
        "unit": unit or organization.name,
        "action": action.title,
        "state": action.state,
        "reason": action.reason,
        "due": action.due,
        "who": who,
        "practice": action.practice,
        "item": action.item,
        "wave": action.wave_id,
        "decided": clock.day_in(action.made_at, organization.timezone),
        "moved": clock.day_in(action.moved_at, organization.timezone),
        "note": action.note,
        "advice": action.advice,
        "first_step": action.first_step,
        "wave_name": wave,
    }


def as_csv(lines: Iterable[Line]) -> str:
    """A line an action; dates as in ISO 8601, nothing that a spreadsheet would run."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for found in lines:
        writer.writerow([safe(str(found[name])) if found[name] is not None else "" for name in COLUMNS])
    return text.getvalue()


def as_sheet(lines: Iterable[Line]) -> Sheet:
    """The same for a spreadsheet, in which numbers and days keep their kind."""
    return Sheet("actions", COLUMNS, (tuple(found[name] for name in COLUMNS) for found in lines))
