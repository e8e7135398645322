"""Counting what is tried against an account or from an address, in the database: all workers and machines share it.

The names of counters are HMACs with a key of the day: a row tells neither who was meant nor from where. A try is counted
before its answer is known, so that a hundred at once count as a hundred; a good one takes its own count back.
"""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, request
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError

from webapp.clock import now
from webapp.extensions import db
from webapp.models import Attempts
from webapp.transaction import transaction

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Limit:
    """So many tries within a span; the span begins with the first one."""

    what: str
    most: int
    within: timedelta


def allowed(*tries: tuple[Limit, str]) -> bool:
    """Count one try against each limit; False, and nothing counted, where one of them is used up."""
    at = now()
    named = [(limit, _name(limit.what, about)) for limit, about in tries]
    if any(_used_up(limit, name, at) for limit, name in named):
        return False  # without a write, so that whoever floods costs a look and no more
    with transaction() as session:
        session.execute(delete(Attempts).where(Attempts.since < at - KEPT))
        return all(_counted(limit, name, at) for limit, name in named)


def forget_old() -> None:
    """A chore: counters go after a day although nobody tries anything more."""
    with transaction() as session:
        session.execute(delete(Attempts).where(Attempts.since < now() - KEPT))


def take_back(*tries: tuple[Limit, str]) -> None:
    """A try was good: forget it, inside the caller's transaction."""
    for limit, about in tries:
        db.session.execute(
            update(Attempts)
            .where(Attempts.name == _name(limit.what, about), Attempts.tries > 0)
            .values(tries=Attempts.tries - 1)
        )


def address() -> str:
    """Where the request comes from."""
    return request.remote_addr or ""


def _name(what: str, about: str) -> bytes:
    key = str(current_app.secret_key).encode()
    return hmac.digest(key, f"{now():%Y-%m-%d} {what} {about}".encode(errors="replace"), "sha256")


def _used_up(limit: Limit, name: bytes, at: datetime) -> bool:
    found = db.session.execute(select(Attempts.since, Attempts.tries).where(Attempts.name == name)).first()
    return found is not None and found.since > at - limit.within and found.tries >= limit.most


def _counted(limit: Limit, name: bytes, at: datetime) -> bool:
    session = db.session
    running = Attempts.since > at - limit.within
    more = update(Attempts).where(Attempts.name == name, running).values(tries=Attempts.tries + 1)
    counted = session.execute(more.returning(Attempts.tries)).scalar()
    if counted is not None:
        return counted <= limit.most
    over = update(Attempts).where(Attempts.name == name, ~running).values(since=at, tries=1)
    if session.execute(over.returning(Attempts.tries)).scalar() is not None:
        return True
    try:
        with session.begin_nested():
            session.execute(insert(Attempts).values(name=name, since=at, tries=1))
    except IntegrityError:  # another machine was first
        return (session.execute(more.returning(Attempts.tries)).scalar() or 0) <= limit.most
    return True
