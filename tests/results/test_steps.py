"""What to do next."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import pytest

from webapp.domain.publication import Agreement
from webapp.results import step_words
from webapp.results.reading import Reading
from webapp.results.steps import next_steps

Changed = Callable[..., Reading]


def test_three_things_for_the_whole_are_practices_far_from_the_target(reading: Reading) -> None:
    steps = next_steps(reading, 0)
    assert len(steps) >= 3
    assert steps[0].practice.key == "amplify"
    assert steps[0].aim == 60
    assert steps[0].points == 30
    assert steps[0].opens == ("Spread the work",)
    assert all(step.advice == step.practice.advice_for(step.cell.score) for step in steps)


def test_where_all_practices_reach_the_target_the_next_one_is_aimed_at(
    reading: Reading, changed: Changed
) -> None:
    high = reading
    for practice in reading.practices:
        high = changed(high, 11, practice.key, score=70, low=62, high=77)
    steps = next_steps(high, 11)
    assert steps[0].aim == 80
    assert steps[0].kind == "act"


def test_a_team_that_sees_its_team_differently_talks_first(reading: Reading, changed: Changed) -> None:
    assert reading.questionnaire.practice("amplify").referent == "team"
    divided = changed(reading, 0, "amplify", agreement=Agreement("divided", 1.2))
    words = step_words.to_do(divided, 0)[0]
    assert words.talk_first
    assert "divided" in " ".join(words.why)


def test_a_range_that_reaches_the_target_asks_for_a_closer_look(reading: Reading, changed: Changed) -> None:
    near = changed(reading, 0, "amplify", score=55, low=50, high=62)
    steps = {step.practice.key: step for step in next_steps(near, 0)}
    assert steps.get("amplify") is None or steps["amplify"].kind == "check"


def test_a_unit_with_bands_only_gets_no_list(reading: Reading, changed: Changed) -> None:
    bands = reading
    for practice in reading.practices:
        bands = changed(bands, 16, practice.key, score=None, low=None, high=None)
    assert next_steps(bands, 16) == []


def test_a_hidden_unit_gets_no_list(reading: Reading) -> None:
    assert next_steps(reading, 17) == []


def test_a_rounded_score_says_about(reading: Reading, changed: Changed) -> None:
    words = step_words.to_do(changed(reading, 0, "amplify", score=30, guarded=True), 0)[0]
    assert words.why[0].startswith("Amplify what works is at about 30")


def test_each_thing_has_a_reason_a_first_step_and_the_talks_words(reading: Reading) -> None:
    for words in step_words.to_do(reading, 16):
        assert words.why
        assert words.first_step
        assert words.quote.startswith("“")
        assert words.source.startswith("The talk")
        assert words.order.startswith("Why ")


def test_a_questionnaire_without_advice_gives_none(reading: Reading) -> None:
    bare = reading.questionnaire.model_copy(
        update={
            "practices": tuple(
                practice.model_copy(update={"advice": ()}) for practice in reading.questionnaire.practices
            )
        }
    )
    assert next_steps(Reading("kestrel", replace(reading.publication), bare), 0) == []


def test_a_fourth_that_comes_nearly_as_early_stands_behind_the_first_three(
    reading: Reading, changed: Changed
) -> None:
    near = reading
    for practice in reading.practices:
        near = changed(near, 1, practice.key, score=34, low=24, high=44, n=5, invited=40)
    words = step_words.to_do(near, 1)
    assert 3 < len(words) <= 5
    assert words[3].order.startswith("Why fourth")
    assert step_words.heading(len(words[: step_words.FIRST])) == "Three things to do next"


@pytest.mark.usefixtures("reading")  # an English request
def test_the_printed_factors_of_every_unit_give_its_order(kestrel: SimpleNamespace) -> None:
    """A team's points are counted from the score that the order is made of, not from the one that is shown."""
    told = drawn = 0
    for publication, questionnaire in zip(kestrel.made, kestrel.questionnaires, strict=True):
        reading = Reading("kestrel", publication, questionnaire)
        for position in reading.visible:
            found = next_steps(reading, position)
            words = step_words.to_do(reading, position)
            worth = []
            for step, in_words in zip(found, words, strict=True):
                [points] = re.findall(r"about (\d+) points? to", in_words.order)
                factors = re.findall(r"× ([\d.]+)", in_words.order)
                worth.append(int(points) * math.prod(map(float, factors)))
                assert int(points) > 0, (reading.unit(position).name, in_words.order)
                assert step.drawn == ("(chance allowed for)" in in_words.order)
                drawn += step.drawn
                if not reading.unit(position).leaf:
                    assert int(points) == step.aim - (step.cell.score or 0), "only a team's score is drawn"
            for before, after in pairwise(worth):
                assert after <= before * 1.01, (reading.unit(position).name, worth)  # × 1.17 is 7/6
            told += len(worth)
    assert told > 3 * len(kestrel.waves)
    assert drawn


def test_what_stands_above_the_target_by_its_whole_range_is_looked_at_and_not_just_done(
    reading: Reading, changed: Changed
) -> None:
    """A team far above the others is drawn towards them, which may be below the target."""
    low = changed(reading, 11, "simplify", score=30, low=22, high=38)
    high = changed(low, 11, "amplify", score=62, low=61, high=70, n=5, invited=40)
    steps = {step.practice.key: step for step in next_steps(high, 11)}
    assert steps["amplify"].points > 0
    assert steps["amplify"].kind == "check"


def test_a_pulse_gives_no_advice(reading: Reading) -> None:
    pulse = replace(reading, publication=replace(reading.publication, form="pulse"))
    assert not pulse.banded
    assert next_steps(pulse, 0) == []
