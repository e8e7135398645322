"""Waves so small that every figure of the publication can be added up on paper."""

import numpy as np
import pytest

from tests.fixtures.small_waves import SmallWave, asked, small, unit, wilson
from webapp.domain.publication import INDEX, Agreement, Cell, Constants, Publication
from webapp.domain.questionnaire import Questionnaire

# Two teams, a practice of two items and one of one item. Scores are 25 (level - 1).
#   p in A: 75 50 100 25 50 50   -> 350 / 6 = 58.3      in B: 12.5 25 37.5 0 62.5 -> 137.5 / 5 = 27.5
#   q in A: 0 0 25 0 0 0         ->  25 / 6 = 4.2       in B: 100 five times      -> 100
A = ["441", "331", "552", "221", "331", "331"]
B = ["125", "225", "235", "115", "345"]


def two_teams(asking: Questionnaire | None = None) -> SmallWave:
    return small(asking or {"p": 2, "q": 1}, {"A": 8, "B": 6}, {"A": A, "B": B})


@pytest.fixture(scope="module")
def published() -> Publication:
    return two_teams().publication()


def test_scores_are_means_rounded_half_up_and_kept_between_5_and_95(published: Publication) -> None:
    scores = {one.name: {key: cell.score for key, cell in one.teams.items()} for one in published.units}
    assert scores["A"] == {"p": 58, "q": 5, INDEX: 32}  # the index: (58 + 5) / 2 = 31.5
    assert scores["B"] == {"p": 28, "q": 95, INDEX: 62}
    assert scores["All"] == {"p": 44, "q": 48, INDEX: 46}  # 487.5 / 11, 525 / 11, (44 + 48) / 2


def test_every_cell_says_how_many_answered_of_how_many(published: Publication) -> None:
    for name, n, invited in (("A", 6, 8), ("B", 5, 6), ("All", 11, 14)):
        one = unit(published, name)
        assert one.headcount == invited
        assert {(cell.n, cell.invited) for cell in one.teams.values()} == {(n, invited)}


def test_constants_of_a_small_wave_are_the_assumed_ones(published: Publication) -> None:
    assert published.constants == {
        "p": Constants(0.2, 0.65),
        "q": Constants(0.2, 0.45),
        INDEX: Constants(0.08, 0.85),
    }
    assert published.leader_constants == {}
    assert published.leaders_answered is None


def test_intervals_come_from_the_published_score_alone(published: Publication) -> None:
    assert published.confidence == 0.9
    for one in published.units:
        for key, cell in one.teams.items():
            constant = published.constants[key]
            assert cell.score is not None
            expected = wilson(cell.score, cell.n, cell.invited, constant.phi, constant.r)
            assert (cell.low, cell.high) == expected, (one.name, key)
    # and once in digits: c = (1 - .65 6/8)/6 = .08542, a = 2.7055 (.2 c + 1/(12 58 42)) = .04631
    assert (unit(published, "A").teams["p"].low, unit(published, "A").teams["p"].high) == (47, 68)
    assert (unit(published, "A").teams["q"].low, unit(published, "B").teams["q"].high) == (0, 100)


def test_bands_are_those_of_the_published_numbers(published: Publication) -> None:
    assert [unit(published, "A").teams[key].band for key in ("p", "q", INDEX)] == [2, 0, 1]
    assert [unit(published, "B").teams[key].band for key in ("p", "q", INDEX)] == [1, 4, 3]


def test_a_weighted_index_weighs_the_published_scores() -> None:
    questionnaire = asked({"p": 2, "q": 1}, weights={"q": 3})
    found = two_teams(questionnaire).publication()
    assert unit(found, "A").teams[INDEX].score == 18  # (58 + 3 * 5) / 4 = 18.25
    assert unit(found, "B").teams[INDEX].score == 78  # (28 + 3 * 95) / 4 = 78.25


def test_an_index_needs_two_thirds_of_the_weight_and_counts_the_fewest() -> None:
    rows = {"A": ["111", "111", "111", "111", "11-", "1--"], "B": ["333"] * 5}
    found = small({"p": 1, "q": 1, "r": 1}, {"A": 6, "B": 5}, rows).publication()
    # r has four answers in A: two of three practices stand, q with five answers
    assert set(unit(found, "A").teams) == {"p", "q", INDEX}
    assert unit(found, "A").teams["p"].n == 6
    assert unit(found, "A").teams[INDEX].n == 5
    heavier = asked({"p": 1, "q": 1, "r": 1}, weights={"r": 1.1})
    assert set(unit(small(heavier, {"A": 6, "B": 5}, rows).publication(), "A").teams) == {"p", "q"}


