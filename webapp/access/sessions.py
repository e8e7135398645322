"""Who is signed in: rows that can be ended, keyed by the hash of what only the browser holds."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from flask import current_app, has_request_context, request
from sqlalchemy import Row, Select, bindparam, delete, or_, select, true, update
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from webapp import audit
from webapp.clock import now
from webapp.extensions import db
from webapp.models import Account, BrowserSession, HalfSession, Member, PasswordReset, SecondStep, SignInLink
from webapp.transaction import transaction

LINK_LIFE = timedelta(days=2)
HALF_LIFE = timedelta(minutes=10)
FRESH = timedelta(minutes=15)
NEW = timedelta(minutes=30)
MARK_EVERY = timedelta(minutes=5)

# When somebody showed who they are: as a rule by what they just did; None where nobody knows.
Proved = datetime | Literal["now"] | None


class Lasting(NamedTuple):
    """After how many hours without use a session ends, and after how many days however busy."""

    hours: int
    days: int


def lasting() -> Lasting:
    settings = current_app.extensions["groundswell"].settings
    return Lasting(settings.session_idle_hours, settings.session_days)


def idle() -> timedelta:
    return timedelta(hours=lasting().hours)


def absolute() -> timedelta:
    return timedelta(days=lasting().days)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def cookie_name() -> str:
    return "__Host-sid" if current_app.config["SESSION_COOKIE_SECURE"] else "sid"


def _half_name() -> str:
    return "__Host-half" if current_app.config["SESSION_COOKIE_SECURE"] else "half"


def running(statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Narrow a statement over BrowserSession to the running session of a browser; `rows` says which."""
    return statement.add_columns(BrowserSession.seen).where(
        BrowserSession.secret_hash == bindparam("secret_hash"),
        BrowserSession.ends > bindparam("at"),
        BrowserSession.seen > bindparam("idle_since"),
    )


# Statements of every request are built once: building one costs more than running it.
_ACCOUNT = running(
    select(Account, BrowserSession.organization_id).join(
        BrowserSession, BrowserSession.account_id == Account.id
    )
)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The account of a browser; with an organization, it may act in that one alone."""

    account: Account
    organization_id: int | None


def found() -> SignedIn | None:
    """Who is signed in in this browser, if its session still runs."""
    running = rows(_ACCOUNT)
    return SignedIn(running[0][0], running[0].organization_id) if running else None


def current() -> Account | None:
    """The account of this browser, if its session still runs."""
    signed_in = found()
    return signed_in.account if signed_in else None


def rows(statement: Select[*tuple[Any, ...]], **values: object) -> Sequence[Row[*tuple[Any, ...]]]:
    """What a `running` statement finds for this browser; marks its session as seen at most every five minutes."""
    secret = request.cookies.get(cookie_name())
    if not secret:
        return ()
    at = now()
    found = db.session.execute(
        statement, {"secret_hash": _hash(secret), "at": at, "idle_since": at - idle(), **values}
    ).all()
    if found and at - found[0].seen > MARK_EVERY:
        _mark(secret, at)
    return found


def _mark(secret: str, at: datetime) -> None:
    with transaction() as session:
        session.execute(
            update(BrowserSession).where(BrowserSession.secret_hash == _hash(secret)).values(seen=at)
        )


def new_link(account: Account, life: timedelta = LINK_LIFE, *, only: int | None = None) -> str:
    """Make a one-time sign-in secret inside the caller's transaction; only its hash is stored.

    only: the id of the organization that the session will reach, where somebody else may have the link in hand. The
    account may belong to others too, and being handed a link proves nothing about its address.
    """
    secret = secrets.token_urlsafe(32)
    link = SignInLink(
        secret_hash=_hash(secret), account_id=account.id, ends=now() + life, organization_id=only
    )
    db.session.add(link)
    return secret


def reaches(account_id: int) -> bool:
    """Whether the account is signed in somewhere in its own right."""
    at = now()
    running = select(BrowserSession.account_id).where(
        BrowserSession.account_id == account_id,
        BrowserSession.organization_id.is_(None),
        BrowserSession.ends > at,
        BrowserSession.seen > at - idle(),
    )
    return db.session.execute(running.limit(1)).first() is not None


def link_is_good(secret: str) -> bool:
    found = select(SignInLink.account_id).where(
        SignInLink.secret_hash == _hash(secret), SignInLink.ends > now()
    )
    return db.session.execute(found).first() is not None


class Spent(NamedTuple):
    """What a one-time link was good for."""

    account_id: int
    organization_id: int | None


def spend(session: Session, secret: str) -> Spent | None:
    """Use a one-time link up inside the caller's transaction; None if it was no good."""
    found = session.execute(
        delete(SignInLink)
        .where(SignInLink.secret_hash == _hash(secret), SignInLink.ends > now())
        .returning(SignInLink.account_id, SignInLink.organization_id)
    ).first()
    return Spent(*found) if found else None


class Entry(NamedTuple):
    """What a browser gets: the secret of a session, or of half of one while the second step is still to be taken."""

    secret: str
    whole: bool


def enter(
    session: Session, account_id: int, *, how: str, proved: Proved = "now", only: int | None = None
) -> Entry:
    """The first step is taken: open a session, or half of one where the account has a second step.

    Every way in ends here, so none can forget the second step.

    only: the organization that the session reaches
    """
    if session.get(SecondStep, account_id) is None:
        return Entry(open_whole(session, account_id, how=how, proved=proved, only=only), whole=True)
    half = secrets.token_urlsafe(32)
    session.execute(delete(HalfSession).where(HalfSession.ends < now()))
    session.add(
        HalfSession(
            secret_hash=_hash(half),
            account_id=account_id,
            organization_id=only,
            how=how,
            ends=now() + HALF_LIFE,
        )
    )
    return Entry(half, whole=False)


