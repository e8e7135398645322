import re
import unicodedata
from typing import Any
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from webapp import language as languages
from webapp.access import Permission
from webapp.access.roles import ROLES
from webapp.forms import BaseForm
from webapp.organizations import token_words, words

MOST_DIGITS = 10
MISSING = _l("This is needed.")


class SettingsForm(BaseForm):
    """What an owner decides about an organization."""

    name = StringField(
        _l("Name"),
        [InputRequired(MISSING), Length(max=120, message=_l("At most 120 characters."))],
        description=_l("As its people know it."),
    )
    smallest_group = IntegerField(
        _l("Smallest group"),
        [InputRequired(_l("A whole number is needed."))],
        default=5,
        description=_l(
            "No figure is shown for fewer people. 5 is usual. With 3 or 4, two or three who compare notes can work out what another answered."
        ),
    )
    timezone = SelectField(
        _l("Time zone"),
        choices=sorted(available_timezones()),
        default="UTC",
        description=_l("Decides on which day a wave opens."),
        validate_choice=False,  # the command checks it, and says what is wrong
    )
    time_guard = RadioField(
        _l("Guard over time"),
        choices=[
            SelectChoice(
                "standard",
                _l(
                    "Standard: a number about nearly the same few people is rounded, and its change is left out."
                ),
            ),
            SelectChoice(
                "strict",
                _l(
                    "Strict: such a unit shows a band and no number, which is about 42 of 100 shown teams in the second wave."
                ),
            ),
        ],
        default="standard",
    )

    language = SelectField(
        _l("Language of letters"),
        choices=languages.names,
        default=languages.select,
        description=_l(
            "In which people are invited and reminded; each wave can have another. A page speaks the language of its reader."
        ),
        validate_choice=False,  # likewise
    )

    def values(self) -> dict[str, Any]:
        """What was sent, by the names that the commands use."""
        return {field.name: field.data for field in self if field.name != self.meta.csrf_field_name}


class NewOrganizationForm(SettingsForm):
    slug = StringField(
        _l("Word in the address"),
        [Length(max=60, message=_l("At most 60 characters."))],
        description=_l(
            "Small letters a to z, digits and hyphens, such as “kestrel-freight”. Blank: made from the name. It stays as it is."
        ),
    )

    def validate(self, extra_validators: Any = None) -> bool:
        self.slug.data = (self.slug.data or "").strip() or _word_of(self.name.data or "")
        good = bool(super().validate(extra_validators))
        if not self.slug.data:  # a name without a Latin letter or digit
            self.slug.errors = [*self.slug.errors, MISSING]
        return good and bool(self.slug.data)


def _word_of(name: str) -> str:
    """A name as a word of an address: “Müller & Söhne” is muller-sohne."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall("[a-z0-9]+", plain))[:60].strip("-")


class RetentionForm(BaseForm):
    """How long answers are kept, and whom people may ask."""

    months_kept = IntegerField(
        _l("Months for which answers are kept"),
        [InputRequired(_l("A whole number is needed."))],
        description=_l(
            "1 to 120, counted from the publication of a wave. Then the single answers of people and leaders are erased, also of waves that are published already. Published results stay."
        ),
    )
    contact = StringField(
        _l("Whom people may ask about privacy"),
        [Length(max=200, message=_l("At most 200 characters."))],
        filters=[lambda text: (text or "").strip()],
        description=_l(
            "An address or an office, such as “privacy@example.org”. Everybody with a link reads it."
        ),
    )

    def values(self) -> dict[str, Any]:
        return {"months_kept": self.months_kept.data, "contact": self.contact.data}


class SigningInForm(BaseForm):
    """What members need to sign in."""

    asks_second_step = BooleanField(
        _l("Every member needs a second step"),
        description=_l(
            "Who has none is led to turn one on before the next page of this organization opens. The command line goes on as before."
        ),
    )


class DeleteForm(BaseForm):
    """Deleting all of an organization, by the word in its address."""

    word = StringField(
        _l("Word in the address"),
        [InputRequired(_l("Type the word, so that nothing is deleted by a slip."))],
        filters=[lambda text: (text or "").strip()],
    )


class RoleForm(BaseForm):
    """A role on a unit and all below it."""

    role = RadioField(_l("Role"), [InputRequired(_l("Choose one of the roles."))])
    unit = SelectField(_l("Where it holds"), validate_choice=False)  # the command knows the units

    def __init__(self, *, organization: str, units: list[tuple[int, str]]) -> None:
        super().__init__()
        self.role.choices = [SelectChoice(name, f"{words.role(name)}: {words.may(name)}") for name in ROLES]
        everywhere = SelectChoice("", words.on("", organization))
        self.unit.choices = [everywhere, *(SelectChoice(str(unit_id), name) for unit_id, name in units)]

    def place(self) -> dict[str, Any]:
        """The role and the unit, as the commands name them."""
        return {"role": self.role.data, "unit_id": number(self.unit.data)}


class InviteForm(RoleForm):
    """A role for an address, which may be new here."""

    email = StringField(
        _l("E-mail address"),
        [InputRequired(MISSING), Length(max=254, message=_l("At most 254 characters."))],
        filters=[lambda text: (text or "").strip()],
    )


class HeldRoleForm(BaseForm):
    """A button that takes a role; hidden fields say which."""

    role = StringField()
    unit = StringField()

    def place(self) -> dict[str, Any]:
        return {"role": self.role.data, "unit_id": number(self.unit.data)}


class TokenForm(BaseForm):
    """What a new API token is for, what it may do, and for how long."""

    name = StringField(
        _l("What it is for"),
        [InputRequired(MISSING), Length(max=80, message=_l("At most 80 characters."))],
        description=_l(
            "So that everybody knows whether it is still needed, such as “Monthly figures for the board”."
        ),
        filters=[lambda text: (text or "").strip()],
    )
    scopes = SelectMultipleField(
        _l("What it may do"),
        [InputRequired(_l("Tick at least one thing that it may do."))],
        validate_choice=False,  # the command knows what there is to give
        option_widget=CheckboxInput(),
        widget=ListWidget(),
        description=_l("As little as the program needs."),
    )
    days = RadioField(
        _l("How long it is good"),
        [InputRequired(_l("Choose one of the spans."))],
        validate_choice=False,
        default="90",
    )

    def __init__(self, *, scopes: list[Permission]) -> None:
        super().__init__()
        self.scopes.choices = [SelectChoice(str(scope), token_words.scope(scope)) for scope in scopes]
        spans = {30: _("30 days"), 90: _("90 days"), 365: _("a year")}
        self.days.choices = [SelectChoice(str(days), words) for days, words in spans.items()]

    def values(self) -> dict[str, Any]:
        return {"name": self.name.data, "scopes": self.scopes.data, "days": number(self.days.data)}


def number(text: str | None) -> int | None:
    """The number that a form sent, such as a unit's id; None for nothing, and 0 for what is no number."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) < MOST_DIGITS else 0
