"""Who was invited, and how far the first letters are. Who has answered is read for a reminder alone and told to nobody."""

from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import func, select

from webapp import asking, ballots, clock, mail, marks, sealing
from webapp.domain.letter_text import Letter
from webapp.domain.people_list import Place
from webapp.extensions import db
from webapp.filters import day_of_week
from webapp.models import Ballot, Invitation, InvitationText, Organization, ReminderDay, Wave, WaveUnit

KINDS = ("invitation", "reminder")
EARLIEST_HOUR = 8


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the first letters of a wave are."""

    invited: int
    sent: int
    waiting: int
    failed: tuple[tuple[str, str], ...]


def wave(organization_id: int, wave_id: int) -> Wave:
    return db.session.execute(
        select(Wave).where(Wave.organization_id == organization_id, Wave.id == wave_id)
    ).scalar_one()


def progress(wave_id: int) -> Progress:
    counted = select(Invitation.state, func.count()).where(Invitation.wave_id == wave_id)
    counts = dict(db.session.execute(counted.group_by(Invitation.state)).all())
    failed = (
        select(Invitation.email, Invitation.error)
        .where(Invitation.wave_id == wave_id, Invitation.state == "failed")
        .order_by(Invitation.email)
    )
    return Progress(
        invited=sum(counts.values()),
        sent=counts.get("sent", 0),
        waiting=counts.get("waiting", 0),
        failed=tuple((row.email, row.error) for row in db.session.execute(failed)),
    )


def places(wave_id: int) -> list[Place]:
    """The units that are asked, with how many of each are invited."""
    invited = dict(
        db.session.execute(
            select(Invitation.position, func.count())
            .where(Invitation.wave_id == wave_id)
            .group_by(Invitation.position)
        ).all()
    )
    units = db.session.scalars(
        select(WaveUnit)
        .where(WaveUnit.wave_id == wave_id, WaveUnit.headcount > 0)
        .order_by(WaveUnit.position)
    )
    return [
        Place(unit.position, unit.name, unit.headcount, unit.link, invited.get(unit.position, 0))
        for unit in units
    ]


def no_mail_since(organization: Organization) -> datetime | None:
    """Since when the mail server takes no letter at all, by the organization's clocks; None while it does."""
    away = marks.find("mail-away") if mail.configured() else None
    return clock.in_zone(away.at, organization.timezone) if away else None


@dataclass(frozen=True, slots=True)
class Reminder:
    """A day on which people are reminded, and its number counted from the opening."""

    day: date
    count: int
    queued: bool


def reminders(asked: Wave) -> list[Reminder]:
    found = db.session.scalars(
        select(ReminderDay).where(ReminderDay.wave_id == asked.id).order_by(ReminderDay.day)
    )
    return [Reminder(one.day, (one.day - asked.opened_on).days, one.queued) for one in found]


def coming(organization_id: int) -> list[tuple[date, str, int]]:
    """The reminders of open waves that are still to go: day, name and id of the wave."""
    found = db.session.execute(
        select(ReminderDay.day, Wave.name, Wave.id)
        .join(Wave, Wave.id == ReminderDay.wave_id)
        .where(Wave.organization_id == organization_id, Wave.status == "open", ReminderDay.queued.is_(False))
    )
    return [(row.day, row.name, row.id) for row in found]


def letter(asked: Wave, kind: str, spoken: str) -> Letter:
    """What a wave's letters of a kind say in a language: its own words, else those of a wave before, else ours."""
    found = db.session.execute(
        select(InvitationText.subject, InvitationText.text)
        .where(
            InvitationText.organization_id == asked.organization_id,
            InvitationText.wave_id <= asked.id,
            InvitationText.kind == kind,
            InvitationText.language == spoken,
        )
        .order_by(InvitationText.wave_id.desc())
        .limit(1)
    ).first()
    if found is not None:
        return Letter(found.subject, found.text)
    with force_locale(spoken):
        return _our_words(kind)


def _our_words(kind: str) -> Letter:
    if kind == "invitation":
        return Letter(
            _("A few minutes about how {unit} works"),
            _(
                "Hello,\n\n{organization} asks how things are in your team, and what stands in the way. "
                "It takes a few minutes:\n\n{link}\n\nThe link is yours alone, so please do not pass it on. "
                "Your name is not stored with your answers, nobody is shown who has answered, and results are shown for "
                "groups only, never for one person.\n\nPlease answer by {closes}."
            ),
        )
    return Letter(
        _("Still open: a few minutes about how {unit} works"),
        _(
            "Hello,\n\n{organization} would like to hear from {unit}, and by your link nobody has answered yet:\n\n{link}\n\n"
            "This reminder was sent by a program. It shows nobody who has answered and who has not. "
            "If you would rather not answer, that is all right.\n\nThe link works until {closes}."
        ),
    )


def values(asked: Wave, spoken: str, *, unit: str, organization: str, link: str) -> dict[str, str]:
    """What the names in a letter of a language stand for."""
    with force_locale(spoken):
        closes = day_of_week(asked.closes_on) if asked.closes_on else _("the end of the wave")
    return {"link": link, "unit": unit, "organization": organization, "closes": closes}


def example(asked: Wave, spoken: str) -> dict[str, str]:
    """What the names stand for in a preview: the first unit that is asked, and a link that leads nowhere."""
    first = next(iter(places(asked.id)), None)
    organization = db.session.get_one(Organization, asked.organization_id)
    return values(
        asked,
        spoken,
        unit=first.name if first else "",
        organization=organization.name,
        link=ballots.link("EXAMPLE"),
    )


@dataclass(frozen=True, slots=True)
class Invited:
    """All that a letter to a person needs, read when it is written."""

    invitation: Invitation
    wave: Wave
    unit: str
    organization: str
    token: str


def invited(invitation_id: int) -> Invited | None:
    """Somebody who is still to be written to; None once the wave takes no answers or the invitation is gone."""
    row = db.session.execute(
        select(Invitation, Wave, WaveUnit.name, Organization.name)
        .join(Wave, Wave.id == Invitation.wave_id)
        .join(WaveUnit, (WaveUnit.wave_id == Invitation.wave_id) & (WaveUnit.position == Invitation.position))
        .join(Organization, Organization.id == Invitation.organization_id)
        .where(Invitation.id == invitation_id)
    ).first()
    if row is None:
        return None
    invitation, asked, unit, organization = row
    if not asking.runs(asked):
        return None
    token = ballots.token(invitation.wave_id, invitation.position, str(serial(invitation)))
    return Invited(invitation, asked, unit, organization, token)


def serial(invitation: Invitation) -> int:
    """Which of the unit's links is this person's; readable with the key alone."""
    about = sealed_about(invitation.wave_id, invitation.position, invitation.email)
    return int.from_bytes(sealing.unseal(invitation.sealed_serial, about=about))


def sealed_about(wave_id: int, position: int, email: str) -> str:
    return f"invitation/{wave_id}/{position}/{email}"


def has_answered(token: str) -> bool:
    """Whether a link was used. Only a reminder asks, and tells nobody."""
    found = select(Ballot.spent).where(Ballot.token_hash == ballots.token_hash(token))
    return bool(db.session.scalar(found))


def today(asked: Wave) -> date:
    """The day where the organization is."""
    return clock.today(_timezone(asked))


def is_day(asked: Wave) -> bool:
    """Whether it is late enough there to write to people."""
    return clock.hour(_timezone(asked)) >= EARLIEST_HOUR


def _timezone(asked: Wave) -> str:
    return db.session.get_one(Organization, asked.organization_id).timezone
