"""The real server as a child process, ended by its process id; its memory as Linux counts it."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60.0


def environment(data: Path, port: int = 8000) -> dict[str, str]:
    """What a command needs to work on a data folder of the benchmark, and nothing of the caller's settings."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GROUNDSWELL_", "DATABASE_URL"))
    }
    return kept | {"GROUNDSWELL_DATA": str(data), "PORT": str(port), "PYTHONPATH": str(ROOT)}


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


class Server:
    """A running server; `first_byte` is the time in seconds from its start to the first byte of an answer."""

    def __init__(self, data: Path, command: list[str]) -> None:
        self.port = free_port()
        started = time.perf_counter()
        self.process = subprocess.Popen(
            [sys.executable, *command],
            env=environment(data, self.port),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._wait()
        self.first_byte = time.perf_counter() - started

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}")
            try:
                with socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE) as link:
                    link.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                    if link.recv(1):
                        return
            except ConnectionError:
                time.sleep(0.005)
        self.end()
        raise RuntimeError("the server did not answer")

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def memory(self) -> float | None:
        """Proportional set size of the server and all its children in MB, None where the system does not say."""
        pages = [_pss(pid) for pid in family(self.process.pid)]
        known = [size for size in pages if size is not None]
        return sum(known) / 1024 if known else None


@contextmanager
def serving(data: Path, command: list[str]) -> Iterator[Server]:
    server = Server(data, command)
    try:
        yield server
    finally:
        server.end()


def family(pid: int) -> list[int]:
    """A process and everything that it started, as far as it still runs (Linux)."""
    parents = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(folder.name)] = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
        except OSError:
            continue  # it ended meanwhile
    found = [pid]
    for known in found:
        found.extend(child for child, parent in parents.items() if parent == known)
    return found


def _pss(pid: int) -> int | None:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), None)
