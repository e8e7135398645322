"""Acme with published results, and short words for what its people decide."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.fixtures import organizations as made
from tests.fixtures.pages import CheckingClient
from webapp.access import policy
from webapp.actions import commands, queries
from webapp.extensions import db
from webapp.models import Account, Action, AuditEvent, Organization


@dataclass
class Acme:
    """Engineering (led by leader@acme.example) with Platform and Mobile; Sales; Support. `units`: ids by name."""

    app: Flask
    organization: Organization
    units: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def inside(self) -> Iterator[None]:
        with self.app.test_request_context():
            yield

    def adopt(self, unit: str = "Platform", title: str = "Show what works", **values: Any) -> int:
        with self.inside():
            return commands.adopt(
                **{
                    "organization": db.session.get_one(Organization, self.organization.id),
                    "unit_id": self.units[unit] if unit else None,
                    "title": title,
                    "by": None,
                    **values,
                }
            ).id

    def action(self, number: int) -> Action:
        with self.inside():
            found = db.session.get_one(Action, number)
            db.session.expunge_all()
            return found

    def numbers(self) -> list[int]:
        with self.inside():
            return list(db.session.scalars(sa.select(Action.id).order_by(Action.id)))

    def shown(self, email: str, number: int) -> queries.Shown | None:
        """An action as a member reads it."""
        with self.inside():
            account = db.session.scalars(sa.select(Account).where(Account.email == email)).one()
            actor = policy.actor(account, self.organization.slug)
            assert actor is not None
            return queries.one(actor, number)

    def events(self) -> list[str]:
        found = sa.select(AuditEvent.action).where(
            AuditEvent.organization_id == self.organization.id, AuditEvent.action.startswith("action.")
        )
        with self.inside():
            return list(db.session.scalars(found.order_by(AuditEvent.sequence)))

    def member(self, email: str) -> int:
        return made.member_id(self.app, self.organization, email)

    def client(self, email: str) -> CheckingClient:
        return made.sign_in(self.app, self.organization, email)

    def publish(self, name: str = "First wave", form: str = "team-core", **answering: int) -> int:
        wave = made.open_one(self.app, self.organization, name, form)
        made.answer(self.app, wave, answering or None)
        made.publish(self.app, wave)
        return wave.id


def furnished(app: Flask) -> Acme:
    organization = made.create(app)
    return Acme(app, organization, made.import_units(app, organization))


@pytest.fixture
def acme(any_app: Flask) -> Acme:
    """On SQLite and on PostgreSQL."""
    return furnished(any_app)


@pytest.fixture
def lite(app: Flask) -> Acme:
    """On SQLite alone."""
    return furnished(app)
