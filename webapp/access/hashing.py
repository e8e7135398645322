"""Hashing passwords: argon2id, a few at a time, because each takes 46 MiB for a moment."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError

from webapp.domain import passwords
from webapp.transaction import Busy

_HASHER = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1, type=Type.ID)
AT_ONCE = 2
WAIT_SECONDS = 10.0
_places = threading.BoundedSemaphore(AT_ONCE)


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        yield
    finally:
        _places.release()


def new(password: str) -> str:
    with _place():
        return _HASHER.hash(passwords.normal(password))


def fits(stored: str | None, password: str) -> bool:
    """Whether the password is the one of the hash; without a hash it takes as long, and never fits."""
    against = stored or _nobodys()
    with _place():
        try:
            _HASHER.verify(against, passwords.normal(password))
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False
    return bool(stored)


def outdated(stored: str) -> bool:
    """Whether the hash was made with other costs than today's."""
    return _HASHER.check_needs_rehash(stored)


@cache
def _nobodys() -> str:
    return _HASHER.hash("of nobody")
