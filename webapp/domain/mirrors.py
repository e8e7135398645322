"""Leaders against their teams, like with like: on the questions alone that both were asked.

Leaders answer fewer questions than their teams, and questions differ in how hard they are: a leader's answer to an easy
question, held against a practice score with a hard one in it, would make a gap of ten points out of nothing. So the
teams' side is the mean of the mirrored questions, as far as the detail plan publishes them, or the practice score where
all its questions are mirrored. Otherwise the two are not compared.

A gap is called when its range leaves out zero, it has ten points, and it stands the test of its family, the practices of
one view (Benjamini and Hochberg, as for changes). Without the family, in nine practices without any gap, one was called
for 63 of 100 groups of five leaders, and for 64 of 100 single leaders; with it for 10 and 8.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from webapp.domain import comparison
from webapp.domain.cells import COARSE
from webapp.domain.intervals import Scores, sampling_factor, two_digits
from webapp.domain.publication import INDEX, Cell, Constants, Publication
from webapp.domain.quantiles import two_sided
from webapp.domain.questionnaire import Questionnaire
from webapp.domain.scoring import HIGHEST, LOWEST


@dataclass(frozen=True, slots=True)
class Gap:
    """Leaders minus teams in one practice: both scores on the mirrored `items`, points and their 90 % range."""

    practice: str
    items: tuple[str, ...]
    whole: bool
    leaders: int
    teams: int
    low: int
    high: int
    called: bool
    p: float = 1.0

    @property
    def points(self) -> int:
        return self.leaders - self.teams


@dataclass(frozen=True, slots=True)
class _Sides:
    practice: str
    items: tuple[str, ...]
    whole: bool
    teams: int
    leaders: Cell
    cell: Cell
    of_teams: Constants
    of_leaders: Constants

    @property
    def step(self) -> float:
        return COARSE if self.cell.guarded or self.leaders.guarded else 1.0


def mirrored(questionnaire: Questionnaire, form: str, leader_form: str) -> dict[str, tuple[str, ...]]:
    """By practice the teams' scored items that leaders were asked about; none where leaders were asked anything else."""
    asked = {
        item.key: variable.key
        for variable in questionnaire.variables(form)
        if variable.scored
        for item in variable.items
    }
    found = {}
    for variable in questionnaire.variables(leader_form):
        items = tuple(item.mirrors or "" for item in variable.items)
        if variable.scored and all(asked.get(item) == variable.key for item in items):
            found[variable.key] = tuple(dict.fromkeys(items))
    return found


def gaps(
    publication: Publication,
    questionnaire: Questionnaire,
    teams: Mapping[str, Cell],
    leaders: Mapping[str, Cell],
) -> tuple[Gap, ...]:
    """The gaps between the cells of one node's leaders, or of one leader by name, and those of its people.

    In the questionnaire's order; without the practices that cannot be compared.
    """
    return _told(_both(publication, questionnaire, teams, leaders))


@dataclass(frozen=True, slots=True)
class Together:
    """Leaders and teams over all practices that compare, and how likely chance alone sets them so far apart."""

    leaders: int
    teams: int
    p: float


def together(
    publication: Publication,
    questionnaire: Questionnaire,
    teams: Mapping[str, Cell],
    leaders: Mapping[str, Cell],
) -> Together | None:
    """The means over the practices, each counted alike: an index of what was asked of both.

    What leaders get wrong in measuring differs from practice to practice; what sets people apart runs through all of
    them, so that the teams' side is as sure as an index is, and no surer. None where under two practices compare.
    """
    sides = _both(publication, questionnaire, teams, leaders)
    if len(sides) < 2:  # noqa: PLR2004 - one alone is a practice
        return None
    theirs = _scores([(one.leaders.score or 0, one.leaders, one.of_leaders) for one in sides])
    ours = _scores([(one.teams, one.cell, one.of_teams) for one in sides])
    one, other = (float(np.mean(np.asarray(scores.s))) for scores in (ours, theirs))
    steps = sum(2 * side.step**2 / 12 for side in sides) / len(sides) ** 2
    most = (one + other) / 2 * (100 - (one + other) / 2)
    of_leaders = np.asarray(theirs.phi) * sampling_factor(theirs.n, theirs.N, theirs.r)
    index = publication.constants[INDEX]
    of_teams = index.phi * np.max(sampling_factor(ours.n, ours.N, index.r))
    noise = most * (float(of_leaders.sum()) / len(sides) ** 2 + float(of_teams)) + steps
    p = float(two_sided((other - one) / np.sqrt(noise)))
    return Together(leaders=int(other + 0.5), teams=int(one + 0.5), p=p)


