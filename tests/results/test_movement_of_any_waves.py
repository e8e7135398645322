"""Movement between waves that were really published, under both settings of the guard over time."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

import numpy as np
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.fixtures import any_waves as attack
from tests.fixtures.small_waves import Parts, SmallWave, small
from webapp.domain.publication import INDEX, Publication
from webapp.domain.questionnaire import Questionnaire
from webapp.domain.tree import Tree
from webapp.results import changes
from webapp.results.movement import charts, moves, told
from webapp.results.movement.moves import Kind, Movement
from webapp.results.reading import Reading
from webapp.results.trend import figures as trend

CLOSED = (date(2026, 1, 31), date(2026, 4, 30), date(2026, 7, 31))
CALM: Mapping[str, Sequence[str]] = {"A": ["2222"] * 12, "B": ["3333"] * 12, "C": ["4444"] * 12}
PARTS: Parts = {"D": {"A": 12, "B": 12}, "E": {"C": 12}}


def published(*waves: SmallWave) -> list[Publication]:
    """Each wave's publication, made knowing those before."""
    found: list[Publication] = []
    for number, wave in enumerate(waves):
        made = wave.changed(earlier=tuple(found), closed=CLOSED[number], id=number + 1)
        found.append(made.publication())
    return found


def read(made: list[Publication], *asked: Questionnaire) -> list[Reading]:
    return [Reading("small", one, asked[-1] if len(asked) == 1 else asked[n]) for n, one in enumerate(made)]


def kinds(movement: Movement) -> dict[str, Kind]:
    return {move.name: move.kind for move in movement.moves}


def wave(rows: Mapping[str, Sequence[str]], parts: Parts = PARTS, **values: object) -> SmallWave:
    return small({"p": 2, "q": 2}, parts, rows, **values)


def test_a_team_that_one_joined_tells_no_change_and_its_neighbour_does(app: Flask) -> None:
    first = wave({"A": ["2222"] * 7, "B": ["2222"] * 20}, {"A": 7, "B": 20})
    second = wave({"A": ["4444"] * 8, "B": ["4444"] * 20}, {"A": 8, "B": 20})
    third = wave({"A": ["2222"] * 8, "B": ["2222"] * 20}, {"A": 8, "B": 20})
    readings = read(published(first, second, third), first.questionnaire)
    with app.test_request_context():
        for earlier, later in ((readings[0], readings[1]), (readings[1], readings[2])):
            assert (
                changes.between(earlier, later, "u-A") == {}
            )  # guarded in the later, then in the earlier wave
            assert set(changes.between(earlier, later, "u-B")) == {"p", "q", INDEX}
            assert kinds(moves.of(earlier, later))["A"] is Kind.CROSSED
            assert "A crossed from " in "\n".join(told.still_open(moves.of(earlier, later)))


def test_under_the_strict_setting_a_team_with_bands_alone_is_never_said_to_move(app: Flask) -> None:
    first = wave({"A": ["2222"] * 7, "B": ["2222"] * 20}, {"A": 7, "B": 20}, guard="strict")
    second = wave({"A": ["5555"] * 8, "B": ["5555"] * 20}, {"A": 8, "B": 20}, guard="strict")
    earlier, later = read(published(first, second), first.questionnaire)
    assert later.unit(1).teams["p"].score is None
    with app.test_request_context():
        movement = moves.of(earlier, later)
        assert kinds(movement) == {"A": Kind.UNTOLD, "B": Kind.UNTOLD}
        assert movement.flows == {}
        assert told.headline(movement) == "No movement can be told since Wave 1"


def test_a_team_that_was_hidden_for_one_wave_is_compared_across_it(app: Flask) -> None:
    quiet = wave({**CALM, "A": ["2222"] * 2})
    last = wave({**CALM, "A": ["5555"] * 12})
    readings = read(published(wave(CALM), quiet, last), last.questionnaire)
    with app.test_request_context():
        assert kinds(moves.of(readings[0], readings[1]))["A"] is Kind.HIDDEN
        assert kinds(moves.of(readings[1], readings[2]))["A"] is Kind.BACK
        since = trend.since(readings, "u-A", "p")
        assert (since.wave, since.change and since.change.verdict) == ("Wave 1", changes.Verdict.ROSE)
        panel = trend.panel(readings, "u-A", "p", since, (0, 99))
        assert (len(panel.points), panel.lines, panel.breaks) == (2, [], [])  # no line across the wave


def test_a_team_that_moved_in_the_tree_under_another_name_is_the_same_team(app: Flask) -> None:
    last = wave({**CALM, "A": ["5555"] * 12}, {"D": {"B": 12}, "E": {"C": 12, "A": 12}})
    last = last.changed(tree=Tree(tuple(replace(node, name=f"{node.name} anew") for node in last.tree.nodes)))
    earlier, later = read(published(wave(CALM), last), last.questionnaire)
    with app.test_request_context():
        movement = moves.of(earlier, later)
        assert kinds(movement)["A anew"] is Kind.CLIMBED
        assert movement.gone == ()
        assert next(move.part for move in movement.moves if move.key == "u-A") == "E anew"


