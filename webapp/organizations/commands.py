"""What changes an organization and its members."""

import re
from typing import NamedTuple
from zoneinfo import available_timezones

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, mail
from webapp import language as languages
from webapp.access import members, second_step, sessions
from webapp.access.roles import ROLES
from webapp.domain.csv_table import check_name
from webapp.domain.refusal import Refused
from webapp.domain.unit_list import check_email
from webapp.models import Account, Member, Organization, Unit
from webapp.organizations import letters
from webapp.transaction import locked, transaction

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,58}[a-z0-9])?")
SMALLEST = 3
LARGEST = 50


def create_organization(
    *,
    slug: str,
    name: str,
    owner: str,
    smallest_group: int = 5,
    timezone: str = "UTC",
    time_guard: str = "standard",
    language: str = languages.ENGLISH,
    demo: bool = False,
    by: Account | None,
) -> Organization:
    """Create an organization with its first owner."""
    if not SLUG.fullmatch(slug):
        raise Refused(
            "{slug} cannot stand in an address: use a-z, 0-9 and hyphens.", place="SLUG", slug=f"“{slug}”"
        )
    name = check_name(name, place="name")
    owner = check_email(owner, place="owner")
    check_rules(smallest_group=smallest_group, timezone=timezone, time_guard=time_guard)
    languages.check(language)
    with transaction() as session:
        if session.scalar(select(Organization.id).where(Organization.slug == slug)):
            raise Refused("There is already an organization {slug}.", place="SLUG", slug=f"“{slug}”")
        organization = Organization(
            slug=slug,
            name=name,
            smallest_group=smallest_group,
            timezone=timezone,
            time_guard=time_guard,
            language=language,
            demo=demo,
        )
        session.add(organization)
        session.flush()
        audit.record(
            session, organization_id=organization.id, by=by, action="organization.created", slug=slug
        )
        members.give_role(
            session, organization_id=organization.id, email=owner, role="owner", unit_id=None, by=by
        )
    return organization


def check_rules(*, smallest_group: int, timezone: str, time_guard: str) -> None:
    if not SMALLEST <= smallest_group <= LARGEST:
        raise Refused(
            "The smallest group must be {smallest} to {largest} people.",
            place="smallest group",
            smallest=SMALLEST,
            largest=LARGEST,
        )
    if timezone not in available_timezones():
        raise Refused("There is no time zone {timezone}; one is “Europe/Berlin”.", timezone=f"“{timezone}”")
    if time_guard not in {"standard", "strict"}:
        raise Refused("The guard over time is “standard” or “strict”.")


def change_settings(
    *,
    organization: Organization,
    name: str,
    smallest_group: int,
    timezone: str,
    time_guard: str,
    language: str,
    by: Account | None,
) -> None:
    """Change what later waves will freeze; waves that were opened keep theirs."""
    name = check_name(name, place="name")
    check_rules(smallest_group=smallest_group, timezone=timezone, time_guard=time_guard)
    languages.check(language)
    with transaction() as session:
        stored = locked(session, Organization, organization.id)
        after = {
            "name": name,
            "smallest_group": smallest_group,
            "timezone": timezone,
            "time_guard": time_guard,
            "language": language,
        }
        changed = {
            field: f"{getattr(stored, field)} → {value}"
            for field, value in after.items()
            if getattr(stored, field) != value
        }
        for field, value in after.items():
            setattr(stored, field, value)
        if changed:
            audit.record(session, organization_id=stored.id, by=by, action="organization.changed", **changed)


def ask_second_step(*, organization: Organization, asked: bool, by: Account) -> None:
    """Let members in with a second step alone, or with one step again."""
    with transaction() as session:
        stored = locked(session, Organization, organization.id)
        if asked and not second_step.is_on(by.id):
            raise Refused("Turn your own second step on first: without it you would be kept out too.")
        if stored.asks_second_step != asked:
            stored.asks_second_step = asked
            action = "organization.second_step_asked" if asked else "organization.second_step_left_free"
            audit.record(session, organization_id=stored.id, by=by, action=action)


def add_member(
    *, organization: Organization, email: str, role: str, unit_id: int | None, by: Account | None
) -> str | None:
    """Give a role, and return the secret of a one-time sign-in link where one may be handed over (see `_link`)."""
    email = check_email(email, place="EMAIL")
    with transaction() as session:
        members.decide(session, organization.id, by)
        _check_role(session, organization, role, unit_id)
        member = members.give_role(
            session, organization_id=organization.id, email=email, role=role, unit_id=unit_id, by=by
        )
        return _link(session, member, by)


