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

# What the built-in questionnaire remarks on its passages; a note of another questionnaire stays as it is written.
NOTES = {
    "Belief minus use of the same people is our sign of hype.": _l(
        "Belief minus use of the same people is our sign of hype."
    ),
    "Days of use are our sign of change in every part.": _l(
        "Days of use are our sign of change in every part."
    ),
    "In the talk the number is money paid; inside a firm, time and quality stand in for it.": _l(
        "In the talk the number is money paid; inside a firm, time and quality stand in for it."
    ),
    "Named as one of the problems to study.": _l("Named as one of the problems to study."),
    "Said about research; we read it as a way to work.": _l(
        "Said about research; we read it as a way to work."
    ),
    "Said by the host about another company.": _l("Said by the host about another organization."),
    "Taking up is our sign that what is shown has an effect.": _l(
        "Taking up is our sign that what is shown has an effect."
    ),
    "That this holds for failed trials too is our reading.": _l(
        "That this holds for failed trials too is our reading."
    ),
    "The talk names the course, not the list; the list is shown on the page.": _l(
        "The talk names the course, not the list; the list is shown on the page."
    ),
    "The talk names the culture; hours are our sign of it.": _l(
        "The talk names the culture; hours are our sign of it."
    ),
    "The talk says that this 'may be a mistake'.": _l("The talk says that this 'may be a mistake'."),
    "Use in real work is our sign that the basics hold.": _l(
        "Use in real work is our sign that the basics hold."
    ),
    "Compare the speed of a team with its own past, and hardly with teams that do other work.": _l(
        "Compare the speed of a team with its own past, and hardly with teams that do other work."
    ),
    "The talk gives no advice on security, governance or budget, so this score says nothing about them.": _l(
        "The talk gives no advice on security, governance or budget, so this score says nothing about them."
    ),
    "The talk gives no advice on data quality, security, ethics or infrastructure, so this score says nothing about them.": _l(
        "The talk gives no advice on data quality, security, ethics or infrastructure, so this score says nothing about them."
    ),
    "Waiting is our sign of work that is not decentralized.": _l(
        "Waiting is our sign of work that is not decentralized."
    ),
}


def note(written: str) -> str:
    """A remark on a passage of the talk: our words, other than the passage itself."""
    return str(NOTES.get(written, written) or "")


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
        ago=ago, day=day, day_of_week=day_of_week, moment=moment, note=note, place=place, signed=signed
    )
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
