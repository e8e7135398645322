"""The texts of a questionnaire in another language, from `questionnaires/translations/<language>/<key>-<version>.yaml`.

A translation names what it translates by its key and gives only texts; whatever it lacks stays as it is.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import TypeVar

from pydantic import Field

from webapp.domain.questionnaire import Questionnaire
from webapp.domain.questionnaire_faults import many, shaped
from webapp.domain.questionnaire_forms import FormEntry
from webapp.domain.questionnaire_types import (
    Below,
    Count,
    Cut,
    Entry,
    Five,
    FormName,
    Key,
    Language,
    Line,
    Text,
)
from webapp.domain.refusal import Refused
from webapp.domain.written_yaml import Path, load

Translated = TypeVar("Translated", bound=Entry)


class TermText(Entry):
    """A term."""

    term: Line = ""
    """The word."""
    meaning: Text = ""
    """What it means here."""


class BandText(Entry):
    """A band."""

    name: Line = ""
    """Its name for the index."""
    practice_name: Line = ""
    """Its name for a practice."""
    gloss: Line = ""
    """What it means for the index."""


class FormText(Entry):
    """A form."""

    title: Line = ""
    """Its title."""


class AdviceText(Entry):
    """An advice."""

    do: Line = ""
    """What to do."""
    first_step: Line = ""
    """The first step."""
    why: Line = ""
    """Why."""
    talk_first: Line = ""
    """The question to talk about first."""


class PracticeText(Entry):
    """A practice."""

    title: Line = ""
    """Its name."""
    definition: Text = ""
    """What it is."""
    help: Text = ""
    """More."""
    bars: Five = ()
    """One sentence a band."""
    advice: dict[Below, AdviceText] = Field(default={})
    """Its advice, by `below`."""


class ItemText(Entry):
    """An item."""

    text: Line = ""
    """The question."""
    levels: Five = ()
    """The five answers."""
    opt_out: Line = ""
    """The answer that counts as missing."""
    same_scale: Line = ""
    """Why it compares with the item that it mirrors."""


class Translation(Entry):
    """One version of a questionnaire in another language."""

    key: Key
    """The questionnaire's key."""
    version: Count
    """The questionnaire's version."""
    language: Language
    """The language of this file, also the name of its folder."""
    title: Line = ""
    """The questionnaire's name."""
    terms: dict[Line, TermText] = Field(default={})
    """The terms, by the word of the questionnaire."""
    instructions: dict[FormName, Text] = Field(default={})
    """The instructions, by form or audience."""
    bands: dict[Cut, BandText] = Field(default={})
    """The bands, by `from`."""
    forms: dict[FormName, FormText] = Field(default={})
    """The forms, by name."""
    practices: dict[Key, PracticeText] = Field(default={})
    """The practices, by key."""
    items: dict[Key, ItemText] = Field(default={})
    """The items, by key."""

    def __hash__(self) -> int:
        return hash((self.key, self.version, self.language))


def read_translation(source: bytes | str, name: str, questionnaire: Questionnaire) -> Translation:
    """Read and check a translation of `questionnaire`. Raises Refused, with several faults RefusedMany."""
    written = load(source, name)
    translation = shaped(Translation, written)
    if found := list(_faults(translation, questionnaire)):
        raise many(found, written)
    return translation


@lru_cache(maxsize=64)
def translated(questionnaire: Questionnaire, translation: Translation) -> Questionnaire:
    """The questionnaire with the texts of the translation, and its own where that has none."""
    forms = _titled_forms(questionnaire)
    bands = (_with(band, translation.bands.get(band.start)) for band in questionnaire.bands)
    terms = (_with(term, translation.terms.get(term.term)) for term in questionnaire.terms)
    practices = []
    for practice in questionnaire.practices:
        text = translation.practices.get(practice.key, PracticeText())
        advice = tuple(_with(one, text.advice.get(one.below)) for one in practice.advice)
        items = tuple(_with(item, translation.items.get(item.key)) for item in practice.items)
        practices.append(_with(practice, text).model_copy(update={"advice": advice, "items": items}))
    return questionnaire.model_copy(
        update={
            "language": translation.language,
            "title": translation.title or questionnaire.title,
            "terms": tuple(terms),
            "instructions": questionnaire.instructions | translation.instructions,
            "bands": tuple(bands),
            "stated_forms": {name: _with(form, translation.forms.get(name)) for name, form in forms.items()},
            "practices": tuple(practices),
        }
    )