def _both(
    publication: Publication,
    questionnaire: Questionnaire,
    teams: Mapping[str, Cell],
    leaders: Mapping[str, Cell],
) -> list[_Sides]:
    """The two sides of each practice that compares, in the questionnaire's order."""
    if publication.leader_form is None:
        return []
    items = mirrored(questionnaire, publication.form, publication.leader_form)
    return [
        found
        for variable in questionnaire.variables(publication.form)
        if variable.key in items
        and variable.key in teams
        and variable.key in leaders
        and (
            found := _sides(
                publication,
                variable.key,
                items[variable.key],
                len(variable.items),
                teams[variable.key],
                leaders[variable.key],
            )
        )
    ]


def _sides(
    publication: Publication, practice: str, items: tuple[str, ...], asked: int, cell: Cell, leaders: Cell
) -> _Sides | None:
    known = publication.constants[practice]
    whole = len(items) == asked
    teams = cell.score if whole else _mean(cell, items)
    if teams is None or leaders.score is None:
        return None
    fewer = on_items(known, asked, len(items))
    theirs = publication.leader_constants.get(practice, known)
    of_leaders = fewer if theirs.phi == known.phi else Constants(theirs.phi, fewer.r)
    return _Sides(practice, items, whole, teams, leaders, cell, fewer, of_leaders)


def _mean(cell: Cell, items: Sequence[str]) -> int | None:
    """The mean over some items, as a published score is rounded and bounded; None where they are not published."""
    means = cell.item_means or {}
    if cell.score is None or not all(item in means for item in items):
        return None
    exact = sum(means[item] for item in items) / len(items)
    return min(HIGHEST, max(LOWEST, int(exact + 0.5)))


def on_items(known: Constants, asked: int, items: int) -> Constants:
    """Phi and r of the mean of some of the items of a practice: less reliable (Spearman and Brown), more dispersed.

    What people truly differ by stays the same: phi r of the whole is phi r of the part.
    """
    r = comparison.common_reliability(known.r, asked, items)
    return Constants(two_digits(min(1.0, known.phi * known.r / r)), r)


def _told(sides: Sequence[_Sides]) -> tuple[Gap, ...]:
    if not sides:
        return ()
    leaders = _scores([(one.leaders.score or 0, one.leaders, one.of_leaders) for one in sides])
    teams = _scores([(one.teams, one.cell, one.of_teams) for one in sides])
    coarse = np.array([one.step for one in sides]) > 1
    fine, rough = (comparison.leader_gap(leaders, teams, step) for step in (1.0, COARSE))
    low, high = np.where(coarse, rough.low, fine.low), np.where(coarse, rough.high, fine.high)
    verdict = np.where(coarse, rough.verdict, fine.verdict)
    p = [comparison.difference(teams, leaders, step).p for step in (1.0, COARSE)]
    called = comparison.benjamini_hochberg(np.where(coarse, p[1], p[0])) & (verdict != 0)
    return tuple(
        Gap(
            one.practice,
            one.items,
            one.whole,
            leaders=one.leaders.score or 0,
            teams=one.teams,
            low=round(float(low[place])),
            high=round(float(high[place])),
            called=bool(called[place]),
            p=float(p[int(coarse[place])][place]),
        )
        for place, one in enumerate(sides)
    )


def _scores(figures: list[tuple[int, Cell, Constants]]) -> Scores:
    return Scores(
        s=np.array([score for score, _cell, _known in figures], dtype=np.float64),
        n=np.array([cell.n for _score, cell, _known in figures]),
        N=np.array([cell.invited for _score, cell, _known in figures]),
        phi=np.array([known.phi for _score, _cell, known in figures]),
        r=np.array([known.r for _score, _cell, known in figures]),
    )
