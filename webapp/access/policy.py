"""What a member may do where: roles hold on a unit and all below it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Row, and_, bindparam, or_, select

from webapp.access import sessions
from webapp.access.permissions import Permission
from webapp.access.roles import ROLES
from webapp.extensions import db
from webapp.models import Account, ApiToken, BrowserSession, Member, MemberRole, Organization, Unit


class Held(NamedTuple):
    """A role that a member holds on a unit and all below it, on the whole organization where there is no unit."""

    role: str
    unit_id: int | None


@dataclass(frozen=True)
class Actor:
    """A member who acts in an organization, or a program that acts for one by an API token.

    scopes: what the token lets the program do, as far as the member may do it; None for the members themselves
    """

    account: Account
    organization: Organization
    member_id: int
    roles: tuple[Held, ...]
    scopes: frozenset[Permission] | None = None

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
        if self.scopes is not None and permission not in self.scopes:
            return frozenset()
        starts: set[int] = set()
        for role in self.roles:
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


_MEMBER = (
    select(Account, Organization, Member.id, MemberRole.role, MemberRole.unit_id)
    .join(Member, Member.account_id == Account.id)
    .join(Organization, Organization.id == Member.organization_id)
    .outerjoin(MemberRole, MemberRole.member_id == Member.id)
)
_NAMED = _MEMBER.where(Organization.slug == bindparam("slug"))
_OF_BROWSER = sessions.running(
    _NAMED.join(BrowserSession, BrowserSession.account_id == Account.id).where(
        or_(BrowserSession.organization_id.is_(None), BrowserSession.organization_id == Organization.id)
    )
)
_OF_ACCOUNT = _NAMED.where(Account.id == bindparam("account_id"))
_OF_TOKEN = (
    _MEMBER.join(
        ApiToken,
        and_(ApiToken.organization_id == Member.organization_id, ApiToken.member_id == Member.id),
    )
    .add_columns(ApiToken.id.label("token_id"), ApiToken.scopes, ApiToken.last_used)
    .where(
        ApiToken.secret_hash == bindparam("secret_hash"),
        ApiToken.revoked.is_(None),
        ApiToken.ends > bindparam("at"),
    )
)


class Program(NamedTuple):
    """Who calls with a token: the actor, the token's number, and the day on which it was used last."""

    actor: Actor
    token_id: int
    last_used: date | None


def of_browser(slug: str) -> Actor | None:
    """The signed-in member of the organization in this browser: session, account and roles in one look."""
    return _actor(sessions.rows(_OF_BROWSER, slug=slug))


def actor(account: Account, slug: str) -> Actor | None:
    """The account as a member of the organization; None where it has no part in it (or where there is none)."""
    return _actor(db.session.execute(_OF_ACCOUNT, {"slug": slug, "account_id": account.id}).all())


def of_token(secret_hash: bytes, at: datetime) -> Program | None:
    """The member for whom the holder of a running token acts, with the roles of this moment."""
    rows = db.session.execute(_OF_TOKEN, {"secret_hash": secret_hash, "at": at}).all()
    member = _actor(rows)
    if member is None:
        return None
    known = set(map(str, Permission))
    scopes = frozenset(Permission(word) for word in rows[0].scopes.split() if word in known)
    return Program(replace(member, scopes=scopes), rows[0].token_id, rows[0].last_used)


def _actor(rows: Sequence[Row[*tuple[Any, ...]]]) -> Actor | None:
    if not rows:
        return None
    account, organization, member_id = rows[0][0], rows[0][1], rows[0][2]
    roles = tuple(Held(row.role, row.unit_id) for row in rows if row.role is not None)
    return Actor(account, organization, member_id, roles)
