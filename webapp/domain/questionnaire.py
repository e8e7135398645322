"""What is asked: a questionnaire with its practices, items, forms and advice, and what follows from it.

The classes are the format of `questionnaires/*.yaml` (the sentence below a field is its description in
`questionnaires/README.md` and `schema.json`). Reading a file, with all checks, is `questionnaire_file.read`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field

from webapp.domain.questionnaire_forms import Form, FormEntry, form_of
from webapp.domain.questionnaire_types import (
    Below,
    Count,
    Cut,
    Entry,
    Five,
    Flag,
    FormName,
    Key,
    Language,
    Line,
    Text,
    Weight,
)
from webapp.domain.refusal import Refused


class Source(Entry):
    """Where something comes from. A plain text instead of the mapping is its `place`."""

    paragraph: Count | None = None
    """The paragraph (passage) of the source, counted from 1."""
    quote: Line = ""
    """Its words, exactly."""
    place: Line = ""
    """Where it stands in words: a work, a page, “questions and answers”."""
    basis: Line = ""
    """What it rests on: `advice`, `observation` (the source describes it) or `operational` (our own sign of it)."""
    note: Line = ""
    """What a reader of the method page should know besides."""


def _source(value: object) -> object:
    return {"place": value} if isinstance(value, str) else value


Sourced = Annotated[Source, BeforeValidator(_source, json_schema_input_type=Line | Source)]


class Term(Entry):
    """A word explained on the first page."""

    term: Line
    """The word."""
    meaning: Text
    """What it means here."""


class Band(Entry):
    """A named stretch of the score, from its `from` up to the next band's."""

    start: Cut = Field(alias="from")
    """The lowest score of the band: 0 for the first, then ascending."""
    name: Line
    """Its name for the index, the score of the whole."""
    practice_name: Line
    """Its name for the score of one practice."""
    gloss: Line = ""
    """One sentence that says what the band means for the index."""

    @property
    def named(self) -> bool:
        """Whether its name says anything beside a score."""
        return True


class Stretch(Band):
    """A band of a form without bands: nothing but the scores that lie in it."""

    @property
    def named(self) -> bool:
        return False


def _band(start: int, name: str, practice_name: str) -> Band:
    return Band.model_validate({"from": start, "name": name, "practice_name": practice_name})


DEFAULT_BANDS = (
    _band(0, "Talk", "Not yet"),
    _band(20, "Try", "First signs"),
    _band(40, "Ship", "In part"),
    _band(60, "Spread", "Mostly"),
    _band(80, "Sustain", "Everyday"),
)


class Advice(Entry):
    """What to do at a low score; the one with the smallest `below` above the score is shown."""

    below: Below
    """It is for scores below this number."""
    do: Line
    """What to do, in one sentence."""
    first_step: Line = ""
    """The first step, for next week."""
    why: Line = ""
    """Why."""
    talk_first: Line = ""
    """The question to talk about first when the people of a unit see it differently."""
    source: Sourced | None = None
    """Where the advice comes from."""


class Item(Entry):
    """One question with five anchored levels and an opt-out."""

    key: Key
    """Its key, unique in the questionnaire; the column of imports and exports."""
    forms: Annotated[tuple[FormName, ...], Field(min_length=1)]
    """The forms that ask it; all of them for the same audience."""
    text: Line
    """The question."""
    levels: Five
    """The five answers, from least (1) to most (5); never flipped."""
    revision: Count = 1
    """Raise it when the text or the levels change: an item is the same across versions while key and revision agree."""
    scored: Flag = True
    """Whether it counts in its practice's score. If not, it is a variable of its own, named by its key."""
    mirrors: Key | None = None
    """The item that it compares with: of a leaders' item the unit's item, of an unscored one an item beside it."""
    same_scale: Line = ""
    """Why the two compare although their levels differ; required only then."""
    opt_out: Line = "I don't know"
    """The answer that counts as missing, never as 1."""
    opt_out_kind: Literal["unknown", "not_applicable"] = "unknown"
    """`unknown` feeds the don't-know signal, `not_applicable` does not."""
    source: Sourced | None = None
    """Where the question comes from."""

    @property
    def identity(self) -> tuple[str, int]:
        """(key, revision): two items with the same identity are the same question, in whatever version."""
        return self.key, self.revision


