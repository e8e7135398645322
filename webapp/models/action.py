from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class Action(Model):
    """What a unit decided to do: an advice that it adopted, or its own words.

    unit_id: whose action it is; None for the whole organization
    wave_id: the wave in whose results it was decided; None before the first one
    practice, item: what it should move, by the keys of that wave's questionnaire; "" for none
    advice, first_step: the questionnaire's words as they were adopted; "" where the words are the unit's own
    reason: one line on why it was dropped, or what came of it
    reminded: the last letter about this due day: "" for none, "week" or "day"
    version: counts the changes, so that two who edit at once do not overwrite each other
    """

    __tablename__ = "action"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        CheckConstraint("state IN ('planned', 'doing', 'done', 'dropped')", name="state"),
        CheckConstraint("reminded IN ('', 'week', 'day')", name="reminded"),
        ForeignKeyConstraint(
            ["organization_id", "unit_id"], ["unit.organization_id", "unit.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(["organization_id", "wave_id"], ["wave.organization_id", "wave.id"]),
        Index("ix_action_organization_id_state", "organization_id", "state"),
        {"sqlite_autoincrement": True},  # the audit log names actions by number
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    unit_id: Mapped[int | None] = mapped_column(index=True)
    wave_id: Mapped[int | None]
    practice: Mapped[str] = mapped_column(String(60), default="")
    item: Mapped[str] = mapped_column(String(60), default="")
    title: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text, default="")
    advice: Mapped[str] = mapped_column(Text, default="")
    first_step: Mapped[str] = mapped_column(Text, default="")
    due: Mapped[date | None]
    state: Mapped[str] = mapped_column(String(7), default="planned")
    reason: Mapped[str] = mapped_column(String(200), default="")
    reminded: Mapped[str] = mapped_column(String(4), default="")
    version: Mapped[int] = mapped_column(default=1)
    made_at: Mapped[datetime]
    moved_at: Mapped[datetime]


class ActionOwner(Model):
    """The member who looks after an action; a row of its own, so that a member who goes takes nothing else along."""

    __tablename__ = "action_owner"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "action_id"], ["action.organization_id", "action.id"], ondelete="CASCADE"
        ),
        ForeignKeyConstraint(
            ["organization_id", "member_id"], ["member.organization_id", "member.id"], ondelete="CASCADE"
        ),
    )

    action_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organization_id: Mapped[int]
    member_id: Mapped[int] = mapped_column(index=True)
