"""The outbox: what a command wants to say by mail, written in the command's own transaction and sent by the worker.

    @outbox.letter("password-reset")                        # once, in the feature that knows the words
    def reset_letter(row: outbox.Taken) -> mail.Message | None: ...

    outbox.put(session, kind="password-reset", organization_id=None, payload={"account": account.id})

A row holds ids, never a text, an address, a link or an answer. The letter is written when it is sent: there the writer
looks up the address, makes the secret of a link (in a transaction of its own), and returns the message in the reader's
language, or None when it is not wanted any more. A letter that failed for a while is written again, so a writer may be
called several times.

None is lost and none is sent twice, but for one case. A row is marked as `sending` before the conversation with the mail
server and removed after it. When the worker dies in between nobody can know whether the server took the letter, so after
LEASE it is sent again: twice is better than never, and both carry the same Message-ID, by which mail programs know a
second copy. A letter that the server refuses for good, or for two days, stays as `failed` with the server's words for a week.

Whether some letters are sent at all is a secret: a reminder goes only to those who have not answered. Such a kind is
`silent`: its rows all go through the same number of attempts at coarse times, then all vanish; whether one is settled is
sealed with the key, and no failure is kept or told.

Calls to other programs wait here too (`@outbox.call`, see `outgoing`), by the same rules, and are made apart from the
letters, so that neither waits for the other. Rows of one `queue` are worked at one after the other, by whichever worker,
and what is new goes before what failed. Another program knows a second copy by the id that both carry.
"""

import json
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, delete, insert, literal_column, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from webapp import sealing
from webapp.clock import now
from webapp.extensions import db
from webapp.mail import Message
from webapp.models import OutboxRow
from webapp.outgoing import Call
from webapp.transaction import transaction

LEASE = timedelta(minutes=10)
FAILURES_KEPT = timedelta(days=7)
# Two days in all: greylisting takes minutes, a full mailbox or a broken server may take a weekend.
BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 720, 1440))
SILENT_PASSES = 3
_OPEN, _SETTLED = b"open   ", b"settled"

How = Literal["sent", "dropped", "failed", "later"]


@dataclass(frozen=True, slots=True)
class Taken:
    """A row that this worker, and no other one, works at."""

    id: bytes
    kind: str
    organization_id: int | None
    payload: dict[str, int | str]
    attempts: int
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of an attempt: sent, not wanted, refused for good, or to be tried later; with the server's words."""

    kind: Literal["sent", "dropped", "refused", "later"]
    words: str = ""


Writer = Callable[[Taken], Message | None]
Caller = Callable[[Taken], Call | None]
Ended = Callable[[Session, Taken, How, str], None]


@dataclass(frozen=True, slots=True)
class Kind:
    write: Writer | Caller
    ended: Ended | None
    silent: bool = False
    bulk: bool = False
    calls: bool = False


_kinds: dict[str, Kind] = {}


def letter(
    kind: str, *, ended: Ended | None = None, silent: bool = False, bulk: bool = False
) -> Callable[[Writer], Writer]:
    """Say who writes the letters of a kind.

    ended: called in the transaction that ends a row (never for a silent kind)
    bulk: goes after letters that somebody waits for
    """

    def register(write: Writer) -> Writer:
        _kinds[kind] = Kind(write, ended, silent=silent, bulk=bulk)
        return write

    return register


def call(kind: str, *, tried: Ended) -> Callable[[Caller], Caller]:
    """Say who writes the calls of a kind. `tried` is called in the transaction that ends an attempt, whatever became of it."""

    def register(write: Caller) -> Caller:
        _kinds[kind] = Kind(write, tried, calls=True)
        return write

    return register


def put(
    session: Session,
    *,
    kind: str,
    organization_id: int | None,
    payload: Mapping[str, int | str],
    due: datetime | None = None,
    queue: str | None = None,
) -> None:
    """Queue one letter or call inside the caller's transaction: it is sent if that commits, and only then."""
    put_many(session, kind=kind, organization_id=organization_id, payloads=[payload], due=due, queue=queue)


def put_many(
    session: Session,
    *,
    kind: str,
    organization_id: int | None,
    payloads: list[Mapping[str, int | str]],
    due: datetime | None = None,
    queue: str | None = None,
) -> None:
    silent = _kinds[kind].silent
    due = due or now()
    texts = [json.dumps(payload, sort_keys=True) for payload in payloads]
    rows: list[dict[str, Any]] = [
        {
            "id": secrets.token_bytes(16),
            "organization_id": organization_id,
            "kind": kind,
            "payload": text,
            "state": "waiting",
            "due": due,
            "attempts": 0,
            "sealed": sealing.seal(_OPEN, about=text) if silent else None,
            "error": "",
            "queue": queue,
        }
        for text in texts
    ]
    if rows:
        session.execute(insert(OutboxRow), sorted(rows, key=lambda row: row["id"]))


