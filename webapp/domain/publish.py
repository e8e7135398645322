"""From a closed wave to its publication: read this to see how every figure comes about.

`publish` knows no database and no web. Only here are people's scores seen; what leaves is the publication.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import numpy as np

from webapp.domain import cells, findings, participation, quality, spreading, standing
from webapp.domain.measures import Answers
from webapp.domain.planning import Role, measured_role
from webapp.domain.publication import INDEX, Cell, Constants, NamedLeader, Publication, Residual, UnitResult
from webapp.domain.questionnaire import Questionnaire
from webapp.domain.scoring import whole
from webapp.domain.tree import IntArray, Tree

CONFIDENCE = 0.9
LOW_RESPONSE = 0.60
UNEVEN = 0.40


@dataclass(frozen=True)
class ClosedWave:
    """What was frozen when the wave opened, and when it closed."""

    id: int
    name: str
    closed: date
    form: str
    leader_form: str | None
    smallest_group: int
    time_guard: Literal["standard", "strict"]
    questionnaire_digest: str


@dataclass(frozen=True)
class LeaderAnswers:
    """The leaders' answers: `average` of those who count in the average only; the named ones with place and member."""

    average: Answers
    named: Answers
    named_members: tuple[int, ...]


def publish(
    wave: ClosedWave,
    questionnaire: Questionnaire,
    tree: Tree,
    responses: Answers,
    leaders: LeaderAnswers | None,
    earlier: Sequence[Publication],
) -> Publication:
    """Compute all that may be said about a closed wave.

    earlier: the publications of the same questionnaire, the oldest first
    Raises Refused when an audit finds that a figure would expose fewer than k people (fail closed).
    """
    k = wave.smallest_group
    responses = responses.in_order()
    cuts = tuple(band.start for band in questionnaire.bands)
    invited = _whole(tree.rolled_up([node.headcount for node in tree.nodes]))

    teams = measured_role(
        wave, questionnaire, wave.form, tree, responses, _headcounts(tree), earlier, role="teams"
    )
    boards = _boards(teams, tree, cuts, k=k)
    standing.mark(boards, tree.leaves, teams.constants, teams.weights, cuts, k=k)
    residuals = _residuals(teams, tree, cuts)

    above = _leaders(wave, questionnaire, tree, leaders, earlier, teams)
    leader_boards = _boards(above, tree, cuts, k=k) if above else {}
    named = _named(wave, questionnaire, leaders, teams, cuts) if leaders else {}

    answered = int(teams.people.sum())
    shares = participation.words(tree, teams.people, teams.headcounts, k)
    units = tuple(
        UnitResult(
            key=node.key,
            name=node.name,
            parent=node.parent,
            headcount=int(invited[place]),
            leaf=not tree.children[place],
            participation=shares[place],
            teams=boards.get(place, {}),
            leaders=leader_boards.get(place, {}),
            named=named.get(place, ()),
            leaders_asked=int(above.headcounts[place]) if above else 0,
            uneven=_uneven(place, tree, boards),
            low_response=_low(boards.get(place, {})),
        )
        for place, node in enumerate(tree.nodes)
    )
    published = Publication(
        wave=wave.id,
        name=wave.name,
        closed_on=wave.closed.isoformat(),
        questionnaire=questionnaire.identity,
        questionnaire_digest=wave.questionnaire_digest,
        form=wave.form,
        leader_form=wave.leader_form,
        smallest_group=k,
        time_guard=wave.time_guard,
        confidence=CONFIDENCE,
        invited=int(invited[0]),
        participation=participation.in_steps(answered, int(invited[0])),
        leaders_answered=leader_boards[0][INDEX].n if INDEX in leader_boards.get(0, {}) else None,
        constants=teams.constants,
        leader_constants=above.constants if above else {},
        spread=spreading.figures(teams, questionnaire, tree, residuals, k=k),
        units=units,
        residuals=tuple(residuals),
        leader_residuals=tuple(_residuals(above, tree, cuts)) if above else (),
        findings=(),
        use_sd=spreading.use_sd(teams, questionnaire, earlier),
        straight_lined=quality.straight_lined(responses.levels, k),
        alphas=teams.alphas,
    )
    return findings.added(published, questionnaire)


