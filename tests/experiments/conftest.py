"""A register in either database, and short words for what its people do."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.fixtures import organizations
from webapp.experiments import commands, queries
from webapp.experiments.queries import Chosen, Listed
from webapp.extensions import db
from webapp.models import AuditEvent, Experiment, Organization


def today() -> date:
    return datetime.now(UTC).date()


def ago(days: int) -> date:
    return today() - timedelta(days=days)


@dataclass
class Register:
    """An organization's register; each call stands in a context of its own, as a request or a command does."""

    app: Flask
    organization: Organization
    units: dict[str, int]

    def call(self, command: Callable[..., Any], **values: Any) -> Any:
        with self.app.app_context():
            acting = db.session.get_one(Organization, self.organization.id)
            return command(organization=acting, **{"by": None, **values})

    def log(self, title: str = "Draft replies", unit: str = "Platform", **values: Any) -> int:
        found: int = self.call(commands.log, title=title, unit_id=self.units[unit], **values)
        return found

    def take(self, text: str, **values: Any) -> commands.Imported:
        found: commands.Imported = self.call(
            commands.import_register, data=text.encode(), file="list.csv", **values
        )
        return found

    def one(self, experiment_id: int) -> Listed:
        with self.app.app_context():
            found = queries.one(self.organization.id, experiment_id)
        assert found is not None
        return found

    def all(self) -> list[Listed]:
        with self.app.app_context():
            return queries.everything(self.organization.id, Chosen())

    def count(self) -> int:
        with self.app.app_context():
            return db.session.scalar(sa.select(sa.func.count()).select_from(Experiment)) or 0

    def events(self) -> list[str]:
        """The actions that the audit log has of experiments."""
        with self.app.app_context():
            found = db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.sequence))
            return [action for action in found if action.startswith("experiment")]


def register_of(app: Flask, slug: str = "acme") -> Register:
    made = organizations.create(app, slug, slug.title())
    return Register(app, made, organizations.import_units(app, made))


@pytest.fixture
def register(any_app: Flask) -> Register:
    """Acme's empty register, once on SQLite and once on PostgreSQL."""
    return register_of(any_app)


@pytest.fixture
def acme(app: Flask, organization: Organization, units: dict[str, int]) -> Register:
    """Acme's empty register, for pages."""
    return Register(app, organization, units)


HEADER = (
    "unit,title,idea_on,type,problem_area,phase,first_user_on,live_on,ended_on,end_reason,rule,rule_written_on,value,"
    "value_unit,baseline,ready_made_model,saved_tests\n"
)


@pytest.fixture
def filled(acme: Register) -> Register:
    """Seven experiments in every state: Platform ships, Mobile tries, Sales has ideas, Support has nothing."""
    lines = [
        f"Platform,Draft replies,{ago(200)},text,productivity,0-1,{ago(190)},{ago(150)},,,Stop at five,{ago(200)},12,hours a month,40,yes,yes",
        f"Platform,Explain errors,{ago(120)},coding,tooling_and_evals,0-1,{ago(117)},{ago(90)},{ago(20)},scaled,,,,,,yes,no",
        f"Platform,Own model,{ago(110)},other,fine_tuning,1-n,{ago(60)},,{ago(50)},stopped,Stop,{ago(55)},,,,no,",
        f"Mobile,Voice notes,{ago(40)},chat,ai_ux,0-1,{ago(9)},,,,,,,,,yes,",
        f"Engineering,One gateway,{ago(100)},other,hosting,1-n,{ago(70)},{ago(30)},,,,,,,,yes,",
        f"Sales,Pictures for offers,{ago(30)},image,,,,,,,,,,,,,",
        f"Sales,Sort leads,{ago(90)},text,,,,,{ago(10)},faded,,,,,,,",
    ]
    done = acme.take(HEADER + "\n".join(lines))
    assert (done.added, done.changed) == (7, 0)
    return acme
