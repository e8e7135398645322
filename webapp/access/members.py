"""Giving and taking roles, inside the transaction of the command that decides it."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp.models import Account, Member, MemberRole


def give_role(
    session: Session, *, organization_id: int, email: str, role: str, unit_id: int | None
) -> Member:
    """Find or make the account and member, and the role, inside the caller's transaction."""
    account = session.scalar(select(Account).where(Account.email == email))
    if account is None:
        account = Account(email=email)
        session.add(account)
        session.flush()
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
    return member


def take_role(session: Session, *, organization_id: int, role: str, unit_id: int) -> None:
    """Take a role on a unit from everybody who has it."""
    session.execute(
        delete(MemberRole).where(
            MemberRole.organization_id == organization_id,
            MemberRole.role == role,
            MemberRole.unit_id == unit_id,
        )
    )
