"""An organization with a wave of each stage, in a real SQLite file, and links to answer."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from config import Settings
from tests.fixtures.browser import LiveServer
from webapp import catalog
from webapp.extensions import db
from webapp.models import Ballot, Model, Organization, QuestionnaireCopy, Response, Wave, WaveUnit
from webapp.transaction import transaction
from webapp.waves import ballots

QUESTIONNAIRE = Path(__file__).parents[2] / "questionnaires" / "ai-adoption-1.yaml"


@dataclass
class House:
    """The application with one organization; makes waves and their links."""

    app: Flask
    organization_id: int
    copy_id: int
    waves: list[int] = field(default_factory=list)

    def wave(
        self,
        *,
        form: str = "team-core",
        status: str = "open",
        headcount: int = 3,
        closes_on: date | None = None,
    ) -> int:
        """A wave with two units of that many people: position 1 has single links, position 2 an open one."""
        with self.app.app_context(), transaction() as session:
            wave = Wave(
                organization_id=self.organization_id,
                questionnaire_copy_id=self.copy_id,
                questionnaire_key=f"ai-adoption{len(self.waves)}",
                form=form,
                name=f"Round {len(self.waves) + 1}",
                status=status,
                opened_on=date(2026, 3, 2),
                closes_on=closes_on,
                smallest_group=5,
                time_guard="standard",
            )
            session.add(wave)
            session.flush()
            names = ("Kestrel Freight", "Support North", "Dispatch")
            session.add_all(
                WaveUnit(
                    organization_id=self.organization_id,
                    wave_id=wave.id,
                    position=position,
                    key="root" if position == 0 else f"u{position}",
                    name=name,
                    parent=None if position == 0 else 0,
                    headcount=headcount if position else 0,
                    link=(None, "single", "open")[position],
                )
                for position, name in enumerate(names)
            )
            session.flush()
            self.waves.append(wave.id)
            for serial in (*range(headcount), ballots.OPEN_SERIAL):
                shared = serial == ballots.OPEN_SERIAL
                text = ballots.token(wave.id, 2 if shared else 1, str(serial))
                session.add(
                    Ballot(
                        token_hash=ballots.token_hash(text),
                        organization_id=self.organization_id,
                        wave_id=wave.id,
                        position=2 if shared else 1,
                        shared=shared,
                    )
                )
            return wave.id

    def link(self, wave: int, serial: int | str = 0) -> str:
        """The token of a single link by its number, of the open link by the word."""
        with self.app.app_context():
            return ballots.token(wave, 2 if serial == ballots.OPEN_SERIAL else 1, str(serial))

    def set_wave(self, wave: int, **values: object) -> None:
        with self.app.app_context(), transaction() as session:
            session.execute(update(Wave).where(Wave.id == wave).values(**values))

    def responses(self, wave: int) -> list[tuple[int, str]]:
        """(position, answers) of each stored response."""
        with self.app.app_context():
            rows = db.session.execute(
                select(Response.position, Response.answers).where(Response.wave_id == wave)
            )
            return sorted(tuple(row) for row in rows)

    def everything(self) -> dict[str, list[tuple[object, ...]]]:
        """All rows of all tables."""
        with self.app.app_context():
            return {
                name: [tuple(row) for row in db.session.execute(select(table))]
                for name, table in Model.metadata.tables.items()
            }


@pytest.fixture(scope="session")
def questionnaire_text() -> str:
    return QUESTIONNAIRE.read_text(encoding="utf-8")


@pytest.fixture
def build(make_app: Callable[[Settings], Flask], questionnaire_text: str) -> Callable[[Settings], House]:
    return lambda settings: furnish(make_app(settings), questionnaire_text)


@pytest.fixture
def house(settings: Settings, build: Callable[[Settings], House]) -> House:
    return build(settings)


@pytest.fixture
def either_house(engine_url: str, settings: Settings, build: Callable[[Settings], House]) -> House:
    """The house on SQLite, and again on PostgreSQL."""
    return build(replace(settings, database_url=engine_url))


def furnish(app: Flask, text: str) -> House:
    with app.app_context(), transaction() as session:
        organization = Organization(slug="kestrel", name="Kestrel Freight")
        session.add(organization)
        session.flush()
        copy = QuestionnaireCopy(
            organization_id=organization.id,
            key="ai-adoption",
            version=1,
            digest=catalog.digest_of(text),
            text=text,
        )
        session.add(copy)
        session.flush()
        return House(app, organization.id, copy.id)


class Respondent:
    """A browser of somebody who answers: opens links, presses buttons, keeps cookies."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, token: str) -> "Respondent":
        """Open a link and press its button."""
        page = self.client.get(f"/r/{token}")
        assert page.status_code == 200, page.text
        reply = self.client.post(f"/r/{token}", data={"csrf_token": self.csrf_of(page.text)})
        assert reply.status_code == 303, reply.text
        return self

    def csrf(self) -> str:
        return self.csrf_of(self.client.get("/respond/").text)

    @staticmethod
    def csrf_of(html: str) -> str:
        return html.split('name="csrf_token"')[1].split('value="')[1].partition('"')[0]

    def send(self, answers: dict[str, str], **values: object):  # noqa: ANN201 - werkzeug's test response
        return self.client.post("/respond/", data={"csrf_token": self.csrf(), **answers}, **values)


@pytest.fixture
def respondent(house: House) -> Callable[[], Respondent]:
    return lambda: Respondent(house.app.test_client())


@pytest.fixture
def sheet_keys(questionnaire_text: str) -> Callable[[str], list[str]]:
    questionnaire = catalog.parse(questionnaire_text, catalog.digest_of(questionnaire_text))
    return lambda form: [item.key for item in questionnaire.items(form)]


@pytest.fixture(scope="module")
def live_house(live_server: LiveServer, questionnaire_text: str) -> House:
    """The house on a real server, for tests in a real browser."""
    return furnish(live_server.app, questionnaire_text)
