"""What changes a webhook. Each is one transaction with its audit event, which names the host and never the whole address."""

import secrets as random
from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webapp import audit, clock, sealing
from webapp.access import attempts
from webapp.domain.csv_table import check_name
from webapp.domain.refusal import Refused
from webapp.models import Account, Organization, OutboxRow, Wave, Webhook
from webapp.transaction import locked, transaction
from webapp.webhooks import messages, news, queries

MOST = 10
NAME_LENGTH = 80
BOTH_VALID = timedelta(days=1)
JUST_NOW = timedelta(minutes=10)
# Whoever owns an organization may call any address: not often enough to be a nuisance to anybody.
TESTS = attempts.Limit("webhook tests of", 30, timedelta(hours=1))


def add(
    *,
    organization: Organization,
    name: str,
    kind: str,
    address: str,
    events: Collection[str],
    by: Account | None,
) -> tuple[Webhook, str]:
    """Add a webhook; gives it, and the secret of a plain one as its owner copies it ("" for the others)."""
    name = check_name(name, place="name", limit=NAME_LENGTH)
    if kind not in queries.KINDS:
        raise Refused("There is no such kind.", place="kind")
    events = _checked(events)
    host = queries.read(address).host
    secret = random.token_bytes(messages.SECRET_BYTES) if kind == "plain" else b""
    with transaction() as session:
        locked(session, Organization, organization.id)  # so that of two at once the second sees the first
        _refuse_one_more(session, organization.id, address)
        hook = Webhook(
            organization_id=organization.id,
            name=name,
            kind=kind,
            host=host,
            address=b"",
            secret=b"" if secret else None,
            events=events,
        )
        session.add(hook)
        session.flush()  # its number is part of the seal
        hook.address = sealing.seal(address.encode(), about=queries.about(hook.id, "address"))
        if secret:
            hook.secret = _sealed(hook, secret)
        for wave in session.scalars(
            select(Wave).where(Wave.organization_id == organization.id, Wave.status == "open")
        ):
            news.put_closing(session, hook, wave)
        _record(session, hook, "added", by)
    return hook, messages.written(secret) if secret else ""


def _checked(events: Collection[str]) -> str:
    chosen = [event for event in queries.EVENTS if event in events]
    if not chosen or len(chosen) != len(set(events)):
        raise Refused("Choose at least one thing that it is told of.", place="events")
    return ",".join(chosen)


def _refuse_one_more(session: Session, organization_id: int, address: str) -> None:
    there = queries.of(organization_id)
    if any(queries.known_address(hook) == address for hook in there):
        raise Refused("There is a webhook with this address already.", place="address")
    count = session.scalar(select(func.count()).where(Webhook.organization_id == organization_id))
    if (count or 0) >= MOST:
        raise Refused("An organization has {most} webhooks at most.", most=MOST)


def _sealed(hook: Webhook, secret: bytes) -> bytes:
    return sealing.seal(secret, about=queries.about(hook.id, "secret"))


def _record(session: Session, hook: Webhook, what: str, by: Account | None) -> None:
    audit.record(
        session,
        organization_id=hook.organization_id,
        by=by,
        action=f"webhook.{what}",
        webhook=hook.id,
        host=hook.host,
    )


def _held(session: Session, hook: Webhook) -> Webhook:
    """The webhook as it is now, kept from others' changes."""
    found = session.get(Webhook, hook.id, with_for_update=True, populate_existing=True)
    if found is None:
        raise Refused("This webhook is not there any more.")
    return found


def change(*, webhook: Webhook, name: str, events: Collection[str], by: Account | None) -> None:
    """Name it anew, and choose anew what it is told of; for another address one adds another webhook."""
    name, chosen = check_name(name, place="name", limit=NAME_LENGTH), _checked(events)
    with transaction() as session:
        hook = _held(session, webhook)
        if (hook.name, hook.events) != (name, chosen):
            hook.name, hook.events = name, chosen
            _record(session, hook, "changed", by)


def turn(*, webhook: Webhook, on: bool, by: Account | None) -> None:
    """Turn it off, so that it is told nothing, or on again. What waits for it is dropped when its time comes."""
    with transaction() as session:
        hook = _held(session, webhook)
        if hook.active != on:
            hook.active = on
            _record(session, hook, "turned_on" if on else "turned_off", by)


def new_secret(*, webhook: Webhook, by: Account | None) -> str:
    """Make another secret; for a day messages are signed with both, so that the other side can change over.

    Whoever loads the page of a secret again makes one more: the former one stays that which the other side knows.
    """
    secret = random.token_bytes(messages.SECRET_BYTES)
    with transaction() as session:
        hook = _held(session, webhook)
        if hook.kind != "plain":
            raise Refused("Messages to a chat are not signed.")
        if hook.former_until is None or hook.former_until - clock.now() < BOTH_VALID - JUST_NOW:
            hook.former_secret, hook.former_until = hook.secret, clock.now() + BOTH_VALID
        hook.secret = _sealed(hook, secret)
        _record(session, hook, "secret_made", by)
    return messages.written(secret)


def send_test(*, webhook: Webhook, by: Account | None) -> None:
    """Queue a test, which is tried once. One at a time."""
    if not attempts.allowed((TESTS, str(webhook.organization_id))):
        raise Refused("Enough tests for now. Try again in an hour.")
    with transaction() as session:
        hook = _held(session, webhook)
        if not hook.active:
            raise Refused("It is turned off: turn it on first.")
        if any(one.event == queries.TEST for one in queries.waiting(hook)):
            raise Refused("A test is on its way already.")
        news.put(session, hook, queries.TEST)
        _record(session, hook, "tried", by)


def remove(*, webhook: Webhook, by: Account | None) -> None:
    """Remove it with its address, its secrets, and what waits for it."""
    with transaction() as session:
        hook = _held(session, webhook)
        session.execute(
            delete(OutboxRow).where(
                OutboxRow.organization_id == hook.organization_id, OutboxRow.queue == queries.queue(hook.id)
            )
        )
        _record(session, hook, "removed", by)
        session.delete(hook)
