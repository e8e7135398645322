from dataclasses import dataclass

from sqlalchemy import func, select

from webapp.extensions import db
from webapp.models import Account, Member, MemberRole, Organization, SecondStep, Unit, Wave, WaveUnit


def of_account(account_id: int, only: int | None = None) -> list[Organization]:
    """The organizations that an account belongs to, by name; one alone where the session reaches no other."""
    found = (
        select(Organization)
        .join(Member, Member.organization_id == Organization.id)
        .where(Member.account_id == account_id)
        .order_by(Organization.name)
    )
    return list(db.session.scalars(found if only is None else found.where(Organization.id == only)))


@dataclass(frozen=True, slots=True)
class HeldRole:
    """A role of a member; `unit` is the name of the unit on which it holds, "" for the whole organization."""

    role: str
    unit_id: int | None
    unit: str
    closed: bool


@dataclass(frozen=True, slots=True)
class Person:
    """A member as the list shows one: who, with which roles, whether they have signed in and have a second step."""

    id: int
    email: str
    arrived: bool
    roles: tuple[HeldRole, ...]
    second_step: bool = False


def members(organization_id: int, member_id: int | None = None) -> list[Person]:
    """The members by address, each with the roles in the order of the tree; or the one of that id."""
    found = (
        select(Member, MemberRole.role, Unit.id, Unit.name, Unit.closed, SecondStep.account_id)
        .join(Account, Account.id == Member.account_id)
        .outerjoin(MemberRole, MemberRole.member_id == Member.id)
        .outerjoin(Unit, Unit.id == MemberRole.unit_id)
        .outerjoin(SecondStep, SecondStep.account_id == Member.account_id)
        .where(Member.organization_id == organization_id)
        .order_by(Account.email, Unit.position, MemberRole.role)
    )
    if member_id is not None:
        found = found.where(Member.id == member_id)
    people: dict[int, tuple[Member, list[HeldRole], bool]] = {}
    for member, role, unit_id, unit, closed, second in db.session.execute(found):
        roles = people.setdefault(member.id, (member, [], second is not None))[1]
        if role is not None:
            roles.append(HeldRole(role, unit_id, unit or "", bool(closed)))
    return [
        Person(member.id, member.account.email, member.arrived, tuple(roles), second)
        for member, roles, second in people.values()
    ]


def units(organization_id: int) -> list[tuple[int, str]]:
    """(id, name) of the units on which a role may be given, in the order of the tree."""
    rows = db.session.execute(
        select(Unit.id, Unit.name)
        .where(Unit.organization_id == organization_id, Unit.closed.is_(False))
        .order_by(Unit.position, Unit.id)
    )
    return [(row.id, row.name) for row in rows]


def counts(organization: Organization) -> dict[str, int]:
    """How far the set-up is: units and waves."""
    return {
        "units": db.session.scalar(
            select(func.count()).select_from(Unit).where(Unit.organization_id == organization.id)
        )
        or 0,
        "waves": db.session.scalar(
            select(func.count()).select_from(Wave).where(Wave.organization_id == organization.id)
        )
        or 0,
    }


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an organization's set-up is."""

    units: int
    waves: int
    open_wave: int | None
    linked: bool
    published: bool


def progress(organization: Organization) -> Progress:
    """Which of the first steps are done; `open_wave` is the one that was opened last, `linked` whether it has links."""
    waves = db.session.execute(
        select(Wave.id, Wave.status).where(Wave.organization_id == organization.id).order_by(Wave.id.desc())
    ).all()
    still_open = next((wave.id for wave in waves if wave.status == "open"), None)
    linked = (
        select(WaveUnit.position).where(WaveUnit.wave_id == still_open, WaveUnit.link.is_not(None)).limit(1)
    )
    return Progress(
        units=counts(organization)["units"],
        waves=len(waves),
        open_wave=still_open,
        linked=still_open is not None and db.session.execute(linked).first() is not None,
        published=any(wave.status == "published" for wave in waves),
    )
