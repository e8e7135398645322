"""`status`: how the installation is, for whoever runs the machine. Figures of the whole, nothing of any organization.

No page shows it: there is no role above the organizations, and what an owner sees must tell nothing of other tenants.
"""

import platform
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select, text

from config import ROOT, Settings
from webapp import mail, marks, schema
from webapp.clock import now
from webapp.extensions import db
from webapp.keeping import database_file
from webapp.models import Organization, OutboxRow
from webapp.sqlite import driver, version_is_sound

WORKER_SILENT = timedelta(minutes=5)
LETTER_LATE = timedelta(hours=1)
BACKUP_OLD = timedelta(days=8)
DISK_LOW = 500 * 2**20
UNITS = ("bytes", "kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class Line:
    """One fact; `attention`: what to do about it, "" where nothing is to be done."""

    name: str
    value: str
    attention: str = ""


def lines() -> Iterator[Line]:
    settings: Settings = current_app.extensions["groundswell"].settings
    yield Line("Groundswell", f"{_version()} on Python {platform.python_version()}, at {settings.url}")
    yield from _database(settings)
    yield _disk(settings.data)
    with db.engine.connect() as connection:
        yield Line("Migration", f"{schema.current(connection)} of {schema.head()}")
    yield Line("Organizations", str(db.session.scalar(select(func.count(Organization.id)))))
    yield _worker()
    yield _outbox()
    yield _mail(settings)
    yield _backup(settings)
    yield _check()


def _version() -> str:
    with (ROOT / "pyproject.toml").open("rb") as file:
        return str(tomllib.load(file)["project"]["version"])


def _database(settings: Settings) -> Iterator[Line]:
    if db.engine.dialect.name != "sqlite":
        version = db.session.scalar(text("SHOW server_version"))
        stored = db.session.scalar(text("SELECT pg_database_size(current_database())")) or 0
        yield Line("Database", f"PostgreSQL {version}, {size(stored)}")
        return
    file = database_file(settings)
    waiting = file.with_name(file.name + "-wal")
    log = waiting.stat().st_size if waiting.exists() else 0
    attention = (
        ""
        if version_is_sound(driver())
        else "This SQLite has a rare fault that can damage a database which several processes write; use 3.51.3 or newer."
    )
    yield Line(
        "Database",
        f"SQLite {driver().sqlite_version}, {size(file.stat().st_size)}, write-ahead log {size(log)}",
        attention,
    )


def _disk(folder: Path) -> Line:
    free = shutil.disk_usage(folder).free
    return Line("Disk", f"{size(free)} free", "Make room on the disk." if free < DISK_LOW else "")


def _worker() -> Line:
    seen = marks.find("worker")
    attention = "No worker runs on this machine: start `serve` or `worker`."
    if seen is None:
        return Line("Worker", "never seen", attention)
    return Line("Worker", f"seen {ago(seen.at)}", attention if now() - seen.at > WORKER_SILENT else "")


def _outbox() -> Line:
    count, oldest = db.session.execute(
        select(func.count(), func.min(OutboxRow.due)).where(OutboxRow.state != "failed")
    ).one()
    failed = db.session.scalar(select(func.count()).select_from(OutboxRow).where(OutboxRow.state == "failed"))
    value = f"{count} waiting, {failed} failed in the last week"
    if not count:
        return Line("Outbox", value)
    late = now() - oldest > LETTER_LATE
    told = f"{value}, the oldest due {ago(oldest)}" if oldest < now() else value
    return Line(
        "Outbox", told, "Letters wait for long: look at the worker and the mail server." if late else ""
    )


def _mail(settings: Settings) -> Line:
    server = settings.mail_server
    if server is None or not mail.configured():
        return Line("Mail", "not set up: letters wait, and owners hand links over")
    sent, failed = marks.find("mail-sent"), marks.find("mail-failed")
    value = f"{server.host}:{server.port}, last sent {ago(sent.at) if sent else 'never'}"
    if failed is None:
        return Line("Mail", value)
    last = sent is None or failed.at > sent.at
    return Line(
        "Mail",
        f"{value}, last failed {ago(failed.at)} ({failed.words})",
        "The last try failed: look at the mail server." if last else "",
    )


def _backup(settings: Settings) -> Line:
    if not settings.database_url.startswith("sqlite"):
        return Line("Backup", "not made here: use pg_dump")
    found = marks.find("backup")
    if found is None:
        return Line("Backup", "never on this machine", "Run `backup FILE`, and keep the file elsewhere.")
    old = now() - found.at > BACKUP_OLD
    return Line("Backup", f"{ago(found.at)}, {found.words}", "Make a new backup." if old else "")


def _check() -> Line:
    found = marks.find("check")
    if found is None:
        return Line("Check", "never on this machine")
    return Line(
        "Check", f"{ago(found.at)}, {found.words}", "" if found.words == "sound" else "Run `check` and read."
    )


def size(count: float) -> str:
    for unit in UNITS[:-1]:
        if count < 1000:  # noqa: PLR2004 - kilo
            return f"{count:.0f} {unit}"
        count /= 1000
    return f"{count:.1f} {UNITS[-1]}"


def ago(at: datetime) -> str:
    """How long ago, coarse, with the time itself."""
    minutes = max(0, int((now() - at).total_seconds() // 60))
    if minutes < 120:  # noqa: PLR2004 - two hours, two days
        told = f"{minutes} min ago"
    else:
        hours = minutes // 60
        told = f"{hours} h ago" if hours < 48 else f"{hours // 24} days ago"  # noqa: PLR2004 - likewise
    return f"{told} ({at:%Y-%m-%d %H:%M} UTC)"
