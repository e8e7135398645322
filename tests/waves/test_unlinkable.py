"""Who answered and what was answered cannot be put together afterwards: not by order, place, transaction or rest."""

import json
import logging
import secrets
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.waves.conftest import Acme
from webapp.domain.answers import unpack
from webapp.domain.questionnaire_file import read
from webapp.extensions import db
from webapp.models import Response
from webapp.respond import commands as respond
from webapp.respond import queries as ballots_of
from webapp.sqlite import driver
from webapp.waves import ballots, closing

from tests.waves.conftest import SMALL  # isort: skip

ITEMS = read(SMALL, "small.yaml").items("team")


def submit(acme: Acme, token: str, packed: str) -> None:
    with acme.inside():
        ballot = ballots_of.ballot(token)
        assert ballot is not None
        assert respond.submit_response(ballot=ballot, items=ITEMS, answers=unpack(ITEMS, packed)) == packed


def tokens(acme: Acme, wave: int) -> list[str]:
    return [link.rpartition("/")[2] for _unit, link in acme.call(ballots.issue, wave)]


def answered(acme: Acme, people: int = 24) -> tuple[int, list[tuple[bytes, bytes]]]:
    """A wave in which people answer one after another; gives (ballot, response) in that order: the truth to hide."""
    wave = acme.open()
    truth = []
    known: set[bytes] = set()
    for number, token in enumerate(tokens(acme, wave)[:people]):
        submit(acme, token, f"{1 + number % 5}{1 + number // 5}{1 + number % 3}")
        ids = {bytes(found) for (found,) in acme.rows("SELECT id FROM response")}
        (fresh,) = ids - known
        known = ids
        truth.append((ballots.token_hash(token), fresh))
    return wave, truth


def file_of(acme: Acme) -> Path:
    with acme.inside():
        return Path(acme.app.extensions["groundswell"].settings.data) / "groundswell.sqlite"


def order_of(raw: bytes, keys: list[bytes]) -> list[bytes]:
    """The keys in the order in which they stand in a file; each stands there once."""
    assert all(raw.count(key) == 1 for key in keys)
    return sorted(keys, key=raw.index)


def test_no_table_of_answers_or_ballots_keeps_a_row_number_or_a_time(lite: Acme) -> None:
    for table in ("ballot", "response"):
        (sql,) = (
            text for (text,) in lite.rows("SELECT sql FROM sqlite_master WHERE name = :name", name=table)
        )
        assert "WITHOUT ROWID" in sql
        with lite.inside(), pytest.raises(sa.exc.OperationalError, match="no such column: rowid"):
            db.session.execute(sa.text(f"SELECT rowid FROM {table}"))  # noqa: S608 - a name of ours
    columns = {column.name for column in Response.__table__.columns}
    assert columns == {"wave_id", "id", "organization_id", "position", "answers"}
    assert {str(row[1]) for row in lite.rows("PRAGMA table_info(ballot)")} == {
        *("token_hash", "organization_id", "wave_id", "position", "shared", "spent")
    }


def test_every_connection_wipes_what_it_deletes(lite: Acme) -> None:
    for name, value in (
        ("secure_delete", 1),
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
    ):
        assert lite.rows(f"PRAGMA {name}") == [(value,)]


def test_after_publication_the_file_keeps_no_order_of_arrival(lite: Acme) -> None:
    wave, truth = answered(lite)
    lite.close(wave)
    raw = file_of(lite).read_bytes()
    held, ids = [ballot for ballot, _ in truth], [response for _, response in truth]
    assert order_of(raw, ids) == sorted_within_pages(ids, raw)
    assert order_of(raw, held) == sorted_within_pages(held, raw)


