"""The letter that invites a member. Its link is made when it is sent and goes to that address alone: no owner sees it."""

import json
from datetime import timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, outbox
from webapp.access import attempts, sessions
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.mail import Message
from webapp.models import Account, Member, Organization, OutboxRow
from webapp.transaction import transaction

KIND = "member"
# Whoever owns an organization may write to any address: not often enough to be a nuisance to anybody.
TO_ONE = attempts.Limit("member letters to", 3, timedelta(days=1))
OF_ONE = attempts.Limit("member letters of", 200, timedelta(days=1))


def count(organization: Organization, email: str) -> None:
    """Count a letter that is about to be queued; refuse one too many."""
    if not attempts.allowed((TO_ONE, f"{organization.id} {email}"), (OF_ONE, str(organization.id))):
        raise Refused("Enough letters for today. Try again tomorrow.", place="email")


def put(session: Session, member: Member, *, by: Account | None, language: str) -> None:
    """Queue the letter inside the caller's transaction, in the language of whoever invites."""
    audit.record(
        session, organization_id=member.organization_id, by=by, action="member.invited", member=member.id
    )
    outbox.put(
        session,
        kind=KIND,
        organization_id=member.organization_id,
        payload={"member": member.id, "by": by.id if by else 0, "language": language},
    )


def state(organization_id: int, member_id: int) -> str:
    """What became of the letters to a member: "waiting", "failed", or "" where none is left to be told of."""
    rows = db.session.execute(
        select(OutboxRow.payload, OutboxRow.state).where(
            OutboxRow.kind == KIND, OutboxRow.organization_id == organization_id
        )
    )
    found = {state for payload, state in rows if json.loads(payload)["member"] == member_id}
    if found - {"failed"}:
        return "waiting"
    return "failed" if found else ""


@outbox.letter(KIND)
def write(row: outbox.Taken) -> Message | None:
    """A one-time link for who has not signed in yet; who has, signs in as usual. None for who was removed meanwhile."""
    member = db.session.get(Member, row.payload["member"])
    if member is None:
        return None
    email = member.account.email
    organization = db.session.get_one(Organization, member.organization_id)
    by = db.session.get(Account, row.payload["by"])
    known = member.arrived or sessions.reaches(member.account_id)
    link = _address("" if known else _secret(member))
    with force_locale(str(row.payload["language"])):
        said = {"name": organization.name, "by": by.email if by else _("The owner"), "link": link}
        how = (
            _("Sign in as usual:\n\n%(link)s", **said)
            if known
            else _(
                "Open this link and press the button. It signs you in once, and ends after two days:\n\n%(link)s",
                **said,
            )
        )
        return Message(
            email,
            _("You are invited to %(name)s", **said),
            "\n\n".join(
                (
                    _("%(by)s has made you a member of %(name)s on Groundswell.", **said),
                    how,
                    _("You did not expect this? Then leave it: nothing happens."),
                )
            )
            + "\n",
        )


def _secret(member: Member) -> str:
    """Whoever reads the mail of an address is that account, so the link is not held to one organization."""
    account_id = member.account_id
    with transaction() as session:
        return sessions.new_link(session.get_one(Account, account_id))


def _address(secret: str) -> str:
    page = f"{current_app.extensions['groundswell'].settings.url}/sign-in"
    return f"{page}/{secret}" if secret else page
