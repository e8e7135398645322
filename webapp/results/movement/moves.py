"""How each team moved since the wave before of the same series: every team in exactly one kind.

A team climbed or slipped only where the change of its index is called by the test. Crossing from one band into the
next is no change by itself: a score of 39 and one of 41 stand in two bands and may be the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from webapp.domain.publication import INDEX, Cell
from webapp.results import changes
from webapp.results.changes import Change, Verdict
from webapp.results.reading import Reading

UNDER_A_QUARTER = "under a quarter"


class Kind(StrEnum):
    """What may be said of a team since the wave before."""

    CLIMBED = "climbed"
    SLIPPED = "slipped"
    CROSSED = "crossed"  # another band, and no clear change
    HELD = "held"  # the same band, and no clear change
    UNTOLD = "untold"  # shown in both waves, but nothing in them compares
    NEW = "new"  # was no unit then
    BACK = "back"  # was a unit then, and not shown
    HIDDEN = "hidden"  # not shown now, for whatever reason

    @property
    def called(self) -> bool:
        return self in {Kind.CLIMBED, Kind.SLIPPED}


@dataclass(frozen=True, slots=True)
class Move:
    """One team: `was` and `now` are the cells of its index, `part` the part of the organization it belongs to.

    silent, was_silent: under a quarter answered, which is told of hidden teams and shown ones alike
    """

    place: int
    key: str
    name: str
    part: str
    kind: Kind
    was: Cell | None
    now: Cell | None
    change: Change | None
    silent: bool
    was_silent: bool


@dataclass(frozen=True)
class Movement:
    """The teams that the reader sees, from one wave to the next.

    comparable: whether the two waves share enough questions; if not, no flow is drawn
    gone: names of the teams that are units no more
    """

    earlier: Reading
    later: Reading
    moves: tuple[Move, ...]
    gone: tuple[str, ...]
    comparable: bool

    @property
    def since(self) -> str:
        return self.earlier.publication.name

    def of(self, kind: Kind) -> list[Move]:
        return [move for move in self.moves if move.kind is kind]

    @cached_property
    def whole(self) -> Change | None:
        """The change of the whole organization's index."""
        root = self.later.publication.root.key
        return changes.of_index(self.earlier, self.later, [root]).get(root)

    @cached_property
    def flows(self) -> dict[tuple[int, int], list[Move]]:
        """Teams with an index in both waves by (band then, band now), from the highest band down."""
        found: dict[tuple[int, int], list[Move]] = {}
        if self.comparable:
            for move in self.moves:
                if move.was is not None and move.now is not None:
                    found.setdefault((move.was.band, move.now.band), []).append(move)
        return dict(sorted(found.items(), reverse=True))

    @property
    def renewed(self) -> bool:
        """Whether the bands of the two waves rest on different questions."""
        return not changes.same_questions(self.earlier, self.later, INDEX)

    @property
    def both(self) -> int:
        """Teams with an index in both waves."""
        return sum(map(len, self.flows.values()))

    @cached_property
    def tested(self) -> int:
        """Teams of which a change could have been called."""
        return sum(move.change is not None for move in self.moves)

    @cached_property
    def sure(self) -> frozenset[str]:
        """Keys of the teams whose change is called among all teams of the page too."""
        keys = [move.key for move in self.moves if move.change is not None]
        found = changes.of_index(self.earlier, self.later, keys, apart=False)
        return frozenset(key for key, change in found.items() if change.verdict.called)

    @cached_property
    def moved(self) -> list[Move]:
        """Teams that climbed or slipped, those first that are sure."""
        called = [move for kind in (Kind.CLIMBED, Kind.SLIPPED) for move in self.of(kind)]
        return sorted(called, key=lambda move: move.key not in self.sure)

    @property
    def may_be_chance(self) -> bool:
        """Whether no more teams moved than would seem to by chance, and none of them so clearly that it is sure."""
        return 0 < len(self.moved) <= self.by_chance and not self.sure.intersection(
            move.key for move in self.moved
        )

    @cached_property
    def by_chance(self) -> int:
        """As many teams may seem to have moved though none did: each is tested by itself."""
        from webapp.domain.comparison import FALSE_SHARE  # noqa: PLC0415 - NumPy stays out of start-up

        return int(FALSE_SHARE * self.tested + 0.5)


def of(earlier: Reading, later: Reading) -> Movement:
    """The movement of all teams between two waves of one series."""
    teams = [later.unit(place) for place in later.teams]
    told = changes.of_index(earlier, later, [team.key for team in teams])
    comparable = changes.comparable(earlier, later, INDEX)
    then = {unit.key: unit for unit in earlier.publication.units}
    moves = []
    for place, team in zip(later.teams, teams, strict=True):
        before = then.get(team.key)
        was = before.teams.get(INDEX) if before else None
        now = team.teams.get(INDEX)
        change = told.get(team.key)
        if not team.shown:
            kind = Kind.HIDDEN
        elif before is None:
            kind = Kind.NEW
        elif not before.shown:
            kind = Kind.BACK
        else:
            kind = _kind(was, now, change, comparable=comparable)
        moves.append(
            Move(
                place,
                team.key,
                team.name,
                _part(later, place),
                kind,
                was,
                now,
                change,
                team.participation == UNDER_A_QUARTER,
                before is not None and before.participation == UNDER_A_QUARTER,
            )
        )
    return Movement(earlier, later, tuple(moves), tuple(_gone(earlier, later)), comparable)


def _kind(was: Cell | None, now: Cell | None, change: Change | None, *, comparable: bool) -> Kind:
    """Of a team that was shown in both waves."""
    if was is None or now is None or not comparable:
        return Kind.UNTOLD
    if change is not None and change.verdict.called:
        return Kind.CLIMBED if change.verdict is Verdict.ROSE else Kind.SLIPPED
    if was.band != now.band:
        return Kind.CROSSED
    return Kind.UNTOLD if change is None else Kind.HELD


def _part(reading: Reading, place: int) -> str:
    """The part right below the whole that a team belongs to, as far as the reader sees it."""
    above = [unit for unit in reading.ancestors(place) if unit != 0]
    return reading.unit(above[0]).name if above else ""


def _gone(earlier: Reading, later: Reading) -> Iterator[str]:
    still = {unit.key for unit in later.publication.units}
    for place in earlier.teams:
        if earlier.unit(place).key not in still:
            yield earlier.unit(place).name
