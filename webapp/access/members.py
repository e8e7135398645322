"""Giving and taking roles, inside the transaction of the command that decides it; each leaves an audit row."""

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit
from webapp.access.permissions import Permission
from webapp.access.roles import ROLES
from webapp.domain.refusal import Refused
from webapp.models import Account, BrowserSession, Member, MemberRole, Organization, SignInLink
from webapp.transaction import locked


def decide(session: Session, organization_id: int, by: Account | None) -> None:
    """Let one decision about the members of an organization be made at a time, by somebody who still may.

    Between the check of a request and this moment somebody may have taken the right away.
    """
    locked(session, Organization, organization_id)
    if by is not None and not _may_decide(session, organization_id, by):
        raise Refused("You may not change members any more.")


def _may_decide(session: Session, organization_id: int, by: Account) -> bool:
    deciding = [role.name for role in ROLES.values() if Permission.MEMBER_CHANGE in role.permissions]
    found = (
        select(MemberRole.id)
        .join(Member, Member.id == MemberRole.member_id)
        .where(
            Member.organization_id == organization_id,
            Member.account_id == by.id,
            MemberRole.role.in_(deciding),
            MemberRole.unit_id.is_(None),
        )
    )
    return session.execute(found.limit(1)).first() is not None


def give_role(
    session: Session,
    *,
    organization_id: int,
    email: str,
    role: str,
    unit_id: int | None,
    by: Account | None,
) -> Member:
    """Find or make the account and member, and the role, inside the caller's transaction."""
    locked(session, Organization, organization_id)
    # Kept while the member is added: whoever erases it at this moment waits, or has gone first.
    account = session.scalar(
        select(Account).where(Account.email == email).with_for_update(read=True, key_share=True)
    )
    if account is None:
        account = _new_account(session, email)
    member = session.scalar(
        select(Member).where(Member.organization_id == organization_id, Member.account_id == account.id)
    )
    if member is None:
        member = Member(organization_id=organization_id, account=account)
        session.add(member)
        session.flush()
    found = session.scalar(
        select(MemberRole.id).where(
            MemberRole.member_id == member.id,
            MemberRole.role == role,
            MemberRole.unit_id.is_not_distinct_from(unit_id),
        )
    )
    if found is None:
        session.add(
            MemberRole(organization_id=organization_id, member_id=member.id, role=role, unit_id=unit_id)
        )
        session.flush()
        _note(session, organization_id, by, "member.role_given", member.id, role, unit_id)
    return member


def _new_account(session: Session, email: str) -> Account:
    """A new account, or the one that another organization has made of the address in this very moment."""
    made = Account(email=email)
    try:
        with session.begin_nested():
            session.add(made)
    except IntegrityError:
        return session.scalars(
            select(Account).where(Account.email == email).with_for_update(read=True, key_share=True)
        ).one()
    return made


def take_role(
    session: Session,
    *,
    organization_id: int,
    role: str,
    unit_id: int | None,
    member_id: int | None = None,
    by: Account | None,
) -> bool:
    """Take a role on a unit from a member, or from everybody who has it; tells whether anybody had it."""
    locked(session, Organization, organization_id)
    of_one = () if member_id is None else (MemberRole.member_id == member_id,)
    taken = session.scalars(
        delete(MemberRole)
        .where(
            MemberRole.organization_id == organization_id,
            MemberRole.role == role,
            MemberRole.unit_id.is_not_distinct_from(unit_id),
            *of_one,
        )
        .returning(MemberRole.member_id)
    ).all()
    for one in sorted(taken):
        _note(session, organization_id, by, "member.role_taken", one, role, unit_id)
    return bool(taken)


def refuse_without_owner(session: Session, organization_id: int) -> None:
    """Refuse to leave an organization that nobody owns; to be asked after the change, before its transaction ends."""
    owners = (
        select(func.count())
        .select_from(MemberRole)
        .where(MemberRole.organization_id == organization_id, MemberRole.role == "owner")
    )
    if not session.scalar(owners):
        raise Refused("An organization needs an owner: make somebody else one first.")


def erase(session: Session, member: Member, *, by: Account | None) -> None:
    """Remove a member with roles and assessments, and the account too where it belongs to nothing any more.

    Publications keep their figures, which name nobody but by a number that is never given again.
    """
    account_id = member.account_id
    # Held against somebody who adds or removes the same account elsewhere, so that none is left over or lost.
    session.execute(select(Account.id).where(Account.id == account_id).with_for_update())
    _note(session, member.organization_id, by, "member.removed", member.id)
    for opens in (SignInLink, BrowserSession):  # else one would work again if the person came back
        here = opens.organization_id == member.organization_id
        session.execute(delete(opens).where(opens.account_id == account_id, here))
    session.execute(delete(Member).where(Member.id == member.id))
    others = select(Member.id).where(Member.account_id == account_id)
    if session.execute(others.limit(1)).first() is None:
        session.execute(delete(Account).where(Account.id == account_id))


def _note(
    session: Session,
    organization_id: int,
    by: Account | None,
    action: str,
    member_id: int,
    role: str | None = None,
    unit_id: int | None = None,
) -> None:
    about = {"role": role, "unit": unit_id} if role else {}
    audit.record(session, organization_id=organization_id, by=by, action=action, member=member_id, **about)
