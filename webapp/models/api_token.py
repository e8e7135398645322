from datetime import date, datetime

from sqlalchemy import ForeignKeyConstraint, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class ApiToken(Model):
    """What lets a program act for a member, within its scopes and never beyond what the member may; it goes with them.

    secret_hash: SHA-256 of the token, which is stored nowhere; known_by: its beginning, so that people recognize it
    scopes: words of permissions, with blanks between them
    last_used: the day, in UTC, so that nobody learns when a program runs
    """

    __tablename__ = "api_token"
    __table_args__ = (
        ForeignKeyConstraint(
            ["organization_id", "member_id"], ["member.organization_id", "member.id"], ondelete="CASCADE"
        ),
        {"sqlite_autoincrement": True},  # the audit log names tokens by number, also those that are gone
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(index=True)
    member_id: Mapped[int] = mapped_column(index=True)
    name: Mapped[str] = mapped_column(String(80))
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    known_by: Mapped[str] = mapped_column(String(8))
    scopes: Mapped[str] = mapped_column(Text)
    made: Mapped[datetime]
    ends: Mapped[datetime]
    last_used: Mapped[date | None]
    revoked: Mapped[datetime | None]
