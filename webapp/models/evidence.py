from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class EvidenceBook(Model):
    """What holds for all figures from outside of an organization: their currency, and a name of their present state.

    stamp: random, renewed with every change, so that whatever was computed of them may be kept under it
    """

    __tablename__ = "evidence_book"

    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True
    )
    currency: Mapped[str] = mapped_column(String(3), default="")
    stamp: Mapped[str] = mapped_column(String(32))


class EvidenceMonth(Model):
    """A month (YYYY-MM) that has figures, with the tree as it stood when the first of them came in.

    tree: [unit, unit above or null, people of the very unit] of every open unit, each parent before its parts (JSON)
    seen: the units whose figures of the month were told before the last change (JSON)
    """

    __tablename__ = "evidence_month"

    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True
    )
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    tree: Mapped[str] = mapped_column(Text)
    seen: Mapped[str] = mapped_column(Text, server_default="[]")


class Evidence(Model):
    """Figures of a unit with everything below it in a month; null where there is none. Never of one person.

    active_days: of an active person, in tenths; spend: in hundredths of the organization's currency
    """

    __tablename__ = "evidence"
    __table_args__ = (
        CheckConstraint("active >= 0", name="active"),
        CheckConstraint("seats >= 0", name="seats"),
        CheckConstraint("active_days >= 0 AND active_days <= 310", name="active_days"),
        CheckConstraint("spend >= 0", name="spend"),
        CheckConstraint("trained >= 0", name="trained"),
        ForeignKeyConstraint(
            ["organization_id", "unit_id"], ["unit.organization_id", "unit.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["organization_id", "month"],
            ["evidence_month.organization_id", "evidence_month.month"],
            ondelete="CASCADE",
        ),
    )

    organization_id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(String(7), primary_key=True)
    unit_id: Mapped[int] = mapped_column(primary_key=True, index=True)
    active: Mapped[int | None]
    seats: Mapped[int | None]
    active_days: Mapped[int | None]
    spend: Mapped[int | None] = mapped_column(BigInteger)
    trained: Mapped[int | None]
