"""Plans: waves that open by themselves at the head counts of that day, once each, however many workers look."""

import json
from dataclasses import dataclass
from datetime import date, timedelta

from babel.dates import format_date
from flask_babel import get_locale
from flask_babel import gettext as _
from sqlalchemy import select

from webapp import audit, clock, questionnaires, slots
from webapp import language as languages
from webapp.domain.csv_table import check_name
from webapp.domain.recurring import Rhythm, check
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import Account, Organization, Plan, Wave
from webapp.transaction import locked, transaction
from webapp.waves import letters, opening

AHEAD = timedelta(days=366)
DIFFERENT = 25  # names in two years of the shortest rhythm
NAMES = ("month", "year", "number")


def add(
    *,
    organization: Organization,
    questionnaire: str,
    form: str,
    rhythm: Rhythm,
    reminders: list[int],
    name: str,
    language: str | None = None,
    by: Account | None,
) -> Plan:
    """Make a plan; the newest version of the questionnaire is asked each time.

    language: of the names of its waves and of their letters; the organization's where none is given
    """
    spoken = languages.check(language or organization.language)
    check(rhythm, reminders, clock.today(organization.timezone))
    published = questionnaires.available().find(questionnaire)
    asked = opening.askable_form(published.questionnaire, form)
    _check_names(name, rhythm, spoken)
    with transaction() as session:
        locked(session, Organization, organization.id)
        others = session.scalars(
            select(Plan).where(
                Plan.organization_id == organization.id,
                Plan.questionnaire_key == published.questionnaire.key,
                Plan.form == asked,
            )
        )
        if others.first() is not None:
            raise Refused("There is a plan for this form already; stop it first.", place="form")
        plan = Plan(
            organization_id=organization.id,
            questionnaire_key=published.questionnaire.key,
            form=asked,
            every=rhythm.every,
            first_day=rhythm.first_day,
            days_open=rhythm.days_open,
            reminders=", ".join(map(str, sorted(set(reminders)))),
            name=name,
            language=spoken,
            number=0,
        )
        session.add(plan)
        session.flush()
        audit.record(
            session,
            organization_id=organization.id,
            by=by,
            action="plan.made",
            form=asked,
            questionnaire=plan.questionnaire_key,
            every=plan.every,
        )
    return plan


def one(organization_id: int, plan_id: int) -> Plan | None:
    return db.session.scalar(select(Plan).where(Plan.organization_id == organization_id, Plan.id == plan_id))


def stop(*, plan: Plan, by: Account | None) -> None:
    """End a plan; the waves that it opened stay as they are. Stopped twice at once it stops once."""
    organization_id, plan_id = plan.organization_id, plan.id
    with transaction() as session:
        found = session.scalar(select(Plan).where(Plan.id == plan_id).with_for_update())
        if found is not None:
            audit.record(
                session, organization_id=organization_id, by=by, action="plan.stopped", form=found.form
            )
            session.delete(found)


def named(pattern: str, day: date, number: int, language: str) -> str:
    """The name of a wave: the pattern with month, year and number of its opening."""
    values = {"month": format_date(day, "LLLL", locale=language), "year": day.year, "number": number}
    text = pattern
    for name in NAMES:
        text = text.replace(f"{{{name}}}", str(values[name]))
    return check_name(text, place="name")


def _check_names(pattern: str, rhythm: Rhythm, language: str) -> None:
    """Refuse a pattern under which two waves of a plan would have one name, which the second could not open with."""
    numbers = range(DIFFERENT)
    if len({named(pattern, rhythm.day(number), number + 1, language) for number in numbers}) < DIFFERENT:
        raise Refused(
            "Each wave needs a name of its own: write {names} in it.", place="name", names="{month} {year}"
        )


def rhythm(plan: Plan) -> Rhythm:
    return Rhythm(plan.every, plan.first_day, plan.days_open)


def reminders(plan: Plan) -> list[int]:
    return [int(day) for day in plan.reminders.split(",") if day]


def of(organization_id: int) -> list[Plan]:
    found = select(Plan).where(Plan.organization_id == organization_id).order_by(Plan.first_day, Plan.id)
    return list(db.session.scalars(found))


