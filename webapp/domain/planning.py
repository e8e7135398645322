"""One role of a wave, measured and planned: what its people add up to, the wave's constants, what may be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, Protocol

import numpy as np

from webapp.domain import intervals, residual_guard
from webapp.domain.cells import Shown
from webapp.domain.disclosure import BoolArray, detail_plan, k2_of, plans
from webapp.domain.disclosure_audit import refuse_exposure
from webapp.domain.measures import Answers, Measured, combined, measure
from webapp.domain.publication import INDEX, Constants, Publication
from webapp.domain.quantiles import FloatArray
from webapp.domain.questionnaire import Questionnaire
from webapp.domain.residual_guard import CoarseResiduals, coarse_residuals
from webapp.domain.scoring import group_sums
from webapp.domain.time_guard import Earlier, Precision, Present, TimeGuard, precision
from webapp.domain.tree import IntArray, Node, Tree

RoleName = Literal["teams", "leaders"]


class Rules(Protocol):
    """What a role needs to know of the wave."""

    @property
    def closed(self) -> date: ...
    @property
    def smallest_group(self) -> int: ...
    @property
    def time_guard(self) -> Literal["standard", "strict"]: ...


@dataclass(frozen=True)
class Role:
    """The people of a role; arrays (V,). `headcounts` and `people` of the very nodes, `invited` of the subtrees."""

    name: RoleName
    answers: Answers
    headcounts: IntArray
    invited: IntArray
    people: IntArray
    measured: tuple[Measured, ...]
    shown: Mapping[str, Shown]
    constants: Mapping[str, Constants]
    weights: Mapping[str, float]
    index: FloatArray

    @property
    def alphas(self) -> dict[str, float]:
        """Cronbach's alpha within teams of each practice with two items or more, from 100 people on, two digits."""
        found = {}
        for one in self.measured:
            enough = np.count_nonzero(~np.isnan(one.y)) >= intervals.ENOUGH_FOR_ALPHA
            if one.key in self.weights and enough and not np.isnan(one.alpha):
                found[one.key] = round(one.alpha, 2)
        return found


def measured_role(
    wave: Rules,
    questionnaire: Questionnaire,
    form: str,
    tree: Tree,
    answers: Answers,
    headcounts: IntArray,
    earlier: Sequence[Publication],
    *,
    role: RoleName,
    members: Mapping[str, Constants] | None = None,
) -> Role:
    """Measure every variable of the form, fix the wave's constants, and plan what may be shown; audited.

    members: the members' constants, for leaders, who are too few to have their own
    """
    variables = questionnaire.variables(form)
    cuts = [band.start for band in questionnaire.bands]
    measured = tuple(measure(one, answers, tree, cuts, finer=role == "teams") for one in variables)
    people = answers.people(len(tree))
    weights = {one.key: one.practice.weight for one in variables if one.scored}
    practices = [one for one in measured if one.key in weights]
    own_index = combined(practices, list(weights.values()), len(answers.places))
    constants = _constants(measured, answers, len(tree), own_index, weights, members)
    return Role(
        name=role,
        answers=answers,
        headcounts=headcounts,
        invited=tree.rolled_up(headcounts).astype(np.int64),
        people=people,
        measured=measured,
        shown=_plan(wave, tree, people, measured, headcounts, earlier, role),
        constants=constants,
        weights=weights,
        index=own_index,
    )


def _constants(
    measured: Sequence[Measured],
    answers: Answers,
    V: int,
    own_index: FloatArray,
    weights: Mapping[str, float],
    members: Mapping[str, Constants] | None,
) -> dict[str, Constants]:
    """Phi and r of each variable and of the index."""
    found = {}
    for one in measured:
        before = members.get(one.key) if members else None
        phi = intervals.published_phi(
            one.own.n, one.own.mean, one.own.ss, before.phi if before else intervals.PHI
        )
        found[one.key] = Constants(phi, before.r if before else one.r)
    sums = group_sums(own_index, answers.places, V)
    before = members.get(INDEX) if members else None
    phi = intervals.published_phi(sums.n, sums.mean, sums.ss, before.phi if before else intervals.PHI_INDEX)
    scored = [one.y for one in measured if one.key in weights]
    if before:
        r = before.r
    elif not scored:
        r = intervals.RELIABILITY_INDEX
    else:
        r = intervals.index_reliability(np.stack(scored, axis=1), answers.places, list(weights.values()))
    found[INDEX] = Constants(phi, r)
    return found


