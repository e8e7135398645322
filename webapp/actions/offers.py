"""What pages of results show of actions; `joints` hands it over."""

from typing import NamedTuple

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.access import Actor, Permission
from webapp.actions import queries, words
from webapp.actions.queries import Shown
from webapp.domain.action import State


class Line(NamedTuple):
    """An action as one line: its practice, its title, how far it is, and its page."""

    practice: str
    title: str
    told: str
    href: str
    overdue: bool


def of_unit(actor: Actor, unit_id: int | None, wave_id: int) -> tuple[Line, ...]:
    """The open actions of a unit, and those that were decided on the results of this wave; the open ones first."""
    if not _reads(actor, unit_id):
        return ()
    return tuple(_line(actor, one) for one in queries.of_unit(actor, unit_id, wave_id))


def _reads(actor: Actor, unit_id: int | None) -> bool:
    span = actor.span(Permission.ACTION_READ)
    return span is None or unit_id in span


def _line(actor: Actor, shown: Shown) -> Line:
    action = shown.action
    until = words.until(shown.state, action.due, shown.today)
    return Line(
        "" if shown.state is State.DROPPED else action.practice,
        action.title,
        ", ".join(filter(None, (words.state(shown.state), until))),
        url_for("actions.action", slug=actor.organization.slug, action_id=action.id),
        shown.overdue,
    )


def counted(actor: Actor) -> tuple[str, str] | None:
    """How many actions are open and overdue, in words, and where they stand; None where nothing was ever decided."""
    if not actor.may(Permission.ACTION_READ):
        return None
    some, still, late = queries.tally(actor)
    if not some:
        return None
    told = ngettext("%(num)s open action", "%(num)s open actions", still) if still else _("no open action")
    if late:
        told = _("%(open)s, %(num)s of them overdue", open=told, num=late)
    return told, url_for("actions.index", slug=actor.organization.slug)
