"""The register as a CSV: what a file may say, row by row, and what the register says as a file."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeVar

from webapp.domain.csv_table import Row, name_key, safe
from webapp.domain.experiments import Area, Entry, Phase, Reason, Type, checked, number, number_text
from webapp.domain.refusal import Refused, RefusedMany
from webapp.domain.spreadsheet import Sheet, Value

REQUIRED = ("unit", "title", "idea_on")
OPTIONAL = (
    "type",
    "problem_area",
    "phase",
    "first_user_on",
    "live_on",
    "ended_on",
    "end_reason",
    "rule",
    "rule_written_on",
    "value",
    "value_unit",
    "baseline",
    "ready_made_model",
    "saved_tests",
    "note",
)
COLUMNS = (*REQUIRED, *OPTIONAL)
MOST_ROWS = 10_000
MOST_FAULTS = 20
YES_NO = {"": None, "yes": True, "no": False}

Word = TypeVar("Word", bound=StrEnum)
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Planned:
    """An experiment as it shall be after an import, with the unit's name as its line writes it."""

    unit: str
    entry: Entry

    @property
    def key(self) -> Key:
        """What makes two lines mean the same experiment: its unit and its title."""
        return name_key(self.unit), name_key(self.entry.title)


def plan(rows: Sequence[Row], units: Iterable[str], *, today: date) -> list[Planned]:
    """Check the rows; raises RefusedMany with the first fault of each faulty line, twenty at most.

    units: names of the units that experiments may stand on
    """
    if not rows:
        raise Refused("The file has a header line and no experiments.", place="")
    if len(rows) > MOST_ROWS:
        raise Refused("The file has more than {limit} experiments.", place="", limit=MOST_ROWS)
    known = {name_key(name) for name in units}
    seen: dict[Key, Row] = {}
    planned: list[Planned] = []
    faults: list[Refused] = []
    for row in rows:
        try:
            found = _planned(row, known, seen, today)
        except Refused as refused:
            faults.append(refused)
        else:
            seen[found.key] = row
            planned.append(found)
        if len(faults) == MOST_FAULTS:
            break
    if faults:
        raise RefusedMany(faults)
    return planned


def _planned(row: Row, units: set[str], seen: dict[Key, Row], today: date) -> Planned:
    unit = row.fields["unit"]
    if name_key(unit) not in units:
        raise Refused("There is no unit {name}.", place=row.place("unit"), name=f"“{unit}”")
    try:
        found = Planned(unit, checked(_entry(row), today=today))
    except Refused as refused:
        raise Refused(refused.message, place=row.place(refused.place), **refused.values) from None
    if found.key in seen:
        raise Refused(
            "{title} stands twice in this unit: first in line {line}.",
            place=row.place("title"),
            title=f"“{found.entry.title}”",
            line=seen[found.key].line,
        )
    return found


def _entry(row: Row) -> Entry:
    idea_on = _day(row, "idea_on")
    if idea_on is None:
        raise Refused("The day of the idea is missing.", place="idea_on")
    return Entry(
        title=row.fields["title"],
        idea_on=idea_on,
        type=_word(row, "type", Type) or Type.OTHER,
        problem_area=_word(row, "problem_area", Area),
        phase=_word(row, "phase", Phase),
        first_user_on=_day(row, "first_user_on"),
        live_on=_day(row, "live_on"),
        ended_on=_day(row, "ended_on"),
        end_reason=_word(row, "end_reason", Reason),
        rule=row.fields.get("rule", ""),
        rule_written_on=_day(row, "rule_written_on"),
        value=number(row.fields.get("value", ""), place="value"),
        value_unit=row.fields.get("value_unit", ""),
        baseline=number(row.fields.get("baseline", ""), place="baseline"),
        ready_made_model=_yes_no(row, "ready_made_model"),
        saved_tests=_yes_no(row, "saved_tests"),
        note=row.fields.get("note", ""),
    )


def _day(row: Row, column: str) -> date | None:
    text = row.fields.get(column, "")
    if not text:
        return None
    try:
        found = date.fromisoformat(text)
    except ValueError:
        found = None
    if (
        found is None or found.isoformat() != text
    ):  # other spellings of ISO 8601 are read differently by others
        raise Refused("{text} is not a day written as YYYY-MM-DD.", place=column, text=f"“{text}”")
    return found


def _word(row: Row, column: str, words: type[Word]) -> Word | None:
    text = row.fields.get(column, "").lower()
    if not text:
        return None
    if text not in set(words):
        raise Refused(
            "{text} is not known here; known are {known}.",
            place=column,
            text=f"“{row.fields[column]}”",
            known=", ".join(words),
        )
    return words(text)


def _yes_no(row: Row, column: str) -> bool | None:
    text = row.fields.get(column, "").lower()
    if text not in YES_NO:
        raise Refused("{text} is neither yes nor no nor blank.", place=column, text=f"“{row.fields[column]}”")
    return YES_NO[text]


def as_csv(entries: Iterable[tuple[str, Entry]]) -> str:
    """A line an experiment, from (name of its unit, entry); an import of it changes nothing."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for unit, entry in entries:
        fields = {name: getattr(entry, name) for name in COLUMNS if name != "unit"}
        writer.writerow([safe(unit), *(_cell(fields[name]) for name in COLUMNS if name != "unit")])
    return text.getvalue()


def as_sheet(entries: Iterable[tuple[str, Entry]]) -> Sheet:
    """The same for a spreadsheet, in which days and numbers keep their kind."""
    names = COLUMNS[1:]
    rows = ((unit, *(_value(getattr(entry, name)) for name in names)) for unit, entry in entries)
    return Sheet("experiments", COLUMNS, rows)


def _value(field: Value) -> Value:
    return str(field) if isinstance(field, str) else field  # the words of a choice


def _cell(field: object) -> str:
    match field:
        case None:
            return ""
        case bool():
            return "yes" if field else "no"
        case float() | int():
            return number_text(field)
        case date():
            return field.isoformat()
        case _:
            return safe(str(field))
