"""When a plan opens its waves: a first day, repeated every so many months; a day that a month lacks is its last one."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from webapp.domain.refusal import Refused

MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
LONGEST = {"month": 28, "quarter": 89, "half-year": 180, "year": 364}
MOST_REMINDERS = 5


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often, from which day on, and for how many days."""

    every: str
    first_day: date
    days_open: int

    def day(self, number: int) -> date:
        """The day on which the wave of this number opens, from 0; always counted from the first, so that 31 comes back."""
        months = self.first_day.month - 1 + MONTHS[self.every] * number
        year, month = self.first_day.year + months // 12, months % 12 + 1
        return date(year, month, min(self.first_day.day, calendar.monthrange(year, month)[1]))

    def last_day(self, opened: date) -> date:
        return opened + timedelta(days=self.days_open - 1)

    def due(self, number: int, today: date) -> int | None:
        """The wave that is to be opened today: of several that were missed the latest alone; None where none is due."""
        if self.day(number) > today:
            return None
        while self.day(number + 1) <= today:
            number += 1
        return number

    def coming(self, number: int, until: date) -> Iterator[date]:
        while (day := self.day(number)) <= until:
            yield day
            number += 1


def typed_days(text: str) -> list[int]:
    """Days counted from an opening, as somebody types them: 5, 10."""
    parts = [part for part in re.split(r"[\s,;]+", text) if part]
    if not all(re.fullmatch(r"[0-9]{1,3}", part, re.ASCII) for part in parts):
        raise Refused("Write whole numbers, such as 5, 10.", place="days")
    return [int(part) for part in parts]


def check(rhythm: Rhythm, reminders: list[int], today: date) -> None:
    """Refuse a rhythm whose waves would overlap, that began long ago, or whose reminders come outside of a wave."""
    if rhythm.every not in MONTHS:
        raise Refused("Choose how often.", place="every")
    if not today <= rhythm.first_day <= today + timedelta(days=366):
        raise Refused("The first day is today or a day within a year.", place="first_day")
    longest = LONGEST[rhythm.every]
    if not 1 <= rhythm.days_open <= longest:
        raise Refused(
            "A wave of this plan is open for 1 to {longest} days, so that it ends before the next one.",
            place="days_open",
            longest=longest,
        )
    if len(reminders) > MOST_REMINDERS:
        raise Refused("More than {most} reminders would be a nuisance.", place="days", most=MOST_REMINDERS)
    if any(not 1 <= day < rhythm.days_open for day in reminders):
        raise Refused(
            "Reminders go on days 1 to {last} after the opening.", place="days", last=rhythm.days_open - 1
        )
