"""How values look in templates."""

from datetime import timedelta

import pytest
from flask import Flask
from flask_babel import force_locale

from webapp import catalog, filters, questionnaires


@pytest.mark.parametrize(
    ("span", "english", "german"),
    [
        ({"seconds": 59}, "a moment ago", "eben"),
        ({"minutes": 1}, "1 minute ago", "vor 1 Minute"),
        ({"hours": 3, "minutes": 10}, "3 hours ago", "vor 3 Stunden"),
        ({"days": 6}, "6 days ago", "vor 6 Tagen"),
    ],
)
def test_how_long_ago_is_said_in_words(app: Flask, span: dict[str, int], english: str, german: str) -> None:
    with app.test_request_context():
        for locale, words in (("en", english), ("de", german)):
            with force_locale(locale):
                assert filters.ago(timedelta(**span)) == words


def test_every_remark_on_a_passage_is_said_in_the_language_of_the_page(app: Flask) -> None:
    asked = catalog.load([questionnaires.BUILT_IN]).get("ai-adoption").questionnaire
    sources = [part.source for practice in asked.practices for part in (practice, *practice.items)]
    notes = {source.note for source in sources if source and source.note}
    assert len(notes) > 10
    with app.test_request_context(), force_locale("de"):
        assert [note for note in notes if filters.note(note) == note] == []
        assert filters.note("A note of another questionnaire.") == "A note of another questionnaire."
