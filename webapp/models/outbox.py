from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class OutboxRow(Model):
    """A letter or a call that is still to be sent: of what kind and about what, never its words; it goes when that has gone.

    due: when something happens to it next: it is sent, it is taken over from a sender that died, or a failure is forgotten
    attempts: how often it was taken, which also tells a sender whether the row is still its own
    sealed: of a kind that keeps silent, whether it is settled; readable with the key alone
    queue: of those with the same one, one at a time is sent; calls to one address have one

    Its id is random, so that no order of people is kept.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'sending', 'failed')", name="state"),
        Index("ix_outbox_kind_due", "kind", "due"),
        Index(
            "uq_outbox_sending",
            "queue",
            unique=True,
            sqlite_where=text("state = 'sending'"),
            postgresql_where=text("state = 'sending'"),
        ),
        {"sqlite_with_rowid": False},
    )

    id: Mapped[bytes] = mapped_column(LargeBinary(16), primary_key=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(40))
    payload: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(String(7), default="waiting")
    due: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary(64))
    error: Mapped[str] = mapped_column(String(300), default="")
    queue: Mapped[str | None] = mapped_column(String(40))
