"""Files that a wave hands out."""

import csv
import io
from collections.abc import Callable, Iterable
from datetime import datetime

from flask_babel import gettext as _

from webapp.domain.calendar_file import Day, calendar
from webapp.domain.csv_table import safe
from webapp.waves.plans import Event


def links_csv(links: Iterable[tuple[str, str]]) -> str:
    """`unit,link`, in the order given (which is random)."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("unit", "link"))
    writer.writerows((safe(unit), link) for unit, link in links)
    return text.getvalue()


def coming_ics(
    events: Iterable[Event], *, name: str, host: str, made: datetime, url: Callable[[Event], str]
) -> bytes:
    """What is coming as a calendar, in the reader's language; `url` says where each is looked after."""
    days = [Day(event.key, event.day, f"{name}: {_title(event)}", url(event)) for event in events]
    return calendar(days, name=f"Groundswell: {name}", host=host, made=made)


def _title(event: Event) -> str:
    return {
        "opens": _("“%(name)s” opens", name=event.name),
        "reminds": _("Reminders of “%(name)s”", name=event.name),
        "closes": _("Last day of “%(name)s”", name=event.name),
    }[event.kind]
