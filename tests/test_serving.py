"""The production server as a process: it answers, ends with its parent, and forgets nothing."""

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

import pytest

from tests.fixtures.browser import ROOT, LiveServer, free_port

pytestmark = pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="looks at processes as Linux shows them"
)


@pytest.fixture
def server(tmp_path: Path, template: Path) -> Iterator[LiveServer]:
    """A server of the test's own."""
    data = tmp_path / "live"
    data.mkdir(mode=0o700)
    (data / "static").symlink_to(template / "static")
    found = LiveServer(data)
    try:
        yield found
    finally:
        found.stop()


def get(url: str) -> tuple[int, str, dict[str, str]]:
    with urllib.request.urlopen(url, timeout=10) as reply:  # noqa: S310 - our own address
        return (
            reply.status,
            reply.read().decode(),
            {name.lower(): value for name, value in reply.headers.items()},
        )


def children(parent: int) -> set[int]:
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            after_name = path.read_text().rpartition(")")[2].split()
            if int(after_name[1]) == parent and after_name[0] != "Z":
                found.add(int(path.parent.name))
    return found


def alive(process: int) -> bool:
    with contextlib.suppress(OSError):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def wait_until(true: object, seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if true():  # type: ignore[operator]
            return True
        time.sleep(0.05)
    return False


def accepts(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def test_it_makes_its_database_and_answers(server: LiveServer) -> None:
    server.start()
    status, text, headers = get(server.url + "/")
    assert status == HTTPStatus.OK
    assert "<h1" in text
    assert "default-src 'none'" in headers["content-security-policy"]
    assert (server.data / "groundswell.sqlite").exists()
    for path in server.data.glob("*.sqlite*"):
        assert path.stat().st_mode & 0o077 == 0, f"{path.name} can be read by others."


def test_its_children_end_when_the_parent_is_killed(server: LiveServer) -> None:
    server.start()
    assert server.process is not None
    get(server.url + "/")
    workers = children(server.process.pid)
    assert len(workers) >= 1
    server.process.kill()
    server.process.wait(5)
    assert wait_until(lambda: not any(map(alive, workers))), (
        "A worker outlives its parent and keeps the port."
    )
    assert wait_until(lambda: not accepts(server.port)), "Something still holds the port."
    server.start()  # on the same port and data, at once
    assert get(server.url + "/")[0] == HTTPStatus.OK


def test_a_worker_that_dies_is_replaced(server: LiveServer) -> None:
    server.start()
    assert server.process is not None
    get(server.url + "/")
    for worker in children(server.process.pid):
        os.kill(worker, signal.SIGKILL)
    assert wait_until(lambda: get(server.url + "/")[0] == HTTPStatus.OK)


def kilobytes(process: int) -> dict[str, int]:
    """What a process holds in memory, as Linux counts it."""
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()[1:]
    return {name: int(size.split()[0]) for name, _colon, size in (line.partition(":") for line in lines)}


def test_its_children_share_what_was_loaded_before_them(server: LiveServer) -> None:
    """A collector that looks through all of it, or a page whose parts each reads anew, copies most of it."""
    server.start()
    assert server.process is not None
    for _time in range(200):
        get(server.url + "/")
    sizes = [kilobytes(child) for child in children(server.process.pid)]
    own = sorted(size["Private_Dirty"] / size["Rss"] for size in sizes)
    answering = os.cpu_count() or 1  # one child more sends mail
    assert max(own[:answering]) < 0.16, own


def test_it_stops_when_asked(server: LiveServer) -> None:
    server.start()
    assert server.process is not None
    get(server.url + "/")
    workers = children(server.process.pid)
    server.process.terminate()
    assert server.process.wait(15) == 0
    assert not any(map(alive, workers))


def test_it_writes_nothing_personal_into_its_log(server: LiveServer) -> None:
    server.start()
    server.run("organization", "create", "acme", "--name", "Acme", "--owner", "owner@acme.example")
    secret = server.run("member", "link", "acme", "owner@acme.example").stdout.strip().rpartition("/")[2]
    get(f"{server.url}/sign-in/{secret}")
    with contextlib.suppress(urllib.error.HTTPError):
        get(f"{server.url}/r/{'A' * 43}?email=owner@acme.example")
    with socket.create_connection(("127.0.0.1", server.port), 5) as raw:
        raw.sendall(b"GET /r/canary-of-a-path HTTP/9.9\r\nCookie: canary-of-a-cookie\r\n\r\n")
        assert b"400" in raw.recv(200)
    server.stop()
    log = (server.data / "server.log").read_text()
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    assert [line["event"] for line in lines] == ["a request could not be read"]
    for part in (
        secret,
        "canary",
        "ip=",
        "A" * 43,
        "owner@acme.example",
        "127.0.0.1 -",
        "/sign-in/",
        "/r/",
    ):
        assert part not in log


def test_the_command_line_works_beside_a_running_server(server: LiveServer) -> None:
    server.start()
    assert server.run("organization", "create", "acme", "--name", "Acme", "--owner", "o@acme.example").stdout
    assert (
        "already"
        in server.run(
            "organization", "create", "acme", "--name", "Acme", "--owner", "o@acme.example", check=False
        ).stderr
    )


def test_run_prints_a_link_that_signs_in_and_a_second_start_loses_nothing(
    tmp_path: Path, template: Path
) -> None:
    data = tmp_path / "run"
    data.mkdir(mode=0o700)
    (data / "static").symlink_to(template / "static")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GROUNDSWELL_")}
    slugs = []
    for _ in range(2):
        port = free_port()
        environment |= {"GROUNDSWELL_DATA": str(data), "PORT": str(port), "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(
            [sys.executable, "-m", "webapp", "run"],
            env=environment,
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert re.fullmatch(rf"Sign in: http://127\.0\.0\.1:{port}/sign-in/[\w-]{{43}}\n", line), line
            assert wait_until(lambda port=port: accepts(port))
            status, text, _headers = get(line.split()[-1])
            assert status == HTTPStatus.OK
            assert "<form" in text
        finally:
            process.terminate()
            process.wait(15)
            process.stdout.close()
        listed = LiveServer(data)
        slugs.append(listed.run("results", "kestrel", "1", "--json").stdout)
        listed.stop()
    assert slugs[0] == slugs[1]
    assert len(slugs[0]) > 1000
