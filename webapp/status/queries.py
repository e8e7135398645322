"""How the installation is, for whoever runs the machine. Figures of the whole, nothing of any organization.

What an owner sees must tell nothing of other tenants: so this is for the command line, and for the addresses that the
settings name. There is no role above the organizations.
"""

import platform
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import func, select, text

from config import ROOT, Settings
from webapp import mail, marks, schema
from webapp.clock import now
from webapp.extensions import db
from webapp.models import Organization, OutboxRow, Webhook
from webapp.sqlite import database_file, driver, version_is_sound

WORKER_SILENT = timedelta(minutes=5)
LETTER_LATE = timedelta(hours=1)
BACKUP_OLD = timedelta(days=8)
KILO = 1000
DISK_LOW = 500 * 2**20
UNITS = ("kB", "MB", "GB", "TB")


@dataclass(frozen=True, slots=True)
class Line:
    """One fact; `attention`: what to do about it, "" where nothing is to be done."""

    name: str
    value: str
    attention: str = ""


def lines() -> Iterator[Line]:
    settings: Settings = current_app.extensions["groundswell"].settings
    said = {"version": _version(), "python": platform.python_version(), "url": settings.url}
    yield Line("Groundswell", _("%(version)s on Python %(python)s, at %(url)s", **said))
    yield from _database(settings)
    yield _disk(settings.data)
    with db.engine.connect() as connection:
        said = {"current": schema.current(connection) or "", "newest": schema.head()}
        yield Line(_("Migration"), _("%(current)s of %(newest)s", **said))
    yield Line(_("Organizations"), str(db.session.scalar(select(func.count(Organization.id)))))
    yield _worker()
    yield _outbox()
    yield _webhooks()
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
        yield Line(_("Database"), f"PostgreSQL {version}, {size(stored)}")
        return
    file = database_file(settings.database_url) or settings.data
    waiting = file.with_name(file.name + "-wal")
    log = waiting.stat().st_size if waiting.exists() else 0
    attention = (
        ""
        if version_is_sound(driver())
        else _(
            "This SQLite has a rare fault that can damage a database which several processes write; use 3.51.3 or newer."
        )
    )
    said = {"version": driver().sqlite_version, "size": size(file.stat().st_size), "log": size(log)}
    yield Line(_("Database"), _("SQLite %(version)s, %(size)s, write-ahead log %(log)s", **said), attention)


def _disk(folder: Path) -> Line:
    free = shutil.disk_usage(folder).free
    attention = _("Make room on the disk.") if free < DISK_LOW else ""
    return Line(_("Disk"), _("%(size)s free", size=size(free)), attention)


def _worker() -> Line:
    seen = marks.find("worker")
    attention = _("No worker runs on this machine: start “serve” or “worker”.")
    if seen is None:
        return Line(_("Worker"), _("never seen"), attention)
    silent = now() - seen.at > WORKER_SILENT
    return Line(_("Worker"), _("seen %(when)s", when=ago(seen.at)), attention if silent else "")


def _outbox() -> Line:
    letters = OutboxRow.queue.is_(None)
    count, oldest = db.session.execute(
        select(func.count(), func.min(OutboxRow.due)).where(letters, OutboxRow.state != "failed")
    ).one()
    failed = db.session.scalar(select(func.count()).where(letters, OutboxRow.state == "failed"))
    said = {"waiting": count, "failed": failed}
    if not count or oldest >= now():
        return Line(_("Outbox"), _("%(waiting)s waiting, %(failed)s failed in the last week", **said))
    late = now() - oldest > LETTER_LATE
    return Line(
        _("Outbox"),
        _(
            "%(waiting)s waiting, %(failed)s failed in the last week, the oldest due %(when)s",
            when=ago(oldest),
            **said,
        ),
        _("Letters wait for long: look at the worker and the mail server.") if late else "",
    )


def _webhooks() -> Line:
    """What is told to other programs. Where one does not take it its owners see that, and only they can help."""
    there = db.session.scalar(select(func.count(Webhook.id)))
    waiting, failed = (
        db.session.scalar(select(func.count()).where(OutboxRow.queue.is_not(None), OutboxRow.state == state))
        for state in ("waiting", "failed")
    )
    said = {"waiting": waiting, "failed": failed}
    told = _("%(waiting)s waiting, %(failed)s failed in the last week", **said)
    return Line(_("Webhooks"), f"{there}: {told}" if there else _("none"))


def _mail(settings: Settings) -> Line:
    server = settings.mail_server
    if server is None or not mail.configured():
        return Line(_("Mail"), _("not set up: letters wait, and owners hand links over"))
    sent, failed = marks.find("mail-sent"), marks.find("mail-failed")
    said = {
        "server": f"{server.host}:{server.port}",
        "sent": _("last sent %(when)s", when=ago(sent.at)) if sent else _("none sent yet"),
    }
    if failed is None:
        return Line(_("Mail"), f"{said['server']}, {said['sent']}")
    last = sent is None or failed.at > sent.at
    refused = failed.words == marks.NOT_TAKEN
    said |= {"when": ago(failed.at), "why": _("a letter was not taken") if refused else failed.words}
    return Line(
        _("Mail"),
        _("%(server)s, %(sent)s, last failed %(when)s (%(why)s)", **said),
        _("The last try failed: look at the mail server.") if last else "",
    )


def _backup(settings: Settings) -> Line:
    if not settings.database_url.startswith("sqlite"):
        return Line(_("Backup"), _("not made here: use pg_dump"))
    found = marks.find("backup")
    if found is None:
        attention = _("Run “backup FILE”, and keep the file elsewhere.")
        return Line(_("Backup"), _("never on this machine"), attention)
    old = now() - found.at > BACKUP_OLD
    return Line(_("Backup"), f"{ago(found.at)}, {found.words}", _("Make a new backup.") if old else "")


def _check() -> Line:
    found = marks.find("check")
    if found is None:
        return Line(_("Check"), _("never on this machine"))
    if found.words == "sound":
        return Line(_("Check"), _("%(when)s, all is whole", when=ago(found.at)))
    return Line(
        _("Check"), _("%(when)s, with findings", when=ago(found.at)), _("Run “check” and read what it says.")
    )


def size(count: float) -> str:
    if count < KILO:
        return _("%(count)s bytes", count=int(count))
    for unit in UNITS:
        count /= KILO
        if count < KILO or unit == UNITS[-1]:
            break
    return f"{count:.0f} {unit}"


def ago(at: datetime) -> str:
    """How long ago, coarse, with the time itself."""
    minutes = max(0, int((now() - at).total_seconds() // 60))
    if minutes < 120:  # noqa: PLR2004 - two hours, two days
        told = _("%(count)s min ago", count=minutes)
    elif minutes < 48 * 60:
        told = _("%(count)s h ago", count=minutes // 60)
    else:
        told = _("%(count)s days ago", count=minutes // 60 // 24)
    return f"{told} ({at:%Y-%m-%d %H:%M} UTC)"
