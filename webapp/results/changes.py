"""What changed in a unit between two waves, and what may be said of it.

A change is told where both waves asked the same questions, or share enough of them (then it is measured on the shared
ones), and where neither figure was rounded to protect anonymity. One verdict a cell: the index by itself, the unit's
practices as one family.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from webapp.domain.publication import INDEX, Cell, Constants
from webapp.domain.questionnaire import Variable
from webapp.results.reading import Reading

if TYPE_CHECKING:
    from webapp.domain.intervals import Scores

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

    `common` of `asked` questions (of the wave with more of them) were in both; for the index `common` of `asked` practices have
    such a change. whole: it is that of the published scores; else they rest on other questions, too, and differ by other points
    """

    points: int
    low: int
    high: int
    verdict: Verdict
    common: int
    asked: int
    whole: bool = True


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
    whole: bool


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


def joined(earlier: Reading, later: Reading, variable: str, unit: str) -> bool:
    """Whether a line may join a unit's figures of two waves: an index also rests on the same shown practices."""
    if variable != INDEX:
        return same_questions(earlier, later, variable)
    one, other = (reading.publication.position(unit) for reading in (earlier, later))
    if one is None or other is None:
        return False
    return _made_of(earlier, earlier.unit(one).teams) == _made_of(later, later.unit(other).teams)


def comparable(earlier: Reading, later: Reading, variable: str) -> bool:
    """Whether two waves share enough questions for a change at all; where not, the series breaks.

    The index needs two thirds of the practices' weight; `between` may still be silent about a unit.
    """
    if variable != INDEX:
        return bool(shared_items(earlier, later, variable))
    weights = _weights(later)
    kept = sum(weight for key, weight in weights.items() if shared_items(earlier, later, key))
    return bool(weights) and kept >= ENOUGH_WEIGHT * sum(weights.values())


def same_teams(earlier: Reading, later: Reading, unit: str) -> bool:
    """Whether the same teams that the reader sees lay below a unit; else its change is one of who was asked, too."""
    found = [_teams_below(reading, unit) for reading in (earlier, later)]
    return not all(found) or found[0] == found[1]


def _teams_below(reading: Reading, unit: str) -> set[str]:
    top = reading.publication.position(unit)
    units = reading.publication.units
    below = set() if top is None else {top}
    for place, one in enumerate(units):  # a parent stands before its parts
        if one.parent in below:
            below.add(place)
    return {units[place].key for place in below if units[place].leaf and reading.sees(place)}


def between(earlier: Reading, later: Reading, unit: str) -> dict[str, Change]:
    """The changes of the unit with this key by variable, as far as they may be told."""
    one, other = (reading.publication.position(unit) for reading in (earlier, later))
    if one is None or other is None:
        return {}
    old, new = earlier.unit(one).teams, later.unit(other).teams
    whole = _index(earlier, later, old, new)
    changes = _verdicts(_pairs(earlier, later, old, new), apart=False)
    return changes | (_verdicts({INDEX: whole}, apart=True) if whole else {})


def of_index(
    earlier: Reading, later: Reading, units: Iterable[str], *, apart: bool = True
) -> dict[str, Change]:
    """The change of the index of many units at once, by key.

    Each verdict is the one that `between` gives; not `apart` all units are one family, so that it says whether a change
    is called among so many.
    """
    places = [
        {unit.key: place for place, unit in enumerate(reading.publication.units)}
        for reading in (earlier, later)
    ]
    pairs: dict[str, _Pair] = {}
    for unit in units:
        one, other = (known.get(unit) for known in places)
        if one is not None and other is not None:
            whole = _index(earlier, later, earlier.unit(one).teams, later.unit(other).teams)
            if whole is not None:
                pairs[unit] = whole
    return _verdicts(pairs, apart=apart)


def on_average(
    earlier: Reading, later: Reading, practice: str, units: Iterable[str]
) -> tuple[Change, int] | None:
    """How a practice changed in those of many units of which it may be told, on average, and in how many.

    Each unit counts alike; the verdict is one test of its own. None where it may be told of no unit.
    """
    from webapp.domain import comparison  # noqa: PLC0415 - NumPy stays out of start-up

    boards = [{unit.key: unit.teams for unit in reading.publication.units} for reading in (earlier, later)]
    variable = later.variable(practice)
    pairs = [
        pair
        for unit in units
        if variable is not None
        and all(unit in board for board in boards)
        and _told(boards[0][unit], boards[1][unit], practice)
        and (pair := _pair(earlier, later, variable, *(board[unit][practice] for board in boards)))
    ]
    if not pairs:
        return None
    found = comparison.average_difference(
        _scores([pair.earlier for pair in pairs]), _scores([pair.later for pair in pairs])
    )
    called = bool(comparison.flag(found.p, found.d)[0])
    low, high = round(float(found.low[0])), round(float(found.high[0]))
    change = Change(
        points=round(float(found.d[0])),
        low=low,
        high=high,
        verdict=_verdict(low, high, called=called),
        common=pairs[0].common,
        asked=pairs[0].asked,
        whole=pairs[0].whole,
    )
    return change, len(pairs)


def recognizable(reading: Reading, cell: Cell) -> tuple[int, int]:
    """Points by which a practice of a unit with these answers must move to be called: alone, and as one of nine."""
    from webapp.domain.comparison import smallest_difference  # noqa: PLC0415 - NumPy stays out of start-up

    alone, first = smallest_difference(
        cell.n, cell.invited, *typical(reading), tests=max(len(reading.variables), 1)
    )
    return int(alone), int(first)


