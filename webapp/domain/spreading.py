"""How practice is spread over people and units: the wave-wide figures that `publish` may write down."""

from collections.abc import Sequence

import numpy as np

from webapp.domain import scoring, spread
from webapp.domain.intervals import two_digits
from webapp.domain.measures import Answers
from webapp.domain.planning import Role
from webapp.domain.publication import Publication, Residual, SpreadFigures
from webapp.domain.quantiles import FloatArray
from webapp.domain.questionnaire import Questionnaire
from webapp.domain.tree import Tree

TOGETHER = "self"  # the practices that ask people about themselves, taken together
FEWEST_FOR_SD = 30


def figures(
    role: Role, questionnaire: Questionnaire, tree: Tree, residuals: Sequence[Residual], *, k: int
) -> dict[str, SpreadFigures]:
    """Reach, concentration and the inputs of the silo index for each self-referent practice and all of them together.

    Practices that ask about the team would make every small team look like an island.
    """
    own = [
        one
        for one in role.measured
        if one.key in role.weights and questionnaire.practice(one.key).referent == "self"
    ]
    exact = {one.key: role.shown[one.key].exact_root for one in own}
    found = {
        one.key: _figures(
            one.y,
            role,
            tree,
            [found for found in residuals if found.variable == one.key],
            k=k,
            exact=exact[one.key],
        )
        for one in own
    }
    if own:
        together = scoring.index_score(
            np.stack([one.y for one in own], axis=1), np.array([role.weights[one.key] for one in own])
        )
        found[TOGETHER] = _figures(together, role, tree, [], k=k, exact=all(exact.values()))
    for key, belief, use in _beliefs(role, questionnaire):
        apart = scoring.group_sums(belief - use, role.answers.places, len(tree))
        found[key] = SpreadFigures(mean_square_within=_within(apart))
    return found


def _within(sums: scoring.Sums) -> float | None:
    """Pooled variance within teams, None for fewer than 30 people or where no team has two."""
    if sums.n.sum() < FEWEST_FOR_SD:
        return None
    within = spread.within_variance(sums.ss, sums.n)
    return None if np.isnan(within) else within


def _figures(
    y: FloatArray, role: Role, tree: Tree, residuals: Sequence[Residual], *, k: int, exact: bool
) -> SpreadFigures:
    """`exact`: the organization's own number is shown and not guarded; otherwise nothing finer may stand beside it."""
    people = spread.people(y, k) if exact else None
    return SpreadFigures(
        mean_square_within=_within(scoring.group_sums(y, role.answers.places, len(tree))),
        reach=people.reach if people else None,
        top_share=people.top_share if people else None,
        gini=people.gini if people else None,
        lorenz=people.lorenz if people else None,
        residual_cells=tuple(
            (one.cell.n, one.cell.invited, one.cell.score) for one in residuals if one.cell.score is not None
        ),
    )


def _beliefs(role: Role, questionnaire: Questionnaire) -> list[tuple[str, FloatArray, FloatArray]]:
    """(item, belief, use) with the scores of the same people, for an unscored item that stands beside a scored one."""
    columns = {key: (one, place) for one in role.measured for place, key in enumerate(one.item_keys)}
    found = []
    for one in role.measured:
        if one.key not in role.weights:
            beside = questionnaire.item(one.key).mirrors
            if beside in columns:
                practice, place = columns[beside]
                found.append((one.key, one.y, practice.filled(role.answers)[:, place]))
    return found


def use_sd(role: Role, questionnaire: Questionnaire, earlier: Sequence[Publication]) -> int | None:
    """The spread of people's use at the first wave, to which later belief gaps are compared; whole points."""
    for publication in earlier:
        if publication.use_sd is not None:
            return publication.use_sd
    for _key, _belief, use in _beliefs(role, questionnaire):
        there = use[~np.isnan(use)]
        if there.size >= FEWEST_FOR_SD:
            return round(two_digits(float(np.std(there, ddof=1))))
    return None


def own_scores(questionnaire: Questionnaire, form: str, answers: Answers) -> dict[str, FloatArray]:
    """Practice scores (R,) of single people, each from the own answers alone."""
    found = {}
    for variable in questionnaire.variables(form):
        scores = scoring.item_scores(answers.levels[:, list(variable.columns)])
        found[variable.key] = scoring.person_scores(scores, np.zeros(scores.shape[1]))
    return found
