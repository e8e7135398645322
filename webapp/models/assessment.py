from sqlalchemy import ForeignKeyConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class Assessment(Model):
    """A leader's named answers to the mirror form for a unit; may be changed until the wave closes. Never a response."""

    __tablename__ = "assessment"
    __table_args__ = (
        UniqueConstraint("wave_id", "position", "member_id"),
        ForeignKeyConstraint(
            ["organization_id", "wave_id", "position"],
            ["wave_unit.organization_id", "wave_unit.wave_id", "wave_unit.position"],
            ondelete="CASCADE",
        ),
        ForeignKeyConstraint(
            ["organization_id", "member_id"], ["member.organization_id", "member.id"], ondelete="CASCADE"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int]
    wave_id: Mapped[int]
    position: Mapped[int]
    member_id: Mapped[int] = mapped_column(index=True)
    shown_by_name: Mapped[bool] = mapped_column(default=False)
    answers: Mapped[str] = mapped_column(String(400))
