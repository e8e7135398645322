"""Each language says everything that English says, and means it in the same places."""

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from flask import Flask
from pydantic import BaseModel

from webapp import catalog, language, questionnaires

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
ROOT = Path(__file__).parents[1]
INTERFACE_LANGUAGES = [name for name in language.LANGUAGES if name != language.ENGLISH]
PLACES = re.compile(r"%\(\w+\)s|%%|\{\w+\}|</?[a-z][^>]*>|\*\*|\n")
TELL = "Run `make messages`, then fill each empty msgstr of {} in its words (README.md beside its folder)."

# English words, and German ones that say something else or the same a second way (the README beside the catalogue).
NEVER_SO = (
    (r"\bwaves?\b", r"\bWellen?\b"),
    (r"\bregister\b", r"\bVerzeichnis"),
    (r"\bcommand line\b", r"\bBefehlszeile"),
    (r"\bmachine\b", r"\bMaschine"),
    (r"\bself-report", r"\beigene[rn]? Auskunft"),
)

languages = pytest.mark.parametrize("language", QUESTIONNAIRE_LANGUAGES)
interface = pytest.mark.parametrize("spoken", INTERFACE_LANGUAGES)


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


def words(spoken: str) -> Catalog:
    with language.catalogue(spoken).open("rb") as file:
        return read_po(file, locale=spoken)


def test_the_interface_speaks_the_languages_of_the_questionnaires() -> None:
    assert INTERFACE_LANGUAGES == QUESTIONNAIRE_LANGUAGES


@interface
def test_each_catalogue_is_what_make_messages_makes_of_it(spoken: str, tmp_path: Path) -> None:
    """The very lines of the Makefile, on a copy: nothing that the code says is missing, nothing stands for words gone by."""
    folder = tmp_path / "translations"
    shutil.copytree(language.TRANSLATIONS, folder)
    recipe = (ROOT / "Makefile").read_text().partition("\nmessages:")[2].split("\n\n")[0].splitlines()
    recipe = [line for line in recipe if "pybabel" in line]
    assert len(recipe) == 2
    for line in recipe:
        command = line.strip("\t@").replace("build/messages.pot", f"{tmp_path}/messages.pot")
        command = command.replace("-d webapp/translations", f"-d {folder}")
        subprocess.run(shlex.split(command), cwd=ROOT, check=True)
    kept = language.catalogue(spoken)
    made = folder / kept.relative_to(language.TRANSLATIONS)
    assert kept.read_text() == made.read_text(), f"The code says other things now. {TELL.format(kept)}"


def test_the_sentences_of_every_kind_of_refusal_are_collected() -> None:
    recipe = (ROOT / "Makefile").read_text()
    for path in (ROOT / "webapp").rglob("*.py"):
        for kind in re.findall(r"^class (\w+)\(Refused\)", path.read_text(), re.MULTILINE):
            assert kind == "RefusedMany" or f"-k {kind} " in recipe, (
                f"Add -k {kind} to `make messages`: what such a refusal says is not translated."
            )


@interface
def test_every_message_is_translated_in_each_of_its_plural_forms(spoken: str) -> None:
    said = words(spoken)
    assert len(said) > 1000
    left = []
    for one in said:
        told = one.string if isinstance(one.string, tuple) else (one.string,)
        wanted = said.num_plurals if one.pluralizable else 1
        if one.id and (len(told) != wanted or not all(told) or one.fuzzy):
            left.append(one.id)
    assert not left, f"{TELL.format(language.catalogue(spoken))} Still empty or uncertain: {left}"
    assert not said.obsolete


@interface
def test_a_percent_sign_never_stands_alone_on_a_line(spoken: str) -> None:
    """A no-break space (\\u00a0 in Python and in Jinja's strings) holds it to its number."""
    texts = [
        text
        for one in words(spoken)
        for told in (one.id, one.string)
        for text in (told if isinstance(told, tuple) else (told,))
    ]
    assert [text for text in texts if re.search(r"(\)s|\d) %(?!\()", text)] == []


@interface
def test_a_translation_keeps_what_the_program_fills_in_and_what_marks_the_text(spoken: str) -> None:
    wrong = []
    for one in words(spoken):
        if not one.id:
            continue
        english = one.id if isinstance(one.id, tuple) else (one.id, one.id)
        told = one.string if isinstance(one.string, tuple) else (one.string,)
        for number, text in enumerate(told):
            model = english[min(number, 1)]
            if sorted(PLACES.findall(model)) != sorted(PLACES.findall(text)):
                wrong.append((model, text))
            if (model[:1].isspace(), model[-1:].isspace()) != (text[:1].isspace(), text[-1:].isspace()):
                wrong.append((model, text))
    assert not wrong, f"Placeholders, **, tags, line breaks and %% must be those of the English: {wrong}"


def test_one_german_word_stands_for_one_english_word() -> None:
    wrong = []
    for one in words("de"):
        english, german = (
            " ".join(said) if isinstance(said, tuple) else said for said in (one.id, one.string)
        )
        for word, never in NEVER_SO:
            if (
                re.search(word, english, re.IGNORECASE)
                and "swell" not in english
                and re.search(never, german)
            ):
                wrong.append((never, german))
    assert not wrong


def test_the_past_year_is_twelve_months_in_german_and_no_calendar_year() -> None:
    """Whoever answers in March reads “im letzten Jahr” as the year that ended in December."""
    found = catalog.load([questionnaires.BUILT_IN])
    for published in found.latest():
        english = published.questionnaire
        german = found.in_language(english, "de")
        said = dict(texts(german))
        past = [place for place, text in texts(english) if "past year" in text]
        assert past
        assert not [said[place] for place in past if "letzten 12 Monaten" not in said[place]]


@interface
def test_what_a_template_looks_up_stands_in_each_catalogue(spoken: str, app: Flask) -> None:
    """Extracting and looking up must agree: a per cent sign in a trans block is doubled where the page asks for it."""
    known = {one if isinstance(one, str) else one[0] for one in (message.id for message in words(spoken))}
    asked = {
        found[0] if isinstance(found, tuple) else found
        for path in (ROOT / "webapp").rglob("templates/**/*.html")
        for _line, _function, found in app.jinja_env.extract_translations(path.read_text())  # type: ignore[attr-defined] # the i18n extension brings it
    }
    assert len(asked) > 500
    assert not {one for one in asked if one} - known