def test_a_skipped_question_is_filled_allowing_for_how_hard_it_is() -> None:
    # ten people answer 50 and 25, one answers only the first with 100: b = (600/11, 25), mean b = 39.77
    rows = {"A": ["32"] * 5 + ["5?"], "B": ["32"] * 5}
    found = small({"p": 2}, {"A": 6, "B": 5}, rows).publication()
    easy, hard = 600 / 11, 25
    own = 100 - easy + (easy + hard) / 2
    assert unit(found, "A").teams["p"].score == round((5 * 37.5 + own) / 6) == 45
    assert unit(found, "B").teams["p"].score == 38  # 37.5
    assert unit(found, "A").teams["p"].n == 6


def test_the_share_of_dont_know_counts_opt_outs_of_all_who_answered() -> None:
    rows = {"A": ["3?3", "??3", "333", "333", "333", "3-3", "333"], "B": ["335"] * 5}
    found = small({"p": 2, "q": 1}, {"A": 8, "B": 5}, rows).publication()
    cell = unit(found, "A").teams["p"]
    assert (cell.n, cell.unknown) == (
        6,
        21,
    )  # three of 2 x 7 answers; one was left open; who knows nothing has no score
    assert unit(found, "B").teams["p"].unknown == 0
    assert found.root.teams["p"].unknown == 13  # 3 of 24 are 12.5 %


def test_not_applicable_is_no_dont_know() -> None:
    questionnaire = asked({"p": 2})
    item = questionnaire.practices[0].items[0].model_copy(update={"opt_out_kind": "not_applicable"})
    practice = questionnaire.practices[0]
    practice = practice.model_copy(update={"items": (item, *practice.items[1:])})
    changed = questionnaire.model_copy(update={"practices": (practice,)})
    found = small(changed, {"A": 5, "B": 5}, {"A": ["?3"] * 5, "B": ["3?"] * 5}).publication()
    shares = [unit(found, name).teams["p"].unknown for name in ("A", "B")]
    assert shares == [0, 50]


def test_participation_stands_in_four_words_for_units_of_twice_the_smallest_group() -> None:
    rows = {"A": ["3"] * 2, "B": ["3"] * 6, "C": ["3"] * 8, "D": ["3"] * 9, "E": ["3"] * 5}
    parts = {"A": 12, "B": 13, "C": 14, "D": 12, "E": 9}
    found = small({"p": 1}, parts, rows).publication()
    words = {one.name: one.participation for one in found.units}
    assert words == {
        "All": "over half",  # exactly half
        "A": "under a quarter",
        "B": "under half",
        "C": "over half",
        "D": "nearly all",
        "E": None,  # nine people
    }
    assert found.participation == 50
    assert found.invited == 60


def test_low_and_uneven_response_are_marked_from_what_is_shown() -> None:
    rows = {"A": ["3"] * 5, "B": ["3"] * 10, "C": []}
    found = small({"p": 1}, {"D": {"A": 10, "B": 10}, "C": 40}, rows).publication()
    assert {one.name: one.low_response for one in found.units} == {
        "All": True,
        "D": False,
        "A": True,
        "B": False,
        "C": False,  # not shown: nothing is said of it
    }
    assert {one.name for one in found.units if one.uneven} == {"D"}  # 50 % and 100 %


def test_a_hidden_unit_takes_the_smallest_sufficient_sibling_along() -> None:
    rows = {"A": ["2"] * 8, "B": ["3"] * 7, "C": ["4"] * 3}
    found = small({"p": 1}, {"D": {"A": 9, "B": 7, "C": 3}}, rows).publication()
    assert {one.name for one in found.units if one.shown} == {"All", "D", "A"}
    practice, index = found.residuals
    assert (practice.below, practice.units, practice.variable) == (1, (3, 4), "p")
    # 7 x 50 + 3 x 75 = 575 over ten people
    assert practice.cell == Cell(10, 10, 58, *wilson(58, 10, 10, 0.2, 0.45), band=2)
    assert (index.variable, index.cell.score) == (INDEX, 58)
    assert found.residuals_below(1) == found.residuals


