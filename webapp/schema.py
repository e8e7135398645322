"""Brings a database to the newest migration. Alembic is imported only when there is something to do."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from webapp.transaction import writing

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).resolve().parents[1] / "migrations"


def head() -> str:
    """Number of the newest migration, read from the file names (they are numbered, one head)."""
    return max(path.name.split("_")[0] for path in (FOLDER / "versions").glob("[0-9]*.py"))


def current(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(engine: Engine, revision: str = "head") -> None:
    """Migrate up; safe when several processes start at once: one does it, the others wait and find it done."""
    if revision == "head" and _is_newest(engine):
        return
    with _alone(engine):
        if revision == "head" and _is_newest(engine):
            return
        _run(engine, lambda alembic, config: alembic.upgrade(config, revision))


def _is_newest(engine: Engine) -> bool:
    with engine.connect() as connection:
        return current(connection) == head()


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Wait for others who migrate the same SQLite file: Alembic commits step by step there; elsewhere a lock holds them."""
    database = engine.url.database
    if engine.dialect.name != "sqlite" or not database or os.name == "nt":
        yield
        return
    import fcntl  # noqa: PLC0415 - not on Windows

    file = os.open(f"{database}-migrating", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def downgrade(engine: Engine, revision: str) -> None:
    _run(engine, lambda alembic, config: alembic.downgrade(config, revision))


def _config(connection: Connection) -> "Config":
    from alembic.config import Config  # noqa: PLC0415 - heavy, and needed only here

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _run(engine: Engine, act: Callable[[Any, "Config"], None]) -> None:
    from alembic import command  # noqa: PLC0415 - heavy, and needed only here

    with engine.connect() as connection, _foreign_keys_rest(connection):
        if engine.dialect.name != "sqlite":
            connection.execute(sa.text("SET LOCAL lock_timeout = 0"))  # a migration may take its time
            connection.execute(sa.text("SELECT pg_advisory_xact_lock(7262018)"))
        act(command, _config(connection))
        if (
            engine.dialect.name == "sqlite"
            and connection.execute(sa.text("PRAGMA foreign_key_check")).first()
        ):
            raise RuntimeError("The migration would leave rows without their parent; nothing was changed.")
        connection.commit()


@contextmanager
def _foreign_keys_rest(connection: Connection) -> Iterator[None]:
    """On SQLite, keep foreign keys off meanwhile: rebuilding a table with them on would delete its children."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.rollback()
    driver: Any = connection.connection.driver_connection
    driver.execute("PRAGMA foreign_keys=OFF")  # it is ignored inside a transaction, hence before
    token = writing.set(True)
    try:
        yield
    finally:
        writing.reset(token)
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON")
