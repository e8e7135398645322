"""The audit log: who did what, in the transaction of the act, chained by hash. No answers and no personal values.

What it shows to whom. The database refuses to change a row, which stops mistakes. Whoever can write to the database past
that, but has no key, cannot change, add, swap or remove an event, nor cut the end off, without `broken_at` finding it: each
event carries an HMAC over the one before, and the number of events stands sealed beside them. Such a person could still
put back an older state of the whole log that they kept. That is found by an end that was noted elsewhere: `./groundswell
check` prints each, `check --against` compares, and every export of the log carries the hashes. Whoever has the key, which
lies outside of the database, could write a log of their own.
"""

import hashlib
import hmac
import json
from datetime import timedelta

from flask import current_app, g
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.clock import now
from webapp.extensions import db
from webapp.models import Account, AuditEvent, AuditHead, Member, Organization
from webapp.transaction import transaction

Changes = dict[str, str | int | bool | None]

SAME_AGAIN = timedelta(hours=1)
LOOKED_BACK = 500


def record(
    session: Session,
    *,
    organization_id: int,
    by: Account | None,
    action: str,
    **changes: str | int | bool | None,
) -> None:
    """Append an event to the organization's chain, inside the caller's transaction. `by` is None for the command line.

    What a program did by an API token names the token beside the member for whom it acts.
    """
    session.flush()
    changes = _by_program() | changes
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
        changes=_text(changes),
    )
    event.hash = chained(last.hash if last else "", event)
    session.add(event)
    seal = sealed(organization_id, event.sequence, event.hash)
    session.merge(AuditHead(organization_id=organization_id, events=event.sequence, seal=seal))


def record_once(
    *, organization_id: int, by: Account, action: str, **changes: str | int | bool | None
) -> None:
    """The same in a transaction of its own, and not again within an hour.

    For what somebody could do a thousand times without being stopped: who does, does not even wait for the others' writes.
    """
    if _is_recorded(db.session, organization_id, by, action, changes):
        return
    with transaction() as session:
        if not _is_recorded(session, organization_id, by, action, changes):
            record(session, organization_id=organization_id, by=by, action=action, **changes)


def _is_recorded(session: Session, organization_id: int, by: Account, action: str, changes: Changes) -> bool:
    last = select(func.max(AuditEvent.sequence)).where(AuditEvent.organization_id == organization_id)
    found = select(AuditEvent.sequence).where(
        AuditEvent.organization_id == organization_id,
        AuditEvent.sequence > last.scalar_subquery() - LOOKED_BACK,
        AuditEvent.account_id == by.id,
        AuditEvent.action == action,
        AuditEvent.changes == _text(_by_program() | changes),
        AuditEvent.at > now() - SAME_AGAIN,
    )
    return session.execute(found.limit(1)).first() is not None


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
    return _hmac(previous + json.dumps(body, ensure_ascii=False, separators=(",", ":")))


def sealed(organization_id: int, events: int, last: str) -> str:
    """What stands beside the chain: its length and end, so that nobody without the key can make it shorter."""
    return _hmac(f"audit head {organization_id} {events} {last}")


def broken_at(session: Session, organization_id: int) -> int | None:
    """The number of the first event that was changed or is missing, None where the whole chain holds."""
    previous, expected = "", 1
    for event in session.scalars(
        select(AuditEvent).where(AuditEvent.organization_id == organization_id).order_by(AuditEvent.sequence)
    ):
        if event.sequence != expected or not hmac.compare_digest(event.hash, chained(previous, event)):
            return expected
        previous, expected = event.hash, expected + 1
    head = session.get(AuditHead, organization_id)
    wanted = sealed(organization_id, expected - 1, previous)
    if head is None or head.events != expected - 1 or not hmac.compare_digest(head.seal, wanted):
        return expected  # an organization has one event at least: it was created
    return None


def _by_program() -> Changes:
    token_id: int | None = g.get("token_id")
    return {} if token_id is None else {"by_token": token_id}


def _text(changes: Changes) -> str:
    return json.dumps(changes, sort_keys=True, ensure_ascii=False)


def _hmac(text: str) -> str:
    key = current_app.secret_key or ""
    return hmac.new(key.encode() if isinstance(key, str) else key, text.encode(), hashlib.sha256).hexdigest()
