from datetime import date

from sqlalchemy import (
    CheckConstraint,
    Date,
    ForeignKeyConstraint,
    LargeBinary,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class Invitation(Model):
    """Who is asked by mail: a person and a unit, and, sealed with a key outside of the database, which link is theirs.

    state: of the first letter alone; of reminders nothing is kept, because they go to those who have not answered
    """

    __tablename__ = "invitation"
    __table_args__ = (
        UniqueConstraint("wave_id", "email"),
        CheckConstraint("state IN ('waiting', 'sent', 'failed')", name="state"),
        ForeignKeyConstraint(
            ["organization_id", "wave_id", "position"],
            ["wave_unit.organization_id", "wave_unit.wave_id", "wave_unit.position"],
            ondelete="CASCADE",
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int]
    wave_id: Mapped[int]
    position: Mapped[int]
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120), default="")
    sealed_serial: Mapped[bytes] = mapped_column(LargeBinary(64))
    state: Mapped[str] = mapped_column(String(7), default="waiting")
    error: Mapped[str] = mapped_column(String(300), default="")


class InvitationText(Model):
    """What a wave's letters say in a language, where an owner changed it: the invitation's words, or the reminder's."""

    __tablename__ = "invitation_text"
    __table_args__ = (
        CheckConstraint("kind IN ('invitation', 'reminder')", name="kind"),
        ForeignKeyConstraint(
            ["organization_id", "wave_id"], ["wave.organization_id", "wave.id"], ondelete="CASCADE"
        ),
    )

    wave_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(10), primary_key=True)
    language: Mapped[str] = mapped_column(String(30), primary_key=True)
    organization_id: Mapped[int]
    subject: Mapped[str] = mapped_column(String(150))
    text: Mapped[str] = mapped_column(Text)


class ReminderDay(Model):
    """A day on which a wave reminds those who were invited; `queued` once its letters are in the outbox."""

    __tablename__ = "reminder_day"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "wave_id"], ["wave.organization_id", "wave.id"], ondelete="CASCADE"
        ),
    )

    wave_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(Date, primary_key=True)
    organization_id: Mapped[int]
    queued: Mapped[bool] = mapped_column(default=False)
