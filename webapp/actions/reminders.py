"""Whoever looks after an action is reminded by mail a week before its day and on the day: once each, while it is open."""

from datetime import date, timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock, language, mail, outbox
from webapp.actions import queries
from webapp.domain import action as rules
from webapp.domain.action import OPEN, Reminder, State
from webapp.extensions import db
from webapp.filters import day
from webapp.mail import Message
from webapp.models import Account, Action, ActionOwner, Member, Organization, Unit
from webapp.outbox import Taken
from webapp.transaction import locked, transaction

KIND = "action-reminder"
EARLIEST_HOUR = 8
ZONES = timedelta(days=1)  # somewhere it is a day later than where the server is


def queue_due() -> None:
    """A chore: put today's reminders into the outbox, each once, however many workers do it."""
    if not mail.configured():
        return
    soon = clock.now().date() + rules.WEEK + ZONES
    waiting = (
        select(Action.id)
        .join(ActionOwner, ActionOwner.action_id == Action.id)
        .where(Action.state.in_(OPEN), Action.due <= soon, Action.reminded != Reminder.DAY)
        .order_by(Action.id)
    )
    for number in db.session.scalars(waiting).all():
        with transaction() as session:
            _queue(session, number)


def _queue(session: Session, number: int) -> None:
    stored = locked(session, Action, number)
    owner = session.get(ActionOwner, number)
    timezone = session.get_one(Organization, stored.organization_id).timezone
    today = clock.today(timezone)
    told = rules.reminder(State(stored.state), stored.due, Reminder(stored.reminded), today)
    if owner is None or stored.due is None or told is None or clock.hour(timezone) < EARLIEST_HOUR:
        return
    stored.reminded = told
    if rules.too_late(stored.due, today):
        return  # no worker ran on that day
    outbox.put(
        session,
        kind=KIND,
        organization_id=stored.organization_id,
        payload={"action": number, "member": owner.member_id, "due": stored.due.isoformat()},
    )


@outbox.letter(KIND)
def write(row: Taken) -> Message | None:
    """None where it has ended or moved to another day meanwhile, or somebody else looks after it now."""
    found = db.session.execute(
        select(Action, Organization, Unit.name, Account.email)
        .join(Organization, Organization.id == Action.organization_id)
        .join(ActionOwner, ActionOwner.action_id == Action.id)
        .join(Member, Member.id == ActionOwner.member_id)
        .join(Account, Account.id == Member.account_id)
        .outerjoin(Unit, Unit.id == Action.unit_id)
        .where(
            Action.id == row.payload["action"],
            ActionOwner.member_id == row.payload["member"],
            Action.state.in_(OPEN),
            Action.due == date.fromisoformat(str(row.payload["due"])),
        )
    ).first()
    if found is None:
        return None
    action, organization, unit, email = found
    late = action.due is None or rules.too_late(action.due, clock.today(organization.timezone))
    if late or not queries.may_look_after(organization.id, action.unit_id, int(row.payload["member"])):
        return None
    with force_locale(language.spoken(organization.language)):
        return _letter(action, organization, unit or organization.name, email)


def _letter(action: Action, organization: Organization, unit: str, email: str) -> Message:
    said = {"title": action.title, "unit": unit, "day": day(action.due)}
    link = f"{current_app.extensions['groundswell'].settings.url}/o/{organization.slug}/actions/{action.id}"
    return Message(
        email,
        _("%(organization)s: due on %(day)s", organization=organization.name, day=said["day"]),
        "\n\n".join(
            (
                _("You look after this action of %(unit)s, which is due on %(day)s:", **said),
                _("“%(title)s”", **said),
                _("Move it on, give it another day or drop it here:\n\n%(link)s", link=link),
            )
        )
        + "\n",
    )
