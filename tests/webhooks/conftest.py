"""Acme on either database with a receiver, and a clock that tests move."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests.fixtures import organizations as made
from tests.fixtures.applications import MakeApp
from tests.fixtures.receiver import HOST, Receiver
from webapp import clock, outbox, worker
from webapp.extensions import db
from webapp.models import Organization, OutboxRow, Webhook
from webapp.webhooks import commands, queries


class Clock:
    """A clock that a test moves."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock for the outbox and for webhooks; a wave that closes on a day of it must be opened on one of it."""
    found = Clock(clock.now())
    monkeypatch.setattr(outbox, "now", found)
    monkeypatch.setattr(clock, "now", found)
    return found


@dataclass
class House:
    """An organization with a receiver of its messages."""

    app: Flask
    organization: Organization
    receiver: Receiver

    def add(self, **values: Any) -> tuple[Webhook, str]:
        asked = {
            "name": "Our channel",
            "kind": "plain",
            "address": self.receiver.url(),
            "events": queries.EVENTS,
            "by": None,
        }
        with self.app.app_context():
            return commands.add(organization=self.organization, **(asked | values))

    def do(self, command: Callable[..., Any], hook: Webhook, **values: Any) -> Any:
        with self.app.app_context():
            return command(webhook=hook, by=None, **values)

    def deliver(self) -> None:
        with self.app.app_context():
            worker.make_calls(threading.Event())

    def rows(self) -> list[OutboxRow]:
        with self.app.app_context():
            return list(db.session.scalars(sa.select(OutboxRow).order_by(OutboxRow.id)))

    def hook(self, webhook: Webhook) -> Webhook:
        """A webhook as it is now."""
        with self.app.app_context():
            return db.session.get_one(Webhook, webhook.id)

    def waiting(self, webhook: Webhook) -> list[queries.Waiting]:
        with self.app.app_context():
            return queries.waiting(webhook)


def housed(app: Flask, receiver: Receiver, slug: str = "acme", name: str = "Acme") -> House:
    organization = made.create(app, slug, name)
    made.import_units(app, organization)
    return House(app, organization, receiver)


def to_receiver(settings: Settings, receiver: Receiver, **values: Any) -> Settings:
    return replace(settings, webhooks_to=frozenset({(HOST, receiver.port)}), **values)


@pytest.fixture
def house(make_app: MakeApp, settings: Settings, receiver: Receiver, engine_url: str) -> House:
    """On SQLite and on PostgreSQL."""
    return housed(make_app(to_receiver(settings, receiver, database_url=engine_url)), receiver)


@pytest.fixture
def lite(make_app: MakeApp, settings: Settings, receiver: Receiver) -> House:
    """On SQLite alone."""
    return housed(make_app(to_receiver(settings, receiver)), receiver)
