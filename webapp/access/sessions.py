"""Who is signed in: rows that can be ended, keyed by the hash of what only the browser holds."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, request
from sqlalchemy import Row, Select, bindparam, delete, select, true, update
from werkzeug.wrappers import Response

from webapp.clock import now
from webapp.extensions import db
from webapp.models import Account, BrowserSession, Member, SignInLink
from webapp.transaction import transaction

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(days=7)
LINK_LIFE = timedelta(days=2)
MARK_EVERY = timedelta(minutes=5)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def cookie_name() -> str:
    return "__Host-sid" if current_app.config["SESSION_COOKIE_SECURE"] else "sid"


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
        statement, {"secret_hash": _hash(secret), "at": at, "idle_since": at - IDLE, **values}
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
        BrowserSession.seen > at - IDLE,
    )
    return db.session.execute(running.limit(1)).first() is not None


def link_is_good(secret: str) -> bool:
    found = select(SignInLink.account_id).where(
        SignInLink.secret_hash == _hash(secret), SignInLink.ends > now()
    )
    return db.session.execute(found).first() is not None


def start(secret: str) -> str | None:
    """Spend a one-time link and open a session for its account; returns the session's secret, None if it was no good."""
    with transaction() as session:
        spent = session.execute(
            delete(SignInLink)
            .where(SignInLink.secret_hash == _hash(secret), SignInLink.ends > now())
            .returning(SignInLink.account_id, SignInLink.organization_id)
        ).first()
        if spent is None:
            return None
        opened = secrets.token_urlsafe(32)
        at = now()
        session.add(
            BrowserSession(
                secret_hash=_hash(opened),
                account_id=spent.account_id,
                seen=at,
                ends=at + ABSOLUTE,
                organization_id=spent.organization_id,
            )
        )
        here = Member.organization_id == spent.organization_id if spent.organization_id else true()
        arriving = update(Member).where(Member.account_id == spent.account_id, here)
        session.execute(arriving.values(arrived=True))
        session.execute(delete(BrowserSession).where(BrowserSession.ends < at))
        session.execute(delete(SignInLink).where(SignInLink.ends < at))
    return opened


def give_cookie(response: Response, secret: str) -> None:
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(
        cookie_name(), secret, max_age=ABSOLUTE, secure=secure, httponly=True, samesite="Lax", path="/"
    )


def end(response: Response) -> None:
    """Sign this browser out: the row goes at once, the cookie with the answer."""
    secret = request.cookies.get(cookie_name())
    if secret:
        with transaction() as session:
            session.execute(delete(BrowserSession).where(BrowserSession.secret_hash == _hash(secret)))
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.delete_cookie(cookie_name(), secure=secure, httponly=True, samesite="Lax", path="/")
    response.headers["Clear-Site-Data"] = '"cache","cookies"'