def test_agreement_and_details_stand_from_twice_the_smallest_group_on() -> None:
    rows = {"A": ["2"] * 5 + ["4"] * 5, "B": ["3"] * 6, "C": ["3"] * 4}
    found = small({"p": 1}, {"A": 10, "B": 6, "C": 4}, rows).publication()
    cell = unit(found, "A").teams["p"]
    # every answer is one level from the mean of 3: AD* = sqrt(10/9) = 1.05
    assert cell.agreement == Agreement("divided", 1.1)
    assert cell.histogram == (0, 5, 0, 5, 0)
    assert cell.item_means == {"p1": 50}
    assert found.root.teams["p"].histogram == (0, 5, 10, 5, 0)
    assert found.root.teams["p"].agreement == Agreement("close", 0.5)  # sqrt(20/19) / 2 = .51
    hidden = unit(found, "B")
    assert not hidden.shown  # it goes along with C, of whom only four answered
    assert [residual.cell.n for residual in found.residuals] == [10, 10]
    assert all(residual.cell.histogram is None for residual in found.residuals)


def test_outside_the_detail_plan_there_is_only_a_word() -> None:
    rows = {"A": ["2"] * 4 + ["4"] * 4, "B": ["3"] * 6}
    found = small({"p": 1}, {"A": 8, "B": 6}, rows).publication()
    cell = unit(found, "A").teams["p"]
    assert cell.agreement == Agreement("mixed", None)  # "divided" is said inside the plan only
    assert (cell.histogram, cell.item_means) == (None, None)
    assert found.root.teams["p"].histogram == (0, 4, 6, 4, 0)
    assert unit(found, "B").teams["p"].agreement == Agreement("close", None)


def test_details_need_complete_answers() -> None:
    rows = {"A": ["22"] * 5 + ["44"] * 4 + ["4-"], "B": ["33"] * 11}
    found = small({"p": 2}, {"A": 10, "B": 11}, rows).publication()
    assert unit(found, "A").teams["p"].n == 10
    assert unit(found, "A").teams["p"].histogram is None  # nine complete answers
    # with A hidden, B's details would leave nine complete answers over: they are hidden too
    assert unit(found, "B").teams["p"].histogram is None
    assert found.root.teams["p"].item_means is not None


def test_tiers_hold_a_leaf_against_everybody_else() -> None:
    rows = {"A": ["5"] * 12, "B": ["3"] * 12, "C": ["1"] * 12, "D": ["3"] * 12}
    found = small({"p": 1}, dict.fromkeys(rows, 12), rows).publication()
    assert {one.name: one.teams["p"].tier for one in found.units} == {
        "All": None,
        "A": "above",
        "B": "within",
        "C": "below",
        "D": "within",
    }
    codes = [(finding.code, finding.unit) for finding in found.findings]
    assert codes[:3] == [("island", 1), ("clearly_above", 1), ("clearly_below", 3)]
    assert found.findings[1].values == {"practices": 1, "of": 1, "score": 95}


def test_a_unit_of_more_than_half_of_all_has_no_rest_to_be_held_against() -> None:
    found = two_teams().publication()
    assert unit(found, "A").teams["p"].tier is None  # six of eleven
    assert unit(found, "B").teams["p"].tier == "within" or unit(found, "B").teams["p"].tier == "below"


def test_phi_is_pooled_within_the_teams_and_kept_to_two_digits() -> None:
    rows = {"A": ["1", "3", "5"] * 4, "B": ["2", "3", "4"] * 4, "C": ["3"] * 12}
    found = small({"p": 1}, dict.fromkeys(rows, 12), rows).publication()
    # means 50 everywhere: q = 2500; SS = 8 x 2500 + 8 x 625 + 0 = 25000; 33 degrees of freedom, ten of prior
    assert (
        found.constants["p"].phi
        == float(f"{(25000 + 10 * 0.2 * 2500) / (33 * 2500 + 10 * 2500):.2g}")
        == 0.28
    )
    assert found.constants[INDEX].phi == float(f"{(25000 + 10 * 0.08 * 2500) / (43 * 2500):.2g}") == 0.25
    # (25000 / 33 people = 757.6)
    assert found.spread["p"].mean_square_within == 760


