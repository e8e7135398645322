"""Leaders assess themselves, by name; never a response, and no total holds both."""

from collections.abc import Mapping

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import asking, audit
from webapp.access import Actor
from webapp.assessments.queries import Asked
from webapp.domain import answers as sheets
from webapp.domain.refusal import Refused
from webapp.models import Assessment, Wave, WaveUnit
from webapp.transaction import locked, transaction


def give_assessment(*, asked: Asked, answers: Mapping[str, str], shown_by_name: bool, by: Actor) -> None:
    """Store a leader's answers about their own unit, or change them while the wave is open."""
    packed = sheets.check(asked.items, answers)
    if not set(packed) & set(sheets.LEVELS):
        raise Refused("Choose an answer to at least one question.")
    with transaction() as session:
        wave = locked(session, Wave, asked.wave.id)
        asking.refuse_unless_it_runs(wave)
        unit = session.get_one(WaveUnit, (wave.id, asked.unit.position))
        given = _given(session, unit, by)
        given.answers = packed
        given.shown_by_name = shown_by_name
        audit.record(
            session,
            organization_id=wave.organization_id,
            by=by.account,
            action="assessment.given",
            wave=wave.id,
            unit=unit.position,
        )


def _given(session: Session, unit: WaveUnit, by: Actor) -> Assessment:
    """The leader's assessment of the unit, a new one where there is none.

    No more than led the unit when the wave opened: more answers than people asked would make a range of nonsense.
    """
    of_unit = (Assessment.wave_id == unit.wave_id, Assessment.position == unit.position)
    found = session.scalar(select(Assessment).where(*of_unit, Assessment.member_id == by.member_id))
    if found is not None:
        return found
    others = session.scalar(select(func.count()).select_from(Assessment).where(*of_unit)) or 0
    if others >= unit.leaders:
        raise Refused(
            "{unit} was led by others when the wave opened; the next wave asks you.", unit=f"“{unit.name}”"
        )
    made = Assessment(
        organization_id=unit.organization_id,
        wave_id=unit.wave_id,
        position=unit.position,
        member_id=by.member_id,
    )
    session.add(made)
    return made
