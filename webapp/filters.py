"""How values look in templates."""

from datetime import date, datetime

from flask import Flask
from flask_babel import format_date, format_datetime


def day(value: date | datetime | None) -> str:
    return format_date(value, "d MMMM yyyy") if value else ""


def day_of_week(value: date | None) -> str:
    return format_date(value, "EEEE d MMMM") if value else ""


def moment(value: datetime | None) -> str:
    """A day and a minute, as stored (UTC)."""
    return format_datetime(value, "d MMM yyyy, HH:mm", rebase=False) if value else ""


def signed(value: int) -> str:
    """A change with its sign: +4, −2, 0 (a real minus)."""
    return f"+{value}" if value > 0 else str(value).replace("-", "−")


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(day=day, day_of_week=day_of_week, moment=moment, signed=signed)
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
