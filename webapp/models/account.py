from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model


class Account(Model):
    """A sign-in identity; what it may do where is a member's role."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)


class BrowserSession(Model):
    """A signed-in browser; the row's key is the hash of a secret that only its cookie holds."""

    __tablename__ = "browser_session"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    seen: Mapped[datetime]
    ends: Mapped[datetime]


class SignInLink(Model):
    """A one-time link; only its hash is stored."""

    __tablename__ = "sign_in_link"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    ends: Mapped[datetime]
