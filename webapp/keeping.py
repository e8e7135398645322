"""`backup` and `restore` of the SQLite file. The keys are not in a backup: with them a thief could make links and seals.

A backup is a file of its own, written page by page anew (VACUUM INTO), so it holds nothing deleted and no order of
arrival. It is consistent while others write.
"""

import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from config import Settings
from webapp import checking, create_app, prepare_database, schema
from webapp.domain.refusal import Refused, RefusedMany
from webapp.extensions import db
from webapp.models import Wave
from webapp.models.audit_event import APPEND_ONLY
from webapp.sqlite import database_file, driver

KEYS = ("secret.key", "ballot.key")


def backup(app: Flask, file: Path) -> list[str]:
    """Write a backup, checked, readable by this account alone; returns the names of the waves that are open."""
    source = own_file(app.extensions["groundswell"].settings)
    if file.exists():
        raise Refused("There is a file {file} already; choose another name.", file=f"“{file}”")
    with _draft(file.parent) as draft:
        _copy(source, draft)
        _refuse_damaged(draft)
        _put(draft, file)
    return list(db.session.scalars(select(Wave.name).where(Wave.status == "open").order_by(Wave.name)))


def restore(settings: Settings, file: Path, *, despite_findings: bool) -> None:
    """Put a backup where there is no database yet, once it has been checked in a copy and brought to this version."""
    target = own_file(settings)
    if any(target.with_name(target.name + ending).exists() for ending in ("", "-wal", "-shm", "-journal")):
        raise Refused("There is a database {file} already; move it away first.", file=f"“{target}”")
    _refuse_foreign(file)
    with _draft(target.parent) as draft:
        _copy(file, draft)
        _refuse_damaged(draft)
        found = _findings(replace(settings, database_url=f"sqlite:///{draft}"))
        if found and not despite_findings:
            raise RefusedMany(
                [
                    *map(_as_refusal, found),
                    Refused(
                        "Nothing was restored. Are {keys} of the old machine in place? If they are lost, use --despite-findings.",
                        keys=" and ".join(KEYS),
                    ),
                ]
            )
        _put(draft, target)


def own_file(settings: Settings) -> Path:
    found = database_file(settings.database_url)
    if found is None:
        raise Refused(
            "The database is a PostgreSQL: use its own pg_dump and pg_restore. Keep {keys} of {folder} elsewhere too.",
            keys=" and ".join(KEYS),
            folder=settings.data,
        )
    return found


def _as_refusal(finding: str) -> Refused:
    return Refused("{finding}", finding=finding)


@contextlib.contextmanager
def _draft(folder: Path) -> Iterator[Path]:
    """A file that nobody else may read; it is gone in the end, whatever happens."""
    draft = folder / f".groundswell-{secrets.token_hex(8)}"
    draft.touch(mode=0o600, exist_ok=False)
    try:
        yield draft
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            draft.with_name(draft.name + ending).unlink(missing_ok=True)


@contextlib.contextmanager
def _opened(file: Path) -> Iterator[Any]:
    """A connection that believes nothing of what a strange file says about itself."""
    connection = driver().connect(file.absolute().as_uri() + "?mode=ro", uri=True, timeout=10)
    try:
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute("PRAGMA cell_size_check=ON")
        yield connection
    finally:
        connection.close()


def _copy(source: Path, draft: Path) -> None:
    with _faults_told(source), _opened(source) as connection:
        connection.execute("VACUUM INTO ?", [str(draft)])


@contextlib.contextmanager
def _faults_told(file: Path) -> Iterator[None]:
    try:
        yield
    except driver().Error as error:
        raise Refused("{file} cannot be used: {reason}.", file=f"“{file.name}”", reason=error) from None


def _refuse_damaged(file: Path) -> None:
    with _faults_told(file), _opened(file) as connection:
        (found,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        orphan = connection.execute("PRAGMA foreign_key_check").fetchone()
    if found != "ok" or orphan is not None:
        raise Refused(
            "The copy is damaged ({reason}); nothing was kept.", reason=found if found != "ok" else orphan[0]
        )


def _refuse_foreign(file: Path) -> None:
    """Refuse what no `backup` has written: another file, a newer version, and things that would act by themselves."""
    if not file.is_file():
        raise Refused("There is no file {file}.", file=f"“{file}”")
    own = set(APPEND_ONLY["sqlite"])
    with _faults_told(file), _opened(file) as connection:
        acting = connection.execute("SELECT name, sql FROM sqlite_master WHERE type IN ('trigger', 'view')")
        strange = [name for name, sql in acting if sql not in own]
        tables = {
            name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        }
        version = (
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
            if "alembic_version" in tables
            else None
        )
    if strange or version is None or "organization" not in tables:
        raise Refused("{file} is no backup of Groundswell.", file=f"“{file.name}”")
    if version[0] > schema.head():
        raise Refused("{file} was made by a newer version of Groundswell.", file=f"“{file.name}”")


def _findings(settings: Settings) -> list[str]:
    app = create_app(settings)
    with app.app_context():
        try:
            prepare_database(app)
            return list(checking.findings())
        finally:
            db.session.rollback()
            db.engine.dispose()


def _put(draft: Path, file: Path) -> None:
    """Give the finished file its name, on the disk and only if nobody else took it."""
    descriptor = os.open(draft, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    try:
        os.link(draft, file)
    except FileExistsError:
        raise Refused("There is a file {file} already; choose another name.", file=f"“{file}”") from None
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