def _plan(
    wave: Rules,
    tree: Tree,
    people: IntArray,
    measured: Sequence[Measured],
    headcounts: IntArray,
    earlier: Sequence[Publication],
    role: RoleName,
) -> dict[str, Shown]:
    """The plan of every variable, what the guard over time leaves of it, and its details; each plan audited twice."""
    k = wave.smallest_group
    counts = np.stack([one.own.n for one in measured], axis=1)
    planned = plans(tree, people, counts, k=k).practices
    guard, beside = _guard(wave, tree, people, measured, headcounts, earlier, role, planned)
    found = {}
    for column, one in enumerate(measured):
        plan, band_only = planned[:, column], guard.band_only[:, column]
        coarse = guard.coarse[:, column]
        numbers = plan & ~band_only
        exact = numbers & ~coarse
        detail = detail_plan(tree, one.complete, k=k, people=people, number_plan=exact)
        refuse_exposure(tree, plan, one.own.n, people, k)
        if band_only.any():
            refuse_exposure(tree, numbers, one.own.n, people, k)
        refuse_exposure(tree, detail, one.complete, people, k2_of(k))
        found[one.key] = Shown(plan, band_only, coarse, detail, beside.groups.get(one.key, frozenset()))
    return found


def _guard(
    wave: Rules,
    tree: Tree,
    people: IntArray,
    measured: Sequence[Measured],
    headcounts: IntArray,
    earlier: Sequence[Publication],
    role: RoleName,
    planned: BoolArray,
) -> tuple[Precision, CoarseResiduals]:
    asked = _own_staff_apart(tree) if role == "teams" else tree
    now = Present(
        tree=asked,
        roster={node.key: int(count) for node, count in zip(asked.nodes, headcounts, strict=True) if count},
        closed=wave.closed,
        practices=[one.key for one in measured],
        counts=np.stack([one.own.n for one in measured], axis=1),
        people=people,
        plan=planned,
    )
    remembered = [as_earlier(publication, role) for publication in earlier]
    setting = TimeGuard(wave.time_guard)
    found = precision(setting, now, remembered, k=wave.smallest_group)
    if setting is TimeGuard.STRICT:
        numbers = residual_guard.strict_numbers(
            replace(now, plan=planned & ~found.band_only), remembered, k=wave.smallest_group
        )
        return replace(found, band_only=planned & ~numbers), CoarseResiduals(np.zeros_like(planned), {})
    beside = coarse_residuals(now, remembered, k=wave.smallest_group)
    return replace(found, coarse=found.coarse | (beside.nodes & planned)), beside


def _own_staff_apart(tree: Tree) -> Tree:
    """The tree with the key of a unit's own people for each leaf, whether units lie below their unit or not.

    A team that gets a unit below it becomes “<unit> (direct)”: the same people under another key.
    """
    return Tree(
        tuple(
            replace(node, key=f"{node.key}d") if not below and not node.key.endswith("d") else node
            for node, below in zip(tree.nodes, tree.children, strict=True)
        )
    )


def as_earlier(publication: Publication, role: RoleName) -> Earlier:
    """What a later wave must know of an earlier publication: its tree, head counts and numbers."""
    tree = Tree(tuple(Node(unit.key, unit.name, unit.parent, unit.headcount) for unit in publication.units))
    if role == "teams":
        tree = _own_staff_apart(tree)
    numbers: dict[str, dict[int, int]] = {}
    for place, unit in enumerate(publication.units):
        shown = unit.teams if role == "teams" else unit.leaders
        for key, one in shown.items():
            if key != INDEX and one.score is not None:
                numbers.setdefault(key, {})[place] = one.n
    roster = {
        node.key: unit.headcount if role == "teams" else unit.leaders_asked
        for node, unit in zip(tree.nodes, publication.units, strict=True)
        if (unit.leaf if role == "teams" else unit.leaders_asked)
    }
    return Earlier(
        tree=tree, roster=roster, closed=date.fromisoformat(publication.closed_on), numbers=numbers
    )