def sorted_within_pages(keys: list[bytes], raw: bytes, size: int = 4096) -> list[bytes]:
    """What a freshly written table looks like: pages in the order of keys, each filled from its end."""
    pages: dict[int, list[bytes]] = {}
    for key in sorted(keys):
        pages.setdefault(raw.index(key) // size, []).append(key)
    assert list(pages) == sorted(pages) or len(pages) == 1
    return [key for page in sorted(pages) for key in sorted(pages[page], reverse=True)]


def test_after_publication_the_log_is_empty_and_no_old_copy_is_left(lite: Acme) -> None:
    wave, truth = answered(lite)
    log = Path(f"{file_of(lite)}-wal")
    assert log.stat().st_size > 0
    assert sum(log.read_bytes().count(response) for _ballot, response in truth) > len(truth)
    lite.close(wave)
    assert not log.exists() or log.stat().st_size == 0
    raw = file_of(lite).read_bytes()
    assert all(raw.count(response) == 1 for _ballot, response in truth)
    assert all(raw.count(ballot) == 1 for ballot, _response in truth)
    assert lite.rows("PRAGMA freelist_count") == [(0,)]
    assert lite.rows("PRAGMA integrity_check") == [("ok",)]


def test_deleted_responses_leave_no_byte_in_the_file(lite: Acme) -> None:
    wave, truth = answered(lite)
    lite.close(wave)
    with lite.inside():
        from webapp.transaction import compact, transaction  # noqa: PLC0415 - for this test alone

        with transaction() as session:
            session.execute(sa.delete(Response).where(Response.wave_id == wave))
        compact(Response)
    raw = file_of(lite).read_bytes() + (
        Path(f"{file_of(lite)}-wal").read_bytes() if Path(f"{file_of(lite)}-wal").exists() else b""
    )
    assert not any(response in raw for _ballot, response in truth)


def test_whoever_reads_for_long_does_not_keep_the_log_silently(
    lite: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader pins the log; then publishing says that it is not through, and doing it again finishes it."""
    from webapp import transaction  # noqa: PLC0415 - for this test alone

    monkeypatch.setattr(
        transaction, "PRAGMAS", [step for step in transaction.PRAGMAS if "busy_timeout" not in step]
    )
    wave, _truth = answered(lite, 12)
    lite.call(closing.close, wave)
    with lite.inside():
        db.engine.dispose()
    reader = driver().connect(
        file_of(lite), isolation_level=None
    )  # one library a process: locks are the process's
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM response").fetchone()
    with lite.inside():
        pooled = db.engine.raw_connection()
        pooled.driver_connection.execute("PRAGMA busy_timeout=100")  # type: ignore[union-attr]
        pooled.close()
    with pytest.raises(transaction.Busy):
        lite.call(closing.publish, wave)
    assert lite.count("publication") == 1
    reader.execute("COMMIT")
    reader.close()
    lite.call(closing.publish, wave)
    assert Path(f"{file_of(lite)}-wal").stat().st_size == 0


@pytest.mark.postgresql
def test_postgresql_pairs_ballot_and_response_before_and_not_after(
    make_acme: Callable[[str], Acme], postgresql_url: str
) -> None:
    acme = make_acme(postgresql_url)
    wave, truth = answered(acme)
    pairs = "SELECT b.token_hash, r.id FROM ballot b JOIN response r ON b.xmin = r.xmin WHERE b.spent"
    before = {(bytes(held), bytes(found)) for held, found in acme.rows(pairs)}
    assert before == set(truth)  # this is what must go
    acme.close(wave)
    for table, key in (("response", "id"), ("ballot", "token_hash")):
        assert acme.rows(f"SELECT count(DISTINCT xmin::text) FROM {table}") == [(1,)]  # noqa: S608 - names of ours
        stored = [bytes(held) for (held,) in acme.rows(f"SELECT {key} FROM {table} ORDER BY ctid")]  # noqa: S608 - likewise
        assert stored == sorted(stored)
    assert len(acme.rows(pairs)) == len(truth) ** 2  # everybody with everybody
    assert is_vacuumed(acme)


def is_vacuumed(acme: Acme) -> bool:
    """Whether no dead row is left; the server counts them with a delay."""
    dead = "SELECT sum(n_dead_tup) FROM pg_stat_user_tables WHERE relname IN ('ballot', 'response')"
    deadline = time.monotonic() + 20
    while acme.rows(dead) not in ([(0,)], [(None,)]):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture
def make_acme(make_app: Callable[..., Flask], settings: object) -> Callable[[str], Acme]:
    from dataclasses import replace  # noqa: PLC0415 - for this fixture alone

    from tests.fixtures import organizations  # noqa: PLC0415 - likewise

    def make(url: str) -> Acme:
        app = make_app(replace(settings, database_url=url))  # type: ignore[type-var]
        found = Acme(app, organizations.create(app))
        found.import_units()
        return found

    return make


def test_no_log_line_no_audit_row_and_no_file_holds_a_token_or_who_said_what(
    lite: Acme, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    wave = lite.open()
    canary = "5?1"
    made = tokens(lite, wave)
    for token in made[:8]:
        submit(lite, token, canary)
    lite.answer(wave, ["Sales,5,2,4"] * 2)
    client = lite.app.test_client()
    client.get(f"/r/{made[0]}")
    client.get(f"/r/{secrets.token_urlsafe(24)}")
    lite.close(wave)
    out, err = capfd.readouterr()
    said = "\n".join([out, err, *(record.getMessage() for record in caplog.records)])
    audit = json.dumps(lite.rows("SELECT action, changes FROM audit_event"))
    everything = b"".join(path.read_bytes() for path in file_of(lite).parent.glob("groundswell.sqlite*"))
    for token in made:
        assert token not in said
        assert token not in audit
        assert token.encode() not in everything
    assert canary not in said
    assert canary not in audit
    assert "Platform" not in audit


def test_no_audit_row_tells_that_somebody_answered(lite: Acme) -> None:
    wave = lite.open()
    made = tokens(lite, wave)
    before = lite.count("audit_event")
    for token in made[:5]:
        submit(lite, token, "111")
    assert lite.count("audit_event") == before
