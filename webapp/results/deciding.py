"""What was decided about a unit's results, as far as the reader may see it: handed in by actions through slots."""

from dataclasses import dataclass
from typing import Protocol

from flask import url_for

from webapp import slots
from webapp.access import Actor, Permission
from webapp.results.reading import DIRECT, Reading, unit_id


class Line(Protocol):
    """An action: what it should move, its words, how far it is, its page."""

    practice: str
    title: str
    told: str
    href: str
    overdue: bool


@dataclass(frozen=True)
class Deciding:
    """Beside the steps of a unit: what was adopted, where to adopt, and how many actions are open in all.

    Hashable, so that a page that was kept is made anew when something was decided.
    """

    slug: str
    wave_id: int
    key: str
    may_adopt: bool
    lines: tuple[Line, ...]
    counted: tuple[str, str] | None

    def adopted(self, practice: str) -> Line | None:
        """The action that moves a practice, an open one first."""
        return next((line for line in self.lines if line.practice == practice), None)

    def address(self, practice: str, item: str = "") -> str:
        """Where the advice for a practice is adopted; "" for who may not."""
        if not self.may_adopt:
            return ""
        return url_for(
            "actions.new",
            slug=self.slug,
            wave=self.wave_id,
            unit=self.key,
            practice=practice,
            item=item or None,
        )


def of(actor: Actor, reading: Reading, position: int) -> Deciding:
    """Of a unit of a publication. Direct staff have no actions of their own: those of their unit are theirs."""
    key = reading.unit(position).key
    whose = unit_id(key)
    lines = [] if key.endswith(DIRECT) else slots.ask("actions_of", actor, whose, reading.publication.wave)
    return Deciding(
        reading.slug,
        reading.publication.wave,
        key,
        _may_adopt(actor, reading, key),
        tuple(line for found in lines for line in found),
        next(iter(slots.ask("actions_counted", actor)), None) if position == 0 else None,
    )


def _may_adopt(actor: Actor, reading: Reading, key: str) -> bool:
    span = actor.span(Permission.ACTION_CHANGE)
    return reading.banded and not key.endswith(DIRECT) and (span is None or unit_id(key) in span)
