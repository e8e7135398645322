"""A sign-in that is under way at a provider. All of it travels in one sealed cookie: nothing is stored until it succeeds."""

import json
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import asdict, dataclass

from cryptography.exceptions import InvalidTag
from flask import current_app, request
from werkzeug.wrappers import Response

from webapp import sealing
from webapp.access import sessions

LIFE = 600  # seconds
MOST_PAGE = 500  # letters of an address to come back to
ABOUT = "a sign-in through a provider"


@dataclass(frozen=True, slots=True)
class Flow:
    """What we sent along, and what is to happen afterwards.

    page: where to go on; session: the one whose account gets the identity linked, "" for signing in
    again: whether they are to sign in anew there, although they may be signed in there already
    """

    provider: str
    state: str
    nonce: str
    verifier: str
    page: str
    session: str
    again: bool
    ends: float

    @property
    def began(self) -> float:
        return self.ends - LIFE


def begin(provider: str, *, page: str, linking: bool, again: bool = False) -> Flow:
    here = (sessions.here() or b"").hex() if linking else ""
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    return Flow(provider, state, nonce, verifier, page[:MOST_PAGE], here, again, time.time() + LIFE)


def held(provider: str) -> Flow | None:
    """What this browser began at a provider; None for anything that this version did not seal, and for what has ended."""
    try:
        opened = sealing.unseal(urlsafe_b64decode(request.cookies.get(_name(), "")), about=ABOUT)
        found = Flow(**json.loads(opened))
    except (ValueError, TypeError, InvalidTag):
        return None
    return found if found.provider == provider and found.ends > time.time() else None


def give(response: Response, flow: Flow) -> None:
    """Lax, because the provider's redirect comes from another site."""
    value = urlsafe_b64encode(sealing.seal(json.dumps(asdict(flow)).encode(), about=ABOUT)).decode()
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.set_cookie(_name(), value, max_age=LIFE, secure=secure, httponly=True, samesite="Lax", path="/")


def forget(response: Response) -> None:
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    response.delete_cookie(_name(), secure=secure, httponly=True, samesite="Lax", path="/")


def _name() -> str:
    return "__Host-flow" if current_app.config["SESSION_COOKIE_SECURE"] else "flow"
