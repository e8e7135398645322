"""Acme on either database with a mail server of its own, and short words for what happens."""

import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from config import Settings
from tests.fixtures import organizations
from tests.fixtures.applications import MakeApp
from tests.fixtures.pages import CheckingClient
from tests.fixtures.post_office import PostOffice
from tests.waves.conftest import Acme
from webapp import clock, outbox, worker
from webapp.domain.answers import unpack
from webapp.domain.questionnaire_file import read
from webapp.extensions import db
from webapp.invitations import commands, queries
from webapp.respond import commands as respond
from webapp.respond import queries as ballots_of

from tests.waves.conftest import SMALL  # isort: skip

ITEMS = read(SMALL, "small.yaml").items("team")
PEOPLE = "unit,email,name\n" + "".join(
    f"{unit},{unit.lower()}{number}@example.org,\n"
    for unit, count in (("Platform", 5), ("Mobile", 4), ("Sales", 6))
    for number in range(count)
)


@dataclass
class Mailing(Acme):
    """Acme, whose letters go to a post office of the test's own."""

    office: PostOffice | None = None

    def invite(self, wave: int, text: str = PEOPLE) -> commands.Done:
        done: commands.Done = self.call(commands.invite, wave, data=text.encode(), file="people.csv")
        return done

    def remind(self, wave: int) -> None:
        self.call(commands.remind, wave)

    def deliver(self) -> None:
        with self.inside():
            worker.deliver(threading.Event())

    def chores(self) -> None:
        with self.inside():
            worker.do_chores()

    def links(self) -> dict[str, str]:
        """The token in the last letter to each address."""
        assert self.office is not None
        found = {}
        for letter in self.office.letters:
            (token,) = re.findall(r"/r/([\w-]+)", letter.get_content())
            found[str(letter["X-To"])] = token
        return found

    def answer_by(self, token: str, packed: str = "111") -> None:
        with self.inside():
            ballot = ballots_of.ballot(token)
            assert ballot is not None
            respond.submit_response(ballot=ballot, items=ITEMS, answers=unpack(ITEMS, packed))

    def owner(self) -> CheckingClient:
        return organizations.sign_in(self.app, self.organization, "owner@acme.example")


def mailing(app: Flask, office: PostOffice) -> Mailing:
    found = Mailing(app, organizations.create(app), office=office)
    found.import_units()
    return found


def with_mail(settings: Settings, office: PostOffice, **changes: Any) -> Settings:
    return replace(
        settings,
        mail_server=office.server(),
        mail_from="Groundswell <groundswell@example.org>",
        mail_per_minute=60_000,
        **changes,
    )


@pytest.fixture
def acme(make_app: MakeApp, settings: Settings, engine_url: str, post_office: PostOffice) -> Mailing:
    """Engineering (Platform 12, Mobile 8), Sales 10, Support 6; on SQLite and on PostgreSQL."""
    return mailing(make_app(with_mail(settings, post_office, database_url=engine_url)), post_office)


@pytest.fixture
def lite(make_app: MakeApp, settings: Settings, post_office: PostOffice) -> Mailing:
    """The same on SQLite alone."""
    return mailing(make_app(with_mail(settings, post_office)), post_office)


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """`later(days=1)`: moves the clock of everything that is due; it is always day."""
    moved = [timedelta()]
    now, today = clock.now, clock.today

    monkeypatch.setattr(outbox, "now", lambda: now() + moved[0])
    monkeypatch.setattr(clock, "now", lambda: now() + moved[0])
    monkeypatch.setattr(clock, "today", lambda timezone: today(timezone) + timedelta(days=moved[0].days))
    monkeypatch.setattr(queries, "EARLIEST_HOUR", 0)

    def move(**by: float) -> None:
        moved[0] += timedelta(**by)

    return move


def passes(acme: Mailing, later: Callable[..., None]) -> None:
    """All passes of a silent kind."""
    for _ in range(outbox.SILENT_PASSES):
        acme.deliver()
        later(minutes=25)
    with acme.inside():
        db.session.rollback()
