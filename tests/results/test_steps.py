"""What to do next."""

from collections.abc import Callable
from dataclasses import replace

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


def test_a_pulse_gives_no_advice(reading: Reading) -> None:
    pulse = replace(reading, publication=replace(reading.publication, form="pulse"))
    assert not pulse.banded
    assert next_steps(pulse, 0) == []
