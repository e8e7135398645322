"""A large organization is invited by mail, and a mail scanner opens every link before anybody reads the letter.

`.venv/bin/python -m tests.invitations.large [--people 5000]` plays it with the real server, two workers and a real SMTP
server on this machine, in a few minutes. Nothing may be spent by the scanner, no letter lost, none sent twice, and every
answer that was thanked for stored once. It prints what it saw, and exits with 1 where something of that is not so.
"""

import argparse
import http.client
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

from tests.fixtures.post_office import PostOffice
from tests.fixtures.servers import ROOT, Respondent, Server
from webapp.domain.questionnaire_file import read
from webapp.sqlite import driver

SLUG, FORM = "large", "team-core"
UNITS = 20
SCANNERS, BROWSERS = 4, 8
AGAIN = 50  # one person of so many opens the link once more afterwards
PATIENCE = 600.0  # seconds without a letter
LINK = re.compile(r"http://127\.0\.0\.1:\d+(/r/[\w-]+)")


class House:
    """The server with an open wave, and the folder of its data."""

    def __init__(self, server: Server, people: int) -> None:
        self.server, self.people = server, people
        text = (ROOT / "questionnaires" / "ai-adoption-1.yaml").read_text(encoding="utf-8")
        self.keys = [item.key for item in read(text, "ai-adoption-1.yaml").items(FORM)]
        self.command("organization", "create", SLUG, "--name", "Large", "--owner", "owner@example.org")
        heads = [people // UNITS + (number < people % UNITS) for number in range(UNITS)]
        units = ["unit,parent,headcount", *(f"Unit {number},,{head}" for number, head in enumerate(heads))]
        self.command("units", "import", SLUG, self.file("units.csv", units))
        self.wave = self.command(
            "wave", "open", SLUG, "--questionnaire", "ai-adoption", "--form", FORM, "--name", "First"
        )

    def command(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "webapp", *words],
            env=self.server.environment,
            cwd=ROOT,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        return done.stdout.strip()

    def file(self, name: str, lines: list[str]) -> str:
        path = self.server.data / name
        path.write_text("\n".join(lines), encoding="utf-8")
        return str(path)

    def invite(self) -> None:
        people = [f"Unit {number % UNITS},person{number}@example.org" for number in range(self.people)]
        self.command("invitations", "send", SLUG, self.wave, self.file("people.csv", ["unit,email", *people]))

    def count(self, statement: str) -> int:
        with closing(driver().connect(self.server.data / "groundswell.sqlite")) as connection:
            return int(connection.execute(statement).fetchone()[0] or 0)

    @contextmanager
    def second_worker(self) -> Iterator[None]:
        process = subprocess.Popen(
            [sys.executable, "-m", "webapp", "worker"], env=self.server.environment, cwd=ROOT
        )
        try:
            yield
        finally:
            process.terminate()
            process.wait(30)


class Scanner:
    """Opens each link of each letter the moment it comes: HEAD, and GET twice, without cookies and without a button."""

    def __init__(self, office: PostOffice, port: int, letters: int) -> None:
        self.office, self.port, self.letters = office, port, letters
        self.seen = 0
        self.lock = threading.Lock()
        self.statuses: Counter[int] = Counter()
        self.paths: dict[str, str] = {}

    def work(self) -> None:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)) as connection:
            while (number := self._next()) is not None:
                letter = self.office.letters[number]
                for path in LINK.findall(letter.get_content()):
                    self.paths[str(letter["X-To"])] = path
                    for method in ("HEAD", "GET", "GET"):
                        connection.request(method, path)
                        with connection.getresponse() as reply:
                            reply.read()
                            self.statuses[reply.status] += 1

    def _next(self) -> int | None:
        """The number of a letter that nobody has scanned yet, once it is there; None when all were."""
        with self.lock:
            number, self.seen = self.seen, self.seen + 1
        until = time.monotonic() + PATIENCE
        while len(self.office.letters) <= number:
            if number >= self.letters or time.monotonic() > until:
                return None
            time.sleep(0.005)
        return number

    def run(self) -> None:
        with ThreadPoolExecutor(SCANNERS) as pool:
            for done in [pool.submit(self.work) for _ in range(SCANNERS)]:
                done.result()


