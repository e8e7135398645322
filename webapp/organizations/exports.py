"""The audit log as a file."""

import csv
import io
from collections.abc import Iterable

from webapp.domain.csv_table import safe
from webapp.organizations.events import Line

COLUMNS = ("number", "at", "who", "what", "action", "hash")


def log_csv(lines: Iterable[Line]) -> str:
    """A line an event, the oldest first; the time with its distance from UTC."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for line in lines:
        at = line.at.isoformat(timespec="seconds")
        writer.writerow((line.number, at, safe(line.who), safe(line.what), line.action, line.hash))
    return text.getvalue()
