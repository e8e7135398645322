"""What changes an organization and its members."""

import re
from zoneinfo import available_timezones

from sqlalchemy import select

from webapp import audit
from webapp.access import sessions
from webapp.access.members import give_role
from webapp.access.roles import ROLES
from webapp.domain.csv_table import check_name
from webapp.domain.refusal import Refused
from webapp.domain.unit_list import check_email
from webapp.models import Account, Member, Organization
from webapp.transaction import transaction

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
    with transaction() as session:
        if session.scalar(select(Organization.id).where(Organization.slug == slug)):
            raise Refused("There is already an organization {slug}.", place="SLUG", slug=f"“{slug}”")
        organization = Organization(
            slug=slug,
            name=name,
            smallest_group=smallest_group,
            timezone=timezone,
            time_guard=time_guard,
            demo=demo,
        )
        session.add(organization)
        session.flush()
        give_role(session, organization_id=organization.id, email=owner, role="owner", unit_id=None)
        audit.record(
            session, organization_id=organization.id, by=by, action="organization.created", slug=slug
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
    by: Account | None,
) -> None:
    """Change what later waves will freeze; waves that were opened keep theirs."""
    name = check_name(name, place="name")
    check_rules(smallest_group=smallest_group, timezone=timezone, time_guard=time_guard)
    with transaction() as session:
        stored = session.get_one(Organization, organization.id)
        stored.name = name
        stored.smallest_group = smallest_group
        stored.timezone = timezone
        stored.time_guard = time_guard
        audit.record(
            session,
            organization_id=stored.id,
            by=by,
            action="organization.changed",
            smallest_group=smallest_group,
            timezone=timezone,
            time_guard=time_guard,
        )


def add_member(
    *, organization: Organization, email: str, role: str, unit_id: int | None, by: Account | None
) -> str:
    """Give a role and return the secret of a one-time sign-in link for that person."""
    email = check_email(email, place="EMAIL")
    if role not in ROLES:
        raise Refused("There is no role {role}; there are {roles}.", role=f"“{role}”", roles=", ".join(ROLES))
    if role == "owner" and unit_id is not None:
        raise Refused("An owner owns the whole organization: leave the unit out.")
    with transaction() as session:
        member = give_role(session, organization_id=organization.id, email=email, role=role, unit_id=unit_id)
        audit.record(
            session,
            organization_id=organization.id,
            by=by,
            action="member.added",
            member=member.id,
            role=role,
            unit=unit_id,
        )
        return sessions.new_link(member.account)


def sign_in_secret(*, organization: Organization, email: str, by: Account | None) -> str:
    """Make a one-time sign-in link for somebody who is already a member."""
    with transaction() as session:
        member = session.scalar(
            select(Member)
            .join(Account)
            .where(Member.organization_id == organization.id, Account.email == email.strip().lower())
        )
        if member is None:
            raise Refused("{email} is not a member of {slug}.", email=f"“{email}”", slug=organization.slug)
        audit.record(
            session, organization_id=organization.id, by=by, action="member.link_made", member=member.id
        )
        return sessions.new_link(member.account)
