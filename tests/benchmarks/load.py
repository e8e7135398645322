"""A small load client: keep-alive connections, each in a thread, that send the next request once they have an answer."""

import math
import socket
import statistics
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

END_OF_HEAD = b"\r\n\r\n"
GIVE_UP = 30.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    head: bytes
    body: bytes

    @property
    def heading(self) -> int:
        """Bytes of the status line and the headers."""
        return len(self.head) + len(END_OF_HEAD)

    def header(self, name: str) -> str | None:
        return _header(self.head, name.lower().encode())


def _header(head: bytes, name: bytes) -> str | None:
    for line in head.split(b"\r\n")[1:]:
        key, _colon, value = line.partition(b":")
        if key.lower() == name:
            return value.strip().decode("latin-1")
    return None


def request(path: str, *, cookies: dict[str, str] | None = None, body: bytes = b"") -> bytes:
    """A request as a browser sends it, in bytes."""
    lines = [f"{'POST' if body else 'GET'} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip, br"]
    if cookies:
        lines.append("Cookie: " + "; ".join(f"{name}={value}" for name, value in cookies.items()))
    if body:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}"]
        lines.append("Sec-Fetch-Site: same-origin")
    return "\r\n".join([*lines, "", ""]).encode() + body


@dataclass(frozen=True, slots=True)
class Sample:
    """What a run saw: the time of each answer, ascending, and of the whole, in seconds."""

    times: list[float]
    seconds: float

    @property
    def rate(self) -> float:
        return len(self.times) / self.seconds

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    def quantile(self, share: float) -> float:
        """Nearest rank."""
        return self.times[max(0, math.ceil(share * len(self.times)) - 1)]


class Client:
    """One connection."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket = self._open()

    def _open(self) -> socket.socket:
        opened = socket.create_connection(("127.0.0.1", self.port), timeout=GIVE_UP)
        opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return opened

    def ask(self, data: bytes) -> Answer:
        """Ask once more on a new connection where the server has closed an idle one."""
        try:
            self.socket.sendall(data)
            return self._answer()
        except ConnectionError:
            self.socket.close()
            self.socket = self._open()
            self.socket.sendall(data)
            return self._answer()

    def _answer(self) -> Answer:
        received = b""
        while (end := received.find(END_OF_HEAD)) < 0:
            received += self._more()
        head, start = received[:end], end + len(END_OF_HEAD)
        length = int(_header(head, b"content-length") or 0)
        while len(received) < start + length:
            received += self._more()
        return Answer(int(head[9:12]), head, received[start:])

    def _more(self) -> bytes:
        chunk = self.socket.recv(262_144)
        if not chunk:
            raise ConnectionResetError
        return chunk

    def ask_for(self, seconds: float, following: Callable[[], bytes]) -> list[float]:
        """Ask for that long; the time of each answer. Each must be a 200."""
        times = []
        started = now = time.perf_counter()
        while now - started < seconds:
            data = following()
            sent = time.perf_counter()
            status = self.ask(data).status
            now = time.perf_counter()
            if status != 200:
                raise RuntimeError(f"answered {status}: {data[:80]!r}")
            times.append(now - sent)
        return times


class Clients:
    """Connections that stay open between runs, so that what is compared meets the same workers of the server."""

    def __init__(self, port: int, count: int) -> None:
        self.clients = [Client(port) for _ in range(count)]
        self.threads = ThreadPoolExecutor(count)

    def run(self, wanted: bytes | Callable[[], bytes], seconds: float) -> Sample:
        """All ask for that long; a function gives each request anew."""
        following = wanted if callable(wanted) else lambda: wanted
        started = time.perf_counter()
        running = [self.threads.submit(client.ask_for, seconds, following) for client in self.clients]
        times = sorted(one for client in running for one in client.result())
        return Sample(times, time.perf_counter() - started)

    def ask(self, data: bytes) -> Answer:
        return self.clients[0].ask(data)

    def close(self) -> None:
        self.threads.shutdown()
        for client in self.clients:
            client.socket.close()


@contextmanager
def clients_of(port: int, count: int) -> Iterator[Clients]:
    made = Clients(port, count)
    try:
        yield made
    finally:
        made.close()