class Practice(Entry):
    """One thing that is scored."""

    key: Key
    """Its key, unique in the questionnaire; `index` is taken."""
    title: Line
    """Its name."""
    definition: Text = ""
    """What it is, in a sentence."""
    help: Text = ""
    """More, for whoever asks."""
    bars: Five = ()
    """One sentence a band that says how the practice looks there."""
    source: Sourced | None = None
    """Where the practice comes from."""
    weight: Weight = 1.0
    """Its weight in the index."""
    measurement: Literal["reflective", "mixed", "formative"] = "mixed"
    """How its items hang together; only in a `reflective` practice does alpha stand for reliability."""
    referent: Literal["self", "team"] = "self"
    """Whom its items are about: the answering person (`self`) or the team."""
    unlocks: tuple[Key, ...] = ()
    """The practices that need this one first."""
    advice: tuple[Advice, ...] = ()
    """What to do at low scores."""
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    """The questions, in the order in which they are asked."""

    def advice_for(self, score: float) -> Advice | None:
        """The advice with the smallest `below` above the score (0..100), None when the score is above all."""
        return min((one for one in self.advice if one.below > score), key=lambda one: one.below, default=None)


@dataclass(frozen=True, slots=True)
class Variable:
    """What a form measures as one number: a practice, or one unscored item.

    `key` is the practice's or the item's key, `columns` are the positions of `items` in a packed answer of the form.
    """

    key: str
    practice: Practice
    items: tuple[Item, ...]
    columns: tuple[int, ...]
    scored: bool


