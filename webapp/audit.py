"""The audit log: who did what, in the transaction of the act, chained by hash. No answers and no personal values."""

import hashlib
import hmac
import json

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.clock import now
from webapp.models import Account, AuditEvent, Member, Organization


def record(
    session: Session,
    *,
    organization_id: int,
    by: Account | None,
    action: str,
    **changes: str | int | bool | None,
) -> None:
    """Append an event to the organization's chain, inside the caller's transaction. `by` is None for the command line."""
    session.flush()
    # One event at a time in an organization's chain; two would take the same number.
    session.execute(
        select(Organization.id).where(Organization.id == organization_id).with_for_update(key_share=True)
    )
    last = session.execute(
        select(AuditEvent.sequence, AuditEvent.hash)
        .where(AuditEvent.organization_id == organization_id)
        .order_by(AuditEvent.sequence.desc())
        .limit(1)
    ).first()
    event = AuditEvent(
        organization_id=organization_id,
        sequence=last.sequence + 1 if last else 1,
        at=now(),
        account_id=by.id if by else None,
        action=action,
        changes=json.dumps(changes, sort_keys=True, ensure_ascii=False),
    )
    event.hash = chained(last.hash if last else "", event)
    session.add(event)


def record_for(
    session: Session,
    *,
    account: Account,
    action: str,
    only: int | None = None,
    **changes: str | int | bool | None,
) -> None:
    """Append an event about an account to the chain of each organization that it belongs to; to none where it is in none.

    only: the one organization that it concerns. `account_id` of such an event is the account that it is about: who tried a wrong password is not known.
    """
    of = (
        select(Member.organization_id).where(Member.account_id == account.id).order_by(Member.organization_id)
    )
    for organization_id in [only] if only else session.scalars(of).all():
        record(session, organization_id=organization_id, by=account, action=action, **changes)


def chained(previous: str, event: AuditEvent) -> str:
    """HMAC over the hash before and the event in canonical form."""
    body = [
        event.organization_id,
        event.sequence,
        event.at.isoformat(),
        event.account_id,
        event.action,
        event.changes,
    ]
    text = previous + json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    key = current_app.secret_key or ""
    return hmac.new(key.encode() if isinstance(key, str) else key, text.encode(), hashlib.sha256).hexdigest()


def broken_at(session: Session, organization_id: int) -> int | None:
    """The sequence number at which the chain breaks, None where it holds."""
    previous = ""
    expected = 1
    for event in session.scalars(
        select(AuditEvent).where(AuditEvent.organization_id == organization_id).order_by(AuditEvent.sequence)
    ):
        if event.sequence != expected or event.hash != chained(previous, event):
            return expected
        previous = event.hash
        expected += 1
    return None
