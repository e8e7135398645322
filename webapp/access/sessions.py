"""Who is signed in: rows that can be ended, keyed by the hash of what only the browser holds."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, request
from sqlalchemy import Row, Select, bindparam, delete, select, update
from werkzeug.wrappers import Response

from webapp.clock import now
from webapp.extensions import db
from webapp.models import Account, BrowserSession, SignInLink
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
_ACCOUNT = running(select(Account).join(BrowserSession, BrowserSession.account_id == Account.id))


def current() -> Account | None:
    """The account of this browser, if its session still runs."""
    found = rows(_ACCOUNT)
    return found[0][0] if found else None


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


def new_link(account: Account, life: timedelta = LINK_LIFE) -> str:
    """Make a one-time sign-in secret inside the caller's transaction; only its hash is stored."""
    secret = secrets.token_urlsafe(32)
    db.session.add(SignInLink(secret_hash=_hash(secret), account_id=account.id, ends=now() + life))
    return secret


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
            .returning(SignInLink.account_id)
        ).scalar()
        if spent is None:
            return None
        opened = secrets.token_urlsafe(32)
        at = now()
        session.add(BrowserSession(secret_hash=_hash(opened), account_id=spent, seen=at, ends=at + ABSOLUTE))
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
