"""Messages arrive once where all goes well, and at last where it does not; they hold up no mail and tell no secret."""

import base64
import hashlib
import hmac
import io
import json
import logging
import uuid
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from config import Settings
from tests.fixtures import organizations as made
from tests.fixtures.applications import MakeApp
from tests.fixtures.receiver import OK, Received, answer, pour, say_nothing
from tests.webhooks.conftest import Clock, House, to_receiver
from webapp import logs, outbox, outgoing, sealing
from webapp.extensions import db
from webapp.webhooks import commands, queries


def signed(secret: str, received: Received) -> bool:
    """Whether a message is signed with a secret: Standard Webhooks, written anew for this test."""
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    headers = received.headers
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + received.body
    wanted = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return f"v1,{wanted}" in headers["webhook-signature"].split(" ")


def test_a_message_is_signed_so_that_the_other_side_can_check_it(lite: House) -> None:
    hook, secret = lite.add()
    lite.do(commands.send_test, hook)
    lite.deliver()
    (received,) = lite.receiver.received
    assert signed(secret, received)
    assert not signed("whsec_" + base64.b64encode(b"x" * 32).decode(), received)
    assert received.id == received.json["id"] == str(uuid.UUID(received.id))
    sent = datetime.fromtimestamp(int(received.headers["webhook-timestamp"]), UTC)
    assert abs(datetime.now(UTC) - sent) < timedelta(minutes=1)
    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32


def test_after_a_change_of_the_secret_both_are_valid_for_a_day(lite: House, time: Clock) -> None:
    hook, former = lite.add()
    secret = lite.do(commands.new_secret, hook)
    lite.do(commands.send_test, hook)
    lite.deliver()
    time.move(days=1, seconds=1)
    lite.do(commands.send_test, hook)
    lite.deliver()
    both, later = lite.receiver.received
    assert signed(secret, both)
    assert signed(former, both)
    assert signed(secret, later)
    assert not signed(former, later)


def test_a_page_that_is_loaded_again_does_not_take_the_secret_that_the_other_side_knows(
    lite: House, time: Clock
) -> None:
    hook, known = lite.add()
    first, second, shown = [lite.do(commands.new_secret, hook) for _ in range(3)]
    lite.do(commands.send_test, hook)
    lite.deliver()
    time.move(hours=1)
    last = lite.do(commands.new_secret, hook)
    lite.do(commands.send_test, hook)
    lite.deliver()
    soon, later = lite.receiver.received
    assert [signed(one, soon) for one in (known, first, second, shown)] == [True, False, False, True]
    assert [signed(one, later) for one in (known, shown, last)] == [False, True, True]


def test_a_chat_gets_no_signature_but_an_id(lite: House) -> None:
    hook, secret = lite.add(kind="slack")
    assert secret == ""
    lite.do(commands.send_test, hook)
    lite.deliver()
    assert "webhook-signature" not in lite.receiver.received[0].headers
    assert lite.receiver.received[0].id


def test_after_three_errors_and_the_right_waits_it_arrives_with_the_same_id(
    house: House, time: Clock
) -> None:
    hook, _secret = house.add()
    house.receiver.answers = [answer("500 Oh")] * 3
    made.open_one(house.app, house.organization)
    for minutes in (0, 1, 5, 15):
        time.move(minutes=minutes)
        house.deliver()
        house.deliver()  # not before its time
    assert len(house.receiver.received) == 4
    assert len({received.id for received in house.receiver.received}) == 1
    assert len({received.body for received in house.receiver.received}) == 1
    assert len({received.headers["webhook-timestamp"] for received in house.receiver.received}) == 4
    assert house.rows() == []
    found = house.hook(hook)
    assert found.told_at is not None
    assert found.failed_at is not None
    assert (found.told_at > found.failed_at, found.fault) == (True, "status 500")


def test_what_is_never_taken_is_given_up_after_eight_tries_shown_for_a_week_and_forgotten(
    house: House, time: Clock
) -> None:
    hook, _secret = house.add()
    house.receiver.always = answer("503 Busy")
    wave = made.open_one(house.app, house.organization)
    for _ in range(10):
        house.deliver()
        time.move(days=1)
    assert len(house.receiver.received) == 8
    assert house.waiting(hook) == [queries.Waiting("wave.opened", wave.name, 8, None, given_up=True)]
    time.move(days=7)
    with house.app.app_context():
        outbox.forget_failures()
    assert house.waiting(hook) == []


def test_a_test_is_tried_once_and_one_at_a_time(lite: House, time: Clock) -> None:
    hook, _secret = lite.add()
    lite.receiver.always = answer("404 Not Found")
    lite.do(commands.send_test, hook)
    with pytest.raises(commands.Refused, match="on its way"):
        lite.do(commands.send_test, hook)
    lite.deliver()
    time.move(days=3)
    lite.deliver()
    assert [received.json["event"] for received in lite.receiver.received] == ["test"]
    assert lite.hook(hook).fault == "status 404"
    lite.receiver.always = OK
    lite.do(commands.send_test, hook)
    lite.deliver()
    told = lite.receiver.received[-1].json
    assert (told["wave"], told["url"]) == (None, "http://127.0.0.1:8000/o/acme/webhooks")


