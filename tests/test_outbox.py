"""The outbox: a letter goes if its command was committed, once, whatever the mail server or another worker does."""

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.post_office import PostOffice
from webapp import clock, outbox, worker
from webapp.extensions import db
from webapp.mail import Message
from webapp.models import OutboxRow
from webapp.outbox import Outcome
from webapp.transaction import transaction

PLAIN, BULK, SILENT, BROKEN = "test-plain", "test-bulk", "test-silent", "test-broken"


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = clock.now()

    def __call__(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Clock:
    found = Clock()
    monkeypatch.setattr(outbox, "now", found)
    return found


ended: list[tuple[str, str, str]] = []
wanted: dict[str, bool] = {}


def _write(row: outbox.Taken) -> Message | None:
    to = str(row.payload["to"])
    return Message(to, "Hello", f"A letter to {to}.") if wanted.get(to, True) else None


@pytest.fixture
def kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Kinds of letters of these tests alone."""
    monkeypatch.setattr(outbox, "_kinds", {})

    def note(session: sa.orm.Session, row: outbox.Taken, how: outbox.How, words: str) -> None:
        assert session.in_transaction()
        ended.append((str(row.payload["to"]), how, words))

    outbox.letter(PLAIN, ended=note)(_write)
    outbox.letter(BULK, bulk=True)(_write)
    outbox.letter(SILENT, silent=True)(_write)

    @outbox.letter(BROKEN)
    def broken(_row: outbox.Taken) -> Message | None:
        raise KeyError("somebody@example.org")

    ended.clear()
    wanted.clear()


@pytest.fixture
def office_app(
    make_app: MakeApp, settings: Settings, engine_url: str, post_office: PostOffice, kinds: None
) -> Flask:
    """The application on either database, with a mail server of the test's own."""
    del kinds
    return make_app(with_mail(replace(settings, database_url=engine_url), post_office))


def with_mail(settings: Settings, office: PostOffice) -> Settings:
    return replace(
        settings,
        mail_server=office.server(),
        mail_from="Groundswell <groundswell@example.org>",
        mail_per_minute=60_000,
    )


def put(app: Flask, *receivers: str, kind: str = PLAIN) -> None:
    with app.app_context(), transaction() as session:
        outbox.put_many(
            session, kind=kind, organization_id=None, payloads=[{"to": receiver} for receiver in receivers]
        )


def deliver(app: Flask) -> None:
    with app.app_context():
        worker.deliver(threading.Event())


def rows(app: Flask) -> list[OutboxRow]:
    with app.app_context():
        return list(db.session.scalars(sa.select(OutboxRow).order_by(OutboxRow.id)))


def test_a_letter_goes_once_and_its_row_with_it(office_app: Flask, post_office: PostOffice) -> None:
    put(office_app, "a@example.org", "b@example.org")
    deliver(office_app)
    deliver(office_app)
    assert sorted(post_office.receivers) == ["a@example.org", "b@example.org"]
    assert rows(office_app) == []
    assert sorted(ended) == [("a@example.org", "sent", ""), ("b@example.org", "sent", "")]


def test_a_command_that_fails_sends_nothing(office_app: Flask, post_office: PostOffice) -> None:
    def command() -> None:
        with transaction() as session:
            outbox.put(session, kind=PLAIN, organization_id=None, payload={"to": "a@example.org"})
            raise RuntimeError

    with office_app.app_context(), pytest.raises(RuntimeError):
        command()
    deliver(office_app)
    assert post_office.letters == []


def test_a_letter_that_is_not_wanted_any_more_goes_nowhere(
    office_app: Flask, post_office: PostOffice
) -> None:
    put(office_app, "a@example.org")
    wanted["a@example.org"] = False
    deliver(office_app)
    assert post_office.letters == []
    assert rows(office_app) == []
    assert ended == [("a@example.org", "dropped", "")]


def test_a_letter_waits_until_it_is_due(office_app: Flask, post_office: PostOffice, time: Clock) -> None:
    with office_app.app_context(), transaction() as session:
        outbox.put(
            session,
            kind=PLAIN,
            organization_id=None,
            payload={"to": "a@example.org"},
            due=time() + timedelta(hours=1),
        )
    deliver(office_app)
    assert post_office.letters == []
    time.move(hours=1)
    deliver(office_app)
    assert post_office.receivers == ["a@example.org"]


def test_while_the_server_is_away_no_row_is_touched(office_app: Flask, post_office: PostOffice) -> None:
    put(office_app, "a@example.org")
    post_office.close()
    for _ in range(20):
        with pytest.raises(worker.mail.Unreachable, match="ConnectionRefusedError"):
            deliver(office_app)
    (row,) = rows(office_app)
    assert (row.state, row.attempts, row.error) == ("waiting", 0, "")
    post_office.open()
    deliver(office_app)
    assert post_office.receivers == ["a@example.org"]


def test_without_a_mail_server_letters_wait(
    make_app: MakeApp, settings: Settings, post_office: PostOffice, kinds: None
) -> None:
    del kinds
    app = make_app(settings)
    put(app, "a@example.org")
    deliver(app)
    assert [row.state for row in rows(app)] == ["waiting"]
    deliver(make_app(with_mail(settings, post_office)))
    assert post_office.receivers == ["a@example.org"]


def test_a_server_that_is_full_is_asked_again_later(
    office_app: Flask, post_office: PostOffice, time: Clock
) -> None:
    put(office_app, "a@example.org", "b@example.org")
    post_office.answers["a@example.org"] = "451 4.7.1 Greylisted, come again"
    deliver(office_app)
    assert post_office.receivers == ["b@example.org"]
    (row,) = rows(office_app)
    assert (row.state, row.error) == ("waiting", "451 4.7.1 Greylisted, come again")
    deliver(office_app)
    assert rows(office_app)[0].attempts == 1
    post_office.answers.clear()
    time.move(minutes=2)
    deliver(office_app)
    assert sorted(post_office.receivers) == ["a@example.org", "b@example.org"]


def test_what_no_server_takes_for_two_days_has_failed_and_is_forgotten_after_a_week(
    office_app: Flask, post_office: PostOffice, time: Clock
) -> None:
    put(office_app, "a@example.org")
    post_office.answers["a@example.org"] = "451 Not now"
    tried = 0
    while rows(office_app)[0].state == "waiting":
        deliver(office_app)
        tried += 1
        time.move(days=1)
    assert tried == len(outbox.BACKOFF) + 1
    assert ended == [("a@example.org", "failed", "451 Not now")]
    time.move(days=5)
    with office_app.app_context():
        outbox.forget_failures()
    assert len(rows(office_app)) == 1
    time.move(days=2)
    with office_app.app_context():
        worker.do_chores()
    assert rows(office_app) == []


def test_an_address_that_does_not_exist_fails_at_once_with_the_servers_words(
    office_app: Flask, post_office: PostOffice
) -> None:
    put(office_app, "gone@example.org")
    post_office.answers["gone@example.org"] = "550 5.1.1 No such\tuser"
    deliver(office_app)
    deliver(office_app)
    (row,) = rows(office_app)
    assert (row.state, row.attempts, row.error) == ("failed", 1, "550 5.1.1 No such user")


def test_a_server_that_hangs_up_loses_no_letter(
    office_app: Flask, post_office: PostOffice, time: Clock
) -> None:
    people = [f"p{number}@example.org" for number in range(12)]
    put(office_app, *people)
    calls = iter(range(1000))
    post_office.after = lambda _to: "hang up" if next(calls) % 3 == 0 else "250 OK"
    for _ in range(5):
        deliver(office_app)
        time.move(minutes=90)
    assert sorted(post_office.receivers) == sorted(people)
    assert rows(office_app) == []


def test_a_sender_that_died_is_replaced_after_its_lease_and_the_copy_is_known_as_one(
    office_app: Flask, post_office: PostOffice, time: Clock
) -> None:
    """The worst moment: the server has the letter, and the worker dies before it can write that down."""
    put(office_app, "a@example.org")
    with office_app.app_context():
        taken = outbox.take()
        assert taken is not None
        with worker.Post() as post:
            post.send(outbox.write(taken), reference=taken.id.hex())  # type: ignore[arg-type]
    assert [row.state for row in rows(office_app)] == ["sending"]
    deliver(office_app)
    time.move(minutes=9)
    deliver(office_app)
    assert len(post_office.letters) == 1
    time.move(minutes=12)
    deliver(office_app)
    first, second = post_office.letters
    assert first["Message-ID"] == second["Message-ID"]
    assert rows(office_app) == []
    with office_app.app_context():
        outbox.settle(taken, Outcome("later"))  # the dead one wakes up: nothing of its business any more
    assert rows(office_app) == []


def test_a_sender_that_comes_back_late_does_not_undo_the_next_one(office_app: Flask, time: Clock) -> None:
    put(office_app, "a@example.org")
    with office_app.app_context():
        late = outbox.take()
        time.move(minutes=25)
        again = outbox.take()
        assert late is not None
        assert again is not None
        outbox.settle(late, Outcome("refused", "no"))
    (row,) = rows(office_app)
    assert (row.state, row.attempts) == ("sending", 2)


def test_workers_at_once_send_each_letter_once(office_app: Flask, post_office: PostOffice) -> None:
    people = [f"p{number}@example.org" for number in range(60)]
    put(office_app, *people)
    threads = [threading.Thread(target=deliver, args=(office_app,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(post_office.receivers) == sorted(people)
    assert rows(office_app) == []


def test_senders_at_once_take_each_letter_once(office_app: Flask) -> None:
    """One sends at a time; but should two ever meet, as after a connection that was lost, each row has one of them."""
    put(office_app, *[f"p{number}@example.org" for number in range(40)])
    found: list[str] = []

    def send() -> None:
        with office_app.app_context():
            while (taken := outbox.take()) is not None:
                found.append(str(taken.payload["to"]))
                outbox.settle(taken, Outcome("sent"))

    threads = [threading.Thread(target=send) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(found) == len(set(found)) == 40


def test_somebody_who_waits_comes_before_a_heap(office_app: Flask, post_office: PostOffice) -> None:
    put(office_app, *[f"p{number}@example.org" for number in range(5)], kind=BULK)
    put(office_app, "waiting@example.org")
    deliver(office_app)
    assert post_office.receivers[0] == "waiting@example.org"
    assert len(post_office.letters) == 6


def test_a_letter_that_cannot_be_written_keeps_no_other_and_says_no_value(
    office_app: Flask, post_office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    put(office_app, "x@example.org", kind=BROKEN)
    put(office_app, "a@example.org")
    deliver(office_app)
    assert post_office.receivers == ["a@example.org"]
    assert "KeyError" in caplog.text
    assert "example.org" not in caplog.text
    assert [(row.kind, row.state, row.error) for row in rows(office_app)] == [(BROKEN, "waiting", "KeyError")]


def test_a_silent_kind_leaves_the_same_trace_whether_letters_went_or_not(
    office_app: Flask, post_office: PostOffice, time: Clock
) -> None:
    """One was sent, one was not wanted, one was put off, one was refused: nobody can tell which is which."""
    people = {name: f"{name}@example.org" for name in ("sent", "unwanted", "later", "refused")}
    put(office_app, *people.values(), kind=SILENT)
    wanted[people["unwanted"]] = False
    post_office.answers = {people["later"]: "451 Later", people["refused"]: "550 No"}
    for attempt in range(1, outbox.SILENT_PASSES):
        deliver(office_app)
        found = rows(office_app)
        assert len({row.due for row in found}) == 1
        assert {(row.state, row.attempts, row.error, len(row.sealed or b"")) for row in found} == {
            ("waiting", attempt, "", 35)
        }
        assert len({row.sealed for row in found}) == len(found)
        time.move(minutes=25)
    assert post_office.receivers == [people["sent"]]
    post_office.answers = {}
    deliver(office_app)
    assert post_office.receivers == [people["sent"], people["later"]]
    assert rows(office_app) == []
    assert ended == []


def test_a_row_holds_no_words_of_a_letter(office_app: Flask) -> None:
    put(office_app, "a@example.org")
    (row,) = rows(office_app)
    assert {column.name for column in OutboxRow.__table__.columns} == {
        *("id", "organization_id", "kind", "payload", "state", "due", "attempts", "sealed", "error", "queue")
    }
    assert row.payload == '{"to": "a@example.org"}'


@pytest.mark.parametrize("how", ["stop", "work"])
def test_a_worker_stops_when_told(office_app: Flask, post_office: PostOffice, how: str) -> None:
    put(office_app, "a@example.org")
    stop = threading.Event()
    if how == "stop":
        stop.set()
    thread = threading.Thread(target=worker.run, args=(office_app, stop))
    thread.start()
    if how == "work":
        for _ in range(200):
            if post_office.letters:
                break
            threading.Event().wait(0.02)
        stop.set()
    thread.join(5)
    assert not thread.is_alive()
    assert len(post_office.letters) == (how == "work")