def answer(house: House, paths: dict[str, str]) -> tuple[Counter[str], int]:
    """Everybody presses the button and answers, each in a way of their own; what was thanked for, and how often once more."""

    def one(number: int) -> tuple[str, bool]:
        token = paths[f"person{number}@example.org"].rpartition("/")[2]
        digits = "".join(str(1 + number // 5**place % 5) for place in range(6))
        packed = digits + "3" * (len(house.keys) - 6)
        with closing(Respondent(house.server.port)) as browser:
            thanked = browser.answer(token, dict(zip(house.keys, packed, strict=True)))
        if number % AGAIN:
            return packed if thanked else "", False
        with closing(Respondent(house.server.port)) as browser:
            return packed if thanked else "", "Thank you" in browser.get(f"/r/{token}")[1]

    with ThreadPoolExecutor(BROWSERS) as pool:
        found = list(pool.map(one, range(house.people)))
    return Counter(packed for packed, _again in found if packed), sum(again for _packed, again in found)


def play(house: House, office: PostOffice) -> bool:
    """The whole story; prints a line a figure, and says whether all is as it must be."""
    good: list[bool] = []

    def line(what: str, found: object, right: bool = True) -> None:
        good.append(right)
        print(f"{what:46} {found!s:>8}{'' if right else '   WRONG'}", flush=True)  # noqa: T201 - a command's result

    people = house.people
    took = timed(house.invite)
    line("people invited by one list", people)
    line("  seconds", f"{took:.1f}")
    scanner = Scanner(office, house.server.port, people)
    with house.second_worker():
        took = timed(scanner.run)
        time.sleep(3)  # a second letter to somebody would come now
    letters = Counter(office.receivers)
    line("letters, by two workers", len(office.letters))
    line("  seconds, all of them scanned meanwhile", f"{took:.1f}")
    line("  people without a letter", people - len(letters), len(letters) == people)
    line("  people with two", sum(count > 1 for count in letters.values()), letters.total() == len(letters))
    line("links opened by the scanner", scanner.statuses[200], scanner.statuses == {200: 3 * people})
    line("  different ones", len(set(scanner.paths.values())), len(set(scanner.paths.values())) == people)
    spent = house.count("SELECT sum(spent) FROM ballot") + house.count("SELECT count(*) FROM response")
    line("  ballots and answers spent by that", spent, spent == 0)
    started = time.monotonic()
    thanked, thanked_again = answer(house, scanner.paths)
    took = time.monotonic() - started
    line("people who then answered", len(thanked), thanked.total() == people)
    line("  seconds", f"{took:.1f}")
    again = -(-people // AGAIN)
    line("  who opened their link once more: thanked", thanked_again, thanked_again == again)
    stored = house.count("SELECT count(*) FROM response")
    different = house.count("SELECT count(DISTINCT answers) FROM response")
    line("answers stored", stored, stored == people)
    line("  different ones", different, different == len(thanked))
    for what, statement in (
        ("ballots spent", "SELECT sum(spent) FROM ballot"),
        ("seats taken", "SELECT sum(spent) FROM wave_unit"),
    ):
        line(f"  {what}", found := house.count(statement), found == people)
    waiting = house.count("SELECT count(*) FROM outbox")
    line("letters that still wait", waiting, waiting == 0)
    return all(good)


def timed(act: Callable[[], object]) -> float:
    """Seconds that it took."""
    started = time.monotonic()
    act()
    return time.monotonic() - started


def settings_for(office: PostOffice) -> dict[str, str]:
    """Letters go to this office, and as fast as it takes them."""
    return {
        "GROUNDSWELL_SMTP_URL": f"smtp://127.0.0.1:{office.port}",
        "GROUNDSWELL_MAIL_FROM": "Groundswell <groundswell@example.org>",
        "GROUNDSWELL_MAIL_PER_MINUTE": "60000",
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.invitations.large", description=__doc__)
    parser.add_argument("--people", type=int, default=5000, help="how many; 15,625 at most")
    people = parser.parse_args().people
    if not UNITS <= people <= 5**6:
        parser.error(f"from {UNITS} to {5**6} people")
    office = PostOffice()
    office.open()
    try:
        with tempfile.TemporaryDirectory() as data, Server(Path(data), **settings_for(office)) as server:
            return 0 if play(House(server, people), office) else 1
    finally:
        office.close()


if __name__ == "__main__":
    sys.exit(main())
