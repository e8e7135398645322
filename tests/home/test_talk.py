from pathlib import Path

from flask import Flask

from tests.fixtures.pages import CheckingClient
from webapp.home import queries


def test_it_gives_each_practice_with_its_advice_and_passages(app: Flask, client: CheckingClient) -> None:
    text = client.page("/talk").text()
    with app.test_request_context():
        questionnaire = queries.quick_check().questionnaire
    for practice in questionnaire.practices:
        assert practice.title in text
        for advice in practice.advice:
            assert advice.do in text
            assert advice.source is not None
            assert advice.source.quote in text


def test_every_passage_stands_in_the_talk(app: Flask, shared: Path) -> None:
    talk = " ".join((shared / "talk.txt").read_text().split())
    with app.test_request_context():
        questionnaire = queries.quick_check().questionnaire
    for practice in questionnaire.practices:
        for source in (practice.source, *(advice.source for advice in practice.advice)):
            assert source is not None
            assert source.quote in talk


def test_it_says_that_the_words_are_not_the_speakers_own(client: CheckingClient) -> None:
    text = client.page("/talk").text()
    assert "not the speaker’s own" in text
    assert "he has not led organizations" in text
