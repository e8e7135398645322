"""Where a unit stands: against the rest, on common practices, and in which quarter of the teams."""

import math
from dataclasses import replace

import numpy as np
import pytest

from webapp.domain import comparison, standing
from webapp.domain.intervals import Scores, interval
from webapp.domain.publication import INDEX, Cell, Constants

CUTS = (0, 20, 40, 60, 80)
WEIGHTS = {"p": 1.0, "q": 1.0, "r": 1.0}
CONSTANTS = dict.fromkeys(WEIGHTS, Constants(0.2, 0.65)) | {INDEX: Constants(0.08, 0.85)}


def cell(score: int, n: int = 10, invited: int = 12, key: str = "p", **more: object) -> Cell:
    low, high = interval(score, n, invited, CONSTANTS[key].phi, CONSTANTS[key].r)
    return Cell(n, invited, score, int(low), int(high), min(score // 20, 4), **more)  # type: ignore[arg-type]


def board(p: int, q: int, r: int, n: int = 10, invited: int = 12) -> dict[str, Cell]:
    found = {key: cell(score, n, invited) for key, score in zip("pqr", (p, q, r), strict=True)}
    return found | {INDEX: cell(round((p + q + r) / 3), n, invited, INDEX)}


def marked(*teams: dict[str, Cell], whole: dict[str, Cell] | None = None) -> dict[int, dict[str, Cell]]:
    boards = {0: whole or board(50, 50, 50, 100, 130)} | dict(enumerate(teams, 1))
    standing.mark(boards, range(1, len(teams) + 1), CONSTANTS, WEIGHTS, CUTS, k=5)
    return boards


def test_the_marks_are_tier_and_quarter_of_the_field() -> None:
    scores = (12, 44, 48, 50, 52, 56, 88)
    boards = marked(*(board(score, 50, 50) for score in scores))
    assert [boards[place]["p"].tier for place in range(1, 8)] == ["below", *["within"] * 5, "above"]
    shrunken = comparison.product_shrink(Scores(scores, 10, 12, 0.2, 0.65))
    top, bottom = comparison.quartile_probabilities(shrunken)
    words = [
        "upper" if up >= 0.8 else "lower" if down >= 0.8 else None
        for up, down in zip(top, bottom, strict=True)
    ]
    assert [boards[place]["p"].quarter for place in range(1, 8)] == words
    assert {words[0], words[-1]} == {"lower", "upper"}
    assert boards[0]["p"].tier is None


def test_a_quarter_is_said_from_a_probability_of_eighty_percent_on(vectors: dict) -> None:
    units = comparison.shrink(**vectors["eb"]["input"])
    p = vectors["top_quartile_prob"]["output"]["p"]
    bottom = comparison.quartile_probabilities(units)[1]
    expected = [
        "upper" if up >= 0.8 else "lower" if down >= 0.8 else "" for up, down in zip(p, bottom, strict=True)
    ]
    assert comparison.quarter(units).tolist() == expected
    assert expected.count("upper") == 1


def test_under_five_units_no_quarter_is_said() -> None:
    boards = marked(*(board(score, 50, 50) for score in (10, 40, 60, 90)))
    assert {boards[place]["p"].quarter for place in range(1, 5)} == {None}
    assert boards[4]["p"].tier == "above"


def test_a_guarded_score_gets_no_mark_and_still_steadies_the_field() -> None:
    teams = [board(score, 50, 50) for score in (10, 44, 48, 50, 90)]
    teams[0]["p"] = replace(teams[0]["p"], guarded=True)
    boards = marked(*teams)
    assert (boards[1]["p"].tier, boards[1]["p"].quarter) == (None, None)
    steps = np.array([5.0, 1, 1, 1, 1])
    shrunken = comparison.product_shrink(Scores([10, 44, 48, 50, 90], 10, 12, 0.2, 0.65), steps)
    assert boards[5]["p"].quarter == (comparison.quarter(shrunken)[4] or None) == "upper"


def test_a_band_alone_gets_no_mark() -> None:
    teams = [board(score, 50, 50) for score in (10, 44, 48, 50, 52, 90)]
    teams[0]["p"] = Cell(10, 12, None, None, None, 0)
    boards = marked(*teams)
    assert (boards[1]["p"].tier, boards[1]["p"].quarter) == (None, None)
    assert boards[1]["q"].tier == "within"


def test_indices_are_held_against_the_whole_on_common_practices() -> None:
    """A team that does not show its low practice is not above the rest for that."""
    whole = board(20, 80, 80, 300, 400)
    team = {key: one for key, one in board(20, 80, 80, 40, 50).items() if key != "p"}
    team[INDEX] = cell(80, 40, 50, INDEX)
    assert marked(team, whole=whole)[1][INDEX].tier == "within"
    sides = standing.beside_whole([team], whole, WEIGHTS, CONSTANTS, CUTS)[0]
    assert [one.score for one in sides[INDEX]] == [80, 80]


def test_indices_without_two_thirds_in_common_are_not_compared() -> None:
    whole = {key: one for key, one in board(20, 80, 80, 300, 400).items() if key != "q"}
    team = {key: one for key, one in board(20, 80, 80, 40, 50).items() if key != "p"}
    assert INDEX not in standing.beside_whole([team], whole, WEIGHTS, CONSTANTS, CUTS)[0]
    assert marked(team, whole=whole)[1][INDEX].tier is None


def test_a_unit_beside_the_rest_by_hand() -> None:
    whole = board(50, 50, 50, 100, 130)
    found = standing.against_rest(
        standing.beside_whole([board(80, 52, 50, 10, 12)], whole, WEIGHTS, CONSTANTS, CUTS)[0],
        CONSTANTS,
        CUTS,
        k=5,
    )
    assert {key: one.tier for key, one in found.items()} == {
        "p": "above",
        "q": "within",
        "r": "within",
        INDEX: "above",
    }
    rest = found["p"].rest
    assert (rest.n, rest.invited, rest.score, rest.band) == (90, 118, 47, 2)  # (100 x 50 - 10 x 80) / 90
    step = math.sqrt(1 + (100**2 + 10**2) / 90**2)
    low, high = interval(47, 90, 118, 0.2, 0.65, step=step)
    assert (rest.low, rest.high) == (low, high)


@pytest.mark.parametrize("n", [51, 96])
def test_a_unit_that_is_most_of_the_whole_is_not_held_against_the_rest(n: int) -> None:
    whole = board(50, 50, 50, 100, 130)
    sides = standing.beside_whole([board(80, 50, 50, n, n + 2)], whole, WEIGHTS, CONSTANTS, CUTS)[0]
    assert standing.against_rest(sides, CONSTANTS, CUTS, k=5) == {}
    assert standing.against_rest({}, CONSTANTS, CUTS, k=5) == {}


def test_of_an_index_more_answers_than_people_may_be_left_over() -> None:
    """The index of a unit counts the answers of its rarest practice, which need not be the rarest one of the whole."""
    whole = board(50, 50, 50, 18, 19) | {INDEX: cell(50, 18, 19, INDEX)}
    unit = board(50, 50, 50, 9, 12) | {INDEX: cell(80, 4, 12, INDEX)}
    sides = standing.beside_whole([unit], whole, WEIGHTS, CONSTANTS, CUTS)[0]
    rest = standing.against_rest(sides, CONSTANTS, CUTS, k=5)[INDEX].rest
    assert (rest.n, rest.invited) == (14, 14)
    assert rest.low <= rest.score <= rest.high
