from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional

from webapp.actions.measured import Advice, Measure
from webapp.actions.queries import Place, Shown
from webapp.domain.action import LONGEST_NOTE, LONGEST_TITLE, State
from webapp.forms import BaseForm

FOUR_WEEKS = timedelta(days=28)
WHOLE = "0"  # of a choice of units, the organization


class ActionForm(BaseForm):
    """What is to be done, in which unit, what it should move, who looks after it, and until when."""

    title = StringField(
        _l("What you will do"),
        [
            InputRequired(_l("This is needed.")),
            Length(max=LONGEST_TITLE, message=_l("At most 200 characters.")),
        ],
        description=_l("A verb and a thing: “Give the weekly demo a slot in the team meeting”."),
    )
    unit = SelectField(_l("Unit"))
    moves = SelectField(
        _l("What it should move"),
        description=_l("The next results then show how this changed, beside units that did not act."),
    )
    member = SelectField(_l("Who looks after it"))
    due = DateField(_l("Until when"), [Optional()], description=_l("Blank for no day yet."))
    note = TextAreaField(
        _l("Note"),
        [Length(max=LONGEST_NOTE, message=_l("At most 2000 characters."))],
        description=_l(
            "Everybody who reads the results of this unit can read it, so write nothing about a person."
        ),
    )
    version = HiddenField()

    def __init__(
        self,
        *,
        places: Sequence[Place],
        measures: Iterable[Measure],
        people: Sequence[tuple[int, str]],
        none: bool = True,
        **values: Any,
    ) -> None:
        """`none`: whether it may be meant to move nothing that is measured."""
        super().__init__(data=values)
        self.places = places
        self.unit.choices = [SelectChoice(str(one.id or WHOLE), one.label) for one in places]
        if len(places) == 1:
            del self.unit  # there is nothing to choose
        self.moves.choices = [SelectChoice("", _("nothing that is measured"))] if none else []
        for one in measures:
            whole = SelectChoice(
                one.practice, _("%(practice)s as a whole", practice=one.title), optgroup=one.title
            )
            self.moves.choices += [
                whole,
                *(SelectChoice(f"{one.practice}/{key}", text, optgroup=one.title) for key, text in one.items),
            ]
        self.member.choices = [SelectChoice("", _("nobody yet"))] + [
            SelectChoice(str(number), email) for number, email in people
        ]

    @classmethod
    def adopting(
        cls, advice: Advice, place: Place, people: Sequence[tuple[int, str]], **values: Any
    ) -> "ActionForm":
        """For an advice: its unit and its practice stand."""
        told = (
            _("The aim: %(aim)s", aim=advice.aim) if advice.aim else "",
            _("Next week: %(step)s", step=advice.first_step) if advice.first_step else "",
        )
        moves = "/".join(filter(None, (advice.measure.practice, advice.item)))
        return cls(
            places=[place],
            measures=[advice.measure],
            people=people,
            none=False,
            **{"title": advice.do, "note": "\n".join(filter(None, told)), "moves": moves, **values},
        )

    @property
    def unit_id(self) -> int | None:
        if "unit" not in self:
            return self.places[0].id
        return None if self.unit.data == WHOLE else int(self.unit.data)

    @property
    def seen(self) -> int:
        """The version that was changed; one that nothing has where none was sent."""
        sent = str(self.version.data or "")
        return int(sent) if sent.isascii() and sent.isdigit() and len(sent) < 10 else 0  # noqa: PLR2004 - digits of a column

    def values(self) -> dict[str, Any]:
        """What the commands take, but for the unit."""
        practice, _slash, item = str(self.moves.data or "").partition("/")
        return {
            "title": self.title.data or "",
            "note": self.note.data or "",
            "practice": practice,
            "item": item,
            "member_id": int(self.member.data) if self.member.data else None,
            "due": self.due.data,
        }


def proposed(member_id: int, people: Sequence[tuple[int, str]], today: date) -> dict[str, Any]:
    """What a new form begins with: oneself, in four weeks."""
    mine = str(member_id) if member_id in dict(people) else ""
    return {"member": mine, "due": today + FOUR_WEEKS}


def stored(shown: Shown) -> dict[str, Any]:
    """What the form of an action begins with."""
    action = shown.action
    return {
        "title": action.title,
        "note": action.note,
        "unit": str(action.unit_id or WHOLE),
        "moves": "/".join(filter(None, (action.practice, action.item))),
        "member": str(shown.member_id or ""),
        "due": action.due,
        "version": action.version,
    }


class MoveForm(BaseForm):
    """A button that moves an action, with one line on why where it ends."""

    seen = HiddenField()
    to = HiddenField()
    reason = StringField()
    back = HiddenField()

    def states(self) -> tuple[State, State] | None:
        """(as it was seen, where it goes); None for words that are no states."""
        known = set(State)
        if self.seen.data not in known or self.to.data not in known:
            return None
        return State(self.seen.data), State(self.to.data)
