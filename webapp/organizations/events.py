"""Reading the audit log of an organization: events in words, the newest first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Select, func, select

from webapp.extensions import db
from webapp.models import Account, ApiToken, AuditEvent, Member, Organization, Unit, Wave, WaveUnit
from webapp.organizations import event_words
from webapp.organizations.event_names import Names

A_PAGE = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One event; `at` is in the organization's time zone."""

    number: int
    at: datetime
    who: str
    what: str
    action: str
    hash: str


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of the log: `number` of `pages`, of those events that the filter lets through."""

    lines: list[Line]
    number: int
    pages: int
    events: int


def actions(organization_id: int) -> list[tuple[str, str]]:
    """(action, its label) of all kinds of events that there are."""
    found = db.session.scalars(
        select(AuditEvent.action).where(AuditEvent.organization_id == organization_id).distinct()
    )
    return sorted(((action, event_words.label(action)) for action in found), key=lambda pair: pair[1])


def page(organization: Organization, *, action: str, number: int) -> Page:
    """The events of a kind ("" for all), the newest first; a number beyond the end is the last page."""
    events = db.session.scalar(_chosen(organization, action).with_only_columns(func.count())) or 0
    pages = max(1, -(-events // A_PAGE))
    number = min(max(number, 1), pages)
    wanted = _chosen(organization, action).order_by(AuditEvent.sequence.desc())
    rows = db.session.scalars(wanted.limit(A_PAGE).offset((number - 1) * A_PAGE)).all()
    return Page(list(_lines(organization, rows)), number, pages, events)


def everything(organization: Organization, *, action: str) -> list[Line]:
    """All events of a kind, the oldest first."""
    rows = db.session.scalars(_chosen(organization, action).order_by(AuditEvent.sequence)).all()
    return list(_lines(organization, rows))


def _chosen(organization: Organization, action: str) -> Select[AuditEvent]:
    found = select(AuditEvent).where(AuditEvent.organization_id == organization.id)
    return found.where(AuditEvent.action == action) if action else found


def _lines(organization: Organization, events: Sequence[AuditEvent]) -> Iterator[Line]:
    names = _names(organization)
    zone = ZoneInfo(organization.timezone)
    for event in events:
        yield Line(
            event.sequence,
            event.at.replace(tzinfo=UTC).astimezone(zone),
            names.who(event.account_id, event.action),
            event_words.sentence(names, event.action, event.changes),
            event.action,
            event.hash,
        )


def _names(organization: Organization) -> Names:
    """What numbers stand for in this organization alone: nobody's address who is no member of it."""
    of = organization.id
    people = db.session.execute(
        select(Member.id, Account.id, Account.email).join(Account).where(Member.organization_id == of)
    ).all()
    places = db.session.execute(
        select(WaveUnit.wave_id, WaveUnit.position, WaveUnit.name).where(WaveUnit.organization_id == of)
    )
    tokens = select(ApiToken.id, ApiToken.name).where(ApiToken.organization_id == of)
    return Names(
        organization=organization.name,
        accounts={account: email for _member, account, email in people},
        members={member: email for member, _account, email in people},
        units=dict(db.session.execute(select(Unit.id, Unit.name).where(Unit.organization_id == of)).all()),
        waves=dict(db.session.execute(select(Wave.id, Wave.name).where(Wave.organization_id == of)).all()),
        tokens=dict(db.session.execute(tokens).all()),
        places={(wave, position): name for wave, position, name in places},
    )
