"""Workers at once, slow addresses and dead workers: nothing is lost, little comes twice, and no letter waits."""

import threading
import time as watch
from contextlib import ExitStack
from dataclasses import replace

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import IntegrityError

from config import Settings
from tests.fixtures import organizations as made
from tests.fixtures.applications import MakeApp
from tests.fixtures.post_office import PostOffice
from tests.fixtures.receiver import OK, Receiver, answer
from tests.webhooks.conftest import Clock, House, housed, to_receiver
from tests.webhooks.processes import hasten, worker_process
from webapp import outbox, outgoing, worker
from webapp.mail import Message
from webapp.models import OutboxRow, Webhook
from webapp.outbox import Outcome
from webapp.transaction import transaction
from webapp.webhooks import commands, queries


def test_workers_at_once_tell_everything_once_and_an_address_one_thing_at_a_time(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Eight things for one address and four for another, four workers."""
    other = housed(house.app, house.receiver, "other", "Other")
    hooks = [house.add()[0], other.add(address=house.receiver.url("/of-other"))[0]]
    for number in range(6):
        for hook in hooks:
            put(house.app, hook, number)
    slow = threading.Event()
    house.receiver.always = lambda secure: (slow.wait(0.05), secure.sendall(OK))  # type: ignore[func-returns-value, assignment]
    by_path: dict[str, int] = {}
    lock, post = threading.Lock(), outgoing.post

    def watched(call: outgoing.Call) -> None:
        with lock:
            by_path[call.address.target] = by_path.get(call.address.target, 0) + 1
            assert by_path[call.address.target] == 1
        post(call)
        with lock:
            by_path[call.address.target] -= 1

    monkeypatch.setattr(outgoing, "post", watched)
    deadline = watch.monotonic() + 30
    while house.rows() and watch.monotonic() < deadline:
        threads = [threading.Thread(target=house.deliver) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)
    assert len({received.id for received in house.receiver.received}) == len(house.receiver.received) == 12
    assert house.hook(hooks[0]).fault == house.hook(hooks[1]).fault == ""


def put(app: Flask, hook: Webhook, number: int) -> None:
    """Something more for a webhook: as many tests as nobody may ask for."""
    with app.app_context(), transaction() as session:
        outbox.put(
            session,
            kind="webhook",
            organization_id=hook.organization_id,
            queue=queries.queue(hook.id),
            payload={"webhook": hook.id, "event": "test", "wave": 0, "at": f"2031-01-01T00:00:{number:02}"},
        )


def test_the_database_itself_refuses_two_at_once(house: House) -> None:
    hook, _secret = house.add()
    put(house.app, hook, 1)
    put(house.app, hook, 2)

    def both() -> None:
        with transaction() as session:
            session.execute(sa.update(OutboxRow).values(state="sending"))

    with house.app.app_context(), pytest.raises(IntegrityError):
        both()


def test_a_worker_that_loses_the_race_for_an_address_takes_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have looked, and neither saw the other: the second one's mark is refused, and it goes on."""
    hook, _secret = house.add()
    put(house.app, hook, 1)
    put(house.app, hook, 2)
    with house.app.app_context():
        assert outbox.take_call() is not None
        monkeypatch.setattr(outbox, "_queue_rests", lambda: OutboxRow.state == "waiting")
        assert outbox.take_call() is None


def test_an_address_whose_worker_died_is_called_again_by_its_lease_with_the_same_id(
    house: House, time: Clock
) -> None:
    """The worst moment: the other side has the message, and the worker dies before it can write that down."""
    hook, _secret = house.add()
    put(house.app, hook, 1)
    put(house.app, hook, 2)
    with house.app.app_context():
        taken = outbox.take_call()
        assert taken is not None
        call = outbox.write(taken)
        assert isinstance(call, outgoing.Call)
        outgoing.post(call)
    house.deliver()
    assert len(house.receiver.received) == 1, "nothing else goes there while one may be at it"
    time.move(minutes=25)
    house.deliver()
    first, *later = [received.id for received in house.receiver.received]
    assert first in later
    assert len(set(later)) == 2
    with house.app.app_context():
        outbox.settle(
            taken, Outcome("later", "slow")
        )  # the dead one wakes up: nothing of its business any more
    assert house.rows() == []
    assert house.hook(hook).fault == ""


def test_what_is_new_goes_before_what_failed(lite: House, time: Clock) -> None:
    hook, _secret = lite.add()
    lite.receiver.answers = [answer("500 Oh")]
    made.open_one(lite.app, lite.organization, "First")
    lite.deliver()
    time.move(minutes=2)
    lite.do(commands.send_test, hook)
    lite.deliver()
    assert [received.json["event"] for received in lite.receiver.received[1:]] == ["test", "wave.opened"]


def test_a_slow_address_keeps_no_letter_and_no_other_address(
    make_app: MakeApp,
    settings: Settings,
    receiver: Receiver,
    post_office: PostOffice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = make_app(
        replace(
            to_receiver(settings, receiver),
            mail_server=post_office.server(),
            mail_from="groundswell@example.org",
            mail_per_minute=60_000,
        )
    )
    monkeypatch.setattr(worker, "LOOK_EVERY", 0.05)
    house = housed(app, receiver)
    held = threading.Event()
    hook, _secret = house.add()
    receiver.always = lambda secure: (held.wait(10), secure.sendall(OK))  # type: ignore[func-returns-value, assignment]
    house.do(commands.send_test, hook)
    monkeypatch.setattr(outbox, "_kinds", dict(outbox._kinds))
    outbox.letter("of-this-test")(lambda _row: Message("a@example.org", "Hello", "You"))
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(app, stop))
    thread.start()
    try:
        until(lambda: receiver.received)
        with app.app_context(), transaction() as session:
            outbox.put(session, kind="of-this-test", organization_id=None, payload={})
        until(lambda: post_office.letters and len(house.rows()) == 1)
        assert [row.state for row in house.rows()] == ["sending"], "the call is still on its way"
    finally:
        stop.set()
        held.set()
        thread.join(10)
    assert not thread.is_alive()
    assert house.hook(hook).told_at is not None, "what was begun is finished before the worker ends"


def until(true: object, seconds: float = 10) -> None:
    deadline = watch.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert watch.monotonic() < deadline, "It did not come to that."
        watch.sleep(0.01)


def test_messages_go_without_a_mail_server(lite: House) -> None:
    hook, _secret = lite.add()
    lite.do(commands.send_test, hook)
    with lite.app.app_context():
        worker.deliver(threading.Event())
        assert len(lite.rows()) == 1
    lite.deliver()
    assert lite.rows() == []


def test_two_worker_processes_and_a_kill_in_the_middle_lose_nothing(
    lite: House, settings: Settings, receiver: Receiver
) -> None:
    """kill -9 while the other side is thinking: the message comes again, with the id by which it is known."""
    hook, _secret = lite.add()
    held = threading.Event()
    receiver.answers = [lambda secure: (held.wait(20), secure.sendall(OK))]  # type: ignore[list-item, func-returns-value]
    for number in range(3):
        put(lite.app, hook, number)
    with worker_process(settings, receiver) as process:
        until(lambda: receiver.received, 30)
        process.kill()
        process.wait(10)
    held.set()
    assert sorted(row.state for row in lite.rows()) == ["sending", "waiting", "waiting"]
    hasten(lite.app)
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(worker_process(settings, receiver))
        until(lambda: not lite.rows(), 30)
    ids = [received.id for received in receiver.received]
    assert (len(ids), len(set(ids))) == (4, 3)
    assert ids[0] in ids[1:]
    assert receiver.most_at_once == 1
