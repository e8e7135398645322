"""How a practice changed in a unit that acted on it, beside units of the same kind that did not.

Beside, not because: nobody was drawn by lot to act. All is worked out from published figures, so it tells nothing of
anybody that the publications do not tell. Of units outside of their own, readers learn an average alone, of three or more.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.access import Actor, Permission
from webapp.domain.publication import Cell
from webapp.results import changes, queries, sentences
from webapp.results.changes import Change
from webapp.results.reading import DIRECT, Reading, unit_id

LEAST_UNSEEN = 3  # units outside of the reader's own, of which an average may be told

# Which units had an action on a practice when a wave was published: their ids, None for the whole organization.
Acted = Callable[[str, int], frozenset[int | None]]


@dataclass(frozen=True, slots=True)
class Since:
    """What is told of an action after a later wave: about its unit, and about those beside it."""

    wave_id: int
    wave: str
    told: str
    others: str


@dataclass
class Comparing:
    """The changes since each of many actions was decided; what several need is worked out once."""

    actor: Actor
    acted: Acted
    _averages: dict[tuple[object, ...], tuple[Change, int] | None] = field(default_factory=dict)
    _readings: dict[int, Reading | None] = field(default_factory=dict)
    _series: dict[int, list[Reading]] = field(default_factory=dict)

    def since(self, wave_id: int, unit: int | None, practice: str, *, latest: bool) -> list[Since]:
        """What is told of an action that a unit decided on the results of a wave, to move a practice.

        A line a later wave of the same series, the oldest first; of the latest alone where that is wanted.
        """
        first = self._reading(wave_id) if self.actor.may(Permission.RESULT_READ) else None
        if first is None or not first.banded:
            return []
        later = self._later(first)
        return [self._line(first, one, _key(unit), practice) for one in (later[-1:] if latest else later)]

    def _line(self, earlier: Reading, later: Reading, key: str, practice: str) -> Since:
        place = later.publication.position(key)
        before = earlier.publication.position(key)
        publication = later.publication
        if place is None or before is None or not later.sees(place):
            told = _("It is no unit in both waves, so no change can be told.")
            return Since(publication.wave, publication.name, told, "")
        moved = changes.between(earlier, later, key).get(practice)
        was, now = earlier.unit(before).teams.get(practice), later.unit(place).teams.get(practice)
        told = _told(later.title(practice), later.unit(place).name, was, now, moved)
        others = self._others(earlier, later, practice, place) if moved else ""
        return Since(publication.wave, publication.name, told, others)

    def _others(self, earlier: Reading, later: Reading, practice: str, place: int) -> str:
        if place == 0:
            return _("The whole organization acted, so there is nobody to stand beside it.")
        leaf = later.unit(place).leaf
        found = self._average(earlier, later, practice, place)
        if found is None:
            return (
                _("No other team can stand beside it.") if leaf else _("No other unit can stand beside it.")
            )
        change, count = found
        if leaf:
            who = ngettext(
                "One other team without an action there",
                "%(num)s other teams without an action there, on average",
                count,
            )
        else:
            who = ngettext(
                "One other unit without an action there",
                "%(num)s other units without an action there, on average",
                count,
            )
        words, span, _called = sentences.change_words(change)
        return _("%(who)s: %(words)s (%(span)s).", who=who, words=_lower(words), span=span)

    def _average(
        self, earlier: Reading, later: Reading, practice: str, place: int
    ) -> tuple[Change, int] | None:
        """The average change of the units of the same kind in the same depth without an action on the practice."""
        kind = _depth(later, place), later.unit(place).leaf
        key = (earlier.publication.wave, later.publication.wave, practice, kind)
        if key not in self._averages:
            places = _without(later, kind, self.acted(practice, later.publication.wave))
            told = changes.on_average(earlier, later, practice, [later.unit(one).key for one in places])
            unseen = [one for one in places if not later.sees(one)]
            if told and unseen and not self._enough(earlier, later, practice, unseen):
                seen = [later.unit(one).key for one in places if later.sees(one)]
                told = changes.on_average(earlier, later, practice, seen)
            self._averages[key] = told
        return self._averages[key]

    def _enough(self, earlier: Reading, later: Reading, practice: str, unseen: Sequence[int]) -> bool:
        found = changes.on_average(earlier, later, practice, [later.unit(one).key for one in unseen])
        return found is None or found[1] >= LEAST_UNSEEN

    def _reading(self, wave_id: int) -> Reading | None:
        if wave_id not in self._readings:
            self._readings[wave_id] = queries.reading(self.actor, wave_id)
        return self._readings[wave_id]

    def _later(self, first: Reading) -> list[Reading]:
        """The waves of the same series that were published after one."""
        wave_id = first.publication.wave
        if wave_id not in self._series:
            ids = [wave.id for wave in queries.series(self.actor, first)]
            after = ids[ids.index(wave_id) + 1 :] if wave_id in ids else []
            self._series[wave_id] = [found for one in after if (found := self._reading(one)) is not None]
        return self._series[wave_id]


def _key(unit: int | None) -> str:
    """The key of a unit in publications."""
    return "root" if unit is None else f"u{unit}"


def _depth(reading: Reading, place: int) -> int:
    depth, parent = 0, reading.unit(place).parent
    while parent is not None:
        depth, parent = depth + 1, reading.unit(parent).parent
    return depth


def _without(reading: Reading, kind: tuple[int, bool], acted: frozenset[int | None]) -> list[int]:
    """The units of a kind (depth, whether a leaf) where neither they nor any unit above or below them acted."""
    units = reading.publication.units
    own = [not unit.key.endswith(DIRECT) and unit_id(unit.key) in acted for unit in units]
    above, depths = list(own), [0] * len(units)
    for place, unit in enumerate(units):  # a parent stands before its parts
        if unit.parent is not None:
            above[place] |= above[unit.parent]
            depths[place] = depths[unit.parent] + 1
    below = list(own)
    for place in range(len(units) - 1, 0, -1):
        parent = units[place].parent
        if parent is not None:
            below[parent] |= below[place]
    return [
        place
        for place, unit in enumerate(units)
        if (depths[place], unit.leaf) == kind and not above[place] and not below[place]
    ]


def _told(title: str, unit: str, was: Cell | None, now: Cell | None, moved: Change | None) -> str:
    """What is told of the unit that acted: its scores then and now, and what may be said of the change."""
    if was is None or now is None:
        return _("%(practice)s in %(unit)s: not shown, to protect anonymity.", practice=title, unit=unit)
    if moved is None:
        return _("%(practice)s in %(unit)s: no change can be told.", practice=title, unit=unit)
    words, span, _called = sentences.change_words(moved)
    values = {"practice": title, "unit": unit, "words": _lower(words), "span": span}
    if not moved.whole:  # the scores that are shown rest on other questions, too
        return ngettext(
            "%(practice)s in %(unit)s: %(words)s (%(span)s), on the %(num)s question that both waves asked.",
            "%(practice)s in %(unit)s: %(words)s (%(span)s), on the %(num)s questions that both waves asked.",
            moved.common,
            **values,
        )
    return _(
        "%(practice)s in %(unit)s: %(was)s → %(now)s, %(words)s (%(span)s).",
        was=was.score,
        now=now.score,
        **values,
    )


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
