"""What the server writes down: one JSON object a line, of fields that are listed here, and nothing about a person.

No address, no cookie, no body, no query, no path: a route is named by its pattern. Of an error its kind and the places in
the code are written, never its message, for that may quote what somebody typed.
"""

import json
import logging
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Any

from flask import g, has_request_context, request

OURS = "groundswell"
MOST_PLACES = 12
ROOT = Path(__file__).resolve().parents[1]
# What other programs' messages may quote: what somebody sent, where from, and anything long enough to be a secret.
QUOTED = re.compile(
    r"'[^']*'|\"[^\"]*\"|\bip=\S+|\S+@\S+|\b\d{1,3}(\.\d{1,3}){3}\b|\b[0-9a-fA-F:]*::[0-9a-fA-F:]*|[\w-]{20,}"
)
UNREADABLE = "Invalid request"  # the server's own words go on with an address and what was sent


class Lines(logging.Formatter):
    """A record as a line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="seconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "event": _event(record),
        }
        if has_request_context():
            line |= _request()
        if record.exc_info and record.exc_info[0] is not None:
            line |= _error(record.exc_info[0], record.exc_info[2])
        return json.dumps(line, ensure_ascii=True)


def init() -> None:
    """Write warnings and errors of every part as lines to stderr; called by what serves."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)


def for_gunicorn() -> dict[str, Any]:
    """Gunicorn keeps loggers of its own: let them say it through the root."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"lines": {"()": "webapp.logs.Lines"}},
        "handlers": {
            "lines": {"class": "logging.StreamHandler", "formatter": "lines", "stream": "ext://sys.stderr"}
        },
        "root": {"level": "WARNING", "handlers": ["lines"]},
        "loggers": {
            name: {"level": "WARNING", "handlers": ["lines"], "propagate": False, "qualname": name}
            for name in ("gunicorn.error", "gunicorn.access")
        },
    }


def _event(record: logging.LogRecord) -> str:
    """Our own messages hold nothing personal; those of others lose what they quote."""
    text = record.getMessage()
    if record.name == OURS:
        return text
    if text.startswith(UNREADABLE):
        return "a request could not be read"
    return QUOTED.sub("…", text.partition("\n")[0])


def _request() -> dict[str, Any]:
    actor = g.get("actor")
    found: dict[str, Any] = {
        "method": request.method,
        "route": request.url_rule.rule if request.url_rule else None,
    }
    return found | ({"organization": actor.organization.id} if actor is not None else {})


def _error(kind: type[BaseException], trace: TracebackType | None) -> dict[str, Any]:
    places = extract_tb(trace)[-MOST_PLACES:]
    return {
        "error": f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins."),
        "at": [f"{_short(place.filename)}:{place.lineno} {place.name}" for place in places],
    }


def _short(filename: str) -> str:
    path = Path(filename)
    if path.is_relative_to(ROOT) and "site-packages" not in path.parts:
        return str(path.relative_to(ROOT))
    return "/".join(path.parts[-2:])
