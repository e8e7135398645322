"""Calls to other programs: one POST over TLS, to the very machine that was looked up here and found public.

An owner types an address, and the server calls it: so the address must lead to nothing inside of our network. The name is
looked up once, every number it stands for must be public, and the connection goes to one of these numbers, never to the
name again: a name that changes its mind in between leads nowhere. The certificate is still checked for the name. No
redirection is followed. Only what GROUNDSWELL_WEBHOOKS_TO lists may lie inside.

The other side may be slow, hang up or talk for ever: connecting takes 5 seconds at most, all of it 10, and no more of an
answer is read than its status and 4 KB. Nothing of an answer is kept, and neither address nor answer is logged.
"""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException, HTTPSConnection
from typing import Any, NamedTuple

from flask import current_app

from webapp.domain.web_address import WebAddress, is_public

CONNECT = 5.0  # seconds
WHOLE = 10.0  # seconds
MOST_READ = 4096  # bytes
TAKEN = range(200, 300)

# Why a call did not arrive: the kinds that are kept, which pages put into words. With a status stands its number.
FAULTS = ("name", "private", "connect", "certificate", "broken", "slow", "key", "status", "ours")


class Failed(Exception):  # noqa: N818 - a state of the world, not a mistake
    """A call did not arrive, or was not taken; `fault` is one of FAULTS, with a number behind “status”."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


@dataclass(frozen=True, slots=True)
class Call:
    """One POST; `once`: not to be tried again."""

    address: WebAddress
    body: bytes
    headers: Mapping[str, str]
    once: bool = False


class Place(NamedTuple):
    """A number that a name stands for, as sockets take it."""

    family: int
    at: tuple[Any, ...]


def post(call: Call) -> None:
    """Make a call; returns when the other side has taken it. Raises Failed."""
    until = time.monotonic() + WHOLE
    secure = _secured(_reached(_places(call.address)), call.address.host)
    late = threading.Event()
    clock = threading.Timer(max(0.0, until - time.monotonic()), _cut, [secure, late])
    clock.daemon = True
    clock.start()
    try:
        secure.do_handshake()
        status = _converse(call, secure)
    except ssl.SSLCertVerificationError:
        raise Failed("certificate") from None
    except TimeoutError:
        raise Failed("slow") from None
    except (OSError, HTTPException, ValueError):  # ValueError: what is no answer at all
        raise Failed("slow" if late.is_set() else "broken") from None
    finally:
        clock.cancel()
        secure.close()
    if late.is_set():
        raise Failed("slow")  # an answer that was cut in its middle looks like a whole one
    if status not in TAKEN:
        raise Failed(f"status {status}")


def _places(address: WebAddress) -> list[Place]:
    """Where a name leads; all of it must be public, for one number inside of a network gives the others away too."""
    found = _looked_up(address)
    if not found:
        raise Failed("name")
    listed: frozenset[tuple[str, int]] = current_app.extensions["groundswell"].settings.webhooks_to
    if (address.host, address.port) not in listed and not all(is_public(str(place.at[0])) for place in found):
        raise Failed("private")
    return found


def _looked_up(address: WebAddress) -> list[Place]:
    """Ask the resolver, in a thread of its own: it knows no time limit."""
    found: list[Place] = []

    def ask() -> None:
        with contextlib.suppress(OSError, UnicodeError):
            rows = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
            found.extend(Place(row[0], row[4]) for row in rows)

    thread = threading.Thread(target=ask, daemon=True)
    thread.start()
    thread.join(CONNECT)
    return list(found)


def _reached(places: list[Place]) -> socket.socket:
    """A connection to the first number that answers; they share the time."""
    until = time.monotonic() + CONNECT
    fault = "connect"
    for left, place in zip(range(len(places), 0, -1), places, strict=True):
        connection = socket.socket(place.family, socket.SOCK_STREAM)
        try:
            connection.settimeout(max(0.05, (until - time.monotonic()) / left))
            connection.connect(place.at)
        except OSError as error:
            connection.close()
            fault = "slow" if isinstance(error, TimeoutError) else "connect"
        else:
            connection.settimeout(CONNECT)
            return connection
    raise Failed(fault)


def _secured(plain: socket.socket, host: str) -> ssl.SSLSocket:
    """The connection as one that will be encrypted, and whose certificate will be checked for the name."""
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    try:
        return context.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
    except OSError:
        plain.close()
        raise Failed("broken") from None


def _converse(call: Call, secure: ssl.SSLSocket) -> int:
    connection = HTTPSConnection(call.address.host, call.address.port)
    connection.auto_open = 0  # or it would look the name up again
    connection.sock = secure
    connection.request("POST", call.address.target, call.body, {**call.headers, "Connection": "close"})
    with connection.getresponse() as answer:
        answer.read(MOST_READ)  # so that the other side is not cut off in the middle of a short one
        return answer.status


def _cut(connection: ssl.SSLSocket, late: threading.Event) -> None:
    """End a conversation that drags on: an answer of a byte now and then would hold it for ever."""
    late.set()
    with contextlib.suppress(OSError):
        socket.socket.shutdown(
            connection, socket.SHUT_RDWR
        )  # below the encryption, which another thread is in
