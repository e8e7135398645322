"""Each language says everything that English says, and means it in the same places."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from webapp import catalog, questionnaires

FOLDER = questionnaires.BUILT_IN / "translations"
QUESTIONNAIRE_LANGUAGES = sorted(path.name for path in FOLDER.iterdir())
UNTRANSLATED = {
    "source",
    "key",
    "kind",
    "opt_out_kind",
    "measurement",
    "referent",
    "audience",
    "mirror",
    "mirrors",
}

languages = pytest.mark.parametrize("language", QUESTIONNAIRE_LANGUAGES)


def texts(one: Any, place: str = "") -> Iterator[tuple[str, str]]:
    """(place, text) of everything that people read in a questionnaire."""
    if isinstance(one, BaseModel):
        for name in type(one).model_fields:
            if name not in UNTRANSLATED:
                yield from texts(getattr(one, name), f"{place}.{name}")
    elif isinstance(one, Mapping):
        for key, value in one.items():
            yield from texts(value, f"{place}[{key}]")
    elif isinstance(one, tuple):
        for number, value in enumerate(one):
            yield from texts(value, f"{place}[{getattr(value, 'key', number)}]")
    elif isinstance(one, str) and len(one.split()) > 1:
        yield place, one


def test_german_is_complete_and_so_is_every_other_language_here() -> None:
    assert "de" in QUESTIONNAIRE_LANGUAGES


@languages
def test_every_text_of_the_built_in_questionnaires_is_translated(language: str) -> None:
    found = catalog.load([questionnaires.BUILT_IN])
    assert not found.errors
    for published in found.latest():
        asked = published.questionnaire
        spoken = found.in_language(asked, language)
        english, other = list(texts(asked)), list(texts(spoken))
        assert len(english) > 100
        same = {place for place, _text in set(english) & set(other)}
        assert not same, f"{language} leaves {sorted(same)} of {asked.identity} in English."


@languages
def test_a_leaders_question_has_the_answers_of_the_one_that_it_mirrors(language: str) -> None:
    found = catalog.load([questionnaires.BUILT_IN])
    for published in found.latest():
        spoken = found.in_language(published.questionnaire, language)
        items = {item.key: item for practice in spoken.practices for item in practice.items}
        for item in items.values():
            if item.mirrors and not item.same_scale:
                assert item.levels == items[item.mirrors].levels, item.key


@languages
def test_answers_stay_short_enough_for_a_card(language: str) -> None:
    found = catalog.load([questionnaires.BUILT_IN])
    for published in found.latest():
        spoken = found.in_language(published.questionnaire, language)
        for practice in spoken.practices:
            for item in practice.items:
                assert len(set(item.levels)) == len(item.levels), item.key
                for level in item.levels:
                    assert len(level.split()) <= 16, (item.key, level)


@languages
def test_no_translation_is_of_a_questionnaire_that_is_not_there(language: str) -> None:
    found = catalog.load([questionnaires.BUILT_IN])
    known = {published.questionnaire.identity for published in found.all()}
    files = {path.stem for path in Path(FOLDER / language).glob("*.yaml")}
    assert files == {identity.replace("@", "-") for identity in known}
