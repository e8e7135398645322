from collections.abc import Sequence

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired

from webapp.domain.answers import OPTED_OUT
from webapp.domain.questionnaire import Item
from webapp.forms import BaseForm


class AssessmentForm(BaseForm):
    """Who sees it, and the sheet; which answers a sheet accepts is a rule of the domain."""

    shown = RadioField(
        _l("What becomes of it?"),
        [InputRequired(_l("Choose one of the two."))],
        choices=[
            SelectChoice(
                "name", _l("Show it beside my unit’s results. Everybody who reads them sees how I see it.")
            ),
            SelectChoice(
                "average", _l("Count me only in the leaders’ average. Nobody sees my own view on a page.")
            ),
        ],
    )

    @property
    def by_name(self) -> bool:
        return bool(self.shown.data == "name")

    def sheet(self, items: Sequence[Item]) -> dict[str, str]:
        """{item key: what was sent}, "" where nothing was; 0 on the page is the opt-out."""
        sent = {item.key: request.form.get(item.key, "") for item in items}
        return {key: OPTED_OUT if answer == "0" else answer for key, answer in sent.items()}

    def chosen(self, items: Sequence[Item]) -> dict[str, int]:
        """What was sent, to show it again."""
        sent = {item.key: request.form.get(item.key, "") for item in items}
        return {key: int(answer) for key, answer in sent.items() if answer in set("012345")}
