"""Requests to other people's servers that end: after seconds, after so many bytes, and no more than a few at a time.

Imported only where one is sent.
"""

import threading
import time
from typing import Any

from requests import PreparedRequest, Response, Session
from requests.adapters import HTTPAdapter
from requests.exceptions import ContentDecodingError, Timeout

MOST_BYTES = 256 * 1024
CONNECT, READ, WHOLE = 3.0, 5.0, 8.0  # seconds: to get through, between two bytes, and for all
AT_ONCE = 2  # so that a slow server holds two threads of ours and no more
PATIENCE = 1.0  # seconds to wait for a place
_places = threading.BoundedSemaphore(AT_ONCE)


class Bounded(HTTPAdapter):
    """Reads the whole reply itself, so that it can stop."""

    def send(self, request: PreparedRequest, *_: Any, **options: Any) -> Response:
        if not _places.acquire(timeout=PATIENCE):
            raise Timeout("others wait already")
        try:
            return self._read(request, options)
        finally:
            _places.release()

    def _read(self, request: PreparedRequest, options: dict[str, Any]) -> Response:
        ends = time.monotonic() + WHOLE
        options |= {"stream": True, "timeout": (CONNECT, READ)}
        reply = super().send(request, **options)
        body = bytearray()
        for part in reply.iter_content(16 * 1024):
            body += part
            if len(body) > MOST_BYTES or time.monotonic() > ends:
                reply.close()
                raise ContentDecodingError("too much") if len(body) > MOST_BYTES else Timeout("too slow")
        reply._content = bytes(body)  # noqa: SLF001 - where requests keeps what was read
        return reply


def bound(session: Session) -> None:
    """Let a session speak through bounded adapters alone."""
    for scheme in ("https://", "http://"):
        session.mount(scheme, Bounded())
