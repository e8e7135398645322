"""When something was last done on this machine: a small file each in the data folder, read by `status`.

No table, because a backup must not change the database that it copies, and each machine has a worker of its own.
"""

import contextlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import current_app

from webapp.clock import now

NOT_TAKEN = "a letter was not taken"  # the words of a mark, for all that the mail server itself said


@dataclass(frozen=True, slots=True)
class Mark:
    """What was done last: when (UTC), and with what."""

    at: datetime
    words: str


def leave(name: str, words: str = "") -> None:
    """Note that something was done now; a disk that takes no note must not undo what was done."""
    file = _file(name)
    draft = file.with_suffix(".new")
    with contextlib.suppress(OSError):
        file.parent.mkdir(mode=0o700, exist_ok=True)
        draft.write_text(json.dumps({"at": now().isoformat(timespec="seconds"), "words": words}))
        draft.replace(file)


def leave_first(name: str) -> None:
    """Note since when something is so; what was noted before stays."""
    if find(name) is None:
        leave(name)


def remove(name: str) -> None:
    """It is not so any more."""
    with contextlib.suppress(OSError):
        _file(name).unlink(missing_ok=True)


def find(name: str) -> Mark | None:
    try:
        found = json.loads(_file(name).read_text())
        return Mark(datetime.fromisoformat(found["at"]), str(found["words"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _file(name: str) -> Path:
    data: Path = current_app.extensions["groundswell"].settings.data
    return data / "marks" / f"{name}.json"