def test_alpha_within_teams_stands_for_reliability_from_100_people_on() -> None:
    half = ["11", "12", "22", "33", "34", "44", "45", "55", "54", "21"]
    questionnaire = asked({"p": 2}, measurement="reflective")
    rows = {"A": half * 5, "B": half * 5}
    found = small(questionnaire, {"A": 60, "B": 60}, rows).publication()
    # nearly the same answers: alpha .97, kept below .80
    assert found.constants["p"].r == 0.8
    fewer = {"A": half * 5, "B": half * 4}
    again = small(questionnaire, {"A": 60, "B": 60}, fewer).publication()
    assert again.constants["p"].r == 0.65


def test_spread_over_people_stands_from_ten_groups_on() -> None:
    rows = {"A": ["1"] * 15 + ["5"] * 10, "B": ["1"] * 20 + ["4"] * 5}
    found = small({"p": 1}, {"A": 30, "B": 30}, rows).publication()
    figures = found.spread["p"]
    # fifteen of fifty practise; the five highest hold 500 of 1375 points
    assert (figures.reach, figures.top_share) == (30, 36)
    assert figures.lorenz is not None
    assert figures.lorenz[0] == figures.lorenz[7] == 0
    assert figures.lorenz[8:] == (27, 64, 100)  # 375, 875 and 1375 of 1375
    assert figures.residual_cells == ()
    fewer = {"A": rows["A"], "B": rows["B"][1:]}
    again = small({"p": 1}, {"A": 30, "B": 30}, fewer).publication().spread["p"]
    assert (again.reach, again.top_share, again.gini, again.lorenz) == (None, None, None, None)


def test_belief_stands_beside_use_with_the_spread_of_their_difference() -> None:
    questionnaire = asked({"p": 1}, unscored=["p"])
    rows = {"A": ["13", "24", "35", "44"] * 5, "B": ["55", "15"] * 5}
    found = small(questionnaire, {"A": 20, "B": 10}, rows).publication()
    assert found.root.teams["p_belief"].score == round((20 * 75 + 10 * 100) / 30) == 83
    assert INDEX in found.root.teams
    # differences in A 50 50 50 0 (mean 37.5, SS per four 1875), in B 0 100 (mean 50, SS per two 5000)
    assert found.spread["p_belief"].mean_square_within == float(f"{(5 * 1875 + 5 * 5000) / 28:.2g}")
    use = [0, 25, 50, 75] * 5 + [100, 0] * 5
    assert found.use_sd == int(float(f"{np.std(use, ddof=1):.2g}"))


def test_a_wave_without_a_single_answer_says_so_and_nothing_else() -> None:
    found = small({"p": 2, "q": 1}, {"A": 30, "B": 30}, {}).publication()
    assert not any(one.shown for one in found.units)
    assert found.participation == 0
    assert {one.participation for one in found.units} == {"under a quarter"}
    assert (found.residuals, found.spread["p"].lorenz) == ((), None)


def test_a_wave_in_which_everything_is_hidden_is_published() -> None:
    found = small({"p": 1}, {"A": 4, "B": 3}, {"A": ["3"] * 2, "B": ["3"] * 2}).publication()
    assert not any(one.shown for one in found.units)
    assert not found.findings


def test_a_wave_of_one_unit() -> None:
    found = small({"p": 1}, {"A": 7}, {"A": ["3"] * 6}).publication()
    assert [one.teams["p"].score for one in found.units] == [50, 50]
    assert found.residuals == ()


def test_a_form_without_a_scored_question_has_no_index() -> None:
    questionnaire = asked({"p": 1, "q": 1})
    practices = tuple(
        one.model_copy(
            update={"items": tuple(item.model_copy(update={"scored": False}) for item in one.items)}
        )
        for one in questionnaire.practices
    )
    unscored = questionnaire.model_copy(update={"practices": practices})
    found = small(unscored, {"A": 6}, {"A": ["35"] * 6}).publication()
    assert set(found.root.teams) == {"p1", "q1"}


def test_nothing_is_said_of_a_hidden_node_whose_parts_are_shown() -> None:
    rows = {"A": ["3"] * 5, "B": ["3"] * 10, "C": ["3"] * 3, "E": ["3"] * 3}
    found = small({"p": 1}, {"D": {"A": 10, "B": 10, "C": 3}, "E": 3}, rows).publication()
    assert {one.name for one in found.units if one.shown} == {"All", "A", "B"}
    assert not any(one.uneven for one in found.units)
