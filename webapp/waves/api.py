"""Waves, as programs read them."""

from datetime import date
from typing import Literal

from flask import g
from pydantic import Field

from webapp import clock
from webapp.access import Permission
from webapp.api import Answer, Page, Routes, Thing, cut
from webapp.models import Wave as Stored
from webapp.waves import queries

routes = Routes()


class Wave(Thing):
    """One round of asking. Days are those of the organization's time zone."""

    name: str
    status: Literal["planned", "open", "closed", "published"]
    questionnaire: str = Field(description="key@version")
    form: str
    smallest_group: int = Field(description="No figure is shown for fewer people.")
    opened_on: date
    closes_on: date | None = Field(description="Its last day; null where it ends when somebody closes it.")
    closed_on: date | None
    published_on: date | None = Field(description="From then on its results are there.")


class Waves(Answer):
    items: list[Wave]
    next: int | None


def _told(wave: Stored) -> Wave:
    zone = g.actor.organization.timezone
    return Wave(
        id=wave.id,
        name=wave.name,
        status=wave.status,
        questionnaire=f"{wave.copy.key}@{wave.copy.version}",
        form=wave.form,
        smallest_group=wave.smallest_group,
        opened_on=wave.opened_on,
        closes_on=wave.closes_on,
        closed_on=clock.day_in(wave.closed_at, zone) if wave.closed_at else None,
        published_on=clock.day_in(wave.published_at, zone) if wave.published_at else None,
    )


@routes.get("/waves", Permission.WAVE_READ)
def waves(query: Page) -> Waves:
    """The waves of the organization, the oldest first."""
    found, more = cut(queries.all_of(g.actor.organization.id), query, lambda wave: wave.id)
    return Waves(items=[_told(wave) for wave in found], next=more)


@routes.get("/waves/<int:wave_id>", Permission.WAVE_READ)
def wave(wave_id: int) -> Wave:
    """One wave."""
    return _told(queries.one(g.actor.organization.id, wave_id))
