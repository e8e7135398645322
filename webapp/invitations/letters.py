"""The letters of a wave, written when they are sent: the link is made then, and stands in no table."""

from datetime import date

from sqlalchemy.orm import Session

from webapp import ballots, language, outbox
from webapp.domain.letter_text import fill
from webapp.invitations import queries
from webapp.invitations.queries import Invited
from webapp.mail import Message
from webapp.models import Invitation
from webapp.outbox import How, Taken

STALE_AFTER = 2  # days in which no mail server was there; the next reminder comes anyway


def note_invitation(session: Session, row: Taken, how: How, words: str) -> None:
    """Keep what became of a first letter, for the owners' page."""
    invitation = session.get(Invitation, row.payload["invitation"])
    if invitation is not None and how != "dropped":
        invitation.state = "sent" if how == "sent" else "failed"
        invitation.error = words


@outbox.letter("invitation", ended=note_invitation, bulk=True)
def write_invitation(row: Taken) -> Message | None:
    found = queries.invited(int(row.payload["invitation"]))
    return _letter(found, "invitation") if found else None


@outbox.letter("reminder", silent=True, bulk=True)
def write_reminder(row: Taken) -> Message | None:
    """A reminder for those who have not answered; of the others nothing is kept that tells them apart."""
    found = queries.invited(int(row.payload["invitation"]))
    if found is None or found.invitation.state == "failed" or queries.has_answered(found.token):
        return None
    waited = queries.today(found.wave) - date.fromisoformat(str(row.payload["day"]))
    return _letter(found, "reminder") if waited.days <= STALE_AFTER else None


def _letter(found: Invited, kind: str) -> Message:
    spoken = language.spoken(found.wave.language)
    link = ballots.link(found.token)
    values = queries.values(found.wave, spoken, unit=found.unit, organization=found.organization, link=link)
    filled = fill(queries.letter(found.wave, kind, spoken), values)
    return Message(found.invitation.email, filled.subject, filled.text, found.invitation.name)
