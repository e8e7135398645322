"""Acme on either database, and short words for what its owner does on the command line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.fixtures import organizations
from webapp import catalog
from webapp.domain.questionnaire_file import read
from webapp.extensions import db
from webapp.models import Organization, Wave, WaveUnit
from webapp.waves import closing, imports, opening

SMALL = """key: small
version: 1
title: Small
practices:
  - key: trust
    title: Trust
    items:
      - {key: T1, forms: [team], text: Do people help?, levels: &levels [Never, Seldom, Sometimes, Often, Always]}
      - {key: T2, forms: [team], text: Do people ask?, levels: [Never, Seldom, Sometimes, Often, Always]}
      - key: T1_lead
        forms: [leader]
        text: Do people help?
        levels: [Never, Seldom, Sometimes, Often, Always]
        mirrors: T1
  - key: speed
    title: Speed
    items:
      - {key: S1, forms: [team], text: Is it fast?, levels: [Never, Seldom, Sometimes, Often, Always]}
""".replace("&levels ", "")


@dataclass
class Acme:
    """An organization in a database; each call stands in a context of its own, as a request or a command does."""

    app: Flask
    organization: Organization
    units: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def inside(self) -> Iterator[None]:
        with self.app.app_context():
            yield

    def import_units(self, text: str = organizations.UNITS) -> dict[str, int]:
        self.units = organizations.import_units(self.app, self.organization, text)
        return self.units

    def open(self, name: str = "First wave", text: str = SMALL, form: str = "team", **values: Any) -> int:
        """Open a wave of a questionnaire's text; gives its id."""
        catalog.parse.cache_clear()
        with self.app.app_context():
            return opening.open_wave(
                organization=db.session.get_one(Organization, self.organization.id),
                questionnaire=read(text, "small.yaml"),
                text=text,
                form=form,
                name=name,
                by=None,
                **values,
            ).id

    def answer(self, wave: int, lines: list[str], columns: str = "unit,T1,T2,S1") -> int:
        with self.app.app_context():
            data = "\n".join([columns, *lines]).encode()
            return imports.import_responses(
                wave=db.session.get_one(Wave, wave), data=data, file="old.csv", by=None
            )

    def call(self, command: Callable[..., Any], wave: int, **values: Any) -> Any:
        """Run a command of the feature on a wave."""
        with self.app.app_context():
            return command(wave=db.session.get_one(Wave, wave), **{"by": None, **values})

    def close(self, wave: int) -> Any:
        return self.call(closing.close_and_publish, wave)

    def tree(self, wave: int) -> list[WaveUnit]:
        with self.app.app_context():
            rows = db.session.scalars(
                sa.select(WaveUnit).where(WaveUnit.wave_id == wave).order_by(WaveUnit.position)
            ).all()
            db.session.expunge_all()
            return list(rows)

    def rows(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        with self.app.app_context():
            return [tuple(row) for row in db.session.execute(sa.text(statement), values)]

    def count(self, table: str) -> int:
        return int(self.rows(f"SELECT count(*) FROM {table}")[0][0])  # noqa: S608 - a name of ours


@pytest.fixture
def acme(any_app: Flask) -> Acme:
    """Acme with Engineering (Platform 12, Mobile 8), Sales 10 and Support 6, on SQLite and on PostgreSQL."""
    found = Acme(any_app, organizations.create(any_app))
    found.import_units()
    return found


@pytest.fixture
def lite(app: Flask) -> Acme:
    """The same on SQLite alone."""
    found = Acme(app, organizations.create(app))
    found.import_units()
    return found


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """Run calls at the same moment, each in a thread; gives what each returned or raised."""
    barrier = Barrier(len(calls))
    found: list[Any] = [None] * len(calls)

    def run(spot: int) -> None:
        barrier.wait()
        try:
            found[spot] = calls[spot]()
        except Exception as error:  # noqa: BLE001 - the test looks at it
            found[spot] = error

    threads = [Thread(target=run, args=(spot,)) for spot in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return found
