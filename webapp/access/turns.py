"""What costs a process much, such as a document or a spreadsheet, is made for one account one after another.

Counting what succeeds would keep somebody from printing a page for each of thirty teams; this keeps everybody else's pages
quick while they do.
"""

import threading
from collections import Counter
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import g
from werkzeug.exceptions import TooManyRequests

View = TypeVar("View", bound=Callable[..., Any])

WAITING = 1  # beside the one that is made: a second click waits, and a crowd of them holds no thread
PATIENCE = 20.0  # seconds
AGAIN = 5

_turn = threading.Condition()
_asked: Counter[int] = Counter()
_busy: set[int] = set()


def one_at_a_time(view: View) -> View:
    """For a view of somebody who is signed in; stands below the decorator that says who may."""

    @wraps(view)
    def made(*values: Any, **named: Any) -> Any:
        account: int = g.account.id
        _take(account)
        try:
            return view(*values, **named)
        finally:
            _leave(account)

    return made  # type: ignore[return-value]  # the same view, behind a turn


def _take(account: int) -> None:
    with _turn:
        if _asked[account] > WAITING:
            raise TooManyRequests(retry_after=AGAIN)
        _asked[account] += 1
        if not _turn.wait_for(lambda: account not in _busy, PATIENCE):
            _forget(account)
            raise TooManyRequests(retry_after=AGAIN)
        _busy.add(account)


def _leave(account: int) -> None:
    with _turn:
        _busy.discard(account)
        _forget(account)
        _turn.notify_all()


def _forget(account: int) -> None:
    _asked[account] -= 1
    if not _asked[account]:
        del _asked[account]
