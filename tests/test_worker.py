"""The worker as a process: killed in the middle it loses nothing, beside another it doubles nothing, and it ends with its server."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa

from config import Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.browser import ROOT, LiveServer
from tests.fixtures.organizations import again, create, import_units, open_one
from tests.fixtures.post_office import PostOffice
from tests.waves.conftest import at_once
from webapp import outbox, worker
from webapp.extensions import db
from webapp.invitations import commands
from webapp.mail import Message
from webapp.models import Ballot, Invitation, OutboxRow, Wave
from webapp.transaction import alone, transaction

PEOPLE = 60

pytestmark = pytest.mark.skipif(
    not Path("/proc/self").exists(), reason="looks at processes as Linux shows them"
)


class House(LiveServer):
    """A data folder with a wave, a mail server, and as many workers as a test wants."""

    def __init__(self, data: Path, office: PostOffice) -> None:
        super().__init__(data)
        self.office = office
        self.environment |= {
            "GROUNDSWELL_SMTP_URL": f"smtp://127.0.0.1:{office.port}",
            "GROUNDSWELL_MAIL_FROM": "groundswell@example.org",
            "GROUNDSWELL_MAIL_PER_MINUTE": "60000",
        }
        organization = create(self.app)
        import_units(self.app, organization, f"unit,parent,headcount\nSales,,{PEOPLE}\n")
        self.wave: Wave = open_one(self.app, organization)

    def invite(self, count: int = PEOPLE) -> list[str]:
        people = [f"p{number}@example.org" for number in range(count)]
        text = "unit,email\n" + "".join(f"Sales,{one}\n" for one in people)
        with self.app.app_context():
            commands.invite(wave=again(self.wave), data=text.encode(), file="people.csv", by=None)
        return people

    @contextmanager
    def worker(self) -> "Iterator[subprocess.Popen[bytes]]":
        with (self.data / "worker.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "webapp", "worker"],
                env=self.environment,
                cwd=ROOT,
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            process.kill()
            process.wait(10)

    def states(self) -> Counter[str]:
        with self.app.app_context():
            return Counter(db.session.scalars(sa.select(OutboxRow.state)))

    def hasten(self) -> None:
        """Let the lease of a sender that died be over."""
        with self.app.app_context(), transaction() as session:
            session.execute(sa.update(OutboxRow).values(due=sa.literal("2020-01-01", sa.String)))

    def count(self, model: type[Ballot | Invitation], where: "sa.ColumnElement[bool]") -> int:
        with self.app.app_context():
            return db.session.scalar(sa.select(sa.func.count()).select_from(model).where(where)) or 0


@pytest.fixture
def house(tmp_path: Path, template: Path, post_office: PostOffice) -> Iterator[House]:
    data = tmp_path / "house"
    data.mkdir(mode=0o700)
    (data / "static").symlink_to(template / "static")
    (data / "groundswell.sqlite").write_bytes((template / "groundswell.sqlite").read_bytes())
    found = House(data, post_office)
    try:
        yield found
    finally:
        found.stop()


def wait_until(true: Callable[[], object], seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "It did not come to that."
        time.sleep(0.02)


def test_a_worker_that_is_killed_in_the_middle_loses_no_letter_and_doubles_at_most_the_one_in_its_hands(
    house: House, post_office: PostOffice
) -> None:
    people = house.invite()
    in_hands = 0
    for round_ in range(1, 3):
        with house.worker() as process:
            wait_until(lambda round_=round_: len(post_office.letters) >= 15 * round_)
            process.kill()
            process.wait(10)
        states = house.states()
        assert states["sending"] <= 1
        in_hands += states["sending"]
        house.hasten()
    with house.worker():
        wait_until(lambda: not house.states())
    received = Counter(post_office.receivers)
    assert set(received) == set(people)
    assert sum(received.values()) <= len(people) + in_hands
    names = {(letter["X-To"], letter["Message-ID"]) for letter in post_office.letters}
    assert len(names) == len(people), "a second copy carries the Message-ID of the first"
    assert house.count(Invitation, Invitation.state == "sent") == len(people)


def test_two_workers_at_once_send_each_letter_once_and_not_too_fast(
    house: House, post_office: PostOffice
) -> None:
    house.environment["GROUNDSWELL_MAIL_PER_MINUTE"] = "1200"
    people = house.invite()
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(house.worker())
        wait_until(lambda: not house.states())
    assert sorted(post_office.receivers) == sorted(people)
    assert min(after - before for before, after in pairwise(post_office.times)) > 0.04
    assert post_office.times[-1] - post_office.times[0] > 0.05 * (PEOPLE - 1) * 0.95


@outbox.letter("worker-test")
def _letter(row: outbox.Taken) -> Message:
    return Message(str(row.payload["to"]), "Hello", "Hello")


@dataclass
class Sending:
    """Applications of one database and one mail server: as many machines as a test wants."""

    settings: Settings
    make_app: MakeApp

    def put(self, count: int) -> None:
        with self.make_app(self.settings).app_context(), transaction() as session:
            people = [{"to": f"p{number}@example.org"} for number in range(count)]
            outbox.put_many(session, kind="worker-test", organization_id=None, payloads=people)

    def deliver(self) -> None:
        with self.make_app(self.settings).app_context():
            worker.deliver(threading.Event())


@pytest.fixture
def sending(make_app: MakeApp, settings: Settings, engine_url: str, post_office: PostOffice) -> Sending:
    mail = {"mail_server": post_office.server(), "mail_from": "g@example.org", "mail_per_minute": 600}
    return Sending(replace(settings, database_url=engine_url, **mail), make_app)


def test_workers_together_send_no_more_letters_in_a_minute_than_one(
    sending: Sending, post_office: PostOffice
) -> None:
    sending.put(12)
    at_once(*[sending.deliver] * 3)
    assert len(set(post_office.receivers)) == len(post_office.letters) == 12
    assert min(after - before for before, after in pairwise(post_office.times)) > 0.08


def test_whoever_stands_by_takes_over(sending: Sending, post_office: PostOffice) -> None:
    sending.put(1)
    with sending.make_app(sending.settings).app_context(), alone(*worker.SENDING) as mine:
        assert mine
        sending.deliver()
        assert post_office.letters == []
    sending.deliver()
    assert post_office.receivers == ["p0@example.org"]


def test_mail_scanners_that_open_every_link_use_up_none(house: House, post_office: PostOffice) -> None:
    house.invite()
    with house.worker():
        wait_until(lambda: len(post_office.letters) == PEOPLE)
    client = house.app.test_client()
    for letter in post_office.letters:
        (path,) = re.findall(r"(/r/[\w-]+)", letter.get_content())
        for method in ("GET", "HEAD"):
            assert client.open(path, method=method).status_code == 200
    assert house.count(Ballot, Ballot.spent) == 0


def children(parent: int) -> dict[int, str]:
    found = {}
    for path in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            after_name = path.read_text().rpartition(")")[2].split()
            if int(after_name[1]) == parent and after_name[0] != "Z":
                found[int(path.parent.name)] = after_name[0]
    return found


def sockets(process: int) -> int:
    """How many listening or other sockets a process holds."""
    found = 0
    for path in Path(f"/proc/{process}/fd").iterdir():
        with suppress(OSError):
            found += path.readlink().name.startswith("socket:")
    return found


def test_the_server_brings_a_worker_along_replaces_it_and_takes_it_away(
    house: House, post_office: PostOffice
) -> None:
    house.invite(3)
    house.start()
    assert house.process is not None
    wait_until(lambda: len(post_office.letters) == 3)
    parent = house.process.pid
    for child in children(parent):  # the worker is among them
        os.kill(child, signal.SIGKILL)
    house.hasten()
    with house.app.app_context():
        text = "unit,email\nSales,later@example.org\n"
        commands.invite(wave=again(house.wave), data=text.encode(), file="people.csv", by=None)
    wait_until(lambda: "later@example.org" in post_office.receivers)
    left = children(parent)
    house.process.terminate()
    assert house.process.wait(15) == 0
    assert not any(Path(f"/proc/{child}").exists() for child in left)


def test_a_worker_ends_when_its_server_is_killed_even_in_a_conversation(
    house: House, post_office: PostOffice
) -> None:
    async def hang(*_: object) -> str:
        from asyncio import sleep  # noqa: PLC0415 - for this server alone

        post_office.conversations += 1
        await sleep(30)
        return "250 OK"

    house.invite(1)
    post_office.__dict__["handle_DATA"] = hang
    house.start()
    assert house.process is not None
    wait_until(lambda: post_office.conversations)
    left = children(house.process.pid)
    house.process.kill()
    house.process.wait(5)
    wait_until(lambda: not any(Path(f"/proc/{child}").exists() for child in left), 20)
    assert house.states() == {"sending": 1}
