"""Signing in, and what an account changes about itself."""

from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp import audit
from webapp.access import attempts, hashing, sessions
from webapp.accounts import queries
from webapp.clock import now
from webapp.domain import passwords
from webapp.domain.refusal import Refused
from webapp.models import Account, BrowserSession, Password
from webapp.transaction import locked, transaction

WRONG_FOR_ACCOUNT = attempts.Limit("password of", 10, timedelta(minutes=5))
WRONG_FROM_ADDRESS = attempts.Limit("passwords from", 50, timedelta(minutes=5))


class TooMany(Refused):
    """Tried too often in a short time."""


def sign_in(*, email: str, password: str, address: str) -> str | None:
    """Open a session for an address and a password; None if they do not belong together, whichever was wrong."""
    tries = ((WRONG_FOR_ACCOUNT, email.strip().lower()), (WRONG_FROM_ADDRESS, address))
    if not attempts.allowed(*tries):
        raise TooMany("Too many wrong tries. Wait five minutes, or use a one-time link.")
    account, stored = queries.by_address(email)
    if not hashing.fits(stored, password) or account is None or stored is None:
        _note_failure(account)
        return None
    fresh = hashing.new(password) if hashing.outdated(stored) else stored
    with transaction() as session:
        row = session.get(Password, account.id, with_for_update=True, populate_existing=True)
        if row is None or row.hash != stored:
            return None  # it was changed while we hashed
        row.hash = fresh
        attempts.take_back(*tries)
        return sessions.enter(session, account.id, how="password")


def _note_failure(account: Account | None) -> None:
    with transaction() as session:  # for nobody too, so that the time tells nothing
        if account is not None:
            audit.record_for(session, account=account, action="account.sign_in_failed", how="password")


def check_own(*, account: Account, password: str) -> bool:
    """Whether it is the account's own password; tries are counted as those of signing in are."""
    tries = ((WRONG_FOR_ACCOUNT, account.email),)
    if not attempts.allowed(*tries):
        raise TooMany("Too many wrong tries. Wait five minutes.", place="current")
    stored = queries.password(account)
    if not hashing.fits(stored.hash if stored else None, password):
        return False
    with transaction():
        attempts.take_back(*tries)
    return True


def set_password(*, account: Account, current: str, new: str) -> str:
    """Set the password of the account that is signed in; ends all its sessions and opens a new one in this browser.

    Whoever finds an open browser must not be able to keep the account: the password of now is asked for, or a
    sign-in of a moment ago by something else, such as a link.
    """
    if not sessions.is_fresh(account.id):
        if queries.password(account) is None:
            raise Refused("Sign in again first: setting a password needs a sign-in of a moment ago.")
        if not check_own(account=account, password=current):
            raise Refused("This is not your password.", place="current")
    checked = passwords.check(new, known=queries.words_around(account), second_step=False)
    hashed = hashing.new(checked)
    with transaction() as session:
        return replace_password(session, account=account, hashed=hashed, how="password")


def replace_password(session: Session, *, account: Account, hashed: str, how: str) -> str:
    """Store the hash, end all sessions and links, and open a session in this browser."""
    locked(session, Account, account.id)
    row = session.get(Password, account.id)
    if row is None:
        session.add(Password(account_id=account.id, hash=hashed, set_at=now()))
    else:
        row.hash, row.set_at = hashed, now()
    audit.record_for(session, account=account, action="account.password_set")
    sessions.end_all(session, account.id)
    return sessions.enter(session, account.id, how=how)


def end_session(*, account: Account, key: str) -> bool:
    """End one session of the account; whether there was such a one."""
    try:
        secret_hash = bytes.fromhex(key)
    except ValueError:
        return False
    with transaction() as session:
        ended = session.execute(
            delete(BrowserSession)
            .where(BrowserSession.account_id == account.id, BrowserSession.secret_hash == secret_hash)
            .returning(BrowserSession.account_id)
        ).first()
        if ended:
            audit.record_for(session, account=account, action="account.session_ended", sessions=1)
    return ended is not None


def end_other_sessions(*, account: Account) -> int:
    """End all sessions of the account but this browser's; says how many."""
    with transaction() as session:
        ended = sessions.end_all(session, account.id, but_here=True)
        audit.record_for(session, account=account, action="account.session_ended", sessions=ended)
    return ended
