"""The time, in one place, so that tests can move it."""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """UTC without a zone, as both databases store it."""
    return datetime.now(UTC).replace(tzinfo=None)


def months_ago(months: int) -> datetime:
    """The same moment so many months ago, on the last day of a month that is too short for it."""
    at = now()
    years, month = divmod(at.year * 12 + at.month - 1 - months, 12)
    day = min(at.day, monthrange(years, month + 1)[1])
    return at.replace(year=years, month=month + 1, day=day)


def today(timezone: str) -> date:
    """The calendar day in an organization's time zone."""
    return datetime.now(ZoneInfo(timezone)).date()


def hour(timezone: str) -> int:
    """The hour of the day in an organization's time zone."""
    return datetime.now(ZoneInfo(timezone)).hour


def day_in(at: datetime, timezone: str) -> date:
    """The calendar day of a UTC time in a time zone."""
    return at.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone)).date()


def in_zone(at: datetime, timezone: str) -> datetime:
    """A UTC time as clocks show it in a time zone."""
    return at.replace(tzinfo=UTC).astimezone(ZoneInfo(timezone)).replace(tzinfo=None)


def end_of(day: date, timezone: str) -> datetime:
    """The UTC time at which a calendar day is over in a time zone: midnight, or the hour that a clock jumps to from it."""
    midnight = datetime.combine(day + timedelta(days=1), time(), ZoneInfo(timezone))
    return midnight.astimezone(UTC).replace(tzinfo=None)
