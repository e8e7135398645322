"""What an action may answer and move: handed in by results through slots, because only they read publications."""

from collections.abc import Iterable
from typing import Any, Protocol

from webapp import slots
from webapp.access import Actor


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


def titles(found: Iterable[Measure]) -> dict[str, str]:
    """The words of practices and questions by their keys."""
    return {key: words for one in found for key, words in ((one.practice, one.title), *one.items)}


def _first(slot: str, *about: Any) -> Any:
    return next((found for found in slots.ask(slot, *about) if found is not None), None)
