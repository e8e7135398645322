"""API tokens as a request brings them: in the header `Authorization: Bearer …`, and nowhere else."""

import hashlib
import time
from contextlib import suppress
from datetime import date, timedelta
from typing import NoReturn

from flask import request
from limits import RateLimitItemPerMinute
from sqlalchemy import delete, or_, update
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import TooManyRequests, Unauthorized

from webapp.access import policy
from webapp.clock import now
from webapp.domain import api_token
from webapp.extensions import limiter
from webapp.models import ApiToken
from webapp.transaction import Busy, transaction

MOST = RateLimitItemPerMinute(600)
LONGEST = timedelta(days=365)
KEPT = timedelta(days=90)  # after the end, so that an owner still sees what there was


def hashed(token: str) -> bytes:
    """What is stored of a token. It is found by this, so that no comparison tells how much of a guess was right."""
    return hashlib.sha256(token.encode()).digest()


def of_request() -> policy.Program:
    """Who calls. 401 without a good token, 429 after too many calls; its day of use is noted once a day."""
    token = _sent()
    program = policy.of_token(hashed(token), now()) if api_token.well_formed(token) else None
    if program is None:
        _refuse("invalid_token" if token else "")
    _count(program)
    if program.last_used != now().date():
        _mark(program.token_id, now().date())
    return program


def forget_ended() -> None:
    """A chore: tokens that ended or were revoked a while ago go."""
    before = now() - KEPT
    with transaction() as session:
        session.execute(delete(ApiToken).where(or_(ApiToken.ends < before, ApiToken.revoked < before)))


def _sent() -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip(" ") if scheme.lower() == "bearer" else ""


def _refuse(error: str) -> NoReturn:
    values: dict[str, str | None] = {"realm": "groundswell"}
    if error:
        values["error"] = error
    raise Unauthorized(www_authenticate=WWWAuthenticate("bearer", values))


def _count(program: policy.Program) -> None:
    name = str(program.token_id)
    if limiter.limiter.hit(MOST, "api token", name):
        return
    reset = limiter.limiter.get_window_stats(MOST, "api token", name).reset_time
    seconds = int(reset - time.time())
    raise TooManyRequests(retry_after=min(max(seconds, 1), 60))


def _mark(token_id: int, today: date) -> None:
    """A token that was used is good all the same where the database is held for long."""
    with suppress(Busy), transaction() as session:
        session.execute(update(ApiToken).where(ApiToken.id == token_id).values(last_used=today))
