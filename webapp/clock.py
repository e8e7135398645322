"""The time, in one place, so that tests can move it."""

from datetime import UTC, date, datetime
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
