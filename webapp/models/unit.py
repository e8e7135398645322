from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class Unit(Model):
    """A node of the organization's tree as it is now; a wave freezes its own copy."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        UniqueConstraint("organization_id", "name_key"),
        CheckConstraint("headcount >= 0", name="headcount"),
        CheckConstraint("parent_id <> id", name="parent"),
        ForeignKeyConstraint(["organization_id", "parent_id"], ["unit.organization_id", "unit.id"]),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    parent_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(120))
    name_key: Mapped[str] = mapped_column(String(240))
    headcount: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    closed: Mapped[bool] = mapped_column(default=False)