def anything_due(*, calls: bool = False) -> bool:
    """Whether there is a letter (or a call) to send; reads only, so that a worker without work takes no lock."""
    found = select(OutboxRow.id).where(OutboxRow.kind.in_(_names(calls=calls)), *_due())
    return db.session.scalar((found.where(_queue_rests()) if calls else found).limit(1)) is not None


def take() -> Taken | None:
    """Mark the next due letter as `sending` and give it to the caller alone; committed before this returns."""
    with transaction() as session:
        for kind in sorted(_names(calls=False), key=lambda kind: _kinds[kind].bulk):
            found = select(OutboxRow).where(OutboxRow.kind == kind, *_due()).order_by(OutboxRow.due)
            row = session.scalar(found.limit(1).with_for_update(skip_locked=True))
            if row is not None:
                return _taken(row)
    return None


def take_call() -> Taken | None:
    """The same for calls; None also where another worker has just begun to call the same address."""
    found = (
        select(OutboxRow)
        .where(OutboxRow.kind.in_(_names(calls=True)), *_due(), _queue_rests())
        .order_by(OutboxRow.attempts, OutboxRow.due)
    )
    try:
        with transaction() as session:
            row = session.scalar(found.limit(1).with_for_update(skip_locked=True))
            return None if row is None else _taken(row)
    except IntegrityError:
        return None


def _names(*, calls: bool) -> list[str]:
    return [name for name, kind in _kinds.items() if kind.calls == calls]


def _due() -> tuple[ColumnElement[bool], ...]:
    return OutboxRow.due <= now(), OutboxRow.state != "failed"


def _queue_rests() -> ColumnElement[bool]:
    """Nothing else of its queue is at work; of a worker that died its own row comes first."""
    other = aliased(OutboxRow)
    at_work = select(other.id).where(
        other.queue == OutboxRow.queue, other.state == literal_column("'sending'"), other.id != OutboxRow.id
    )
    return ~at_work.exists()


def _taken(row: OutboxRow) -> Taken:
    row.state = "sending"
    row.attempts += 1
    row.due = _coarse(now() + LEASE)  # to whoever finds it then, this sender is dead
    settled = row.sealed is not None and sealing.unseal(row.sealed, about=row.payload) == _SETTLED
    return Taken(row.id, row.kind, row.organization_id, json.loads(row.payload), row.attempts, settled)


def tells(taken: Taken) -> bool:
    """Whether what became of a letter may be told; never for a silent kind."""
    return not _kinds[taken.kind].silent


def write(taken: Taken) -> Message | Call | None:
    """What is to be sent, a letter or a call; None when it is not wanted any more."""
    return _kinds[taken.kind].write(taken)


def settle(taken: Taken, outcome: Outcome) -> None:
    """End an attempt; does nothing when somebody else has taken the row over meanwhile."""
    kind = _kinds[taken.kind]
    with transaction() as session:
        row = session.scalar(
            select(OutboxRow)
            .where(
                OutboxRow.id == taken.id, OutboxRow.state == "sending", OutboxRow.attempts == taken.attempts
            )
            .with_for_update()
        )
        if row is None:
            return
        if kind.silent:
            _settle_silently(session, row, settled=taken.settled or outcome.kind != "later")
        elif outcome.kind in {"sent", "dropped"}:
            _end(session, kind, taken, "sent" if outcome.kind == "sent" else "dropped", "")
            session.delete(row)
        elif outcome.kind == "refused" or row.attempts > len(BACKOFF):
            row.state, row.error, row.due = "failed", outcome.words[:300], now() + FAILURES_KEPT
            _end(session, kind, taken, "failed", row.error)
        else:
            row.state, row.error, row.due = "waiting", outcome.words[:300], now() + BACKOFF[row.attempts - 1]
            if kind.calls:
                _end(session, kind, taken, "later", row.error)


def _settle_silently(session: Session, row: OutboxRow, *, settled: bool) -> None:
    if row.attempts >= SILENT_PASSES:
        session.delete(row)
        return
    row.state = "waiting"
    row.sealed = sealing.seal(_SETTLED if settled else _OPEN, about=row.payload)
    # `due` stays what taking it made it: the same coarse time for a letter that was sent and one that was not.


def _end(session: Session, kind: Kind, taken: Taken, how: How, words: str) -> None:
    if kind.ended is not None:
        kind.ended(session, taken, how, words)


def _coarse(at: datetime) -> datetime:
    """The next full ten minutes: a time that does not tell how long the letter before took."""
    return at.replace(minute=at.minute // 10 * 10, second=0, microsecond=0) + timedelta(minutes=10)


def forget_failures() -> None:
    """Remove what failed more than a week ago."""
    with transaction() as session:
        session.execute(delete(OutboxRow).where(OutboxRow.state == "failed", OutboxRow.due <= now()))