def missing(questionnaire: Questionnaire, translation: Translation) -> list[str]:
    """What the translation lacks, as paths in its file: `items/P1.T1/levels`."""
    found = [] if translation.title else ["title"]
    found += [
        f"instructions/{name}" for name in questionnaire.instructions if name not in translation.instructions
    ]
    for path, original, text, shape in _pairs(questionnaire, translation):
        found += [
            f"{path}/{part}"
            for part in shape.model_fields
            if part in vars(original)
            and getattr(original, part)
            and not getattr(text, part, None)
            and part != "advice"
        ]
    return found


def _pairs(
    questionnaire: Questionnaire, translation: Translation
) -> Iterator[tuple[str, Entry, Entry | None, type[Entry]]]:
    """(path in the file, what is translated, its texts if any, the shape of the texts)."""
    for term in questionnaire.terms:
        yield f"terms/{term.term}", term, translation.terms.get(term.term), TermText
    for band in questionnaire.bands:
        yield f"bands/{band.start}", band, translation.bands.get(band.start), BandText
    for name, form in _titled_forms(questionnaire).items():
        yield f"forms/{name}", form, translation.forms.get(name), FormText
    for practice in questionnaire.practices:
        text = translation.practices.get(practice.key)
        yield f"practices/{practice.key}", practice, text, PracticeText
        for advice in practice.advice:
            own = text.advice.get(advice.below) if text else None
            yield f"practices/{practice.key}/advice/{advice.below}", advice, own, AdviceText
        for item in practice.items:
            yield f"items/{item.key}", item, translation.items.get(item.key), ItemText


def _titled_forms(questionnaire: Questionnaire) -> dict[str, FormEntry]:
    """Every form as the file could have stated it, also where it states none."""
    return {
        name: questionnaire.stated_forms.get(name, FormEntry()).model_copy(update={"title": form.title})
        for name, form in questionnaire.forms.items()
    }


def _with(entry: Translated, text: Entry | None) -> Translated:
    texts = {part: value for part, value in (text or ()) if value and isinstance(value, str | tuple)}
    return entry.model_copy(update=texts) if texts else entry


def _faults(translation: Translation, questionnaire: Questionnaire) -> Iterator[tuple[Path, bool, Refused]]:
    for part in ("key", "version"):
        if getattr(translation, part) != getattr(questionnaire, part):
            yield (
                (part,),
                False,
                Refused(
                    "This must be that of the questionnaire, {questionnaire}.",
                    questionnaire=questionnaire.identity,
                ),
            )
    audiences = {form.audience for form in questionnaire.forms.values()}
    known: dict[str, set[str]] = {
        "terms": {term.term for term in questionnaire.terms},
        "instructions": {*questionnaire.forms, *audiences},
        "bands": {str(band.start) for band in questionnaire.bands},
        "forms": set(questionnaire.forms),
        "practices": {practice.key for practice in questionnaire.practices},
        "items": {item.key for practice in questionnaire.practices for item in practice.items},
    }
    for part, keys in known.items():
        for key in map(str, getattr(translation, part)):
            if key not in keys:
                yield (part, key), True, _unknown(questionnaire, key)
    for practice in questionnaire.practices:
        text = translation.practices.get(practice.key, PracticeText())
        for below in text.advice.keys() - {advice.below for advice in practice.advice}:
            yield ("practices", practice.key, "advice", str(below)), True, _unknown(questionnaire, str(below))


def _unknown(questionnaire: Questionnaire, key: str) -> Refused:
    return Refused("{questionnaire} has no “{key}” here.", questionnaire=questionnaire.identity, key=key)
