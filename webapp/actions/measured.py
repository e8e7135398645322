"""What an action may answer and move: handed in by results through slots, because only they read publications."""

from collections.abc import Iterable
from functools import partial
from typing import Any, Protocol

from webapp import slots
from webapp.access import Actor
from webapp.actions import queries
from webapp.models import Action


class Measure(Protocol):
    """A practice and its questions: (key, text)."""

    practice: str
    title: str
    items: tuple[tuple[str, str], ...]


class Measured(Protocol):
    """A wave and what it measures."""

    wave_id: int
    wave: str
    measures: tuple[Measure, ...]


class Advice(Protocol):
    """An advice for a unit, as results gave it."""

    wave_id: int
    wave: str
    unit_id: int | None
    unit: str
    measure: Measure
    item: str
    aim: str
    do: str
    first_step: str
    href: str


def advice(actor: Actor, wave_id: int, key: str, practice: str, item: str) -> Advice | None:
    found: Advice | None = _first("adoptable", actor, wave_id, key, practice, item)
    return found


def latest(actor: Actor) -> Measured | None:
    """What the latest results measure."""
    found: Measured | None = _first("measured", actor)
    return found


def of_wave(actor: Actor, wave_id: int) -> Measured | None:
    found: Measured | None = _first("measured_of", actor, wave_id)
    return found


class Since(Protocol):
    """What a later wave tells of an action: about its unit, and about those beside it."""

    wave_id: int
    wave: str
    told: str
    others: str


def since(actor: Actor, actions: Iterable[Action], *, latest: bool = False) -> dict[int, list[Since]]:
    """What waves that were published after actions were decided tell of those that should move a practice, by their ids."""
    published = queries.published(actor.organization.id)
    acted = partial(queries.acted, actor.organization.id)
    comparing = _first("comparing", actor, acted)
    if comparing is None:
        return {}
    return {
        one.id: [
            told
            for told in comparing.since(one.wave_id, one.unit_id, one.practice, latest=latest)
            if one.made_at < published[told.wave_id]
        ]
        for one in actions
        if one.wave_id is not None and one.practice
    }


def titles(found: Iterable[Measure]) -> dict[str, str]:
    """The words of practices and questions by their keys."""
    return {key: words for one in found for key, words in ((one.practice, one.title), *one.items)}


def _first(slot: str, *about: Any) -> Any:
    return next((found for found in slots.ask(slot, *about) if found is not None), None)
