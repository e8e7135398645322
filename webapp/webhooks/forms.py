from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from webapp.forms import BaseForm
from webapp.webhooks import words

MISSING = _l("This is needed.")


class ChangeForm(BaseForm):
    """What may change about a webhook that is there."""

    name = StringField(
        _l("Name"),
        [InputRequired(MISSING), Length(max=80, message=_l("At most 80 characters."))],
        description=_l("For you to know it by, such as the name of the channel."),
    )
    events = SelectMultipleField(
        _l("It is told when"),
        choices=[SelectChoice(value, label) for value, label in words.EVENTS.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,  # the command checks it, and says what is wrong
    )

    def values(self) -> dict[str, Any]:
        """What was sent, by the names that the commands use."""
        return {"name": self.name.data, "events": self.events.data or []}


class NewForm(ChangeForm):
    """A webhook that is to be added."""

    kind = RadioField(
        _l("What is there"),
        [InputRequired(_l("Choose one."))],
        choices=[SelectChoice(value, label) for value, label in words.KINDS.items()],
    )
    address = StringField(
        _l("Address"),
        [InputRequired(MISSING)],
        filters=[lambda text: (text or "").strip()],
        description=_l(
            "The whole address that the other program gave you, beginning with https://. Whoever knows it can write there, so it is kept sealed and not shown again."
        ),
    )

    def values(self) -> dict[str, Any]:
        return {**super().values(), "kind": self.kind.data, "address": self.address.data}
