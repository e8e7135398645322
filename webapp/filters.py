"""How values look in templates, in the reader's language: how it writes a date is a message like any other."""

from datetime import date, datetime, timedelta

from flask import Flask
from flask_babel import format_date, format_datetime, format_timedelta, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

# Where the built-in questionnaire finds its passages; the words of other questionnaires stay as they are written.
PLACES = {
    "prepared talk": _l("prepared talk"),
    "questions and answers": _l("questions and answers"),
}


def place(written: str) -> str:
    """The part of the talk in which a passage stands."""
    return str(PLACES.get(written, written) or "")


def day(value: date | datetime | None) -> str:
    return format_date(value, _("d MMMM yyyy")) if value else ""


def day_of_week(value: date | None) -> str:
    return format_date(value, _("EEEE d MMMM")) if value else ""


def moment(value: datetime | None) -> str:
    """A day and a minute, as stored (UTC)."""
    return format_datetime(value, _("d MMM yyyy, HH:mm"), rebase=False) if value else ""


def ago(span: timedelta) -> str:
    """How long since: a moment ago, 12 minutes ago, 3 hours ago."""
    if span < timedelta(minutes=1):
        return _("a moment ago")
    return format_timedelta(-span, threshold=1, add_direction=True)


def signed(value: int) -> str:
    """A change with its sign: +4, −2, 0 (a real minus)."""
    return f"+{value}" if value > 0 else str(value).replace("-", "−")


def decimal(written: object) -> str:
    """A number, or a sum of numbers, as Python writes it, with the decimal sign of the reader's language."""
    from babel.numbers import get_decimal_symbol  # noqa: PLC0415 - only pages with broken numbers need it

    return str(written).replace(".", get_decimal_symbol(get_locale() or "en"))


def init_app(app: Flask) -> None:
    app.jinja_env.filters.update(
        ago=ago, day=day, day_of_week=day_of_week, moment=moment, place=place, signed=signed
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