class Questionnaire(Entry):
    """One published version of what is asked. Never changes; read once, then shared by threads."""

    key: Key
    """Its key, the same for all versions."""
    version: Count
    """The version; a file that a wave has used changes no more, a change is a new version."""
    title: Line
    """Its name."""
    language: Language = "en"
    """The language of its texts."""
    source: Sourced | None = None
    """What the whole is taken from."""
    terms: tuple[Term, ...] = ()
    """Words explained on the first page."""
    instructions: dict[FormName, Text] = Field(default={})
    """What to keep in mind when answering: by form or by audience (`unit`, `leader`)."""
    bands: Annotated[tuple[Band, ...], Field(min_length=5, max_length=5)] = DEFAULT_BANDS
    """The five bands. Default: from 0, 20, 40, 60 and 80, Talk to Sustain and Not yet to Everyday."""
    stated_forms: dict[FormName, FormEntry] = Field(default={}, alias="forms")
    """The forms by name. Default: each form that an item names."""
    practices: Annotated[tuple[Practice, ...], Field(min_length=1)]
    """What is scored, in the order in which it is asked and shown."""

    def __hash__(self) -> int:
        return hash((self.key, self.version))

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        copied = super().model_copy(update=update, deep=deep)
        for derived in set(vars(copied)) - set(type(self).model_fields):
            del vars(copied)[derived]  # a copy derives its own views: these are of the original
        return copied

    @property
    def identity(self) -> str:
        """Its name in exports and on the command line: `key@version`."""
        return f"{self.key}@{self.version}"

    @cached_property
    def forms(self) -> dict[str, Form]:
        """All forms by name, complete with their defaults: the stated ones, else those that items name, in order."""
        named = dict.fromkeys(
            name for practice in self.practices for item in practice.items for name in item.forms
        )
        names = list(self.stated_forms or named)
        return {name: form_of(name, self.stated_forms.get(name, FormEntry()), names) for name in names}

    @cached_property
    def _items(self) -> dict[str, tuple[Item, ...]]:
        return {
            form: tuple(item for practice in self.practices for item in practice.items if form in item.forms)
            for form in self.forms
        }

    @cached_property
    def _variables(self) -> dict[str, tuple[Variable, ...]]:
        return {form: (*self._scored(form), *self._unscored(form)) for form in self.forms}

    @cached_property
    def _item_by_key(self) -> dict[str, tuple[Practice, Item]]:
        return {item.key: (practice, item) for practice in self.practices for item in practice.items}

    @cached_property
    def default_form(self) -> Form:
        """The form that a new wave proposes: the one marked as default, else the first of a unit, else the first."""
        forms = list(self.forms.values())
        return next(
            (form for form in forms if form.default),
            next((form for form in forms if form.audience == "unit"), forms[0]),
        )

    def form(self, name: str) -> Form:
        """The form of that name; refused when there is none."""
        try:
            return self.forms[name]
        except KeyError:
            raise Refused(
                "The questionnaire {questionnaire} has no form {form}.",
                questionnaire=self.identity,
                form=name,
            ) from None

    def mirror_of(self, form: str) -> Form | None:
        """The leaders' form that is opened with a unit's form."""
        mirror = self.form(form).mirror
        return None if mirror is None else self.form(mirror)

    def items(self, form: str) -> tuple[Item, ...]:
        """The J items of a form in the order of the practices: the order of the packed answers."""
        self.form(form)
        return self._items[form]

    def item(self, key: str) -> Item:
        """The item of that key; KeyError when there is none."""
        return self._item_by_key[key][1]

    def practice_of(self, item: str) -> Practice:
        """The practice of the item with that key; KeyError when there is none."""
        return self._item_by_key[item][0]

    def practice(self, key: str) -> Practice:
        """The practice of that key; KeyError when there is none."""
        return self._practice_by_key[key]

    @cached_property
    def _practice_by_key(self) -> dict[str, Practice]:
        return {practice.key: practice for practice in self.practices}

    def practices_of(self, form: str) -> tuple[Practice, ...]:
        """The practices with at least one item in the form."""
        self.form(form)
        return tuple(
            practice for practice in self.practices if any(form in item.forms for item in practice.items)
        )

    def variables(self, form: str) -> tuple[Variable, ...]:
        """What the form measures: each practice with scored items in it, then each unscored item by itself."""
        self.form(form)
        return self._variables[form]

    def mirrored(self, form: str) -> tuple[tuple[Item, Item], ...]:
        """(unit's item, leaders' item) for each scored item of a unit's form that its mirror form asks leaders about."""
        mirror = self.mirror_of(form)
        asked = {item.key: item for item in self.items(form)}
        return tuple(
            (asked[item.mirrors], item)
            for item in (self.items(mirror.name) if mirror else ())
            if item.scored and item.mirrors in asked
        )

    def instructions_for(self, form: str) -> str:
        """The text for the form, else for its audience, else nothing."""
        return self.instructions.get(form) or self.instructions.get(self.form(form).audience, "")

    def band(self, score: float) -> Band:
        """The band of a score from 0 to 100: the last that starts at or below it."""
        return [band for band in self.bands if band.start <= score][-1]

    def bar(self, practice: Practice, score: float) -> str:
        """The practice's own sentence for the band of the score, empty when the file has none."""
        return practice.bars[self.bands.index(self.band(score))] if practice.bars else ""

    def told_of(self, form: str) -> Self:
        """The questionnaire in whose words results of a form are told.

        A pulse asks a few questions of two weeks: its scores say nothing of what a band of the whole form means. So
        there a band is a plain stretch of the score, and no sentence goes with it.
        """
        return self if self.form(form).banded else self._unbanded

    @cached_property
    def _unbanded(self) -> Self:
        ends = [band.start - 1 for band in self.bands[1:]] + [100]
        stretches = [f"{band.start}–{end}" for band, end in zip(self.bands, ends, strict=True)]
        return self.model_copy(
            update={
                "bands": tuple(
                    Stretch.model_validate({"from": band.start, "name": name, "practice_name": name})
                    for band, name in zip(self.bands, stretches, strict=True)
                ),
                "practices": tuple(one.model_copy(update={"bars": ()}) for one in self.practices),
            }
        )

    def _scored(self, form: str) -> list[Variable]:
        columns = {item.key: column for column, item in enumerate(self._items[form])}
        found = []
        for practice in self.practices:
            items = tuple(item for item in practice.items if item.scored and item.key in columns)
            if items:
                found.append(
                    Variable(
                        practice.key, practice, items, tuple(columns[item.key] for item in items), scored=True
                    )
                )
        return found

    def _unscored(self, form: str) -> list[Variable]:
        return [
            Variable(item.key, self.practice_of(item.key), (item,), (column,), scored=False)
            for column, item in enumerate(self._items[form])
            if not item.scored
        ]
