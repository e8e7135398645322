"""The only door to a write."""

import fcntl
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, TypeVar

from flask import current_app
from sqlalchemy import Connection, Engine, event, func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from webapp.extensions import db
from webapp.models import Model

Row = TypeVar("Row", bound=Model)

WAIT_SECONDS = 10.0
COMPACT_SECONDS = 3.0  # to wait for whoever reads a table that is rewritten: everybody else waits behind it
writing: ContextVar[bool] = ContextVar("writing", default=False)
_threads = threading.Lock()

# Per connection, because none of these but the journal mode is kept in the file.
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    f"busy_timeout={int(WAIT_SECONDS * 1000)}",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
    "mmap_size=0",
    "temp_store=MEMORY",
    "journal_size_limit=8388608",
)


class Busy(Exception):  # noqa: N818 - a state of the house, not a mistake
    """Somebody else held the database for too long; trying again later is safe."""


@contextmanager
def transaction() -> Iterator[Session]:
    """Commit all that happens inside, or nothing.

    What was read before is read again: the reading transaction ends first, because SQLite cannot make a reader a
    writer once another has committed. On SQLite writers queue here (a thread lock, then a file lock): its own busy
    handler sleeps, which with eight writers costs a third of the throughput and doubles the slowest commits.
    """
    session = db.session
    session.rollback()
    token = writing.set(True)
    try:
        with _turn():
            try:
                session.connection()
                yield session
                session.commit()
            except BaseException:
                session.rollback()
                raise
    finally:
        writing.reset(token)


def locked(session: Session, model: type[Row], key: object) -> Row:
    """A row as it is now, kept from others' changes until the transaction ends.

    It is read again although the session knows it: the mere name of an object that somebody handed in is enough to load
    it before the lock is held, and then its status may be an old one.
    """
    return session.get_one(model, key, with_for_update={"key_share": True}, populate_existing=True)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for this process's and this machine's turn to write; other databases keep their own order."""
    path = current_app.extensions["groundswell"].write_lock
    if path is None:
        yield
        return
    deadline = time.monotonic() + WAIT_SECONDS
    if not _threads.acquire(timeout=WAIT_SECONDS):
        raise Busy
    try:
        with path.open("ab") as file:
            _lock(file.fileno(), deadline)
            yield  # closing the file releases it
    finally:
        _threads.release()


def _lock(descriptor: int, deadline: float) -> None:
    pause = 0.0005
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                raise Busy from None
            time.sleep(pause)
            pause = min(pause * 1.5, 0.004)
        else:
            return


@contextmanager
def alone(name: str, number: int) -> Iterator[bool]:
    """Whether nobody else is at this work now; if so, nobody else begins it until the end, or until this process dies.

    Where writers queue on a file this is a file beside it, else a lock of the database, which all machines share: there
    `number` names it.
    """
    path = current_app.extensions["groundswell"].write_lock
    if path is None:
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            mine = bool(connection.execute(select(func.pg_try_advisory_lock(number))).scalar())
            try:
                yield mine
            finally:
                if mine:
                    connection.execute(select(func.pg_advisory_unlock(number)))
        return
    with path.with_name(f"{name}.lock").open("ab") as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True  # closing the file releases it


def compact(*tables: type[Model]) -> None:
    """Let the database forget what was deleted and what was written together.

    On SQLite the whole file is rewritten and the write-ahead log emptied; on PostgreSQL the tables are, because a plain
    VACUUM leaves dead rows as bytes on their pages, each with the number of the transaction that wrote it.
    Raises Busy when somebody is at it for so long that this cannot be done: to be repeated.
    """
    db.session.rollback()
    if db.engine.dialect.name != "sqlite":
        names = ", ".join(table.__tablename__ for table in tables)
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            try:
                connection.exec_driver_sql(f"SET lock_timeout = {int(COMPACT_SECONDS * 1000)}")
                _await_older_readers(connection, tables)
                connection.exec_driver_sql(f"VACUUM (FULL) {names}")
            except OperationalError as error:
                raise Busy from error
            finally:
                connection.exec_driver_sql(f"SET lock_timeout = {int(WAIT_SECONDS * 1000)}")
        return
    with _turn():
        pooled = db.engine.raw_connection()
        try:
            driver: Any = pooled.driver_connection
            for step in ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM"):
                driver.execute(step).fetchall()
            busy, _pages, _moved = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            pooled.close()
    if busy:
        raise Busy


def _await_older_readers(connection: Connection, tables: Sequence[type[Model]]) -> None:
    """Wait until nobody can see the dead rows any more, as far as that is soon: a rewrite would take them along."""
    names = [table.__tablename__ for table in tables]
    dead = text("SELECT sum(n_dead_tup) FROM pg_stat_user_tables WHERE relname = ANY(:names)")
    until = time.monotonic() + COMPACT_SECONDS
    while True:
        connection.exec_driver_sql(f"VACUUM {', '.join(names)}")  # counts what it has to leave
        if not connection.execute(dead, {"names": names}).scalar() or time.monotonic() > until:
            return
        time.sleep(0.1)


def empty_log() -> None:
    """Empty SQLite's write-ahead log, as far as those who read now allow; other databases keep none of ours."""
    db.session.rollback()
    if db.engine.dialect.name == "sqlite":
        with _turn():
            pooled = db.engine.raw_connection()
            try:
                driver: Any = pooled.driver_connection
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            finally:
                pooled.close()


def prepare_engine(engine: Engine) -> None:
    """Set every connection up: on SQLite our own BEGIN, and the pragmas that keep what was acknowledged.

    Elsewhere a row that somebody holds is waited for as long as our own lock is here, and no longer.
    """
    if engine.dialect.name != "sqlite":
        event.listen(engine, "connect", _wait_no_longer)
        return

    def connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver's own BEGIN comes too late and loses updates
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begun(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing.get() else "BEGIN")

    event.listen(engine, "connect", connected)
    event.listen(engine, "begin", begun)


def _wait_no_longer(connection: Any, _record: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET lock_timeout = {int(WAIT_SECONDS * 1000)}")
    connection.commit()


def lock_path(database_url: str, data: Path) -> Path | None:
    """Name the file on which writers queue; None where the database orders them itself."""
    return data / "write.lock" if database_url.startswith("sqlite") else None
