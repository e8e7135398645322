"""Say and do: what people believe they will do with AI against what they do now, of the same people and on one scale.

The belief item asks how many tasks one will do in a new way a year from now, the use item how many one does so today. The
gap of a unit is its published belief less its published use, in points; its range comes from what people's own differences
vary by, one constant of the organization (`spread.hype_gap`). To hope for more than there is, is no fault, and belief is the
easier question: zero is no natural zero. So a unit is held against everybody else in the organization, and the organization
against its own past.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from webapp.domain import comparison
from webapp.domain.cells import COARSE
from webapp.domain.findings import chance
from webapp.domain.intervals import interval, sampling_factor
from webapp.domain.mirrors import on_items
from webapp.domain.publication import Publication
from webapp.domain.quantiles import FloatArray, two_sided
from webapp.domain.questionnaire import Questionnaire
from webapp.domain.scoring import HIGHEST, LOWEST
from webapp.domain.spread import DIFFERENCE_RELIABILITY, hype_gap

Beside = Literal["more", "less", "within", ""]
SAID: dict[str, Beside] = {"above": "more", "below": "less", "within": "within", "": ""}
LEAST_APART = 10  # points between a share from outside and that of the whole, to be worth a word


@dataclass(frozen=True, slots=True)
class Pair:
    """The unscored item of what people believe, and the scored one of what they do, with the practice it belongs to."""

    belief: str
    use: str
    practice: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean of one item with its 90 % range."""

    score: int
    low: int
    high: int


@dataclass(frozen=True, slots=True)
class Gap:
    """Belief and use of one unit, and their gap with its 90 % range.

    beside: against everybody else, "" where that cannot be told; named: sure enough to be picked out of all in a sentence
    """

    place: int
    belief: Figure
    use: Figure
    n: int
    invited: int
    points: int
    low: int
    high: int
    beside: Beside = ""
    named: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """What the people of a unit say beside everybody else; `named` as of a gap."""

    beside: Beside
    named: bool


@dataclass(frozen=True, slots=True)
class Moved:
    """How far a gap moved between two waves, in points with its 90 % range; called where that is clear."""

    points: int
    low: int
    high: int
    called: bool


def pair(questionnaire: Questionnaire, form: str) -> Pair | None:
    """The two items of a form; None where it has no belief that stands beside a scored item."""
    owner = {
        item.key: variable.key
        for variable in questionnaire.variables(form)
        if variable.scored
        for item in variable.items
    }
    for variable in questionnaire.variables(form):
        beside = variable.items[0].mirrors
        if not variable.scored and beside in owner:
            return Pair(variable.key, beside, owner[beside])
    return None


def use_of(publication: Publication, questionnaire: Questionnaire, of: Pair, place: int) -> Figure | None:
    """The use item of a unit as far as the detail plan publishes it, with the range of a mean of one item."""
    cell = publication.units[place].teams.get(of.practice)
    mean = (cell.item_means or {}).get(of.use) if cell is not None else None
    if cell is None or mean is None:
        return None
    asked = next(
        len(one.items) for one in questionnaire.variables(publication.form) if one.key == of.practice
    )
    known = on_items(publication.constants[of.practice], asked, 1)
    score = min(HIGHEST, max(LOWEST, mean))
    low, high = interval(score, cell.n, cell.invited, known.phi, known.r)
    return Figure(score, int(low), int(high))


def belief_of(publication: Publication, of: Pair, place: int) -> Figure | None:
    cell = publication.units[place].teams.get(of.belief)
    if cell is None or cell.score is None or cell.low is None or cell.high is None:
        return None
    return Figure(cell.score, cell.low, cell.high)


def gaps(publication: Publication, questionnaire: Questionnaire, of: Pair) -> tuple[Gap, ...]:
    """The gaps of all units that publish both sides, in tree order, each beside everybody else.

    All units but the whole are one family (Benjamini and Hochberg; at least five points). A unit is named in a sentence
    where it also stands the harder test of `chance`: as a sample of all who could be there (r = 0).
    """
    variance = _variance(publication, of)
    if variance is None:
        return ()
    found = [
        gap
        for place in range(len(publication.units))
        if (gap := _gap(publication, questionnaire, of, place, variance)) is not None
    ]
    if not found or found[0].place != 0:
        return tuple(found)
    return (found[0], *_beside(publication, of, found[0], found[1:], variance))


def _variance(publication: Publication, of: Pair) -> float | None:
    figures = publication.spread.get(of.belief)
    return figures.mean_square_within if figures is not None else None


