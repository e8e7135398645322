"""Inviting people by mail, reminding them, and forgetting their addresses."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, insert, or_, select
from sqlalchemy.orm import Session

from webapp import asking, audit, ballots, clock, language, outbox, sealing
from webapp.domain import csv_table, people_list
from webapp.domain.letter_text import check
from webapp.domain.people_list import Person
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.invitations import queries
from webapp.models import Account, Invitation, InvitationText, ReminderDay, Wave, WaveUnit
from webapp.transaction import locked, transaction

ADDRESSES_KEPT = timedelta(days=30)
WITHOUT_END = timedelta(days=366)
MOST_REMINDERS = 5
LATEST_DAY = 365


@dataclass(frozen=True, slots=True)
class Done:
    """What a list of people did: how many it invited, and how many it named who were invited before."""

    invited: int
    known: int


def invite(*, wave: Wave, data: bytes, file: str, by: Account | None) -> Done:
    """Invite everybody in the list, or nobody. Ballots come first and by themselves, then the people with their letters."""
    rows = csv_table.read(data, file=file, required=people_list.COLUMNS, optional=people_list.OPTIONAL)
    asking.refuse_unless_it_runs(wave)
    _refuse_forgotten(wave)
    people = _planned(rows, wave.id)
    _mint(wave.id, {person.position for person in people})
    with transaction() as session:
        asking.refuse_unless_it_runs(locked(session, Wave, wave.id))
        people = _planned(rows, wave.id)
        if people:
            _store(session, wave, people)
            audit.record(
                session,
                organization_id=wave.organization_id,
                by=by,
                action="invitations.sent",
                wave=wave.id,
                people=len(people),
            )
    return Done(len(people), len(rows) - len(people))


def _planned(rows: list[csv_table.Row], wave_id: int) -> list[Person]:
    known = select(Invitation.email, Invitation.position).where(Invitation.wave_id == wave_id)
    return people_list.plan(rows, queries.places(wave_id), dict(db.session.execute(known).all()))


def _mint(wave_id: int, positions: set[int]) -> None:
    """All ballots of these units, in a transaction that writes to no other table, so that nothing is stored beside them."""
    with transaction() as session:
        locked(session, Wave, wave_id)  # of two who invite at once the second finds them minted
        for unit in _units(session, wave_id, positions):
            ballots.mint(session, unit)


def _units(session: Session, wave_id: int, positions: set[int]) -> list[WaveUnit]:
    found = select(WaveUnit).where(WaveUnit.wave_id == wave_id, WaveUnit.position.in_(positions))
    return list(session.scalars(found.order_by(WaveUnit.position)))


def _store(session: Session, wave: Wave, people: list[Person]) -> None:
    free = {}
    for unit in _units(session, wave.id, {person.position for person in people}):
        unit.link = "mail"
        free[unit.position] = _free_serials(session, unit)
    values = [
        {
            "organization_id": wave.organization_id,
            "wave_id": wave.id,
            "position": person.position,
            "email": person.email,
            "name": person.name,
            "sealed_serial": sealing.seal(
                free[person.position].pop().to_bytes(4),
                about=queries.sealed_about(wave.id, person.position, person.email),
            ),
            "state": "waiting",
            "error": "",
        }
        for person in people
    ]
    made = session.scalars(insert(Invitation).returning(Invitation.id), values).all()
    outbox.put_many(
        session,
        kind="invitation",
        organization_id=wave.organization_id,
        payloads=[{"invitation": number} for number in made],
    )


def _free_serials(session: Session, unit: WaveUnit) -> list[int]:
    """The links of a unit that nobody has, in random order."""
    taken = select(Invitation).where(Invitation.wave_id == unit.wave_id, Invitation.position == unit.position)
    used = {queries.serial(invitation) for invitation in session.scalars(taken)}
    free = [serial for serial in range(unit.headcount) if serial not in used]
    secrets.SystemRandom().shuffle(free)
    return free


def remove_failed(*, wave: Wave, by: Account | None) -> int:
    """Take back the invitations whose letter could not be delivered, so that the addresses can be corrected."""
    with transaction() as session:
        gone = session.scalars(
            delete(Invitation)
            .where(Invitation.wave_id == wave.id, Invitation.state == "failed")
            .returning(Invitation.id)
        ).all()
        if gone:
            audit.record(
                session,
                organization_id=wave.organization_id,
                by=by,
                action="invitations.removed",
                wave=wave.id,
                people=len(gone),
            )
    return len(gone)


def remind(*, wave: Wave, by: Account | None) -> None:
    """Remind today those who have not answered; says neither whom nor how many."""
    with transaction() as session:
        stored = locked(session, Wave, wave.id)
        asking.refuse_unless_it_runs(stored)
        today = queries.today(stored)
        day = session.get(ReminderDay, (stored.id, today))
        if day is not None and day.queued:
            raise Refused("A reminder went out today already.")
        if session.scalar(select(Invitation.id).where(Invitation.wave_id == stored.id).limit(1)) is None:
            raise Refused("Nobody was invited by mail to {name}.", name=f"“{stored.name}”")
        if day is None:
            day = ReminderDay(organization_id=stored.organization_id, wave_id=stored.id, day=today)
            session.add(day)
        _queue(session, stored, day, by)


def _queue(session: Session, wave: Wave, day: ReminderDay, by: Account | None) -> None:
    """A letter for everybody who was invited; whether it is sent is decided when it is written."""
    day.queued = True
    everybody = session.scalars(
        select(Invitation.id).where(Invitation.wave_id == wave.id).order_by(Invitation.id)
    ).all()
    if not everybody:
        return  # planned before anybody was invited
    outbox.put_many(
        session,
        kind="reminder",
        organization_id=wave.organization_id,
        payloads=[{"invitation": number, "day": day.day.isoformat()} for number in everybody],
    )
    audit.record(
        session, organization_id=wave.organization_id, by=by, action="invitations.reminded", wave=wave.id
    )


def plan_reminders(*, wave: Wave, days: Iterable[int], by: Account | None) -> None:
    """Remind so many days after the wave opened; what was planned before and has not happened yet is replaced."""
    chosen = sorted(set(days))
    if len(chosen) > MOST_REMINDERS:
        raise Refused("More than {most} reminders would be a nuisance.", place="days", most=MOST_REMINDERS)
    if chosen and not 1 <= chosen[0] <= chosen[-1] <= LATEST_DAY:
        raise Refused("Days are counted from 1, the day after the wave opened.", place="days")
    with transaction() as session:
        stored = locked(session, Wave, wave.id)
        asking.refuse_unless_it_runs(stored)
        wanted = {stored.opened_on + timedelta(days=day) for day in chosen}
        session.execute(
            delete(ReminderDay).where(ReminderDay.wave_id == stored.id, ReminderDay.queued.is_(False))
        )
        there = set(session.scalars(select(ReminderDay.day).where(ReminderDay.wave_id == stored.id)))
        passed = [day for day in sorted(wanted - there) if day <= queries.today(stored)]
        if passed:
            count = (passed[0] - stored.opened_on).days
            raise Refused("Day {day} has begun already; remind now instead.", place="days", day=count)
        session.add_all(
            ReminderDay(organization_id=stored.organization_id, wave_id=stored.id, day=day)
            for day in sorted(wanted - there)
        )
        audit.record(
            session,
            organization_id=stored.organization_id,
            by=by,
            action="invitations.reminders_planned",
            wave=stored.id,
            days=", ".join(map(str, chosen)),
        )


def remind_on(session: Session, wave: Wave, days: Iterable[int]) -> None:
    """Plan the reminders of a wave that has just been opened by a plan, in the same transaction."""
    session.add_all(
        ReminderDay(
            organization_id=wave.organization_id, wave_id=wave.id, day=wave.opened_on + timedelta(days=day)
        )
        for day in days
    )


def queue_due_reminders() -> None:
    """A chore: put the letters of today's reminders into the outbox, once, however many workers do it."""
    waiting = (
        select(ReminderDay.wave_id)
        .join(Wave, Wave.id == ReminderDay.wave_id)
        .where(ReminderDay.queued.is_(False), Wave.status == "open")
    )
    for wave_id in sorted(set(db.session.scalars(waiting))):
        with transaction() as session:
            wave = locked(session, Wave, wave_id)
            today = queries.today(wave)
            if not queries.is_day(wave):
                continue
            due = session.scalars(
                select(ReminderDay).where(
                    ReminderDay.wave_id == wave_id, ReminderDay.queued.is_(False), ReminderDay.day <= today
                )
            ).all()
            for day in due:
                if asking.runs(wave) and day.day == today:
                    _queue(session, wave, day, by=None)
                else:  # no worker ran on that day: the next reminder comes when it was planned
                    day.queued = True