def test_a_department_that_a_team_left_says_that_others_were_asked(app: Flask) -> None:
    last = wave(CALM, {"D": {"B": 12}, "E": {"C": 12, "A": 12}})
    readings = read(published(wave(CALM), wave(CALM), last), last.questionnaire)
    with app.test_request_context():
        for unit in ("u-D", "u-E"):
            assert trend.of(readings, unit).lede.endswith(
                "Teams came or left in Wave 3, so a change there is also one of who was asked."
            )
        for unit in ("root", "u-A", "u-B"):
            assert "Teams came or left" not in trend.of(readings, unit).lede
        assert "Teams came or left" not in trend.of(readings[:2], "u-D").lede


def renewed(asked: Questionnaire, keys: set[str]) -> Questionnaire:
    """The questionnaire with other words in these items."""
    return asked.model_copy(
        update={
            "practices": tuple(
                practice.model_copy(
                    update={
                        "items": tuple(
                            item.model_copy(update={"revision": item.revision + (item.key in keys)})
                            for item in practice.items
                        )
                    }
                )
                for practice in asked.practices
            )
        }
    )


def test_two_breaks_in_three_waves_leave_three_points_without_a_line(app: Flask) -> None:
    one = wave(CALM)
    two = renewed(one.questionnaire, {"p1", "p2"})
    three = renewed(two, {"p1", "p2"})
    made = published(one, one.changed(questionnaire=two), one.changed(questionnaire=three))
    readings = read(made, one.questionnaire, two, three)
    with app.test_request_context():
        since = trend.since(readings, "root", "p")
        panel = trend.panel(readings, "root", "p", since, (0, 99))
        assert since.change is None
        assert (len(panel.points), panel.lines, len(panel.breaks)) == (3, [], 2)
        assert panel.told == "New questions in Wave 3: the line starts anew."
        assert trend.since(readings, "root", "q").wave == "Wave 1"
        # Half of the weight still compares, which is too little for the index: nobody is said to move.
        movement = moves.of(readings[1], readings[2])
        assert told.headline(movement) == "New questions in Wave 3: movement starts anew"
        assert charts.figure(movement)["data"][0]["link"]["value"] == []


@st.composite
def pairs(draw: st.DrawFn) -> list[SmallWave]:
    """Two waves of nearly the same people; a unit may lose everybody, and one may be new."""
    guard = draw(st.sampled_from(["standard", "strict"]))
    grown = attack.tree(draw(attack.heads(25)))
    random = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rate, missing = draw(st.sampled_from([0.2, 0.7, 1.0])), draw(st.sampled_from([0.0, 0.3]))
    found = []
    for number in range(2):
        heads = [node.headcount for node in grown.nodes]
        given_answers = attack.random_answers(random, grown, heads, 7, rate, missing)
        found.append(SmallWave(attack.QUESTIONNAIRE, grown, given_answers, k=3, guard=guard, id=number + 1))
        nodes = []
        for node in grown.nodes:
            change = int(random.integers(-2, 3)) if node.headcount and random.random() < 0.3 else 0
            key = f"{node.key}-new" if node.headcount and random.random() < 0.1 else node.key
            nodes.append(replace(node, key=key, headcount=max(0, node.headcount + change)))
        grown = Tree(tuple(nodes))
    return found


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)
@given(waves=pairs())
def test_whatever_was_published_each_team_is_of_one_kind_and_nothing_else_is_said(
    app: Flask, waves: list[SmallWave]
) -> None:
    earlier, later = read(published(*waves), attack.QUESTIONNAIRE)
    with app.test_request_context():
        movement = moves.of(earlier, later)
        figure = charts.figure(movement)["data"][0]
        said = "\n".join([*told.clear(movement), *told.still_open(movement), told.headline(movement)])
    assert [move.place for move in movement.moves] == list(later.teams)
    then = {unit.key: unit for unit in earlier.publication.units}
    both = 0
    for move in movement.moves:
        unit, before = later.unit(move.place), then.get(move.key)
        assert (move.kind is Kind.HIDDEN) == (not unit.shown)
        cells = [board.teams.get(INDEX) for board in (before, unit) if board is not None]
        both += len(cells) == 2 and None not in cells
        exact = [cell for cell in cells if cell is not None and cell.score is not None and not cell.guarded]
        assert move.change is None or len(exact) == 2
        assert not move.kind.called or move.change == changes.between(earlier, later, move.key)[INDEX]
        if move.kind.called and move.change is not None and move.change.common == move.change.asked:
            assert move.change.points == (exact[1].score or 0) - (exact[0].score or 0)
        if not unit.shown:
            assert f"{unit.name} crossed" not in said
    assert sum(figure["link"]["value"]) == both
    hidden = [move.name for move in movement.of(Kind.HIDDEN)]
    assert said.count("not shown, to protect anonymity.") == bool(hidden)
