from sqlalchemy import CheckConstraint, String, false
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class Organization(Model):
    """The tenant: every row of a tenant carries its id, and foreign keys between tenant tables are composite with it.

    months_kept: how long answers are kept after the publication of their wave
    contact: whom people may ask about privacy; "" where nobody is named
    asks_second_step: no member without a second step reaches any of its pages
    language: of letters, where a wave or a plan says nothing else
    """

    __tablename__ = "organization"
    __table_args__ = (
        CheckConstraint("smallest_group >= 3", name="smallest_group"),
        CheckConstraint("time_guard IN ('standard', 'strict')", name="time_guard"),
        CheckConstraint("months_kept >= 1 AND months_kept <= 120", name="months_kept"),
        {"sqlite_autoincrement": True},  # whatever names an erased one names none that comes later
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    smallest_group: Mapped[int] = mapped_column(default=5)
    time_guard: Mapped[str] = mapped_column(String(8), default="standard")
    timezone: Mapped[str] = mapped_column(String(60), default="UTC")
    months_kept: Mapped[int] = mapped_column(default=36)
    contact: Mapped[str] = mapped_column(String(200), default="")
    asks_second_step: Mapped[bool] = mapped_column(default=False, server_default=false())
    language: Mapped[str] = mapped_column(String(30), default="en", server_default="en")
    demo: Mapped[bool] = mapped_column(default=False)
