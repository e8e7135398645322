from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField, StringField
from wtforms.fields.choices import SelectChoice

from webapp.forms import BaseForm, ListForm
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


class ImportForm(ListForm):
    """A list of units."""

    close_missing = BooleanField(_l("Close the units that the list lacks"))
