"""What the demo organization decided after its waves: something that was done and rose, something dropped, something overdue.

The words are the questionnaire's own advice at the scores that were published; who looks after each leads the unit.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import select

from webapp import catalog, clock, publications
from webapp.domain.action import State, reminded_at_first
from webapp.domain.publication import Publication
from webapp.domain.questionnaire import Advice, Practice
from webapp.extensions import db
from webapp.models import Action, ActionOwner, MemberRole, Organization, Unit, Wave
from webapp.transaction import transaction

WHOLE = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """An action of the story: after which wave, counted from the last (1), in which unit, to move what.

    due: days from today; title: words of its own instead of the advice's
    """

    wave: int
    unit: str
    practice: str
    state: State
    due: int | None
    reason: str = ""
    title: str = ""
    note: str = ""
    looked_after: bool = True


STORY = (
    Decided(4, WHOLE, "room_to_try", State.DONE, -190, "Half a page, posted where everybody sees it"),
    Decided(
        3,
        "Engineering",
        "fire_ready_aim",
        State.DONE,
        -120,
        "Each team showed one rough version to a user",
        note="One idea a team, within a week. It need not be pretty.",
    ),
    Decided(3, "Operations", "amplify", State.DROPPED, -100, "Peak season came first", looked_after=False),
    Decided(2, "Support North", "solidify", State.DOING, -12),
    Decided(2, "Corporate", "simplify", State.DOING, 18),
    Decided(1, "Data platform", "amplify", State.PLANNED, 24),
    Decided(
        1,
        "Warehouse",
        "",
        State.PLANNED,
        None,
        title="Ask each shift for one task that it would like to try",
        looked_after=False,
    ),
)


def decide(organization: Organization) -> None:
    """Add the actions of the story, as far as the organization has their units and waves."""
    waves = [
        (db.session.get_one(Wave, wave_id), publications.of_wave(organization.id, wave_id))
        for wave_id, *_rest in publications.waves(organization.id)
    ]
    units = dict(
        db.session.execute(select(Unit.name, Unit.id).where(Unit.organization_id == organization.id)).all()
    )
    leaders = _leaders(organization.id)
    made = [
        (_action(organization, one, *waves[-one.wave], units.get(one.unit)), one)
        for one in STORY
        if one.wave <= len(waves) and one.unit in {WHOLE, *units}
    ]
    with transaction() as session:
        for action, one in made:
            session.add(action)
            session.flush()
            member = leaders.get(action.unit_id, leaders.get(None)) if one.looked_after else None
            if member is not None:
                session.add(
                    ActionOwner(organization_id=action.organization_id, action_id=action.id, member_id=member)
                )


def _action(
    organization: Organization,
    one: Decided,
    wave: Wave,
    publication: Publication | None,
    unit_id: int | None,
) -> Action:
    today = clock.today(organization.timezone)
    due = None if one.due is None else today + dt.timedelta(days=one.due)
    decided = min((wave.published_at or clock.now()) + dt.timedelta(days=3), clock.now())
    advice = _advice(one, wave, publication)
    return Action(
        organization_id=organization.id,
        unit_id=unit_id,
        wave_id=wave.id,
        practice=one.practice,
        item="",
        title=one.title or (advice.do if advice else one.unit),
        note=one.note or (advice.first_step if advice else ""),
        advice=advice.do if advice else "",
        first_step=advice.first_step if advice else "",
        due=due,
        state=one.state,
        reason=one.reason,
        reminded=reminded_at_first(due, today),
        version=1,
        made_at=decided,
        moved_at=max(decided, dt.datetime.combine(due, dt.time(15)))
        if due and not one.state.open
        else decided,
    )


def _advice(one: Decided, wave: Wave, publication: Publication | None) -> Advice | None:
    """What the questionnaire advises at the published score of the unit, at that of the whole where it has none."""
    if not one.practice or publication is None:
        return None
    practice: Practice = catalog.parse(wave.copy.text, wave.copy.digest).practice(one.practice)
    scores = list(_scores(one, publication))
    return practice.advice_for(scores[0]) if scores else None


def _scores(one: Decided, publication: Publication) -> Iterator[int]:
    named = (unit for unit in publication.units if unit.name == one.unit)
    for unit in (*named, publication.root):
        cell = unit.teams.get(one.practice)
        if cell is not None and cell.score is not None:
            yield cell.score


def _leaders(organization_id: int) -> dict[int | None, int]:
    """Who looks after what a unit decides: its leader; of the whole organization its owner, under None."""
    found = select(MemberRole.unit_id, MemberRole.member_id).where(
        MemberRole.organization_id == organization_id, MemberRole.role.in_(("owner", "leader"))
    )
    return dict(db.session.execute(found.order_by(MemberRole.id.desc())).all())
