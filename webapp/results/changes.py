"""What changed in a unit between two waves, and what may be said of it.

A change is told where both waves asked the same questions, or share enough of them (then it is measured on the shared
ones), and where neither figure was rounded to protect anonymity. One verdict a cell: the index by itself, the unit's
practices as one family.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from webapp.domain.publication import INDEX, Cell, Constants
from webapp.domain.questionnaire import Variable
from webapp.results.reading import Reading

ENOUGH_WEIGHT = 2 / 3  # of the practices' weight must compare, before a change of the index is told


class Verdict(StrEnum):
    """What may be said of a difference."""

    ROSE = "rose"
    FELL = "fell"
    CLOSE = "close"  # the range leaves out zero, and yet it may be chance
    NONE = "none"

    @property
    def called(self) -> bool:
        return self in {Verdict.ROSE, Verdict.FELL}


@dataclass(frozen=True, slots=True)
class Change:
    """Later minus earlier in points, with its 90 % range.

    `common` of `asked` questions were in both waves; for the index `common` of `asked` practices have such a change.
    """

    points: int
    low: int
    high: int
    verdict: Verdict
    common: int
    asked: int


@dataclass(frozen=True, slots=True)
class _Figure:
    """A score with what its uncertainty depends on."""

    score: int
    cell: Cell
    phi: float
    r: float


@dataclass(frozen=True, slots=True)
class _Pair:
    earlier: _Figure
    later: _Figure
    common: int
    asked: int


def shared_items(earlier: Reading, later: Reading, practice: str) -> tuple[str, ...] | None:
    """Keys of the items of a practice that both waves asked, if a change may be measured on them."""
    from webapp.domain.comparison import common_items  # noqa: PLC0415 - NumPy stays out of start-up

    old, new = (_identities(reading, practice) for reading in (earlier, later))
    if old and set(old) == set(new):
        return tuple(_key(identity) for identity in new)
    found = common_items(old, new)
    return None if found is None else tuple(_key(identity) for identity in found)


def same_questions(earlier: Reading, later: Reading, variable: str) -> bool:
    """Whether a line may be drawn between two waves: the same items, for the index in all practices."""
    if variable == INDEX:
        return _asked(earlier) == _asked(later)
    return set(_identities(earlier, variable)) == set(_identities(later, variable))


def between(earlier: Reading, later: Reading, unit: str) -> dict[str, Change]:
    """The changes of the unit with this key by variable, as far as they may be told."""
    one, other = (reading.publication.position(unit) for reading in (earlier, later))
    if one is None or other is None:
        return {}
    old, new = earlier.unit(one).teams, later.unit(other).teams
    pairs: dict[str, _Pair] = {}
    for variable in later.variables:
        if _told(old, new, variable.key) and (
            found := _pair(earlier, later, variable, old[variable.key], new[variable.key])
        ):
            pairs[variable.key] = found
    changes = _verdicts(pairs)
    if _told(old, new, INDEX) and (whole := _index(earlier, later, pairs, old[INDEX], new[INDEX])):
        changes |= _verdicts({INDEX: whole})
    return changes


def recognizable(reading: Reading, cell: Cell) -> tuple[int, int]:
    """Points by which a practice of a unit with these answers must move to be called: alone, and as one of nine."""
    from webapp.domain.comparison import smallest_difference  # noqa: PLC0415 - NumPy stays out of start-up

    known = [
        reading.publication.constants[one.key]
        for one in reading.variables
        if one.key in reading.publication.constants
    ]
    count = max(len(known), 1)
    phi, r = sum(one.phi for one in known) / count, sum(one.r for one in known) / count
    alone, first = smallest_difference(cell.n, cell.invited, phi, r, tests=count)
    return int(alone), int(first)


def _told(old: Mapping[str, Cell], new: Mapping[str, Cell], variable: str) -> bool:
    for cells in (old, new):
        cell = cells.get(variable)
        if cell is None or cell.score is None or cell.guarded:
            return False
    return True


def _asked(reading: Reading) -> dict[str, set[str]]:
    return {one.key: set(_identities(reading, one.key)) for one in reading.variables}


def _identities(reading: Reading, practice: str) -> list[str]:
    for one in reading.variables:
        if one.key == practice:
            return [f"{item.revision} {item.key}" for item in one.items]
    return []


def _key(identity: str) -> str:
    return identity.partition(" ")[2]


def _constants(reading: Reading, variable: str) -> Constants:
    return reading.publication.constants[variable]


def _whole(reading: Reading, variable: str, cell: Cell) -> _Figure:
    known = _constants(reading, variable)
    return _Figure(cell.score or 0, cell, known.phi, known.r)


def _pair(earlier: Reading, later: Reading, variable: Variable, old: Cell, new: Cell) -> _Pair | None:
    asked = len(variable.items)
    if same_questions(earlier, later, variable.key):
        figures = (_whole(earlier, variable.key, old), _whole(later, variable.key, new))
        return _Pair(figures[0], figures[1], asked, asked)
    shared = shared_items(earlier, later, variable.key)
    if shared is None or not all(set(shared) <= set(cell.item_means or ()) for cell in (old, new)):
        return None
    parts = [_part(reading, variable.key, cell, shared) for reading, cell in ((earlier, old), (later, new))]
    return _Pair(parts[0], parts[1], len(shared), asked)


def _index(
    earlier: Reading, later: Reading, pairs: Mapping[str, _Pair], old: Cell, new: Cell
) -> _Pair | None:
    """The index of both waves; where questions changed, over the practices that still compare, if they weigh enough."""
    weights = {one.key: one.practice.weight for one in later.variables}
    asked = len(weights)
    if same_questions(earlier, later, INDEX):
        return _Pair(_whole(earlier, INDEX, old), _whole(later, INDEX, new), asked, asked)
    if sum(weights[key] for key in pairs) < ENOUGH_WEIGHT * sum(weights.values()):
        return None
    one, other = (
        [(getattr(pair, side), weights[key]) for key, pair in pairs.items()] for side in ("earlier", "later")
    )
    return _Pair(_mean(earlier, old, one), _mean(later, new, other), len(pairs), asked)


def _mean(reading: Reading, cell: Cell, parts: list[tuple[_Figure, float]]) -> _Figure:
    weight = sum(share for _figure, share in parts)
    score = round(sum(figure.score * share for figure, share in parts) / weight)
    known = _constants(reading, INDEX)
    return _Figure(score, cell, known.phi, known.r)


def _part(reading: Reading, variable: str, cell: Cell, shared: tuple[str, ...]) -> _Figure:
    """The score over the shared items only, less reliable than that over all."""
    from webapp.domain.comparison import common_reliability  # noqa: PLC0415 - NumPy stays out of start-up

    means = [(cell.item_means or {})[key] for key in shared]
    score = min(95, max(5, round(sum(means) / len(means))))
    known = _constants(reading, variable)
    items = len(_identities(reading, variable))
    return _Figure(score, cell, known.phi, common_reliability(known.r, items, len(shared)))


def _verdicts(pairs: dict[str, _Pair]) -> dict[str, Change]:
    from webapp.domain.comparison import difference, flag  # noqa: PLC0415 - NumPy stays out of start-up
    from webapp.domain.intervals import Scores  # noqa: PLC0415 - likewise

    if not pairs:
        return {}

    def scores(figures: list[_Figure]) -> Scores:
        return Scores(
            [one.score for one in figures],
            [one.cell.n for one in figures],
            [one.cell.invited for one in figures],
            [one.phi for one in figures],
            [one.r for one in figures],
        )

    found = difference(
        scores([pair.earlier for pair in pairs.values()]), scores([pair.later for pair in pairs.values()])
    )
    called = flag(found.p, found.d)
    return {
        key: Change(
            points=int(found.d[place]),
            low=round(float(found.low[place])),
            high=round(float(found.high[place])),
            verdict=_verdict(
                called=bool(called[place]), low=float(found.low[place]), high=float(found.high[place])
            ),
            common=pair.common,
            asked=pair.asked,
        )
        for place, (key, pair) in enumerate(pairs.items())
    }


def _verdict(*, called: bool, low: float, high: float) -> Verdict:
    if called:
        return Verdict.ROSE if low + high > 0 else Verdict.FELL
    return Verdict.CLOSE if low > 0 or high < 0 else Verdict.NONE