def _gap(
    publication: Publication, questionnaire: Questionnaire, of: Pair, place: int, variance: float
) -> Gap | None:
    belief, use = belief_of(publication, of, place), use_of(publication, questionnaire, of, place)
    if belief is None or use is None:
        return None
    said, done = (publication.units[place].teams[key] for key in (of.belief, of.practice))
    n = min(said.n, done.n)
    made = hype_gap(
        belief.score,
        use.score,
        n,
        said.invited,
        s2d=variance,
        s_ref=1.0,
        step=COARSE if said.guarded or done.guarded else 1.0,
    )
    down, up = _open_ends(belief.score, use.score)
    return Gap(
        place=place,
        belief=belief,
        use=use,
        n=n,
        invited=said.invited,
        points=belief.score - use.score,
        low=max(-100, round(float(made.low)) - down),
        high=min(100, round(float(made.high)) + up),
    )


def _open_ends(belief: int, use: int) -> tuple[int, int]:
    """A score of 5 stands for everything below it, one of 95 for everything above: by how much a gap may be off."""
    down = (LOWEST if belief <= LOWEST else 0) + (100 - HIGHEST if use >= HIGHEST else 0)
    up = (100 - HIGHEST if belief >= HIGHEST else 0) + (LOWEST if use <= LOWEST else 0)
    return down, up


def _beside(
    publication: Publication, of: Pair, whole: Gap, units: Sequence[Gap], variance: float
) -> list[Gap]:
    """Each unit against the rest: the whole without it, where that has k answers and the unit at most half of all.

    rest = (n_T H_T - n H) / (n_T - n); se^2 = s2d (c_unit + c_rest) + the roundings of both, n_T^2 / (3 (n_T - n)^2).
    A figure that was rounded to protect anonymity is held against nothing.
    """
    exact = [
        not publication.units[place].teams[of.belief].guarded for place in (0, *(gap.place for gap in units))
    ]
    n, N = (np.array([getattr(gap, name) for gap in units], dtype=float) for name in ("n", "invited"))
    left, outside = whole.n - n, whole.invited - N
    made = (
        (left >= publication.smallest_group) & (2 * n <= whole.n) & np.array(exact[1:], dtype=bool) & exact[0]
    )
    left = np.where(made, left, np.nan)
    d = whole.n * (np.array([gap.points for gap in units]) - whole.points) / left
    rounding = whole.n**2 / (3 * left**2)

    def p(r: float) -> FloatArray:
        factors = sampling_factor(n, N, r) + sampling_factor(left, np.maximum(outside, left), r)
        return two_sided(d / np.sqrt(variance * factors + rounding))

    flagged = comparison.flag(p(DIFFERENCE_RELIABILITY), d)
    named = chance.called(p(0.0), d, chance.UNITS)
    words: list[Beside] = [
        "" if not there else ("more" if points > 0 else "less") if clear else "within"
        for there, clear, points in zip(made.tolist(), flagged.tolist(), d.tolist(), strict=True)
    ]
    return [
        replace(gap, beside=word, named=bool(sure and word in {"more", "less"}))
        for gap, word, sure in zip(units, words, named.tolist(), strict=True)
    ]


def moved(earlier: Gap, later: Gap) -> Moved:
    """Later less earlier, with the range of two independent gaps (MOVER); called from five points on, without zero in it.

    Most of the people are the same, so what they differ by hardly moves: the range is wider than it need be.
    """
    d = later.points - earlier.points
    low = d - float(np.hypot(later.points - later.low, earlier.high - earlier.points))
    high = d + float(np.hypot(later.high - later.points, earlier.points - earlier.low))
    clear = bool(comparison.leaves_out_zero(low, high)) and abs(d) >= comparison.LEAST_POINTS
    return Moved(d, round(low), round(high), called=clear)


def standing(publication: Publication, of: Pair) -> dict[int, Standing]:
    """Whether the people of each unit say more or less than everybody else: one family, tested as tiers are."""
    whole = publication.root.teams.get(of.belief)
    exact = {
        place: cell
        for place, unit in enumerate(publication.units)
        if place
        and (cell := unit.teams.get(of.belief)) is not None
        and cell.score is not None
        and not cell.guarded
    }
    if whole is None or whole.score is None or whole.guarded or not exact:
        return {}
    known, k = publication.constants[of.belief], publication.smallest_group
    sampled, everybody = chance.sample(list(exact.values()), known), chance.sample([whole], known)
    against = comparison.against_rest(sampled._replace(r=known.r), everybody._replace(r=known.r), k)
    words = comparison.tier(against.p, against.d).tolist()
    harder = comparison.against_rest(sampled, everybody, k)
    named = chance.called(harder.p, harder.d, chance.UNITS).tolist()
    return {
        place: Standing(SAID[word], named=bool(sure and word in {"above", "below"}))
        for place, word, sure in zip(exact, words, named, strict=True)
    }


def beside(low: float, high: float, whole: tuple[float, float], *, least: float = 0.0) -> Beside:
    """A figure from outside against that of the whole: more or less where their stretches do not meet.

    least: by how much the middles must lie apart besides
    """
    apart = abs(low + high - sum(whole)) / 2 >= least
    if apart and low >= whole[1]:
        return "more"
    return "less" if apart and high <= whole[0] else "within"
