from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import BooleanField, FileField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice

from webapp.forms import BaseForm
from webapp.units.queries import Place


def _stripped(text: str | None) -> str:
    return (text or "").strip()


class UnitForm(BaseForm):
    """One unit; the rules are those of a line of an imported list, and the fields have its columns' names."""

    unit = StringField(_l("Name"), filters=[_stripped])
    parent = SelectField(_l("Stands below"), validate_choice=False)  # the domain knows the tree
    headcount = StringField(
        _l("People who answer here"),
        filters=[_stripped],
        description=_l(
            "Those of this very unit, its leader not counted. 0 where all of them belong to units below it."
        ),
    )
    leader_email = StringField(_l("Leader’s e-mail address"), filters=[_stripped])

    def __init__(self, *, organization: str, parents: list[str], place: Place | None = None) -> None:
        super().__init__(data=_as_typed(place) if place else None)
        itself = SelectChoice("", _("%(name)s itself", name=organization))
        self.parent.choices = [itself, *(SelectChoice(name, name) for name in parents)]

    def values(self) -> dict[str, str]:
        """What was typed, by the columns of a list of units."""
        names = ("unit", "parent", "headcount", "leader_email")
        return {name: self[name].data or "" for name in names}


def _as_typed(place: Place) -> dict[str, Any]:
    return {
        "unit": place.unit.name,
        "parent": place.path[-1] if place.path else "",
        "headcount": str(place.unit.headcount),
        "leader_email": place.leaders[0] if len(place.leaders) == 1 else "",
    }


class ImportForm(BaseForm):
    """A list of units, pasted or as a file."""

    text = TextAreaField(_l("Paste the list"))
    file = FileField(_l("Or choose a file"))
    close_missing = BooleanField(_l("Close the units that the list lacks"))

    def chosen(self) -> tuple[str, bytes]:
        """(name, content): the file if one was sent, else the pasted text."""
        sent = self.file.data
        if isinstance(sent, FileStorage) and sent.filename:
            return sent.filename, sent.read()
        return _("list"), (self.text.data or "").encode()
