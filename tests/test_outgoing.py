"""A call goes to the machine that was looked up and checked, takes what it may take, and leads nowhere else."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config import Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.receiver import (
    HOST,
    Receiver,
    answer,
    drip,
    hang_up,
    pour,
    say_nothing,
)
from webapp import outgoing
from webapp.domain.web_address import WebAddress
from webapp.outgoing import Call, Failed

NAME = "hooks.example.org"
HEADERS = {"Content-Type": "application/json"}


@pytest.fixture
def allowed(make_app: MakeApp, settings: Settings, receiver: Receiver) -> Iterator[None]:
    """An application that may call the receiver under two names."""
    listed = frozenset({(HOST, receiver.port), (NAME, receiver.port)})
    with make_app(replace(settings, webhooks_to=listed)).app_context():
        yield


@pytest.fixture
def strict(make_app: MakeApp, settings: Settings) -> Iterator[None]:
    """An application that may call the public internet alone."""
    with make_app(settings).app_context():
        yield


def call(port: int, host: str = HOST, body: bytes = b"{}") -> None:
    outgoing.post(Call(WebAddress(host, port, "/hook?a=b"), body, HEADERS))


def fault(port: int, host: str = HOST) -> str:
    with pytest.raises(Failed) as failed:
        call(port, host)
    assert failed.value.fault.partition(" ")[0] in outgoing.FAULTS
    return failed.value.fault


@contextmanager
def within(seconds: float) -> Iterator[None]:
    started = time.monotonic()
    yield
    assert time.monotonic() - started < seconds


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same limits, made short so that tests need not wait for them."""
    monkeypatch.setattr(outgoing, "CONNECT", 0.6)
    monkeypatch.setattr(outgoing, "WHOLE", 1.2)


Resolver = Callable[..., list[tuple[Any, ...]]]


def leading_to(*answers: list[str], port: int | None = None) -> tuple[Resolver, list[str]]:
    """A resolver that gives one list of numbers after the other, and a list of what it was asked."""
    asked: list[str] = []

    def resolve(host: str, wanted: int, **_: object) -> list[tuple[Any, ...]]:
        numbers = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [
            (
                socket.AF_INET6 if ":" in number else socket.AF_INET,
                socket.SOCK_STREAM,
                6,
                "",
                (number, port or wanted),
            )
            for number in numbers
        ]

    return resolve, asked