def forget_ended() -> None:
    """A chore: sessions and links that nobody can use any more go without waiting for somebody to sign in."""
    at = now()
    with transaction() as session:
        over = or_(BrowserSession.ends < at, BrowserSession.seen < at - idle())
        session.execute(delete(BrowserSession).where(over))
        session.execute(delete(SignInLink).where(SignInLink.ends < at))
        session.execute(delete(HalfSession).where(HalfSession.ends < at))


def half() -> HalfSession | None:
    """Who has taken the first step in this browser."""
    secret = request.cookies.get(_half_name())
    found = db.session.get(HalfSession, _hash(secret)) if secret else None
    return found if found is not None and found.ends > now() else None


def complete(session: Session, waiting: HalfSession) -> str | None:
    """The second step is taken: the half becomes a session, once."""
    spent = session.execute(
        delete(HalfSession)
        .where(HalfSession.secret_hash == waiting.secret_hash, HalfSession.ends > now())
        .returning(HalfSession.account_id)
    ).first()
    if spent is None:
        return None
    return open_whole(session, waiting.account_id, how=waiting.how, only=waiting.organization_id)


def open_whole(
    session: Session, account_id: int, *, how: str, proved: Proved = "now", only: int | None = None
) -> str:
    """Open a session inside the caller's transaction; the one that this browser had ends. Returns its secret."""
    opened = secrets.token_urlsafe(32)
    at = now()
    over = or_(
        BrowserSession.ends < at, BrowserSession.seen < at - idle(), BrowserSession.secret_hash == here()
    )
    session.execute(delete(BrowserSession).where(over))
    session.execute(delete(SignInLink).where(SignInLink.ends < at))
    session.add(
        BrowserSession(
            secret_hash=_hash(opened),
            account_id=account_id,
            how=how,
            started=at,
            proved=at if proved == "now" else proved,
            seen=at,
            ends=at + absolute(),
            organization_id=only,
        )
    )
    there = Member.organization_id == only if only else true()
    session.execute(update(Member).where(Member.account_id == account_id, there).values(arrived=True))
    account = session.get_one(Account, account_id)
    audit.record_for(session, account=account, only=only, action="account.signed_in", how=how)
    return opened


def start(secret: str) -> Entry | None:
    """Spend a one-time link; None if it was no good."""
    with transaction() as session:
        spent = spend(session, secret)
        return spent and enter(session, spent.account_id, how="link", only=spent.organization_id)


def here() -> bytes | None:
    """The key of the session that this browser names; whether it runs is another question."""
    secret = request.cookies.get(cookie_name()) if has_request_context() else None
    return _hash(secret) if secret else None


def of_account(account_id: int) -> Sequence[BrowserSession]:
    """The running sessions of an account, the one that was used last first."""
    at = now()
    return db.session.scalars(
        select(BrowserSession)
        .where(
            BrowserSession.account_id == account_id,
            BrowserSession.ends > at,
            BrowserSession.seen > at - idle(),
        )
        .order_by(BrowserSession.seen.desc(), BrowserSession.secret_hash)
    ).all()


def fresh(within: timedelta = FRESH) -> bool:
    """Whether whoever is at this browser showed a moment ago who they are: what `access.freshly` asks for."""
    return _proved(db.session.get(BrowserSession, here() or b""), within)


def _proved(found: BrowserSession | None, within: timedelta) -> bool:
    return found is not None and found.proved is not None and found.proved > now() - within


def came_by_link(account_id: int) -> bool:
    """Whether this browser signed in within half an hour, in its own right, by something other than the password."""
    found = db.session.get(BrowserSession, here() or b"")
    return (
        found is not None
        and found.account_id == account_id
        and found.organization_id is None
        and found.how != "password"
        and _proved(found, NEW)
    )


def end_all(session: Session, account_id: int, *, but_here: bool = False) -> int:
    """End the sessions of an account, halves and unused links of all kinds inside the caller's transaction; says how many sessions."""
    for kept in (SignInLink, HalfSession, PasswordReset):
        session.execute(delete(kept).where(kept.account_id == account_id))
    ending = delete(BrowserSession).where(BrowserSession.account_id == account_id)
    if but_here:
        ending = ending.where(BrowserSession.secret_hash != here())
    return len(session.execute(ending.returning(BrowserSession.seen)).all())


def give_cookie(response: Response, entry: Entry) -> None:
    name, life = (cookie_name(), absolute()) if entry.whole else (_half_name(), HALF_LIFE)
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(
        name, entry.secret, max_age=life, secure=secure, httponly=True, samesite="Lax", path="/"
    )


def end(response: Response) -> None:
    """Sign this browser out: the row goes at once, the cookie with the answer."""
    with transaction() as session:
        session.execute(delete(BrowserSession).where(BrowserSession.secret_hash == here()))
    forget(response)


def forget(response: Response) -> None:
    """Take the cookie, and what the browser kept of our pages, out of this browser."""
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.delete_cookie(cookie_name(), secure=secure, httponly=True, samesite="Lax", path="/")
    response.headers["Clear-Site-Data"] = '"cache","cookies"'
