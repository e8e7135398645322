from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class Webhook(Model):
    """An address of another program that is told what waves do; never of results, never of people.

    address, secret, former_secret: sealed, for who knows an address may write to it; a plain one alone has secrets
    former_until: until when messages are signed with the former secret too, so that the other side can change it
    host: of the address, to know it by
    events: which it is told of, joined by commas
    told_at, failed_at, fault: when a message arrived last; when one did not, and why (see `outgoing.FAULTS`)
    """

    __tablename__ = "webhook"
    __table_args__ = (
        UniqueConstraint("organization_id", "id"),
        CheckConstraint("kind IN ('plain', 'slack', 'teams')", name="kind"),
        CheckConstraint("(kind = 'plain') = (secret IS NOT NULL)", name="secret"),
        CheckConstraint("(former_secret IS NULL) = (former_until IS NULL)", name="former"),
        {"sqlite_autoincrement": True},  # the audit log and what waits to be sent name it by its number
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(5))
    host: Mapped[str] = mapped_column(String(253))
    address: Mapped[bytes] = mapped_column(LargeBinary(2100))
    secret: Mapped[bytes | None] = mapped_column(LargeBinary(64))
    former_secret: Mapped[bytes | None] = mapped_column(LargeBinary(64))
    former_until: Mapped[datetime | None]
    events: Mapped[str] = mapped_column(String(60))
    active: Mapped[bool] = mapped_column(default=True)
    told_at: Mapped[datetime | None]
    failed_at: Mapped[datetime | None]
    fault: Mapped[str] = mapped_column(String(20), default="")
