import secrets
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, TypeVar

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from webapp.domain.experiments import (
    LONGEST_TEXT,
    LONGEST_UNIT,
    Area,
    Entry,
    Phase,
    Reason,
    Type,
    number,
    number_text,
)
from webapp.experiments import words
from webapp.experiments.queries import Place
from webapp.forms import BaseForm, in_html

Word = TypeVar("Word", bound=StrEnum)
YES_NO = {"": None, "yes": True, "no": False}


def _shown_again(text: str | None) -> str:
    """What was typed, without characters that no page could hold when it shows it again."""
    return in_html(text or "")


def _unit_id(value: object) -> int:
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - digits of an id


def unit_choices(places: Iterable[Place], first: str = "") -> list[SelectChoice]:
    """The units in tree order, further in the deeper they stand."""
    found = [SelectChoice(place.id, "\u2003" * place.depth + place.name) for place in places]
    return [SelectChoice("", first), *found] if first else found


def choices(known: dict[Word, str], first: str = "") -> list[SelectChoice]:
    found = [SelectChoice(str(word), label) for word, label in known.items()]
    return [SelectChoice("", first), *found] if first else found


class LogForm(BaseForm):
    """An idea in one line. The nonce makes a form that is sent twice one experiment."""

    title = StringField(
        _l("What are you trying?"), [InputRequired(_l("Give it a title."))], filters=[_shown_again]
    )
    type = SelectField(_l("Type"), validate_choice=False)
    unit = SelectField(_l("Unit"), coerce=_unit_id, validate_choice=False)  # the command knows the units
    nonce = HiddenField(validators=[Length(max=32)])

    def __init__(self, places: list[Place], own: int | None) -> None:
        super().__init__(data={"unit": own or "", "type": Type.OTHER})
        self.offered = bool(places)
        self.unit.choices = unit_choices(places, "" if own else _("choose"))
        self.type.choices = choices(words.types())
        self.title.render_kw = {"maxlength": 120, "autocomplete": "off", "enterkeyhint": "done"}

    def renew(self) -> None:
        """Before the form is shown: a nonce that no other one has."""
        self.nonce.data = secrets.token_urlsafe(16)

    def values(self) -> dict[str, Any]:
        """What was typed, as the command takes it."""
        return {
            "title": self.title.data or "",
            "type": Type(self.type.data) if self.type.data in set(Type) else Type.OTHER,
            "unit_id": self.unit.data,
            "nonce": self.nonce.data or None,
        }


class ChangeForm(BaseForm):
    """All that the register holds of an experiment."""

    title = StringField(_l("Title"), [InputRequired(_l("Give it a title."))], filters=[_shown_again])
    unit = SelectField(_l("Unit"), coerce=_unit_id, validate_choice=False)
    type = SelectField(_l("Type"))
    problem_area = SelectField(_l("Problem area"))
    phase = SelectField(_l("Phase"))
    idea_on = DateField(_l("Idea"), [InputRequired(_l("This is needed."))])
    first_user_on = DateField(_l("First user"), [Optional()])
    live_on = DateField(_l("Live"), [Optional()])
    ended_on = DateField(_l("Ended"), [Optional()])
    end_reason = SelectField(_l("Why it ended"))
    rule = TextAreaField(
        _l("The rule that decides whether it goes on"),
        [Length(max=LONGEST_TEXT, message=_l("At most 400 characters."))],
        filters=[_shown_again],
        description=_l(
            "Such as: “We stop when fewer than five people use it in the second week.” What you change "
            "here counts as written today, and only a rule from before the first user counts."
        ),
    )
    value = StringField(_l("What it brings: the number now"), filters=[_shown_again])
    value_unit = StringField(
        _l("What the number counts"),
        [Length(max=LONGEST_UNIT, message=_l("At most 40 characters."))],
        filters=[_shown_again],
        description=_l("Such as “hours a month” or “EUR a year”."),
    )
    baseline = StringField(_l("The number before"), filters=[_shown_again])
    ready_made_model = RadioField(_l("Started on a ready-made model"))
    saved_tests = RadioField(_l("Has saved tests that can be run again"))
    note = TextAreaField(
        _l("Note"),
        [Length(max=LONGEST_TEXT, message=_l("At most 400 characters."))],
        filters=[_shown_again],
        description=_l("Leave out names of people."),
    )
    version = IntegerField(widget=HiddenInput(), validators=[InputRequired()])

    def __init__(self, places: list[Place], entry: Entry, *, unit_id: int, version: int) -> None:
        super().__init__(data=_typed(entry) | {"unit": unit_id, "version": version})
        not_said = _("not said")
        self.unit.choices = unit_choices(places)
        self.type.choices = choices(words.types())
        self.problem_area.choices = choices(words.areas(), not_said)
        self.phase.choices = choices(words.phases(), not_said)
        self.end_reason.choices = choices(words.reasons_told(), _("it has not ended"))
        for field in (self.ready_made_model, self.saved_tests):
            field.choices = [
                SelectChoice("yes", _("yes")),
                SelectChoice("no", _("no")),
                SelectChoice("", not_said),
            ]

    def entry(self) -> Entry:
        """What was typed; raises Refused where a number is none."""
        return Entry(
            title=self.title.data or "",
            idea_on=self.idea_on.data,
            type=Type(self.type.data),
            problem_area=Area(self.problem_area.data) if self.problem_area.data else None,
            phase=Phase(self.phase.data) if self.phase.data else None,
            first_user_on=self.first_user_on.data,
            live_on=self.live_on.data,
            ended_on=self.ended_on.data,
            end_reason=Reason(self.end_reason.data) if self.end_reason.data else None,
            rule=self.rule.data or "",
            value=number(self.value.data or "", place="value"),
            value_unit=self.value_unit.data or "",
            baseline=number(self.baseline.data or "", place="baseline"),
            ready_made_model=YES_NO[self.ready_made_model.data or ""],
            saved_tests=YES_NO[self.saved_tests.data or ""],
            note=self.note.data or "",
        )

    def overtaken(self, now: Entry, unit_id: int, version: int) -> list[tuple[str, str]]:
        """(field, what stands there since somebody else saved) where that is not what was typed; saving again replaces it."""
        self.version.data, self.version.raw_data = version, [str(version)]
        stored = {name: _shown(value) for name, value in (_typed(now) | {"unit": unit_id}).items()}
        differing = [self[name] for name in stored if stored[name] != _shown(self[name].data)]
        return [(str(field.label.text), _label(field, stored[field.name])) for field in differing]


def _shown(value: object) -> str:
    return "" if value is None else " ".join(str(value).split())


def _label(field: Any, value: str) -> str:
    """What a reader sees for the value of a field: of a list the words of the choice."""
    labels = {str(choice.value): str(choice.label).strip() for choice in getattr(field, "choices", [])}
    return labels.get(value, value) or _("nothing")


def _typed(entry: Entry) -> dict[str, Any]:
    """An entry as the fields of the form hold it."""
    said = {True: "yes", False: "no", None: ""}
    return {
        "title": entry.title,
        "idea_on": entry.idea_on,
        "type": entry.type,
        "problem_area": entry.problem_area or "",
        "phase": entry.phase or "",
        "first_user_on": entry.first_user_on,
        "live_on": entry.live_on,
        "ended_on": entry.ended_on,
        "end_reason": entry.end_reason or "",
        "rule": entry.rule,
        "value": number_text(entry.value),
        "value_unit": entry.value_unit,
        "baseline": number_text(entry.baseline),
        "ready_made_model": said[entry.ready_made_model],
        "saved_tests": said[entry.saved_tests],
        "note": entry.note,
    }
