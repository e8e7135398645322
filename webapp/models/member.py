from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.account import Account
from webapp.models.base import Model


class Member(Model):
    """An account that belongs to an organization; `arrived` once it has signed in as its member."""

    __tablename__ = "member"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        UniqueConstraint("organization_id", "account_id"),
        {"sqlite_autoincrement": True},  # publications and the audit log keep numbers of members who are gone
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    arrived: Mapped[bool] = mapped_column(default=False)

    account: Mapped[Account] = relationship(lazy="joined", innerjoin=True)


class MemberRole(Model):
    """A role on a unit and all below it; without a unit, on the whole organization."""

    __tablename__ = "member_role"
    __table_args__ = (
        CheckConstraint("role IN ('owner', 'leader', 'viewer', 'auditor')", name="role"),
        CheckConstraint("role <> 'owner' OR unit_id IS NULL", name="owner_of_all"),
        UniqueConstraint("member_id", "role", "unit_id"),
        ForeignKeyConstraint(
            ["organization_id", "member_id"], ["member.organization_id", "member.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["organization_id", "unit_id"], ["unit.organization_id", "unit.id"], ondelete="CASCADE"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int]
    member_id: Mapped[int] = mapped_column(index=True)
    role: Mapped[str] = mapped_column(String(8))
    unit_id: Mapped[int | None] = mapped_column(index=True)
