"""Figures from outside in words: names of the measures, shares, and what looked odd in a list."""

from datetime import date

from flask_babel import format_date, get_locale
from flask_babel import gettext as _

from webapp.domain.evidence import Measure, Share, Told
from webapp.domain.evidence_list import SCALE, Doubt


def measure(name: Measure) -> str:
    """Its name, short enough for a list of choices."""
    return {
        "active": _("Active in a week"),
        "seats": _("Licences"),
        "active_days": _("Days a month"),
        "spend": _("Spend"),
        "trained": _("Trained"),
    }[name]


def meaning(name: Measure) -> str:
    """One sentence on what a measure is."""
    return {
        "active": _(
            "People who used AI tools in a week, as a share of all people; the average of the month."
        ),
        "seats": _("People with a licence, as a share of all people."),
        "active_days": _("Days in the month on which those who are active used AI tools, on average."),
        "spend": _("What AI tools cost in the month for each person."),
        "trained": _("People trained so far, as a share of all people."),
    }[name]


def share(told: Share) -> str:
    """As it stands in a table: a number, or from where to where it may be."""
    if told.percent is None:
        return _("%(low)s–%(high)s\u00a0%%", low=round(told.low), high=round(told.high))
    value = _("%(percent)s\u00a0%%", percent=told.percent)
    if told.low == 0:
        return f"≤ {value}"
    return f"≥ {value}" if told.high == 100 else value  # noqa: PLR2004 - all of them


def of(told: Told | None, name: Measure, currency: str) -> str:
    """One figure as a table has it; empty where nothing is told."""
    if told is None:
        return ""
    if (found := told.share(name)) is not None:
        return share(found)
    if name == "active_days" and told.active_days is not None:
        return str(told.active_days)
    if name == "spend" and told.spend is not None:
        return money(told.spend, currency)
    return ""


def money(amount: float, currency: str) -> str:
    """An amount of two digits in the reader's way of writing it."""
    from babel.numbers import format_currency  # noqa: PLC0415 - only pages with money need it

    pattern = "#,##0 ¤¤" if amount == int(amount) else "#,##0.## ¤¤"
    return format_currency(amount, currency, pattern, locale=get_locale() or "en", currency_digits=False)


def people(told: Share) -> str:
    """The same to begin a sentence with: … of the people."""
    if told.percent is not None:
        if told.low == 0:
            return _("%(percent)s\u00a0%% or less", percent=told.percent)
        if told.high == 100:  # noqa: PLR2004 - likewise
            return _("%(percent)s\u00a0%% or more", percent=told.percent)
        return _("About %(percent)s\u00a0%%", percent=told.percent)
    return {
        "hardly any": _("Hardly any"),
        "less than half": _("Less than half"),
        "half or more": _("Half or more"),
        "under a quarter": _("Under a quarter"),
        "under half": _("A quarter to a half"),
        "over half": _("Half to three quarters"),
        "nearly all": _("Nearly all"),
    }[told.word or "hardly any"]


def month(name: str) -> str:
    """YYYY-MM as people say it."""
    return str(format_date(date(int(name[:4]), int(name[5:]), 1), "LLLL y"))


def short_month(name: str, *, year: bool) -> str:
    """The same for the head of a column."""
    return str(format_date(date(int(name[:4]), int(name[5:]), 1), "LLL y" if year else "LLL"))


def doubt(one: Doubt) -> str:
    """What looked odd in a line, with its place."""
    value = one.value / SCALE.get(one.measure, 1)
    values = {"unit": one.unit, "month": month(one.month), "value": f"{value:g}", "people": one.people}
    of_measure = values | {"measure": measure(one.measure)}
    sentence = {
        "came_later": _(
            "%(unit)s, %(month)s: figures of that month came in before this unit did, so it is told in later months"
            " only.",
            **values,
        ),
        "active_above_seats": _(
            "%(unit)s, %(month)s: %(value)s are active, and there are fewer licences.", **values
        ),
        "active_above_people": _("%(unit)s, %(month)s: %(value)s are active of %(people)s people.", **values),
        "trained_above_people": _(
            "%(unit)s, %(month)s: %(value)s are trained of %(people)s people.", **values
        ),
        "jumped": _(
            "%(unit)s, %(month)s: %(measure)s %(value)s, more than three times the month before.",
            **of_measure,
        ),
        "dropped": _(
            "%(unit)s, %(month)s: %(measure)s %(value)s, less than a third of the month before.", **of_measure
        ),
        "fewer_trained": _(
            "%(unit)s, %(month)s: %(value)s are trained so far, fewer than the month before.", **values
        ),
    }[one.oddity]
    return f"{one.place}: {sentence}"
