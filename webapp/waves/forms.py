from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from webapp.forms import BaseForm
from webapp.waves.queries import Participation


class OpenWaveForm(BaseForm):
    """What a new wave asks, and until when."""

    form = SelectField(_l("What is asked"), validate_choice=False)
    name = StringField(
        _l("Name of the wave"),
        [InputRequired(_l("This is needed.")), Length(max=120, message=_l("At most 120 characters."))],
        description=_l("People read it on the first page, such as “Autumn 2026”."),
    )
    closes = DateField(
        _l("Last day"),
        [Optional()],
        description=_l(
            "People are told this day. When it is over, the wave closes by itself and its results are published."
        ),
    )

    def __init__(self, *, askable: dict[str, list[tuple[str, str]]], name: str) -> None:
        super().__init__(data={"name": name})
        self.form.choices = [
            SelectChoice(value, words, optgroup=title)
            for title, forms in askable.items()
            for value, words in forms
        ]

    def chosen(self) -> tuple[str, str]:
        """(KEY@VERSION, form)."""
        questionnaire, _slash, form = str(self.form.data or "").partition("/")
        return questionnaire, form


class OpenLinkForm(BaseForm):
    """Which unit gets one open link."""

    position = SelectField(_l("Team"), coerce=int)

    def __init__(self, rows: Sequence[Participation] = ()) -> None:
        super().__init__()
        self.position.choices = [
            SelectChoice(row.position, row.name)
            for row in rows
            if row.headcount and row.link not in {"single", "mail"}
        ]


class CloseForm(BaseForm):
    """Closing, and the tick that makes it more than a slip."""

    sure = BooleanField(
        _l("I understand that nobody can answer any more."),
        [InputRequired(_l("Tick this first."))],
    )
