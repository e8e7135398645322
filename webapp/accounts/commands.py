"""Signing in, and what an account changes about itself."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp import audit
from webapp.access import attempts, hashing, second_step, sessions
from webapp.accounts import queries
from webapp.clock import now
from webapp.domain import passwords
from webapp.domain.refusal import Refused
from webapp.models import Account, BrowserSession, HalfSession, LinkedIdentity, Password
from webapp.transaction import locked, transaction

WRONG_FOR_ACCOUNT = attempts.Limit("password of", 10, timedelta(minutes=5))
WRONG_CODES = attempts.Limit("codes of", 5, timedelta(minutes=5))
WRONG_FROM_ADDRESS = attempts.Limit("passwords from", 50, timedelta(minutes=5))
UNKNOWN_LINKS = attempts.Limit("unknown links from", 30, timedelta(minutes=1))


class TooMany(Refused):
    """Tried too often in a short time."""


def sign_in(*, email: str, password: str, address: str) -> sessions.Entry | None:
    """Take the first step with an address and a password; None if they do not belong together, whichever was wrong."""
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


def _note_failure(account: Account | None, how: str = "password") -> None:
    with transaction() as session:  # for nobody too, so that the time tells nothing
        if account is not None:
            audit.record_for(session, account=account, action="account.sign_in_failed", how=how)


def count_unknown_link(*, address: str) -> None:
    """A one-time link that is no good was tried; a good one is never limited, whoever tries others from its address."""
    if not attempts.allowed((UNKNOWN_LINKS, address)):
        raise TooMany("Too many links that are no good. Wait a minute.")


def take_second_step(*, waiting: HalfSession, code: str) -> str | None:
    """Open the session for which the first step was taken; None for a wrong code, or one that was used before."""
    account = queries.account(waiting.account_id)
    tries = ((WRONG_CODES, str(account.id)),)
    if not attempts.allowed(*tries):
        raise TooMany("Too many wrong codes. Wait five minutes.", place="code")
    with transaction() as session:
        kind = second_step.take(session, account, code)
        opened = sessions.complete(session, waiting) if kind else None
        if opened:
            attempts.take_back(*tries)
            if kind == "recovery":
                audit.record_for(session, account=account, action="account.recovery_code_used")
            return opened
    _note_failure(account, "code")
    return None


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


def prove(*, account: Account, current: str) -> None:
    """Whoever finds an open browser must not be able to keep the account.

    Asks for the password of now, or a sign-in of a moment ago by something else, such as a link.
    """
    if sessions.came_by_link(account.id):
        return
    if queries.password(account) is None:
        raise Refused("Sign in again first: this needs a sign-in of a moment ago.")
    if not check_own(account=account, password=current):
        raise Refused("This is not your password.", place="current")


def least_length(account: Account) -> int:
    """How long a password of the account must be."""
    with_step = second_step.is_on(account.id)
    return passwords.LEAST_WITH_SECOND_STEP if with_step else passwords.LEAST_ALONE


def set_password(*, account: Account, current: str, new: str) -> str:
    """Set the password of the account that is signed in; ends all its sessions and opens a new one in this browser."""
    prove(account=account, current=current)
    with_step = second_step.is_on(account.id)
    checked = passwords.check(new, known=queries.words_around(account), second_step=with_step)
    hashed = hashing.new(checked)
    with transaction() as session:
        replace_password(session, account=account, checked=checked, hashed=hashed)
        return sessions.open_whole(session, account.id, how="password")


def replace_password(session: Session, *, account: Account, checked: str, hashed: str) -> None:
    """Store the hash and end all sessions and links of the account."""
    locked(session, Account, account.id)
    alone = len(checked) >= passwords.LEAST_ALONE
    row = session.get(Password, account.id)
    if row is None:
        session.add(Password(account_id=account.id, hash=hashed, set_at=now(), alone=alone))
    else:
        row.hash, row.set_at, row.alone = hashed, now(), alone
    audit.record_for(session, account=account, action="account.password_set")
    sessions.end_all(session, account.id)


def turn_second_step_on(*, account: Account, current: str, secret: str, code: str) -> list[str]:
    """Ask for a second step from now on; other sessions end. Returns the recovery codes, which are shown once."""
    prove(account=account, current=current)
    step = second_step.step_of(secret, code)
    if step is None:
        raise Refused(
            "This is not the code that belongs to the picture. Is the clock of your device right?",
            place="code",
        )
    with transaction() as session:
        locked(session, Account, account.id)
        if second_step.is_on(account.id):
            raise Refused("Your second step is on already.")
        codes = second_step.turn_on(session, account, secret, step=step)
        sessions.end_all(session, account.id, but_here=True)
        audit.record_for(session, account=account, action="account.second_step_on")
    return codes


def turn_second_step_off(*, account: Account, code: str) -> None:
    """Ask for the password or link alone again; a code shows that it is not somebody at an open browser."""
    stored = queries.password(account)
    if stored is not None and not stored.alone:
        raise Refused(
            "Your password is too short to stand alone. Set one of {least} characters or more first.",
            place="code",
            least=passwords.LEAST_ALONE,
        )
    with _code(account, code) as session:
        second_step.turn_off(session, account)
        audit.record_for(session, account=account, action="account.second_step_off")


def renew_recovery_codes(*, account: Account, code: str) -> list[str]:
    with _code(account, code) as session:
        audit.record_for(session, account=account, action="account.recovery_codes_made")
        return second_step.new_codes(session, account)


@contextmanager
def _code(account: Account, code: str) -> Iterator[Session]:
    """A transaction for whoever has a good code; tries are counted with those of signing in."""
    tries = ((WRONG_CODES, str(account.id)),)
    if not attempts.allowed(*tries):
        raise TooMany("Too many wrong codes. Wait five minutes.", place="code")
    with transaction() as session:
        if second_step.take(session, account, code) is None:
            raise Refused("This code is wrong, or it was used before.", place="code")
        attempts.take_back(*tries)
        yield session


def recover(*, email: str) -> str:
    """For the command line, when password and second step are lost: take both and linked identities away, end all sessions, make a link."""
    account, _stored = queries.by_address(email)
    if account is None:
        raise Refused("There is no account {email}.", place="EMAIL", email=f"“{email}”")
    with transaction() as session:
        second_step.turn_off(session, account)
        for way_in in (Password, LinkedIdentity):
            session.execute(delete(way_in).where(way_in.account_id == account.id))
        sessions.end_all(session, account.id)
        audit.record_for(session, account=account, action="account.recovered")
        return sessions.new_link(account)


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
