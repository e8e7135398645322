from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from webapp.models.base import Model

HOW = "how IN ('link', 'password', 'reset', 'provider')"


class Account(Model):
    """A sign-in identity; what it may do where is a member's role."""

    __tablename__ = "account"
    # A number is never given twice: the audit log names people by it, also after they were erased.
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254), unique=True)


class Password(Model):
    """The hash of an account's password; a row of its own, so that no page that reads accounts reads it."""

    __tablename__ = "password"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    hash: Mapped[str] = mapped_column(String(200))
    set_at: Mapped[datetime]
    alone: Mapped[bool] = mapped_column(default=True)  # long enough without a second step


class SecondStep(Model):
    """The sealed secret of an account's authenticator; `last` is the time step of the code that was used last."""

    __tablename__ = "second_step"

    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary(100))
    last: Mapped[int]


class LinkedIdentity(Model):
    """Who an account is at a provider, such as its employer's sign-in: whoever signs in there as that one signs in here.

    issuer, subject: the provider's address, and the name there that never changes
    """

    __tablename__ = "linked_identity"
    __table_args__ = (UniqueConstraint("account_id", "issuer"),)

    issuer: Mapped[str] = mapped_column(String(255), primary_key=True)
    subject: Mapped[str] = mapped_column(String(255), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    linked: Mapped[datetime]


class PasswordReset(Model):
    """The right to set a new password once, sent by mail; only the hash of its secret is stored."""

    __tablename__ = "password_reset"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    ends: Mapped[datetime]


class RecoveryCode(Model):
    """A code that stands in for the authenticator once; only its hash is stored."""

    __tablename__ = "recovery_code"

    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)


class HalfSession(Model):
    """Somebody who has taken the first step and not yet the second; no session, so it can do nothing else."""

    __tablename__ = "half_session"
    __table_args__ = (CheckConstraint(HOW, name="how"),)

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))
    how: Mapped[str] = mapped_column(String(8))
    ends: Mapped[datetime]


class BrowserSession(Model):
    """A signed-in browser; the row's key is the hash of a secret that only its cookie holds.

    With an organization it reaches that one alone: it began with a link that an owner of it had in hand.

    proved: when its person last showed who they are; None where a provider let them through and did not say when
    """

    __tablename__ = "browser_session"
    __table_args__ = (CheckConstraint(HOW, name="how"),)

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    how: Mapped[str] = mapped_column(String(8))
    started: Mapped[datetime]
    proved: Mapped[datetime | None]
    seen: Mapped[datetime]
    ends: Mapped[datetime]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))


class SignInLink(Model):
    """A one-time link; only its hash is stored. With an organization, so is the session that it opens."""

    __tablename__ = "sign_in_link"

    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    ends: Mapped[datetime]
    organization_id: Mapped[int | None] = mapped_column(ForeignKey("organization.id", ondelete="CASCADE"))


class Attempts(Model):
    """How often something was tried, under a name that tells nothing of who tried; kept for a day."""

    __tablename__ = "attempts"

    name: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    since: Mapped[datetime]
    tries: Mapped[int]