def title(plan: Plan) -> str:
    """What a plan asks, in the reader's language; its key where the questionnaire is not there any more."""
    catalogue = questionnaires.available()
    try:
        asked = catalogue.in_language(catalogue.find(plan.questionnaire_key).questionnaire, str(get_locale()))
        return f"{asked.title}: {asked.form(plan.form).title}"
    except Refused:
        return f"{plan.questionnaire_key}: {plan.form}"


def fault(plan: Plan) -> str:
    """Why the wave that is due has not opened, in the reader's language; empty where nothing is wrong."""
    if not plan.fault:
        return ""
    message, values = json.loads(plan.fault)
    return _(message).format(**values)


def open_due() -> None:
    """A chore: open the waves whose day has come where their organization is."""
    known = select(Plan.id, Plan.number, Organization.timezone).join(
        Organization, Organization.id == Plan.organization_id
    )
    for plan_id, _number, timezone in db.session.execute(known.order_by(Plan.id)).all():
        plan = db.session.get(Plan, plan_id)
        if plan is not None and rhythm(plan).day(plan.number) <= clock.today(timezone):
            try:
                _open(plan_id)
            except Refused as refused:
                _note(plan_id, refused)


def _open(plan_id: int) -> None:
    """Open the wave and go on to the next one in one transaction, so that nothing can happen twice."""
    with transaction() as session:
        plan = session.scalar(select(Plan).where(Plan.id == plan_id).with_for_update())
        if plan is None:
            return
        organization = session.get_one(Organization, plan.organization_id)
        today = clock.today(organization.timezone)
        due = rhythm(plan).due(plan.number, today)
        if due is None:
            return  # another worker was here
        published = questionnaires.available().find(plan.questionnaire_key)
        spoken = languages.spoken(plan.language)
        wave = opening.open_in(
            session,
            organization=organization,
            questionnaire=published.questionnaire,
            text=published.text,
            form=plan.form,
            name=named(plan.name, rhythm(plan).day(due), due + 1, spoken),
            closes_on=rhythm(plan).last_day(today),
            language=spoken,
            by=None,
        )
        for remind in slots.offered("remind_on"):
            remind(session, wave, reminders(plan))
        letters.tell_owners(session, wave, "opened")
        plan.number, plan.fault = due + 1, ""


def _note(plan_id: int, refused: Refused) -> None:
    text = json.dumps([refused.message, {name: str(value) for name, value in refused.values.items()}])
    with transaction() as session:
        plan = session.get(Plan, plan_id)
        if plan is not None and plan.fault != text:
            plan.fault = text


@dataclass(frozen=True, slots=True)
class Event:
    """Something that comes: on which day, what, of which wave; `wave_id` where there is one already.

    key: the same for the same thing, whenever it is asked for
    """

    day: date
    kind: str
    name: str
    key: str
    wave_id: int | None = None


def coming(organization: Organization) -> list[Event]:
    """What is coming in the next twelve months: of open waves, and of plans as they stand."""
    today = clock.today(organization.timezone)
    until = today + AHEAD
    found = [
        Event(wave.closes_on, "closes", wave.name, f"wave-{wave.id}-closes", wave.id)
        for wave in db.session.scalars(
            select(Wave).where(Wave.organization_id == organization.id, Wave.status == "open")
        )
        if wave.ends_at is not None and wave.closes_on is not None
    ]
    for days in slots.ask("reminder_days", organization.id):
        found += [
            Event(day, "reminds", name, f"wave-{wave_id}-reminds-{day:%Y%m%d}", wave_id)
            for day, name, wave_id in days
        ]
    for plan in of(organization.id):
        spoken = languages.spoken(plan.language)
        for number, day in enumerate(rhythm(plan).coming(plan.number, until), plan.number):
            name = named(plan.name, day, number + 1, spoken)
            key = f"plan-{plan.id}-{number}"
            found += [
                Event(day, "opens", name, f"{key}-opens"),
                Event(rhythm(plan).last_day(day), "closes", name, f"{key}-closes"),
            ]
            found += [
                Event(day + timedelta(days=after), "reminds", name, f"{key}-reminds-{after}")
                for after in reminders(plan)
            ]
    return sorted(
        (event for event in found if today <= event.day <= until),
        key=lambda event: (event.day, event.name, event.kind),
    )
