from datetime import date, datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from webapp.models.base import Model


class QuestionnaireCopy(Model):
    """The text of a questionnaire as a wave used it; never changed."""

    __tablename__ = "questionnaire_copy"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        UniqueConstraint("organization_id", "key", "version"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    text: Mapped[str] = mapped_column(Text)


class Wave(Model):
    """One round: a form, a period, a frozen copy of the tree with head counts, and the rules in force when it opened.

    ends_at: the end of its last day in the organization's time zone as it was when it opened; answering is over then,
    and the wave closes by itself. None where it ends only when somebody closes it
    language: of its letters; what people read behind their link follows their browser
    """

    __tablename__ = "wave"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        UniqueConstraint("organization_id", "name"),
        CheckConstraint("status IN ('planned', 'open', 'closed', 'published')", name="status"),
        CheckConstraint("smallest_group >= 3", name="smallest_group"),
        CheckConstraint("time_guard IN ('standard', 'strict')", name="time_guard"),
        ForeignKeyConstraint(
            ["organization_id", "questionnaire_copy_id"],
            ["questionnaire_copy.organization_id", "questionnaire_copy.id"],
        ),
        Index(
            "uq_wave_open_form",
            "organization_id",
            "questionnaire_key",
            "form",
            unique=True,
            sqlite_where=text("status = 'open'"),
            postgresql_where=text("status = 'open'"),
        ),
        {"sqlite_autoincrement": True},  # links are made from the number: an erased wave's must open no other
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    questionnaire_copy_id: Mapped[int]
    questionnaire_key: Mapped[str] = mapped_column(String(60))
    form: Mapped[str] = mapped_column(String(40))
    leader_form: Mapped[str | None] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(120))
    status: Mapped[str] = mapped_column(String(9))
    opened_on: Mapped[date]
    closes_on: Mapped[date | None]
    ends_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    smallest_group: Mapped[int]
    time_guard: Mapped[str] = mapped_column(String(8))
    language: Mapped[str] = mapped_column(String(30), default="en", server_default="en")

    copy: Mapped[QuestionnaireCopy] = relationship(lazy="joined", innerjoin=True, viewonly=True)

    def asks(self, at: datetime) -> bool:
        """Whether people may answer: it is open, and its last day is not over, however late it is closed."""
        return self.status == "open" and (self.ends_at is None or at < self.ends_at)


class Publishing(Model):
    """A closed wave whose publication is not through yet: how often it was tried, when it is tried again, what failed.

    fault: the kind of error of the last try; empty while it runs, and where it died without a word
    """

    __tablename__ = "publishing"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "wave_id"], ["wave.organization_id", "wave.id"], ondelete="CASCADE"
        ),
    )

    wave_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    organization_id: Mapped[int]
    tries: Mapped[int]
    tried: Mapped[datetime]
    due: Mapped[datetime]
    fault: Mapped[str] = mapped_column(String(100), default="")


class WaveUnit(Model):
    """A node of the tree as it stood when the wave opened, with the count of answers that were given for it."""

    __tablename__ = "wave_unit"
    __table_args__ = (
        CheckConstraint("spent >= 0 AND spent <= headcount", name="spent"),
        CheckConstraint("parent < position", name="tree_order"),
        CheckConstraint("link IS NULL OR link IN ('single', 'open', 'mail')", name="link"),
        ForeignKeyConstraint(
            ["organization_id", "wave_id"], ["wave.organization_id", "wave.id"], ondelete="CASCADE"
        ),
        UniqueConstraint("organization_id", "wave_id", "position"),
    )

    wave_id: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int]
    key: Mapped[str] = mapped_column(String(24))
    name: Mapped[str] = mapped_column(String(140))
    parent: Mapped[int | None]
    headcount: Mapped[int] = mapped_column(default=0)
    leaders: Mapped[int] = mapped_column(default=0)
    spent: Mapped[int] = mapped_column(default=0)
    link: Mapped[str | None] = mapped_column(String(6))
