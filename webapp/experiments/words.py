"""The register's codes and dates in words."""

from datetime import date

from flask_babel import format_date, format_decimal, ngettext
from flask_babel import gettext as _

from webapp.domain.experiments import Area, Entry, Phase, Reason, State, Type


def types() -> dict[Type, str]:
    return {
        Type.TEXT: _("Text"),
        Type.IMAGE: _("Images"),
        Type.CODING: _("Coding"),
        Type.CHAT: _("Chat"),
        Type.OTHER: _("Other, or not said"),
    }


def areas() -> dict[Area, str]:
    return {
        Area.AI_UX: _("AI UX"),
        Area.TOOLING: _("Tooling and evals"),
        Area.PRODUCTIVITY: _("Productivity"),
        Area.HOSTING: _("Hosting"),
        Area.FINE_TUNING: _("Fine-tuning"),
        Area.AGENTS: _("Agents"),
    }


def phases() -> dict[Phase, str]:
    return {
        Phase.ZERO_TO_ONE: _("0→1: something new"),
        Phase.ONE_TO_N: _("1→n: more of what works"),
    }


def states() -> dict[State, str]:
    return {
        State.IDEA: _("Idea"),
        State.FIRST_USER: _("First user"),
        State.LIVE: _("Live"),
        State.ENDED: _("Ended"),
    }


def reasons() -> dict[Reason, str]:
    """Why something ended, in one word: for a button, or behind a comma."""
    return {
        Reason.STOPPED: _("stopped"),
        Reason.FIXED: _("fixed"),
        Reason.SCALED: _("scaled"),
        Reason.FADED: _("faded"),
    }


def reasons_told() -> dict[Reason, str]:
    """The same with what each means."""
    return {
        Reason.STOPPED: _("Stopped: it was decided to end it"),
        Reason.FIXED: _("Fixed: it goes on in another form"),
        Reason.SCALED: _("Scaled: it is part of everyday work"),
        Reason.FADED: _("Faded: nobody decided"),
    }


def yes_no(answer: bool | None) -> str:
    return "" if answer is None else _("yes") if answer else _("no")


def day(value: date) -> str:
    return format_date(value, _("d MMM yyyy"))


def state(entry: Entry) -> str:
    """Where it stands, as a line of the list: the state, the reason if it ended, and the day."""
    if entry.end_reason is not None and entry.ended_on is not None:
        return _("Ended: %(reason)s", reason=reasons()[entry.end_reason])
    return states()[entry.state]


def story(entry: Entry) -> str:
    """What became of it, as one sentence."""
    told = [_("An idea of %(day)s.", day=day(entry.idea_on))]
    if entry.first_user_on is None:
        told.append(_("No user yet.") if entry.ended_on is None else _("It ended without a user."))
    else:
        days = (entry.first_user_on - entry.idea_on).days
        told.append(
            ngettext("A first user after %(num)s day.", "A first user after %(num)s days.", days)
            if days
            else _("A first user on the same day.")
        )
    if entry.live_on is not None:
        told.append(_("Live on %(day)s.", day=day(entry.live_on)))
    if entry.ended_on is not None and entry.end_reason is not None:
        told.append(f"{reasons_told()[entry.end_reason]}, {day(entry.ended_on)}.")
    return " ".join(told)


def number(value: float) -> str:
    """A number as the reader's language writes it, with a real minus."""
    return str(format_decimal(value)).replace("-", "−")


def value(entry: Entry) -> str:
    """What it brings, from what it was before: "from 40 to 12 hours a month"."""
    if entry.value is None:
        return ""
    now = f"{number(entry.value)} {entry.value_unit}"
    if entry.baseline is None:
        return now
    return _("from %(before)s to %(now)s", before=number(entry.baseline), now=now)


def change(entry: Entry) -> str:
    """How much its number changed, with a sign; empty without a number before."""
    if entry.value is None or entry.baseline is None:
        return ""
    difference = round(entry.value - entry.baseline, 2)
    return f"+{number(difference)}" if difference > 0 else number(difference)
