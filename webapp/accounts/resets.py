"""A new password by mail: asking for the letter, writing it, and using its link once.

The link lives an hour, counted from when its letter is written. (ASVS 6.5.5 asks for ten minutes; greylisting alone
takes longer, the secret has 256 bits, is good once and for this one purpose, and a second step is still asked.)
"""

import hashlib
import secrets
from datetime import timedelta

from flask import current_app
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import delete, select

from webapp import language, outbox
from webapp.access import attempts, hashing, second_step, sessions
from webapp.accounts import commands, queries
from webapp.clock import now
from webapp.domain import passwords
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.mail import Message
from webapp.models import Account, PasswordReset
from webapp.transaction import transaction

LIFE = timedelta(hours=1)
FOR_ACCOUNT = attempts.Limit("new password of", 5, timedelta(days=1))
FROM_ADDRESS = attempts.Limit("new passwords from", 20, timedelta(hours=1))


def ask(*, email: str, address: str) -> None:
    """Queue a letter where there is such an account and it was not asked too often; nobody is told which it was."""
    if not attempts.allowed((FOR_ACCOUNT, email.strip().lower()), (FROM_ADDRESS, address)):
        return
    account, _stored = queries.by_address(email)
    with transaction() as session:
        if account is not None:
            outbox.put(
                session,
                kind="password-reset",
                organization_id=None,
                payload={"account": account.id, "language": language.select()},
            )


@outbox.letter("password-reset")
def letter(row: outbox.Taken) -> Message | None:
    account = db.session.get(Account, int(row.payload["account"]))
    if account is None:
        return None
    link = f"{current_app.extensions['groundswell'].settings.url}/sign-in/reset/{new_ticket(account.id)}"
    with force_locale(str(row.payload["language"])):
        return Message(
            account.email,
            _("A new password for Groundswell"),
            _(
                "Somebody asked for a new password for your account.\n\nOpen this link within an hour to set one:\n"
                "%(link)s\n\nIt works once. If it was not you, do nothing: your password stays as it is.\n",
                link=link,
            ),
        )


def new_ticket(account_id: int) -> str:
    """Make the secret of a link, in a transaction of its own; only its hash is stored."""
    secret = secrets.token_urlsafe(32)
    with transaction() as session:
        session.execute(delete(PasswordReset).where(PasswordReset.ends < now()))
        session.add(PasswordReset(secret_hash=_hash(secret), account_id=account_id, ends=now() + LIFE))
    return secret


def account_of(ticket: str) -> Account | None:
    """Whose password a link may set, if it is still good."""
    return db.session.scalar(
        select(Account)
        .join(PasswordReset, PasswordReset.account_id == Account.id)
        .where(PasswordReset.secret_hash == _hash(ticket), PasswordReset.ends > now())
    )


def use(*, ticket: str, new: str) -> sessions.Entry:
    """Set the password and take the first step of signing in; all sessions and other links of the account end."""
    account = account_of(ticket)
    if account is None:
        raise Refused("This link has been used, or it has ended.")
    with_step = second_step.is_on(account.id)
    checked = passwords.check(new, known=queries.words_around(account), second_step=with_step)
    hashed = hashing.new(checked)
    with transaction() as session:
        spent = session.execute(
            delete(PasswordReset)
            .where(PasswordReset.secret_hash == _hash(ticket), PasswordReset.ends > now())
            .returning(PasswordReset.account_id)
        ).first()
        if spent is None:
            raise Refused("This link has been used, or it has ended.")
        commands.replace_password(session, account=account, checked=checked, hashed=hashed)
        return sessions.enter(session, account.id, how="reset")


def _hash(secret: str) -> bytes:
    return hashlib.sha256(f"password reset {secret}".encode()).digest()
