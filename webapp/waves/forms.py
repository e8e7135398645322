from collections.abc import Sequence

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from webapp import language as languages
from webapp.domain.recurring import typed_days
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

    language = SelectField(
        _l("Language of its letters"),
        choices=languages.names,
        description=_l("Invitations and reminders by mail. The form itself follows each reader’s browser."),
        validate_choice=False,  # the command checks it, and says what is wrong
    )

    def __init__(self, *, askable: dict[str, list[tuple[str, str]]], name: str, language: str) -> None:
        super().__init__(data={"name": name, "language": language})
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


class PlanForm(BaseForm):
    """A plan: what, how often, from when on, for how long, with which reminders."""

    form = SelectField(_l("What is asked"), validate_choice=False)
    every = SelectField(
        _l("How often"),
        choices=[
            SelectChoice("quarter", _l("every quarter")),
            SelectChoice("month", _l("every month")),
            SelectChoice("half-year", _l("every half-year")),
            SelectChoice("year", _l("every year")),
        ],
    )
    first_day = DateField(_l("First opening"), [InputRequired(_l("This is needed."))])
    days_open = IntegerField(_l("Days open"), [InputRequired(_l("A whole number of days."))])
    days = StringField(
        _l("Remind on these days after the opening"),
        description=_l(
            "Such as “5, 10”. They go to people who were invited by mail by then. Blank for never."
        ),
    )
    name = StringField(
        _l("Name of each wave"),
        [InputRequired(_l("This is needed.")), Length(max=100, message=_l("At most 100 characters."))],
        description=_l("{month}, {year} and {number} are filled in."),
    )
    language = SelectField(
        _l("Language of names and letters"),
        choices=languages.names,
        description=_l("Invitations and reminders by mail. The form itself follows each reader’s browser."),
        validate_choice=False,  # the command checks it, and says what is wrong
    )

    def __init__(self, *, askable: dict[str, list[tuple[str, str]]], language: str) -> None:
        super().__init__(
            data={"name": "{month} {year}", "days_open": 14, "days": "5, 10", "language": language}
        )
        self.form.choices = [
            SelectChoice(value, words, optgroup=title)
            for title, forms in askable.items()
            for value, words in forms
        ]

    def chosen(self) -> tuple[str, str]:
        """(key, form): a plan asks the newest version each time."""
        questionnaire, _slash, form = str(self.form.data or "").partition("/")
        return questionnaire.partition("@")[0], form

    def reminders(self) -> list[int]:
        return typed_days(self.days.data or "")
