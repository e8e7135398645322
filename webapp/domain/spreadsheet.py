"""Tables as one XLSX file: text stays text, numbers are numbers, and of the same tables always the same bytes.

No cell can start a formula or a link: text is written as text whatever it looks like, and what looks like a formula is marked
as text, so that it stays so when somebody edits the cell.
"""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from webapp.domain.csv_table import starts_a_formula

Value = str | int | float | bool | date | None

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LONGEST = 32_767  # characters of a cell
LONGEST_NAME = 31  # of a sheet
WIDEST = 60
NO_DAY = date(1980, 1, 1)  # with which the packed files of the format begin


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with a name of its own; `rows` are read once, in order."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Value]]


def xlsx(sheets: Iterable[Sheet], *, title: str, created: date = NO_DAY) -> bytes:
    """The file; `created` is all that it says of its making.

    It is a day on which the content became what it is, or always the same: never today, lest the same tables be other bytes
    tomorrow.
    """
    from xlsxwriter import Workbook  # noqa: PLC0415 - stays out of start-up

    made = io.BytesIO()
    book = Workbook(
        made,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_date_format": "yyyy-mm-dd",
        },
    )
    book.set_properties({"title": title, "created": datetime(created.year, created.month, created.day)})  # noqa: DTZ001 - the format knows no zones
    head, marked = book.add_format({"bold": True, "bottom": 1}), book.add_format({"quote_prefix": True})
    for sheet in sheets:
        page = book.add_worksheet(sheet.name[:LONGEST_NAME])
        page.freeze_panes(1, 0)
        for place, column in enumerate(sheet.columns):
            page.set_column(place, place, min(WIDEST, max(10, len(column) + 2)))
            page.write_string(0, place, column, head)
        for number, row in enumerate(sheet.rows, 1):
            for place, value in enumerate(row):
                _write(page, number, place, value, marked)
    book.close()
    return made.getvalue()


def _write(page: Any, row: int, column: int, value: Value, marked: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        page.write_boolean(row, column, value)
    elif isinstance(value, int | float):
        page.write_number(row, column, value)
    elif isinstance(value, date):
        page.write_datetime(row, column, value)
    else:
        page.write_string(row, column, value[:LONGEST], marked if starts_a_formula(value) else None)
