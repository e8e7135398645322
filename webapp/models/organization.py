from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class Organization(Model):
    """The tenant: every row of a tenant carries its id, and foreign keys between tenant tables are composite with it."""

    __tablename__ = "organization"
    __table_args__ = (
        CheckConstraint("smallest_group >= 3", name="smallest_group"),
        CheckConstraint("time_guard IN ('standard', 'strict')", name="time_guard"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    smallest_group: Mapped[int] = mapped_column(default=5)
    time_guard: Mapped[str] = mapped_column(String(8), default="standard")
    timezone: Mapped[str] = mapped_column(String(60), default="UTC")
    demo: Mapped[bool] = mapped_column(default=False)