class Invited(NamedTuple):
    """How somebody learns of a role: by a letter, by the secret of a link to hand over, or as they are here already."""

    secret: str | None
    mailed: bool


def invite(
    *,
    organization: Organization,
    email: str,
    role: str,
    unit_id: int | None,
    by: Account | None,
    language: str,
) -> Invited:
    """Give a role, and let its holder know: by mail where letters leave this house, else by a link to hand over."""
    if not mail.configured():
        secret = add_member(organization=organization, email=email, role=role, unit_id=unit_id, by=by)
        return Invited(secret, mailed=False)
    email = check_email(email, place="EMAIL")
    letters.count(organization, email)
    with transaction() as session:
        members.decide(session, organization.id, by)
        _check_role(session, organization, role, unit_id)
        member = members.give_role(
            session, organization_id=organization.id, email=email, role=role, unit_id=unit_id, by=by
        )
        letters.put(session, member, by=by, language=language)
    return Invited(None, mailed=True)


def write_again(*, organization: Organization, email: str, by: Account | None, language: str) -> None:
    """Send the letter of invitation once more to a member who has not signed in."""
    if not mail.configured():
        raise Refused("No mail server is set up, so no letter can be sent.")
    letters.count(organization, email)
    with transaction() as session:
        members.decide(session, organization.id, by)
        letters.put(session, _member(session, organization, email), by=by, language=language)


def give_role(
    *, organization: Organization, email: str, role: str, unit_id: int | None, by: Account | None
) -> None:
    """Give a further role to somebody who is a member."""
    with transaction() as session:
        members.decide(session, organization.id, by)
        _check_role(session, organization, role, unit_id)
        known = _member(session, organization, email).account.email
        members.give_role(
            session, organization_id=organization.id, email=known, role=role, unit_id=unit_id, by=by
        )


def take_role(
    *, organization: Organization, member_id: int, role: str, unit_id: int | None, by: Account | None
) -> None:
    """Take a role on a unit from a member; what was taken before stays taken."""
    with transaction() as session:
        members.decide(session, organization.id, by)
        members.take_role(
            session,
            organization_id=organization.id,
            role=role,
            unit_id=unit_id,
            member_id=member_id,
            by=by,
        )
        members.refuse_without_owner(session, organization.id)


def remove_member(*, organization: Organization, email: str, by: Account | None) -> None:
    """Erase a member at once: roles, assessments, and the account where it belongs to nothing else."""
    with transaction() as session:
        members.decide(session, organization.id, by)
        members.erase(session, _member(session, organization, email), by=by)
        members.refuse_without_owner(session, organization.id)


def sign_in_secret(*, organization: Organization, email: str, by: Account | None) -> str:
    """Make a one-time sign-in link for somebody who is already a member."""
    with transaction() as session:
        members.decide(session, organization.id, by)
        secret = _link(session, _member(session, organization, email), by)
        if secret is None:
            raise Refused(
                "{email} has signed in here before, so no link is shown to anybody else.", email=f"“{email}”"
            )
        return secret


def _check_role(session: Session, organization: Organization, role: str, unit_id: int | None) -> None:
    if role not in ROLES:
        raise Refused("There is no role {role}; there are {roles}.", role=f"“{role}”", roles=", ".join(ROLES))
    if unit_id is None:
        return
    if ROLES[role].whole:
        raise Refused("This role holds on the whole organization: leave the unit out.", place="unit")
    unit = select(Unit.id).where(Unit.organization_id == organization.id, Unit.id == unit_id)
    if session.execute(unit).first() is None:
        raise Refused("There is no such unit.", place="unit")


def _member(session: Session, organization: Organization, email: str) -> Member:
    found = session.scalar(
        select(Member)
        .join(Account)
        .where(Member.organization_id == organization.id, Account.email == email.strip().lower())
    )
    if found is None:
        raise Refused("{email} is not a member of {slug}.", email=f"“{email}”", slug=organization.slug)
    return found


def _link(session: Session, member: Member, by: Account | None) -> str | None:
    """Make a link to hand over. None where an owner would get one of somebody who has signed in already.

    Whoever holds the link can be that member: an owner would read what a leader keeps for the average alone. And the
    account may belong to other organizations, of which the owner's link must open none. The command line may do both.
    """
    if by is not None and (member.arrived or sessions.reaches(member.account_id)):
        return None
    audit.record(
        session,
        organization_id=member.organization_id,
        by=by,
        action="member.link_made",
        member=member.id,
    )
    return sessions.new_link(member.account, only=member.organization_id if by else None)