def test_a_receiver_that_pours_is_a_receiver_that_took_it(lite: House) -> None:
    hook, _secret = lite.add()
    lite.receiver.always = pour
    lite.do(commands.send_test, hook)
    lite.deliver()
    assert lite.hook(hook).told_at is not None


def test_an_address_that_is_not_allowed_any_more_is_not_called(
    lite: House, make_app: MakeApp, settings: Settings
) -> None:
    hook, _secret = lite.add()
    lite.do(commands.send_test, hook)
    stricter = House(make_app(settings), lite.organization, lite.receiver)
    stricter.deliver()
    assert lite.receiver.connections == 0
    assert lite.hook(hook).fault == "private"


def test_with_another_key_nothing_is_sent_and_the_page_says_so(
    lite: House, make_app: MakeApp, settings: Settings
) -> None:
    hook, _secret = lite.add()
    lite.do(commands.send_test, hook)
    changed = replace(to_receiver(settings, lite.receiver), ballot_key=b"another key for tests, 32 or more")
    other = House(make_app(changed), lite.organization, lite.receiver)
    other.deliver()
    assert lite.receiver.connections == 0
    assert other.hook(hook).fault == "key"
    owner = made.sign_in(other.app, other.organization, "owner@acme.example")
    assert "sealed with another key" in owner.page("/o/acme/webhooks").text()
    other.add()  # the same address: nobody can know that


def test_a_message_that_cannot_be_made_keeps_no_other(lite: House, monkeypatch: pytest.MonkeyPatch) -> None:
    hook, _secret = lite.add()
    slack, _none = lite.add(kind="slack", address=lite.receiver.url("/slack"))
    from webapp.webhooks import messages  # noqa: PLC0415 - for this test alone

    def broken(kind: str, news: messages.News) -> bytes:
        if kind == "slack":
            raise KeyError(news.organization)
        return b"{}"

    monkeypatch.setattr(messages, "body", broken)
    lite.do(commands.send_test, slack)
    lite.do(commands.send_test, hook)
    lite.deliver()
    assert [received.path for received in lite.receiver.received] == ["/hook"]
    assert lite.hook(slack).fault == "ours"


def test_one_that_was_removed_is_not_called_and_leaves_nothing(house: House, time: Clock) -> None:
    hook, _secret = house.add()
    house.receiver.always = answer("500 Oh")
    made.open_one(house.app, house.organization)
    house.deliver()
    house.do(commands.remove, hook)
    assert house.rows() == []
    time.move(days=1)
    house.deliver()
    assert len(house.receiver.received) == 1


def test_one_that_is_removed_while_it_is_called_is_gone_all_the_same(lite: House) -> None:
    hook, _secret = lite.add()
    lite.do(commands.send_test, hook)
    lite.receiver.always = lambda secure: (lite.do(commands.remove, hook), secure.sendall(OK))  # type: ignore[assignment]
    lite.deliver()
    assert len(lite.receiver.received) == 1
    assert lite.rows() == []


@pytest.mark.parametrize("how", ["status", "slow", "name", "ours"])
def test_nothing_of_an_address_a_secret_or_an_answer_is_written_down(
    lite: House, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logs.Lines())
    root = logging.getLogger()
    root.addHandler(handler)
    monkeypatch.setattr(outgoing, "WHOLE", 0.5)
    try:
        hook, secret = lite.add(address=lite.receiver.url("/canary-path?canary-query"), name="canary-name")
        lite.receiver.always = {"slow": say_nothing}.get(
            how, answer("500 canary-answer", "X-Words: canary-words")
        )
        if how == "name":
            monkeypatch.setattr("socket.getaddrinfo", lambda *_a, **_v: [])
        if how == "ours":
            monkeypatch.setattr(sealing, "unseal", lambda *_a, **_v: 1 / 0)
        made.open_one(lite.app, lite.organization, "canary-wave")
        lite.deliver()
    finally:
        root.removeHandler(handler)
    assert lite.hook(hook).fault.partition(" ")[0] == how
    stored = json.dumps([[str(value) for value in row.__dict__.values()] for row in lite.rows()])
    with lite.app.app_context():
        dump = "\n".join(
            repr(tuple(row))
            for name in ("webhook", "outbox", "audit_event")
            for row in db.session.execute(sa.text(f"SELECT * FROM {name}"))  # noqa: S608 - names of ours
        )
    for word in ("canary-path", "canary-query", "canary-answer", "canary-words", secret):
        assert word not in text.getvalue() + stored + dump, word
    assert "canary" not in text.getvalue()
    assert "localhost" not in text.getvalue()
