import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cryptography.exceptions import InvalidTag
from flask import current_app
from sqlalchemy import select

from webapp import clock, sealing
from webapp.domain import web_address
from webapp.domain.web_address import WebAddress
from webapp.extensions import db
from webapp.models import OutboxRow, Wave, Webhook

EVENTS = ("wave.opened", "wave.closing", "wave.published")
KINDS = ("slack", "teams", "plain")
TEST = "test"


def of(organization_id: int) -> Sequence[Webhook]:
    """The webhooks of an organization, the oldest first."""
    return db.session.scalars(
        select(Webhook).where(Webhook.organization_id == organization_id).order_by(Webhook.id)
    ).all()


def one(organization_id: int, webhook_id: int) -> Webhook:
    """One that the gate has found there."""
    return db.session.scalars(
        select(Webhook).where(Webhook.organization_id == organization_id, Webhook.id == webhook_id)
    ).one()


def queue(webhook_id: int) -> str:
    """The name under which messages to it stand in the outbox: one after the other."""
    return f"webhook {webhook_id}"


def about(webhook_id: int, what: str) -> str:
    """What a sealed value is bound to, so that it opens in no other row and column."""
    return f"webhook {webhook_id} {what}"


def address(hook: Webhook) -> str:
    """What its owner typed. Raises InvalidTag where it was sealed with another key."""
    return sealing.unseal(hook.address, about=about(hook.id, "address")).decode()


def known_address(hook: Webhook) -> str:
    """The same; "" where the key is another one."""
    try:
        return address(hook)
    except InvalidTag:
        return ""


def listed() -> frozenset[tuple[str, int]]:
    """What whoever runs the machine allows although it is inside of a network."""
    found: frozenset[tuple[str, int]] = current_app.extensions["groundswell"].settings.webhooks_to
    return found


def read(text: str) -> WebAddress:
    """An address that may be called, by its shape. Raises Refused."""
    return web_address.read(text, listed=listed())


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that did not arrive yet: what of which wave ("" for a test), how often it was tried, when it is again.

    again: UTC, where the next try is not a matter of seconds; None where `given_up`, too
    """

    event: str
    wave: str
    tries: int
    again: datetime | None
    given_up: bool = False


def waiting(hook: Webhook) -> list[Waiting]:
    """What was due and has not arrived, and what was given up in the last week; the oldest first.

    A test that was given up is no news: how the last message fared stands at the top of the page.
    """
    rows = db.session.execute(
        select(OutboxRow.payload, OutboxRow.state, OutboxRow.attempts, OutboxRow.due).where(
            OutboxRow.organization_id == hook.organization_id, OutboxRow.queue == queue(hook.id)
        )
    )
    found = []
    for text, state, tries, due in rows:
        payload, given_up = json.loads(text), state == "failed"
        if given_up if payload["event"] == TEST else payload["event"] == "wave.closing" and not tries:
            continue  # the latter waits for its day
        wave = db.session.get(Wave, payload["wave"]) if payload["wave"] else None
        again = due if state == "waiting" and due > clock.now() else None
        message = Waiting(payload["event"], wave.name if wave else "", tries, again, given_up)
        found.append((payload["at"], message))
    return [message for _at, message in sorted(found, key=lambda pair: pair[0])]
