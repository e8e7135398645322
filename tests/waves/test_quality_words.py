"""What to know before relying on a wave, on its page and in words."""

import ast
import dataclasses
import inspect

import pytest
from flask import Flask

from tests.fixtures.organizations import again, answer, publish
from tests.fixtures.pages import CheckingClient
from tests.results.conftest import second_version
from webapp import publications
from webapp.domain import quality
from webapp.domain.quality import Remark
from webapp.domain.questionnaire_file import read
from webapp.models import Wave
from webapp.waves import quality_words, queries


def codes() -> list[str]:
    """Every code that the rules can yield, read from the rules themselves."""
    calls = [node for node in ast.walk(ast.parse(inspect.getsource(quality))) if isinstance(node, ast.Call)]
    named = [(call.func.id, call.args) for call in calls if isinstance(call.func, ast.Name)]
    made = [args[1] for name, args in named if name == "Remark"]
    made += [args[0] for name, args in named if name == "_of_units"]
    return [code.value for code in made if isinstance(code, ast.Constant)]


def test_every_rule_has_a_sentence_and_every_sentence_a_rule() -> None:
    assert sorted(codes()) == sorted(quality_words.SENTENCES)


@pytest.mark.parametrize("code", sorted(quality_words.SENTENCES))
def test_a_sentence_says_its_values(app: Flask, open_wave: Wave, code: str) -> None:
    values: dict[str, int | str | float] = {
        "smallest": 5,
        "least": 60,
        "percent": 45,
        "units": "Mobile, Sales",
        "count": 2,
        "practice": "solidify",
        "alpha": 0.41,
        "unit": "Mobile",
        "score": 72,
        "before": "ai-adoption@1",
        "now": "ai-adoption@2",
        "practices": "solidify,simplify",
    }
    with app.test_request_context():
        remark = Remark("note", code, values)
        text = quality_words.sentence(remark, queries.questionnaire(again(open_wave)))
        assert quality_words.to_do(remark).endswith(".")
    assert text.endswith(".")
    assert "%" not in text.replace("\u00a0%", ""), "a percent sign keeps to its number"
    assert "solidify" not in text, "a practice is named by its title"


def test_a_published_wave_says_what_to_know(app: Flask, owner: CheckingClient, open_wave: Wave) -> None:
    answer(app, open_wave, {"Platform": 2, "Mobile": 7, "Sales": 8, "Support": 5})
    publish(app, open_wave)
    text = owner.page(f"/o/acme/waves/{open_wave.id}").text()
    assert "Before you rely on it" in text
    assert "Notes Under a quarter answered in Platform" in text


def test_a_small_organization_of_which_few_answered_is_not_said_to_have_answered(
    app: Flask, owner: CheckingClient, open_wave: Wave
) -> None:
    """Under 50 people there is no percentage, and all teams may be hidden: the whole is low all the same."""
    answer(app, open_wave, {"Platform": 4, "Mobile": 4, "Sales": 4, "Support": 4})
    publish(app, open_wave)
    text = owner.page(f"/o/acme/waves/{open_wave.id}").text()
    assert "enough people answered" not in text
    assert "Warnings Fewer than 60 % answered." in text


def test_a_wave_of_too_few_answers_says_that_nothing_is_shown(
    app: Flask, owner: CheckingClient, open_wave: Wave
) -> None:
    answer(app, open_wave, {"Mobile": 2})
    publish(app, open_wave)
    text = owner.page(f"/o/acme/waves/{open_wave.id}").text()
    assert "Errors Too few people answered to show anything safely" in text


def test_loose_questions_are_told_only_where_they_reflect_one_thing(app: Flask, published_wave: Wave) -> None:
    with app.app_context():
        wave = again(published_wave)
        asked = queries.questionnaire(wave)
        found = publications.of_wave(wave.organization_id, wave.id)
    assert found
    loose = dataclasses.replace(found, alphas={practice.key: 0.4 for practice in asked.practices})
    told = [
        remark.values["practice"]
        for remark in quality.remarks(loose, asked, [])
        if remark.code == "low_alpha"
    ]
    assert told == ["solidify"]


def test_an_open_wave_says_nothing_of_it(app: Flask, owner: CheckingClient, open_wave: Wave) -> None:
    answer(app, open_wave, {"Mobile": 7})
    assert "Before you rely on it" not in owner.page(f"/o/acme/waves/{open_wave.id}").text()


def test_very_many_units_are_named_and_counted(app: Flask, open_wave: Wave) -> None:
    names = [f"Team {number}" for number in range(30)]
    (remark,) = quality._of_units("low_units", names)
    with app.test_request_context():
        text = quality_words.sentence(remark, queries.questionnaire(again(open_wave)))
    assert text.endswith("Team 7 and 22 more.")


def test_what_changed_since_the_wave_before_is_told(app: Flask, published_wave: Wave) -> None:
    with app.app_context():
        wave = again(published_wave)
        asked, text = queries.questionnaire(wave), wave.copy.text
        found = publications.of_wave(wave.organization_id, wave.id)
    assert found
    units = tuple(dataclasses.replace(unit, headcount=unit.headcount * 3 + 3) for unit in found.units)
    before = dataclasses.replace(found, units=units, questionnaire="ai-adoption@0")
    changed = read(second_version(text), "second.yaml")
    told = {remark.code: remark for remark in quality.remarks(found, asked, [before], changed)}
    assert {"new_version", "broken", "other_people"} <= set(told)
    assert "follow_value" in str(told["broken"].values["practices"]).split(",")
    calm = {remark.code for remark in quality.remarks(found, asked, [found], asked)}
    assert not calm & {"new_version", "broken", "all_broken", "other_people"}
