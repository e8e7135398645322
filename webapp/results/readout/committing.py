"""The commitment at the end of a readout: one thing, somebody who looks after it, a day. Actions take it through slots."""

from datetime import timedelta

from flask import g
from flask_babel import lazy_gettext as _l
from wtforms import DateField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from webapp import clock, slots
from webapp.access import Actor
from webapp.forms import BaseForm
from webapp.results.reading import Reading, unit_id
from webapp.results.step_words import StepWords

LONGEST = 200
TWO_WEEKS = timedelta(days=14)


class CommitmentForm(BaseForm):
    """One thing, one owner, one date: none of them may be left out."""

    title = StringField(
        _l("What"),
        [
            InputRequired(_l("This is needed.")),
            Length(max=LONGEST, message=_l("At most 200 characters.")),
        ],
    )
    member = SelectField(_l("Who"), coerce=int)
    due = DateField(_l("Until when"), [InputRequired(_l("This is needed."))])

    def __init__(self, people: list[tuple[int, str]], **values: object) -> None:
        super().__init__(data=values)
        self.member.choices = [SelectChoice(number, email) for number, email in people]


def form_of(actor: Actor, reading: Reading, position: int, first: StepWords | None) -> CommitmentForm | None:
    """The form with the first step already in it; None where nobody can be found who may look after it."""
    people = [
        one
        for some in slots.ask("may_look_after", actor, unit_id(reading.unit(position).key))
        for one in some
    ]
    if not people:
        return None
    words = (first.first_step or first.title) if first else ""
    return CommitmentForm(
        people,
        title=words if len(words) <= LONGEST else first.title if first else "",
        member=actor.member_id if actor.member_id in dict(people) else people[0][0],
        due=clock.today(actor.organization.timezone) + TWO_WEEKS,
    )


def commit(reading: Reading, position: int, form: CommitmentForm, first: StepWords | None) -> None:
    """Write the commitment down as an action of the unit; what it is an answer to stands beside it."""
    (adopt,) = slots.offered("adopt")
    adopt(
        organization=g.actor.organization,
        unit_id=unit_id(reading.unit(position).key),
        title=form.title.data or "",
        wave_id=reading.publication.wave,
        practice=first.practice if first else "",
        advice=first.title if first else "",
        first_step=first.first_step if first else "",
        member_id=form.member.data,
        due=form.due.data,
        by=g.account,
    )
