from dataclasses import dataclass
from typing import TypedDict

from flask import url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import or_, select

from webapp import catalog, clock, questionnaires
from webapp.access import Actor
from webapp.domain.answers import OPTED_OUT, unpack
from webapp.domain.questionnaire import Item, Practice, Questionnaire
from webapp.extensions import db
from webapp.models import Assessment, Wave, WaveUnit


@dataclass(frozen=True, slots=True)
class Asked:
    """What a leader is asked about a unit in a wave, and what was given so far."""

    wave: Wave
    unit: WaveUnit
    questionnaire: Questionnaire
    form: str
    given: Assessment | None

    @property
    def items(self) -> tuple[Item, ...]:
        return self.questionnaire.items(self.form)

    @property
    def practices(self) -> list[tuple[Practice, list[Item]]]:
        return [
            (practice, [item for item in practice.items if self.form in item.forms])
            for practice in self.questionnaire.practices_of(self.form)
        ]

    def chosen(self) -> dict[str, int]:
        """{item key: 1..5, 0 for the opt-out} of the stored answers."""
        if self.given is None:
            return {}
        stored = unpack(self.items, self.given.answers)
        return {key: 0 if answer == OPTED_OUT else int(answer) for key, answer in stored.items()}


class OwnAssessment(TypedDict):
    """One line of the list of a leader's own assessments."""

    label: str
    href: str
    state: str


def led(actor: Actor) -> list[int | None]:
    """Ids of the units that the actor leads, None for the whole organization; not those below them."""
    return [role.unit_id for role in actor.roles if role.role == "leader"]


def node_key(unit_id: int | None) -> str:
    """The unit's key in the frozen tree of a wave."""
    return "root" if unit_id is None else f"u{unit_id}"


def asked(actor: Actor, wave_id: int, unit_id: int | None) -> Asked | None:
    """What the actor is asked; None where the actor does not lead the unit, or the wave asks no leader of it."""
    wave = db.session.get_one(Wave, wave_id)
    unit = db.session.scalar(
        select(WaveUnit).where(WaveUnit.wave_id == wave_id, WaveUnit.key == node_key(unit_id))
    )
    if unit is None or wave.leader_form is None or unit_id not in led(actor):
        return None
    frozen = catalog.parse(wave.copy.text, wave.copy.digest)
    questionnaire = questionnaires.available().in_language(frozen, str(get_locale()))
    return Asked(
        wave, unit, questionnaire, wave.leader_form, given_by(wave_id, unit.position, actor.member_id)
    )


def given_by(wave_id: int, position: int, member_id: int) -> Assessment | None:
    return db.session.scalar(
        select(Assessment).where(
            Assessment.wave_id == wave_id, Assessment.position == position, Assessment.member_id == member_id
        )
    )


def own(actor: Actor, wave_id: int | None = None) -> list[OwnAssessment]:
    """The actor's assessments in open waves (of one wave, if given): one line a unit that the actor leads."""
    units = {node_key(unit_id): unit_id for unit_id in led(actor)}
    if not units:
        return []
    found = (
        select(Wave.id, Wave.name, WaveUnit.key, WaveUnit.name.label("unit"), Assessment.id.label("given"))
        .join(WaveUnit, WaveUnit.wave_id == Wave.id)
        .outerjoin(
            Assessment,
            (Assessment.wave_id == Wave.id)
            & (Assessment.position == WaveUnit.position)
            & (Assessment.member_id == actor.member_id),
        )
        .where(
            Wave.organization_id == actor.organization.id,
            Wave.status == "open",
            or_(Wave.ends_at.is_(None), Wave.ends_at > clock.now()),
            Wave.leader_form.is_not(None),
            WaveUnit.key.in_(units),
        )
        .order_by(Wave.id.desc(), WaveUnit.position)
    )
    if wave_id is not None:
        found = found.where(Wave.id == wave_id)
    slug = actor.organization.slug
    return [
        OwnAssessment(
            label=_("%(unit)s, %(wave)s", unit=row.unit, wave=row.name),
            href=url_for("assessments.assessment", slug=slug, wave_id=row.id, unit_id=units[row.key]),
            state=_("given; may be changed until the wave closes") if row.given else _("not given yet"),
        )
        for row in db.session.execute(found)
    ]
