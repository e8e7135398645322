"""What a member may do where: roles hold on a unit and all below it."""

from dataclasses import dataclass

from sqlalchemy import select

from webapp.access.permissions import Permission
from webapp.access.roles import ROLES
from webapp.extensions import db
from webapp.models import Account, Member, Organization, Unit


@dataclass(frozen=True)
class Actor:
    """A member who acts in an organization, with the units on which each permission holds (None: on all)."""

    account: Account
    member: Member
    organization: Organization

    def roles(self) -> list[str]:
        return [role.role for role in self.member.roles]

    def may(self, permission: Permission, unit_id: int | None = None) -> bool:
        """Whether the permission holds on the unit; without a unit, whether it holds anywhere."""
        span = self.span(permission)
        if span is None:
            return True
        return bool(span) if unit_id is None else unit_id in span

    def may_everywhere(self, permission: Permission) -> bool:
        return self.span(permission) is None

    def span(self, permission: Permission) -> frozenset[int] | None:
        """Ids of the units on which the permission holds, or None where it holds on the whole organization."""
        starts: set[int] = set()
        for role in self.member.roles:
            if permission in ROLES[role.role].permissions:
                if role.unit_id is None:
                    return None
                starts.add(role.unit_id)
        return frozenset(_below(self.organization.id, starts)) if starts else frozenset()


def _below(organization_id: int, starts: set[int]) -> set[int]:
    rows = db.session.execute(
        select(Unit.id, Unit.parent_id).where(Unit.organization_id == organization_id)
    ).all()
    children: dict[int | None, list[int]] = {}
    for identity, parent in rows:
        children.setdefault(parent, []).append(identity)
    found: set[int] = set()
    waiting = list(starts)
    while waiting:
        identity = waiting.pop()
        if identity not in found:
            found.add(identity)
            waiting.extend(children.get(identity, ()))
    return found


def actor(account: Account, slug: str) -> Actor | None:
    """The account as a member of the organization; None where it has no part in it (or where there is none)."""
    row = db.session.execute(
        select(Organization, Member)
        .join(Member, Member.organization_id == Organization.id)
        .where(Organization.slug == slug, Member.account_id == account.id)
    ).first()
    return Actor(account=account, member=row[1], organization=row[0]) if row else None
