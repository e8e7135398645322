"""The pieces of the talk against the talk itself, and against the questionnaire that asks for them."""

from pathlib import Path

import pytest

from webapp.domain.questionnaire import Questionnaire
from webapp.domain.questionnaire_file import read
from webapp.talk import PAGES, PIECES, told

FILE = Path(__file__).parents[1] / "questionnaires" / "ai-adoption-1.yaml"


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return read(FILE.read_bytes(), FILE.name)


def test_every_passage_stands_where_the_piece_says(shared: Path) -> None:
    paragraphs = (shared / "talk.txt").read_text().split("\n")
    for piece in PIECES:
        assert piece.quote in paragraphs[piece.paragraph - 1], piece.title


def test_they_stand_in_the_order_of_the_talk() -> None:
    assert [piece.paragraph for piece in PIECES] == sorted(piece.paragraph for piece in PIECES)


def test_every_question_for_teams_comes_from_a_piece(questionnaire: Questionnaire) -> None:
    asked = {
        item.key
        for practice in questionnaire.practices
        for item in practice.items
        if {"team", "team-core", "pulse"} & set(item.forms)
    }
    assert {key for piece in PIECES for key in piece.items} == asked


def test_every_advice_comes_from_a_piece(questionnaire: Questionnaire) -> None:
    given = {(practice.key, one.below) for practice in questionnaire.practices for one in practice.advice}
    of_pieces = {(piece.practice, below) for piece in PIECES for below in piece.advice}
    assert of_pieces | {pair for piece in PIECES for pair in piece.also} == given


def test_each_says_what_came_of_it(questionnaire: Questionnaire) -> None:
    for one in told(questionnaire):
        assert one.items or one.advice, one.piece.title
        assert set(one.piece.pages) <= set(PAGES)


def test_with_a_form_its_questions_alone(questionnaire: Questionnaire) -> None:
    pulse = [item.key for one in told(questionnaire, "pulse") for item in one.items]
    assert sorted(pulse) == sorted(item.key for item in questionnaire.items("pulse"))
    assert len(list(told(questionnaire, "pulse"))) == len(PIECES)


def test_a_questionnaire_without_the_practice_lacks_the_piece(questionnaire: Questionnaire) -> None:
    fewer = questionnaire.model_copy(update={"practices": questionnaire.practices[1:]})
    assert {one.piece.practice for one in told(fewer)} == {one.key for one in questionnaire.practices[1:]}
