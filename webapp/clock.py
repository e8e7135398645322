"""The time, in one place, so that tests can move it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def now() -> datetime:
    """UTC without a zone, as both databases store it."""
    return datetime.now(UTC).replace(tzinfo=None)


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