def _whole(values: np.ndarray) -> IntArray:
    return values.astype(np.int64)


def _headcounts(tree: Tree) -> IntArray:
    return np.array([node.headcount for node in tree.nodes])


def _boards(role: Role, tree: Tree, cuts: tuple[int, ...], *, k: int) -> dict[int, dict[str, Cell]]:
    """The shown cells of a role by place, the index with them."""
    boards: dict[int, dict[str, Cell]] = {}
    for measured in role.measured:
        found = cells.of_variable(
            measured,
            role.shown[measured.key],
            tree,
            role.invited,
            role.people,
            role.constants[measured.key],
            cuts,
            k=k,
            finer=role.name == "teams",
        )
        for place, one in found.items():
            boards.setdefault(place, {})[measured.key] = one
    wholes = cells.indices(list(boards.values()), role.weights, role.constants[INDEX], cuts)
    for board, together in zip(boards.values(), wholes, strict=True):
        if together is not None:
            board[INDEX] = together
    return boards


def _residuals(role: Role, tree: Tree, cuts: tuple[int, ...]) -> list[Residual]:
    found = [
        residual
        for measured in role.measured
        for residual in cells.residual_groups(
            measured,
            role.shown[measured.key],
            tree,
            role.headcounts,
            role.people,
            role.constants[measured.key],
            cuts,
        )
    ]
    return [*found, *cells.residual_indices(found, role.weights, role.constants[INDEX], cuts)]


def _leaders(
    wave: ClosedWave,
    questionnaire: Questionnaire,
    tree: Tree,
    leaders: LeaderAnswers | None,
    earlier: Sequence[Publication],
    teams: Role,
) -> Role | None:
    """The leaders' average: their own tree and plan; a leader who stands by name is in no cell of it."""
    if leaders is None or wave.leader_form is None:
        return None
    average = leaders.average.in_order()
    own = np.array([node.leaders for node in tree.nodes])
    own -= np.bincount(leaders.named.places, minlength=len(tree))
    return measured_role(
        wave,
        questionnaire,
        wave.leader_form,
        tree,
        average,
        np.maximum(own, average.people(len(tree))),
        earlier,
        role="leaders",
        members=teams.constants,
    )


def _named(
    wave: ClosedWave, questionnaire: Questionnaire, leaders: LeaderAnswers, teams: Role, cuts: tuple[int, ...]
) -> dict[int, tuple[NamedLeader, ...]]:
    """Each named leader's own scores, with the interval of one measurement (n = N = 1)."""
    if wave.leader_form is None:
        return {}
    scored = spreading.own_scores(questionnaire, wave.leader_form, leaders.named)
    found: dict[int, list[NamedLeader]] = {}
    for row, (place, member) in enumerate(
        zip(leaders.named.places.tolist(), leaders.named_members, strict=True)
    ):
        own = {
            key: cells.cell(float(whole(y[row])), 1, 1, teams.constants.get(key, Constants(0.2, 0.65)), cuts)
            for key, y in scored.items()
            if not np.isnan(y[row])
        }
        together = cells.index(own, teams.weights, teams.constants[INDEX], cuts)
        if together is not None:
            own[INDEX] = together
        if own:
            found.setdefault(place, []).append(NamedLeader(member, own))
    return {place: tuple(rows) for place, rows in found.items()}


def _low(board: dict[str, Cell]) -> bool:
    """Fewer than 60 % answered, judged by the published counts alone."""
    return bool(board) and max(one.n / one.invited for one in board.values()) < LOW_RESPONSE


def _uneven(place: int, tree: Tree, boards: dict[int, dict[str, Cell]]) -> bool:
    """The shown parts of a node answered so unequally that its interval holds for equal response only."""
    rates = [
        max(one.n / one.invited for one in boards[child].values())
        for child in tree.children[place]
        if child in boards
    ]
    return place in boards and bool(rates) and max(rates) - min(rates) > UNEVEN
