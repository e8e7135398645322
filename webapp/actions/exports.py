"""Actions as a file."""

import csv
import io
from collections.abc import Iterable, Mapping

from webapp.domain.csv_table import safe

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
)


def as_csv(lines: Iterable[Mapping[str, object]]) -> str:
    """A line an action; dates as in ISO 8601, nothing that a spreadsheet would run."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for line in lines:
        writer.writerow([safe(str(line[name])) if line[name] is not None else "" for name in COLUMNS])
    return text.getvalue()
