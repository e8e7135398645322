from typing import Any
from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from webapp.forms import BaseForm

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

    def values(self) -> dict[str, Any]:
        """What was sent, by the names that the commands use."""
        return {field.name: field.data for field in self if field.name != self.meta.csrf_field_name}


class NewOrganizationForm(SettingsForm):
    slug = StringField(
        _l("Word in the address"),
        [InputRequired(MISSING), Length(max=60, message=_l("At most 60 characters."))],
        description=_l(
            "Small letters a to z, digits and hyphens, such as “kestrel-freight”. It stays as it is."
        ),
    )
