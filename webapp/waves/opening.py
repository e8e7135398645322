"""Opening a wave: freeze the tree, the head counts, the questionnaire and the rules."""

from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import audit, catalog, clock, slots
from webapp import language as languages
from webapp.domain.csv_table import check_name
from webapp.domain.questionnaire import Questionnaire
from webapp.domain.refusal import Refused
from webapp.models import Account, MemberRole, Organization, QuestionnaireCopy, Unit, Wave, WaveUnit
from webapp.transaction import locked, transaction
from webapp.waves import letters

LONGEST = timedelta(days=366)


def open_wave(
    *,
    organization: Organization,
    questionnaire: Questionnaire,
    text: str,
    form: str,
    name: str,
    closes_on: date | None = None,
    opened_on: date | None = None,
    language: str | None = None,
    by: Account | None,
) -> Wave:
    """Open a wave of a form and its mirror for leaders; at most one wave of a form is open at a time.

    text: the questionnaire's file, of which the wave keeps a copy
    closes_on: its last day; when that is over in the organization's time zone, the wave closes by itself
    opened_on: of a wave that is entered afterwards, which ends only when somebody closes it
    language: of its letters; the organization's where none is given
    """
    with transaction() as session:
        return open_in(
            session,
            organization=organization,
            questionnaire=questionnaire,
            text=text,
            form=form,
            name=name,
            closes_on=closes_on,
            opened_on=opened_on,
            language=language,
            by=by,
        )


def open_in(
    session: Session,
    *,
    organization: Organization,
    questionnaire: Questionnaire,
    text: str,
    form: str,
    name: str,
    closes_on: date | None = None,
    opened_on: date | None = None,
    language: str | None = None,
    by: Account | None,
) -> Wave:
    """The same inside a transaction of the caller."""
    name = check_name(name, place="name")
    asked = askable_form(questionnaire, form)
    if language is not None:
        languages.check(language)
    # Locked, so that of two who open at once the second is told why not.
    stored = locked(session, Organization, organization.id)
    today = clock.today(stored.timezone)
    if opened_on is None:
        _check_last_day(closes_on, today)
    _refuse_second(session, stored, questionnaire, asked, name)
    wave = Wave(
        organization_id=stored.id,
        questionnaire_copy_id=_copy(session, stored, questionnaire, text),
        questionnaire_key=questionnaire.key,
        form=asked,
        leader_form=questionnaire.form(asked).mirror,
        name=name,
        status="open",
        opened_on=opened_on or today,
        closes_on=closes_on,
        ends_at=clock.end_of(closes_on, stored.timezone) if closes_on and opened_on is None else None,
        smallest_group=stored.smallest_group,
        time_guard=stored.time_guard,
        language=language or stored.language,
    )
    session.add(wave)
    session.flush()
    session.add_all(_frozen_tree(session, stored, wave.id))
    audit.record(
        session,
        organization_id=stored.id,
        by=by,
        action="wave.opened",
        wave=wave.id,
        form=asked,
        questionnaire=f"{questionnaire.key}@{questionnaire.version}",
        smallest_group=wave.smallest_group,
    )
    letters.tell_owners(session, wave, "soon")
    for tell in slots.offered("wave_news"):
        tell(session, wave, "opened")
    return wave


def _check_last_day(closes_on: date | None, today: date) -> None:
    if closes_on is not None and closes_on < today:
        raise Refused("The closing day {day} has passed.", place="closes", day=closes_on.isoformat())
    if closes_on is not None and closes_on > today + LONGEST:
        raise Refused("A wave is open for a year at most.", place="closes")


def askable_form(questionnaire: Questionnaire, form: str) -> str:
    units = [name for name, found in questionnaire.forms.items() if found.audience == "unit"]
    if form not in units:
        raise Refused(
            "The questionnaire {key} has no form {form} for teams; it has {forms}.",
            place="form",
            key=questionnaire.key,
            form=f"“{form}”",
            forms=", ".join(units),
        )
    return form


def _refuse_second(
    session: Session, organization: Organization, questionnaire: Questionnaire, form: str, name: str
) -> None:
    waves = session.scalars(select(Wave).where(Wave.organization_id == organization.id)).all()
    for wave in waves:
        if wave.name == name:
            raise Refused("There is already a wave {name}.", place="name", name=f"“{name}”")
        if wave.status == "open" and wave.form == form and wave.questionnaire_key == questionnaire.key:
            raise Refused(
                "The wave {name} of this form is still open; close it first.", name=f"“{wave.name}”"
            )


def _copy(session: Session, organization: Organization, questionnaire: Questionnaire, text: str) -> int:
    digest = catalog.digest_of(text)
    found = session.scalar(
        select(QuestionnaireCopy).where(
            QuestionnaireCopy.organization_id == organization.id,
            QuestionnaireCopy.key == questionnaire.key,
            QuestionnaireCopy.version == questionnaire.version,
        )
    )
    if found is None:
        found = QuestionnaireCopy(
            organization_id=organization.id,
            key=questionnaire.key,
            version=questionnaire.version,
            digest=digest,
            text=text,
        )
        session.add(found)
        session.flush()
    elif found.digest != digest and catalog.parse(found.text, found.digest) != questionnaire:
        raise Refused(
            "The file of {key}@{version} differs from the copy that an earlier wave used: give it a new version.",
            key=questionnaire.key,
            version=questionnaire.version,
        )
    return found.id


def _frozen_tree(session: Session, organization: Organization, wave_id: int) -> list[WaveUnit]:
    """The root, then each unit before its children; people of an inner unit become the leaf “<unit> (direct)”."""
    units = session.scalars(
        select(Unit)
        .where(Unit.organization_id == organization.id, Unit.closed.is_(False))
        .order_by(Unit.position, Unit.id)
    ).all()
    if not units:
        raise Refused("{name} has no units yet: import them first.", name=organization.name)
    children: dict[int | None, list[Unit]] = {}
    for unit in units:
        children.setdefault(unit.parent_id, []).append(unit)
    leaders = _leader_counts(session, organization.id)
    nodes: list[WaveUnit] = []

    def add(key: str, name: str, parent: int | None, headcount: int, led: int) -> int:
        nodes.append(
            WaveUnit(
                organization_id=organization.id,
                wave_id=wave_id,
                position=len(nodes),
                key=key,
                name=name,
                parent=parent,
                headcount=headcount,
                leaders=led,
            )
        )
        return len(nodes) - 1

    def walk(unit: Unit, parent: int) -> None:
        below = children.get(unit.id, [])
        place = add(f"u{unit.id}", unit.name, parent, 0 if below else unit.headcount, leaders.get(unit.id, 0))
        if below and unit.headcount:
            add(f"u{unit.id}d", f"{unit.name} (direct)", place, unit.headcount, 0)
        for child in below:
            walk(child, place)

    root = add("root", organization.name, None, 0, leaders.get(None, 0))
    for unit in children.get(None, []):
        walk(unit, root)
    return nodes


def _leader_counts(session: Session, organization_id: int) -> dict[int | None, int]:
    rows = session.execute(
        select(MemberRole.unit_id, func.count())
        .where(MemberRole.organization_id == organization_id, MemberRole.role == "leader")
        .group_by(MemberRole.unit_id)
    )
    return dict(rows.all())