def save_letter(*, wave: Wave, kind: str, spoken: str, subject: str, text: str, by: Account | None) -> None:
    """Give a wave's letters of a language words of its own; later waves of that language begin with them."""
    letter = check(subject, text)
    language.check(spoken)
    with transaction() as session:
        stored = locked(session, Wave, wave.id)
        asking.refuse_unless_it_runs(stored)
        found = session.get(InvitationText, (stored.id, kind, spoken))
        if found is None:
            found = InvitationText(
                organization_id=stored.organization_id, wave_id=stored.id, kind=kind, language=spoken
            )
            session.add(found)
        found.subject, found.text = letter.subject, letter.text
        audit.record(
            session,
            organization_id=stored.organization_id,
            by=by,
            action="invitations.letter_changed",
            wave=stored.id,
            letter=kind,
        )


def choose_language(*, wave: Wave, wanted: str, by: Account | None) -> None:
    """Let letters of a wave that are written from now on speak another language."""
    language.check(wanted)
    with transaction() as session:
        stored = locked(session, Wave, wave.id)
        asking.refuse_unless_it_runs(stored)
        if stored.language != wanted:
            stored.language = wanted
            audit.record(
                session,
                organization_id=stored.organization_id,
                by=by,
                action="invitations.language_changed",
                wave=stored.id,
                language=wanted,
            )


def forget_addresses() -> None:
    """A chore: 30 days after publication no address of a wave is needed any more.

    Of a wave that is never published they go 30 days after its end, and of one that has no last day and that nobody closes
    as if it had ended after the longest time that a wave may have.
    """
    since = clock.now() - ADDRESSES_KEPT
    over = select(Wave.id).where(
        or_(
            Wave.published_at < since,
            Wave.published_at.is_(None) & or_(Wave.closed_at < since, Wave.ends_at < since),
            (Wave.status == "open")
            & Wave.ends_at.is_(None)
            & (Wave.opened_on < (since - WITHOUT_END).date()),
        )
    )
    kept = db.session.scalar(select(Invitation.id).where(Invitation.wave_id.in_(over)).limit(1))
    if kept is not None:
        with transaction() as session:
            session.execute(delete(Invitation).where(Invitation.wave_id.in_(over)))


def _refuse_forgotten(wave: Wave) -> None:
    """Who had which link of a unit is not known any more once its addresses have gone, so nobody can be given one."""
    if wave.ends_at is None and clock.now().date() - wave.opened_on > WITHOUT_END:
        raise Refused(
            "{name} has been open for more than a year. Close it and open a new wave.", name=f"“{wave.name}”"
        )
