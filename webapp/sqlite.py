"""Which SQLite to use: one without the WAL-reset bug where the platform has a package for it."""

import sqlite3
from pathlib import Path
from types import ModuleType

from sqlalchemy import make_url

FIXED = ((3, 51, 3), (3, 50, 7), (3, 44, 6))


def driver() -> ModuleType:
    try:
        from pysqlite3 import dbapi2  # noqa: PLC0415 - only some platforms have it
    except ImportError:
        return sqlite3
    return dbapi2  # type: ignore[no-any-return]  # the package has no types


def database_file(url: str) -> Path | None:
    """The file of a SQLite database, None where the database is another."""
    parts = make_url(url)
    return Path(parts.database) if parts.drivername.startswith("sqlite") and parts.database else None


def version_is_sound(module: ModuleType) -> bool:
    """Whether the version has the fix: 3.51.3 and later, or a later patch of 3.50 or 3.44."""
    version: tuple[int, ...] = tuple(module.sqlite_version_info)
    return version >= FIXED[0] or any(version[:2] == fixed[:2] and version >= fixed for fixed in FIXED[1:])