def typical(reading: Reading) -> tuple[float, float]:
    """Dispersion and reliability of a practice, on average."""
    known = [
        reading.publication.constants[one.key]
        for one in reading.variables
        if one.key in reading.publication.constants
    ]
    count = max(len(known), 1)
    return sum(one.phi for one in known) / count, sum(one.r for one in known) / count


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
        return _Pair(figures[0], figures[1], asked, asked, whole=True)
    shared = shared_items(earlier, later, variable.key)
    if shared is None or not all(set(shared) <= set(cell.item_means or ()) for cell in (old, new)):
        return None
    parts = [_part(reading, variable.key, cell, shared) for reading, cell in ((earlier, old), (later, new))]
    most = max(asked, len(_identities(earlier, variable.key)))
    return _Pair(parts[0], parts[1], len(shared), most, whole=False)


def _pairs(
    earlier: Reading, later: Reading, old: Mapping[str, Cell], new: Mapping[str, Cell]
) -> dict[str, _Pair]:
    """What is compared of each practice that may be."""
    found = {
        variable.key: _pair(earlier, later, variable, old[variable.key], new[variable.key])
        for variable in later.variables
        if _told(old, new, variable.key)
    }
    return {key: pair for key, pair in found.items() if pair is not None}


def _index(
    earlier: Reading, later: Reading, old: Mapping[str, Cell], new: Mapping[str, Cell]
) -> _Pair | None:
    """The index of both waves; where questions, weights or what is shown differ, over the practices that compare.

    An index is made of the practices that are shown: one more or fewer in it would look like a change.
    """
    if not _told(old, new, INDEX):
        return None
    weights = _weights(later)
    asked = len(weights)
    if _made_of(earlier, old) == _made_of(later, new):
        figures = (_whole(earlier, INDEX, old[INDEX]), _whole(later, INDEX, new[INDEX]))
        return _Pair(*figures, asked, asked, whole=True)
    pairs = _pairs(earlier, later, old, new)
    if sum(weights[key] for key in pairs) < ENOUGH_WEIGHT * sum(weights.values()):
        return None
    one, other = (
        [(getattr(pair, side), weights[key]) for key, pair in pairs.items()] for side in ("earlier", "later")
    )
    figures = (_mean(earlier, old[INDEX], one), _mean(later, new[INDEX], other))
    return _Pair(*figures, len(pairs), asked, whole=False)


def _made_of(reading: Reading, cells: Mapping[str, Cell]) -> dict[str, tuple[float, set[str]]]:
    """What a unit's index is made of: its practices with a score, their weights and questions."""
    weights = _weights(reading)
    return {
        key: (weights[key], asked)
        for key, asked in _asked(reading).items()
        if key in cells and cells[key].score is not None
    }


def _weights(reading: Reading) -> dict[str, float]:
    return {one.key: one.practice.weight for one in reading.variables}


def _mean(reading: Reading, cell: Cell, parts: list[tuple[_Figure, float]]) -> _Figure:
    weight = sum(share for _figure, share in parts)
    score = _rounded(sum(figure.score * share for figure, share in parts) / weight)
    known = _constants(reading, INDEX)
    return _Figure(score, cell, known.phi, known.r)


def _part(reading: Reading, variable: str, cell: Cell, shared: tuple[str, ...]) -> _Figure:
    """The score over the shared items only, less reliable than that over all."""
    from webapp.domain.comparison import common_reliability  # noqa: PLC0415 - NumPy stays out of start-up

    means = [(cell.item_means or {})[key] for key in shared]
    score = _rounded(sum(means) / len(means))
    known = _constants(reading, variable)
    items = len(_identities(reading, variable))
    return _Figure(score, cell, known.phi, common_reliability(known.r, items, len(shared)))


def _rounded(mean: float) -> int:
    """A half goes up, as in published scores: of two waves one must not go up and the other down."""
    from webapp.domain.scoring import whole  # noqa: PLC0415 - NumPy stays out of start-up

    return int(whole(mean))


def _verdicts(pairs: Mapping[str, _Pair], *, apart: bool) -> dict[str, Change]:
    """The changes of one family, or `apart` each as a family of its own."""
    from webapp.domain import comparison  # noqa: PLC0415 - NumPy stays out of start-up

    if not pairs:
        return {}
    found = comparison.difference(
        _scores([pair.earlier for pair in pairs.values()]), _scores([pair.later for pair in pairs.values()])
    )
    p, d = (found.p[:, None], found.d[:, None]) if apart else (found.p, found.d)
    called = comparison.flag(p, d).reshape(found.p.shape)
    ends = [
        (round(low), round(high)) for low, high in zip(found.low.tolist(), found.high.tolist(), strict=True)
    ]
    return {
        key: Change(
            points=int(found.d[place]),
            low=ends[place][0],
            high=ends[place][1],
            verdict=_verdict(*ends[place], called=bool(called[place])),
            common=pair.common,
            asked=pair.asked,
            whole=pair.whole,
        )
        for place, (key, pair) in enumerate(pairs.items())
    }


def _scores(figures: list[_Figure]) -> "Scores":
    from webapp.domain.intervals import Scores  # noqa: PLC0415 - NumPy stays out of start-up

    return Scores(
        [one.score for one in figures],
        [one.cell.n for one in figures],
        [one.cell.invited for one in figures],
        [one.phi for one in figures],
        [one.r for one in figures],
    )


def _verdict(low: int, high: int, *, called: bool) -> Verdict:
    """From the range as it is printed: beside one that holds zero nothing is called."""
    if low <= 0 <= high:
        return Verdict.NONE
    if called:
        return Verdict.ROSE if low > 0 else Verdict.FELL
    return Verdict.CLOSE
