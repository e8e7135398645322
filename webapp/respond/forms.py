"""The answer sheet: one form with one field."""

from typing import Any

from flask import render_template
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.csrf.core import CSRFTokenField
from wtforms.validators import ValidationError

from webapp import language
from webapp.domain.answers import LEVELS, OPTED_OUT
from webapp.domain.refusal import Refused, RefusedMany
from webapp.forms import BaseForm, Token
from webapp.respond.queries import Sheet

MOST_FIELDS = 400
MOST_FAULTS = 20
ENTER = "-enter"  # no item's key begins like this


def questions(sheet: Sheet, chosen: dict[str, int] | None = None) -> Markup:
    """All questions of a sheet as HTML; `chosen` are the buttons that were pressed, 0 for the opt-out."""
    practices = [
        (practice, [item for item in practice.items if sheet.form in item.forms])
        for practice in sheet.questionnaire.practices_of(sheet.form)
    ]
    return Markup(render_template("respond/sheet.html", practices=practices, chosen=chosen or {}))  # noqa: S704 - escaped by Jinja


class AnswersField(Field):  # type: ignore[misc]  # WTForms has no types
    """The whole sheet: {item key: "1".."5", "?" or ""}. As thirty fields it would halve the page's rate.

    Holds whatever came in; which items are asked and what they accept are rules, checked by `domain.answers`.
    """

    def process(
        self, formdata: MultiDict[str, Any] | None, data: object = None, extra_filters: object = None
    ) -> None:
        del data, extra_filters
        self.process_errors: list[str] = []
        sent = {} if formdata is None else dict(formdata.lists())
        sent.pop(self.meta.csrf_field_name, None)
        self.entered = sent.pop(ENTER, None) is not None
        self.data = {name: _answer(values) for name, values in sent.items()}

    def pre_validate(self, form: object) -> None:
        del form
        if len(self.data) > MOST_FIELDS:
            raise ValidationError(_("That is no answer sheet of this page."))
        if self.entered:
            raise ValidationError(
                _("Enter sends nothing here. Go on, and press “Send my answers” at the end.")
            )

    @property
    def chosen(self) -> dict[str, int]:
        """The valid answers as the buttons that were pressed: 1 to 5, 0 for the opt-out."""
        return {
            key: 0 if answer == OPTED_OUT else int(answer)
            for key, answer in self.data.items()
            if answer is not None and answer in {*LEVELS, OPTED_OUT}
        }


def _answer(values: list[Any]) -> str | None:
    """A question has one answer; the opt-out's button has the value 0."""
    if len(values) != 1 or not isinstance(values[0], str):
        return None
    return OPTED_OUT if values[0] == "0" else values[0]


class GivenToken(Token):
    """The token that came with the answers. A new one is made by the page alone, when it is drawn."""

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        del csrf_token_field
        return ""


class AnswerForm(BaseForm):
    class Meta(BaseForm.Meta):
        csrf_class = GivenToken

    answers = AnswersField()

    def __init__(self, sheet: Sheet) -> None:
        super().__init__()
        self.sheet = sheet
        self.faults: list[tuple[str, str]] = []

    def validate_sheet(self) -> bool:
        """Whether it came from this page; says why not."""
        if self.validate():
            return True
        self.faults = [("", str(error)) for errors in self.errors.values() for error in errors]
        return False

    def refuse_answers(self, refused: Refused) -> None:
        """Show a rule's no, with the question that it is about where there is one."""
        each = refused.refusals[:MOST_FAULTS] if isinstance(refused, RefusedMany) else [refused]
        texts = {item.key: item.text for item in self.sheet.items}
        for one in each:
            sentence = language.refusal(one)
            known = one.place in texts
            self.faults.append(
                (one.place if known else "", f"{texts[one.place]} {sentence}" if known else sentence)
            )
