from datetime import datetime

from sqlalchemy import ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class AuditEvent(Model):
    """One act in an organization, chained by hash to the one before; never an answer, never a personal value."""

    __tablename__ = "audit_event"

    organization_id: Mapped[int] = mapped_column(
        ForeignKey("organization.id", ondelete="CASCADE"), primary_key=True
    )
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    account_id: Mapped[int | None]
    action: Mapped[str] = mapped_column(String(60))
    changes: Mapped[str] = mapped_column(Text)
    hash: Mapped[str] = mapped_column(String(64))
