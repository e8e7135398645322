"""The one base of all forms: WTForms with Flask-WTF's CSRF, typed."""

from typing import Any

from flask import g, request, session
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf, validate_csrf
from werkzeug.datastructures import CombinedMultiDict
from wtforms import Form
from wtforms.csrf.core import CSRF, CSRFTokenField
from wtforms.validators import ValidationError

from webapp.domain.refusal import Refused


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

    class Meta:
        csrf = True
        csrf_class = Token
        csrf_field_name = "csrf_token"

    def __init__(self, **values: Any) -> None:
        sent = (
            CombinedMultiDict[Any, Any]([request.files, request.form]) if request.method == "POST" else None
        )
        super().__init__(formdata=sent, meta={"csrf_context": session}, **values)

    def validate_on_submit(self) -> bool:
        return request.method == "POST" and bool(self.validate())

    def refuse(self, refused: Refused, field: str | None = None) -> None:
        """Show a rule's no at a field (the given one, or the one that its place names), else above the form."""
        sentence = _(refused.message).format(**refused.values)
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
