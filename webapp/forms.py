"""The one base of all forms: WTForms with Flask-WTF's CSRF, typed."""

import re
from typing import Any

from flask import Blueprint, g, request, session
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import generate_csrf, validate_csrf
from markupsafe import Markup
from werkzeug.datastructures import CombinedMultiDict, FileStorage
from wtforms import FileField, Form, TextAreaField
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.meta import DefaultMeta
from wtforms.validators import ValidationError

from webapp import language
from webapp.domain import csv_table
from webapp.domain.refusal import Refused, RefusedMany

MOST_FAULTS = 20
NOT_IN_HTML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]")


def in_html(text: str) -> str:
    """The text with a question mark in a diamond for each character that no page may hold."""
    return NOT_IN_HTML.sub("\ufffd", text)


class Token(CSRF):  # type: ignore[misc]  # WTForms has no types
    """Flask-WTF's token for WTForms' own field."""

    def generate_csrf_token(self, csrf_token_field: CSRFTokenField) -> str:
        del csrf_token_field
        return str(generate_csrf())

    def validate_csrf_token(self, form: Form, field: CSRFTokenField) -> None:
        del form
        if g.get("csrf_valid"):
            return  # the extension has checked this request already
        try:
            validate_csrf(field.data)
        except ValidationError as error:
            raise ValidationError(_("This page was open for too long. Please send it again.")) from error


class BaseForm(Form):  # type: ignore[misc]  # likewise
    """A form that is filled from the request and checked on POST alone."""

    class Meta(DefaultMeta):  # type: ignore[misc]  # likewise
        csrf = True
        csrf_class = Token
        csrf_field_name = "csrf_token"

        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Markup:
            """What was typed is shown again, whatever it was."""
            return Markup(in_html(super().render_field(field, render_kw)))  # noqa: S704 - the widget has escaped it

    def __init__(self, **values: Any) -> None:
        sent = (
            CombinedMultiDict[Any, Any]([request.files, request.form]) if request.method == "POST" else None
        )
        super().__init__(formdata=sent, meta={"csrf_context": session}, **values)

    def validate_on_submit(self) -> bool:
        return request.method == "POST" and bool(self.validate())

    def refuse(self, refused: Refused, field: str | None = None) -> None:
        """Show a rule's no at a field (the given one, or the one that its place names), else above the form."""
        sentence = in_html(language.refusal(refused))
        named = refused.place.lower().replace(" ", "_")
        if named in self:
            field = named
        elif refused.place:
            sentence = f"{refused.place}: {sentence}"
        if field and field in self:
            self[field].errors = [*self[field].errors, sentence]
        else:
            self.form_errors.append(sentence)


class PressButton(BaseForm):
    """A form that is only a button."""


class ListForm(BaseForm):
    """A list that is taken over, pasted or as a file."""

    text = TextAreaField(_l("Paste the list"))
    file = FileField(
        _l("Or choose a file"), description=_l("A CSV of up to 10 MB. It wins over what is pasted.")
    )

    def chosen(self) -> tuple[str, bytes]:
        """(name, content): the file if one was sent, else the pasted text."""
        sent = self.file.data
        if isinstance(sent, FileStorage) and sent.filename:
            return sent.filename, sent.read()
        return _("list"), (self.text.data or "").encode()

    def keep(self, data: bytes) -> None:
        """Show a list that was checked, so that it can be taken over without its file."""
        self.text.data = data.decode("utf-8-sig")

    def refuse_list(self, refused: Refused) -> None:
        """Every fault of a list by itself, as far as anybody would read them."""
        faults = refused.refusals if isinstance(refused, RefusedMany) else [refused]
        for fault in faults[:MOST_FAULTS]:
            self.refuse(fault)
        if len(faults) > MOST_FAULTS:
            self.form_errors.append(_("And %(count)s more.", count=len(faults) - MOST_FAULTS))


def allow_large_lists(blueprint: Blueprint, endpoint: str) -> None:
    """Let one endpoint of a blueprint take a list of 10 MiB, where all others stop at much less."""

    # A preprocessor, because the CSRF check reads the form before any view, and before any other hook of a blueprint.
    @blueprint.url_value_preprocessor
    def allow(asked: str | None, _values: dict[str, object] | None) -> None:
        if asked == endpoint:
            request.max_content_length = csv_table.MAX_BYTES
            request.max_form_memory_size = csv_table.MAX_BYTES
