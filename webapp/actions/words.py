"""States and steps of actions in words."""

from datetime import date

from flask_babel import gettext as _

from webapp.domain.action import State
from webapp.filters import day


def state(of: State) -> str:
    return {
        State.PLANNED: _("planned"),
        State.DOING: _("under way"),
        State.DONE: _("done"),
        State.DROPPED: _("dropped"),
    }[of]


def column(of: State) -> str:
    """The head of a column of the board."""
    return {State.PLANNED: _("Planned"), State.DOING: _("Under way")}.get(of, _("Done or dropped"))


def move(now: State, to: State) -> str:
    """The words of the button that leads from one state to another."""
    if to is State.DOING:
        return _("Start") if now is State.PLANNED else _("Take it up again")
    if to is State.PLANNED:
        return _("Back to planned") if now is State.DOING else _("Plan it again")
    return _("It is done") if to is State.DONE else _("Drop it")


def until(of: State, due: date | None, today: date) -> str:
    """Until when, or that it is overdue; empty where no day is set and of what has ended."""
    if due is None or not of.open:
        return ""
    if due < today:
        return _("overdue since %(day)s", day=day(due))
    return _("due today") if due == today else _("due %(day)s", day=day(due))
