"""Whatever a wave looks like: an attacker with all published figures learns nothing of fewer than k people."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from tests.fixtures import any_waves as attack
from tests.fixtures.small_waves import SmallWave, text_of
from webapp.domain import disclosure, planning, publication_json
from webapp.domain.disclosure import BoolArray, Plans, k2_of
from webapp.domain.measures import Answers
from webapp.domain.publication import INDEX, Cell, Publication
from webapp.domain.refusal import Refused
from webapp.domain.tree import Tree

slow = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
ROLES = ("teams", "leaders")


def answers_of(wave: SmallWave, role: str) -> tuple[str, Answers]:
    if role == "teams":
        return "team", wave.responses
    assert wave.average is not None
    return "leader", wave.average


@slow
@given(attack.waves())
def test_no_combination_of_published_figures_rests_on_fewer_than_k_people(wave: SmallWave) -> None:
    found = wave.publication()
    for role in ROLES:
        form, answers = answers_of(wave, role)
        people = answers.people(len(wave.tree))
        for variable, (n, complete) in attack.counted(
            wave.questionnaire, form, answers, len(wave.tree)
        ).items():
            rows = attack.matrix(wave.tree, found, role, variable)
            assert attack.exposed(rows, n, people, wave.k) == []
            assert attack.exposed(rows, people, people, wave.k) == []  # what holds the shares of "don't know"
            detailed = [
                place
                for place, cell in attack.cells(found, role, variable).items()
                if cell.histogram is not None
            ]
            fine = np.array([np.isin(np.arange(len(people)), wave.tree.below(place)) for place in detailed])
            if detailed:
                assert attack.exposed(fine.astype(np.int64), complete, people, k2_of(wave.k)) == []


@slow
@given(attack.waves())
def test_every_published_count_is_right_and_at_least_k(wave: SmallWave) -> None:
    found = wave.publication()
    for role in ROLES:
        form, answers = answers_of(wave, role)
        for variable, (n, complete) in attack.counted(
            wave.questionnaire, form, answers, len(wave.tree)
        ).items():
            for place, cell in attack.cells(found, role, variable).items():
                below = wave.tree.below(place)
                assert wave.k <= cell.n == n[below].sum() <= cell.invited
                if cell.histogram is not None:
                    assert sum(cell.histogram) == cell.n
                    assert complete[below].sum() >= k2_of(wave.k)
                    assert role == "teams"
            for residual in attack.groups(found, role, variable):
                inside = list(attack.members(wave.tree, found, role, residual))
                assert wave.k <= residual.cell.n == n[inside].sum() <= residual.cell.invited
                assert set(residual.units) <= set(inside)
                assert all(
                    cell is None
                    for cell in (residual.cell.histogram, residual.cell.unknown, residual.cell.tier)
                )


def permuted_inside_residuals(wave: SmallWave, found: Publication, seed: int) -> SmallWave:
    """The same wave after people of hidden units swapped all their answers with others of their residual group."""
    shown = [bool(unit.teams) for unit in found.units]
    nearest = disclosure.nearest_shown(wave.tree, np.array(shown))
    group = nearest[wave.responses.places]
    random = np.random.default_rng(seed)
    order = np.arange(len(group))
    for below in set(group.tolist()):
        there = np.flatnonzero(group == below)
        order[there] = random.permutation(there)
    levels, opt_outs, places = wave.responses
    return wave.changed(responses=Answers(levels[order], opt_outs[order], places))


@slow
@given(attack.waves(holes=False, most=5, led=False), st.integers(0, 99))
def test_who_of_a_residual_group_said_what_changes_nothing(wave: SmallWave, seed: int) -> None:
    """The strongest form: not a single character of the publication depends on it (below 30 people, where constants
    are assumed; above they are pooled over everybody, to two digits)."""
    assume(len(wave.responses.places) < 30)
    found = wave.publication()
    assert text_of(permuted_inside_residuals(wave, found, seed).publication()) == text_of(found)


FROM_CONSTANTS = ("low", "high", "tier", "quarter", "constants", "mean_square_within", "findings", "alphas")


@slow
@given(attack.waves(holes=False, led=False), st.integers(0, 99))
def test_in_a_large_wave_only_pooled_constants_depend_on_it(wave: SmallWave, seed: int) -> None:
    found = wave.publication()
    other = permuted_inside_residuals(wave, found, seed).publication()
    assert without_constants(other) == without_constants(found)


def without_constants(found: Publication) -> object:
    def cut(value: object) -> object:
        if isinstance(value, dict):
            return {key: cut(inner) for key, inner in value.items() if key not in FROM_CONSTANTS}
        return [cut(inner) for inner in value] if isinstance(value, list) else value

    return [cut(json.loads(text)) for text in text_of(found)]


@slow
@given(attack.waves())
def test_what_is_hidden_is_nowhere_else(wave: SmallWave) -> None:
    found = wave.publication()
    for finding in found.findings:
        board = found.units[finding.unit].teams
        if finding.code not in {"silent", "participation_low"}:
            assert board
            assert finding.practice is None or finding.practice in board
    for key in attack.PRACTICES:
        figures = found.spread[key]
        numbers = [one.cell for one in attack.groups(found, "teams", key)]
        assert figures.residual_cells == tuple((one.n, one.invited, one.score) for one in numbers)
        if found.root.teams.get(key) is None:
            assert figures.reach is None
            assert figures.lorenz is None
    for unit in found.units:
        if not unit.teams:
            assert not unit.low_response
            assert not unit.uneven


@slow
@given(attack.waves())
def test_index_marks_and_leaders_count_follow_from_the_published_cells(wave: SmallWave) -> None:
    found = wave.publication()
    weights = {practice.key: practice.weight for practice in wave.questionnaire.practices}
    for unit in found.units:
        for board in (unit.teams, unit.leaders):
            there = [key for key in weights if key in board]
            index = board.get(INDEX)
            assert (index is not None) == (len(there) * 3 >= 2 * len(weights))
            if index is not None:
                mean = sum(board[key].score or 0 for key in there) / len(there)
                assert index.score == min(95, max(5, int(mean + 0.5)))
                assert index.n == min(board[key].n for key in there)
        response = [cell.n / cell.invited for cell in unit.teams.values()]
        assert unit.low_response == (bool(response) and max(response) < 0.6)
    index = found.root.leaders.get(INDEX)
    assert found.leaders_answered == (index.n if index else None)


@slow
@given(attack.waves())
def test_named_leaders_are_in_no_number_of_the_others(wave: SmallWave) -> None:
    assert wave.named is not None
    found = wave.publication()
    without = wave.changed(
        named=Answers(wave.named.levels % 5 + 1, wave.named.opt_outs & False, wave.named.places)
    ).publication()
    assert [unit.leaders for unit in without.units] == [unit.leaders for unit in found.units]
    assert without.leader_residuals == found.leader_residuals
    assert without.leader_constants == found.leader_constants
    asked = [node.leaders for node in wave.tree.nodes]
    by_name = wave.named.people(len(wave.tree))
    assert [unit.leaders_asked for unit in found.units] == (np.array(asked) - by_name).tolist()


@slow
@given(attack.waves(), st.randoms(use_true_random=False))
def test_a_publication_is_the_same_whatever_the_order_and_survives_storage(wave: SmallWave, random) -> None:  # noqa: ANN001 - hypothesis' own
    order = list(range(len(wave.responses.places)))
    random.shuffle(order)
    found = wave.publication()
    shuffled = Answers(*(part[order] for part in wave.responses))
    text = text_of(found)
    assert text_of(wave.changed(responses=shuffled).publication()) == text
    assert publication_json.load(json.loads(text[0]), [json.loads(row) for row in text[1:]]) == found


def threshold_only(tree: Tree, counts: np.ndarray, *, k: int, **_rest: object) -> BoolArray:
    """What most products do: hide what is small, and think no further."""
    return np.asarray(tree.rolled_up(counts) >= k)


def leaks(plan: BoolArray, tree: Tree, n: np.ndarray, people: np.ndarray, k: int) -> bool:
    rows = np.array([np.isin(np.arange(len(tree)), tree.below(place)) for place in np.flatnonzero(plan)])
    return bool(len(rows)) and bool(attack.exposed(rows.astype(np.int64), n, people, k))


@slow
@given(attack.waves(led=False))
def test_a_plan_that_leaks_stops_the_publication(wave: SmallWave) -> None:
    V = len(wave.tree)
    people = wave.responses.people(V)
    counts = attack.counted(wave.questionnaire, "team", wave.responses, V)
    leaking = any(
        leaks(threshold_only(wave.tree, n, k=wave.k), wave.tree, n, people, wave.k)
        for n, _ in counts.values()
    )
    assume(leaking)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(disclosure, "suppress", threshold_only)
        with pytest.raises(Refused, match="Nothing was published"):
            wave.publication()


@slow
@given(attack.waves(led=False, most=30))
def test_details_that_leak_stop_the_publication(wave: SmallWave) -> None:
    def careless(tree: Tree, complete: np.ndarray, *, k: int, **_rest: object) -> BoolArray:
        return threshold_only(tree, complete, k=k2_of(k))

    V = len(wave.tree)
    people = wave.responses.people(V)
    counts = attack.counted(wave.questionnaire, "team", wave.responses, V)
    k2 = k2_of(wave.k)
    assume(
        any(
            leaks(threshold_only(wave.tree, complete, k=k2), wave.tree, complete, people, k2)
            for _, complete in counts.values()
        )
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planning, "detail_plan", careless)
        with pytest.raises(Refused, match="Nothing was published"):
            wave.publication()


def test_leaders_plans_are_audited_too(monkeypatch: pytest.MonkeyPatch) -> None:
    wave = attack.with_leaders(
        SmallWave(
            attack.QUESTIONNAIRE,
            attack.tree({"D": {"A": 6, "B": 6}, "E": 6}),
            Answers(np.full((18, 7), 3, np.uint8), np.zeros((18, 7), np.bool_), np.repeat([2, 3, 4], 6)),
            k=3,
        ),
        np.random.default_rng(1),
        0.0,
    )
    nodes = tuple(
        node.__class__(node.key, node.name, node.parent, node.headcount, count)
        for node, count in zip(wave.tree.nodes, [0, 0, 3, 2, 3], strict=True)
    )
    led = wave.changed(
        tree=Tree(nodes),
        average=Answers(
            np.full((8, 3), 4, np.uint8), np.zeros((8, 3), np.bool_), np.array([2, 2, 2, 3, 3, 4, 4, 4])
        ),
        named=None,
        named_members=(),
    )
    assert led.publication().root.leaders

    def careless(tree: Tree, _people: np.ndarray, counts: np.ndarray, *, k: int) -> Plans:
        shown = [threshold_only(tree, column, k=k) for column in counts.T]
        return Plans(shown[0], np.stack(shown, axis=1))

    monkeypatch.setattr(planning, "plans", careless)
    with pytest.raises(Refused, match="Nothing was published"):
        led.publication()


def test_a_cell_is_never_printed_with_its_mean() -> None:
    assert set(Cell.__slots__) == {
        *("n", "invited", "score", "low", "high", "band", "guarded", "unknown"),
        *("agreement", "histogram", "item_means", "tier", "quarter"),
    }