@pytest.mark.usefixtures("allowed")
def test_a_call_arrives_as_it_was_written(receiver: Receiver) -> None:
    call(receiver.port, body=b'{"a":1}')
    (received,) = receiver.received
    assert (received.path, received.body, received.server_name) == ("/hook?a=b", b'{"a":1}', HOST)
    assert received.headers["host"] == f"{HOST}:{receiver.port}"
    assert received.headers["content-type"] == "application/json"
    assert received.headers["connection"] == "close"


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize("status", ["200 OK", "202 Accepted", "204 No Content", "299 Odd"])
def test_any_status_of_success_is_one(receiver: Receiver, status: str) -> None:
    receiver.always = answer(status)
    call(receiver.port)


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize(
    "status", ["301 Moved", "400 Bad", "404 Not Found", "410 Gone", "429 Slowly", "500 Oh", "503 Later"]
)
def test_any_other_status_is_told(receiver: Receiver, status: str) -> None:
    receiver.always = answer(status)
    assert fault(receiver.port) == f"status {status[:3]}"


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize(
    "status", ["301 Moved", "302 Found", "303 See Other", "307 Temporary", "308 Permanent"]
)
def test_no_redirection_is_followed(receiver: Receiver, monkeypatch: pytest.MonkeyPatch, status: str) -> None:
    resolve, asked = leading_to(["127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    receiver.always = answer(
        status, "Location: https://127.0.0.1/latest", "Refresh: 0; url=https://127.0.0.1/"
    )
    assert fault(receiver.port) == f"status {status[:3]}"
    assert (asked, receiver.connections) == ([HOST], 1)


@pytest.mark.usefixtures("allowed", "hasty")
@pytest.mark.parametrize("how", [say_nothing, drip])
def test_an_answer_that_does_not_come_is_not_waited_for(
    receiver: Receiver, how: Callable[[ssl.SSLSocket], None]
) -> None:
    receiver.always = how
    with within(3):
        assert fault(receiver.port) == "slow"


@pytest.mark.usefixtures("allowed", "hasty")
def test_of_gigabytes_a_few_kilobytes_are_read(receiver: Receiver) -> None:
    receiver.always = pour
    with within(3):
        call(receiver.port)  # it said 200: it was taken


@pytest.mark.usefixtures("allowed", "hasty")
@pytest.mark.parametrize(
    "text",
    [
        b"HTTP/1.1 100 Continue\r\n\r\n" * 200_000,
        b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 100_000,
        b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000_000,
        b"x" * 10_000_000,
        b"HTTP/1.1 2000000 OK\r\n\r\n",
        b"HTTP/9.9 200 OK\r\n\r\n",
        b"\x00\xff\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffff\r\n",
    ],
    ids=[
        "continue",
        "many headers",
        "long header",
        "no answer",
        "status",
        "version",
        "zeros",
        "length",
        "chunks",
    ],
)
def test_nonsense_ends_in_time_and_in_one_of_the_faults(receiver: Receiver, text: bytes) -> None:
    receiver.always = text
    with within(3):
        try:
            call(receiver.port)
        except Failed as failed:
            assert failed.fault in {"broken", "slow"}  # noqa: PT017 - some are answers all the same


@pytest.mark.usefixtures("allowed")
def test_a_connection_that_ends_without_an_answer_is_told(receiver: Receiver) -> None:
    receiver.always = hang_up
    assert fault(receiver.port) == "broken"


@pytest.mark.usefixtures("allowed")
def test_where_nobody_listens_is_told(receiver: Receiver) -> None:
    receiver.close()
    assert fault(receiver.port) == "connect"


@pytest.mark.usefixtures("allowed", "hasty")
def test_a_server_without_encryption_is_told(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        resolve, _asked = leading_to(["127.0.0.1"], port=int(silent.getsockname()[1]))
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        assert fault(receiver.port) == "slow"


@pytest.mark.usefixtures("allowed")
def test_a_certificate_for_another_name_is_not_taken(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", leading_to(["127.0.0.1"])[0])
    assert fault(receiver.port, NAME) == "certificate"
    assert receiver.received == []


@pytest.mark.usefixtures("allowed")
def test_a_certificate_of_nobody_known_is_not_taken(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    assert fault(receiver.port) == "certificate"
    assert receiver.received == []


@pytest.mark.usefixtures("allowed")
def test_a_name_that_is_not_known_is_told(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    assert fault(receiver.port) == "name"


@pytest.mark.usefixtures("allowed", "hasty")
def test_a_resolver_that_hangs_is_not_waited_for(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_values: time.sleep(1.5) or [])
    with within(2):
        assert fault(receiver.port) == "name"


@pytest.mark.usefixtures("strict")
@pytest.mark.parametrize(
    "numbers",
    [
        *(
            ["127.0.0.1"],
            ["10.0.0.1"],
            ["169.254.169.254"],
            ["::1"],
            ["::ffff:127.0.0.1"],
            ["64:ff9b::7f00:1"],
        ),
        *(["fe80::1"], ["100.64.0.1"], ["0.0.0.1"], ["fd00::1"]),
        ["93.184.215.14", "127.0.0.1"],
        ["127.0.0.1", "93.184.215.14"],
    ],
    ids=str,
)
def test_what_leads_inside_is_never_connected_to(monkeypatch: pytest.MonkeyPatch, numbers: list[str]) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", leading_to(numbers)[0])
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("It was connected to."))
    assert fault(443, NAME) == "private"


@pytest.mark.usefixtures("strict")
def test_a_name_that_changes_its_mind_leads_nowhere_else(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: public when it is checked, ourselves a moment later. It is asked once, and the number is called."""
    resolve, asked = leading_to(["93.184.215.14"], ["127.0.0.1"])
    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    called: list[object] = []

    def refuse(_self: socket.socket, address: object) -> None:
        called.append(address)
        raise ConnectionRefusedError

    monkeypatch.setattr(socket.socket, "connect", refuse)
    assert fault(443, NAME) == "connect"
    assert (asked, called) == ([NAME], [("93.184.215.14", 443)])


@pytest.mark.usefixtures("allowed")
def test_the_certificate_is_checked_for_the_name_although_a_number_is_called(
    receiver: Receiver, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, allowed: None
) -> None:
    del allowed
    folder = tmp_path / "other"
    folder.mkdir()
    other = Receiver(folder, names=(NAME,))
    try:
        monkeypatch.setenv("SSL_CERT_FILE", str(other.trusted))
        resolve, asked = leading_to(["127.0.0.1"], port=other.port)
        monkeypatch.setattr(socket, "getaddrinfo", resolve)
        call(receiver.port, NAME)
        assert [received.server_name for received in other.received] == [NAME]
        assert asked == [NAME]
    finally:
        other.close()


@pytest.mark.usefixtures("allowed")
def test_of_several_numbers_the_next_one_is_called_when_the_first_does_not_answer(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    def resolve(*_: object, **__: object) -> list[tuple[Any, ...]]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            closed = int(free.getsockname()[1])
        return [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))
            for port in (closed, receiver.port)
        ]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    call(receiver.port)
    assert len(receiver.received) == 1


@pytest.mark.usefixtures("allowed")
def test_a_proxy_in_the_environment_is_not_asked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("https_proxy", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    call(receiver.port)
    assert len(receiver.received) == 1


@pytest.mark.usefixtures("strict")
def test_what_was_allowed_for_one_port_is_not_for_another(receiver: Receiver) -> None:
    assert fault(receiver.port) == "private"
    assert receiver.connections == 0
