"""What was acknowledged is stored, once, whatever happens to the server: proved from outside, over HTTP."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from tests.fixtures.servers import Respondent, Server
from tests.waves.conftest import Acme, at_once, organizations
from webapp import questionnaires
from webapp.extensions import db
from webapp.waves import ballots

PEOPLE, CLIENTS, ROUNDS = 1500, 8, 2
UNITS = f"unit,parent,headcount\nPlatform,,{PEOPLE}\nSales,,1\n"


@pytest.fixture
def acme(app: Flask) -> Acme:
    found = Acme(app, organizations.create(app))
    found.import_units(UNITS)
    return found


@pytest.fixture
def wave(acme: Acme) -> int:
    return organizations.open_one(acme.app, acme.organization).id


@pytest.fixture
def keys(acme: Acme) -> list[str]:
    with acme.inside():
        asked = questionnaires.available().find("ai-adoption").questionnaire
        return [item.key for item in asked.items("team-core")]


@pytest.fixture
def server(acme: Acme, wave: int, settings: Settings) -> Iterator[Server]:
    assert wave
    (Path(settings.data) / "ballot.key").write_bytes(settings.ballot_key)
    with acme.inside():
        db.engine.dispose()
    with Server(settings.data) as running:
        yield running


def sheet(keys: list[str], number: int) -> dict[str, str]:
    """Answers that tell which ballot they were sent with: the test's ledger, which the application has not."""
    digits = [str(1 + number // 5**place % 5) for place in range(6)]
    return dict(zip(keys, [*digits, *"3" * (len(keys) - 6)], strict=True))


def links(acme: Acme, wave: int, unit: str) -> list[str]:
    return [link.rpartition("/")[2] for name, link in acme.call(ballots.issue, wave) if name == unit]


class Crowd:
    """Clients who answer one ballot after another until the server goes away, and write down every thanks."""

    def __init__(self, port: int, tokens: list[str], keys: list[str]) -> None:
        self.port, self.tokens, self.keys = port, tokens, keys
        self.waiting = list(range(len(tokens)))[::-1]
        self.acknowledged: set[int] = set()
        self.unsure: set[int] = set()
        self.refused: list[int] = []

    def work(self) -> None:
        with closing(Respondent(self.port)) as browser:
            while self.waiting:
                number = self.waiting.pop()
                try:
                    thanked = browser.answer(self.tokens[number], sheet(self.keys, number))
                except OSError:
                    self.unsure.add(number)
                    return
                (self.acknowledged.add if thanked else self.refused.append)(number)

    def run(self) -> list[threading.Thread]:
        threads = [threading.Thread(target=self.work) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        return threads


def stored(acme: Acme) -> Counter[str]:
    return Counter(answers for (answers,) in acme.rows("SELECT answers FROM response"))


def test_after_kill_9_everything_acknowledged_is_there_once(
    acme: Acme, wave: int, keys: list[str], server: Server
) -> None:
    tokens = links(acme, wave, "Platform")
    crowd = Crowd(server.port, tokens, keys)
    packed = ["".join(sheet(keys, number).values()) for number in range(len(tokens))]
    for _round in range(ROUNDS):
        before = len(crowd.acknowledged)
        threads = crowd.run()
        deadline = time.monotonic() + 5
        while len(crowd.acknowledged) < before + 60 and time.monotonic() < deadline:
            time.sleep(0.01)
        server.kill()
        for thread in threads:
            thread.join(10)
        assert len(crowd.acknowledged) >= before + 20
        server.start()
        kept = stored(acme)
        assert set(kept.values()) == {1}
        assert {packed[number] for number in crowd.acknowledged} <= set(kept)
        assert set(kept) <= {packed[number] for number in crowd.acknowledged | crowd.unsure}
        assert consistent(acme) == len(kept)
    assert not crowd.refused
    assert crowd.unsure
    with closing(Respondent(server.port)) as browser:
        for number in sorted(crowd.unsure):  # whoever saw no thanks sends again
            status, text = browser.get(f"/r/{tokens[number]}")
            assert status == 200
            if packed[number] in kept:
                assert "Thank you" in text
            else:
                assert browser.answer(tokens[number], sheet(keys, number))
    after = stored(acme)
    assert set(after) == {packed[number] for number in crowd.acknowledged | crowd.unsure}
    assert consistent(acme) == len(after) == sum(after.values())


def consistent(acme: Acme) -> int:
    """Spent ballots, spent seats and responses are one and the same number; gives it."""
    (spent,) = acme.rows("SELECT count(*) FROM ballot WHERE spent")[0]
    (seats,) = acme.rows("SELECT sum(spent) FROM wave_unit")[0]
    assert spent == seats == acme.count("response")
    assert acme.rows("PRAGMA integrity_check") == [("ok",)]
    return int(spent)


def test_fifty_who_send_one_ballot_at_once_are_thanked_and_counted_once(
    acme: Acme, wave: int, keys: list[str], server: Server
) -> None:
    (token,) = links(acme, wave, "Sales")
    with ExitStack() as stack:
        browsers = [stack.enter_context(closing(Respondent(server.port))) for _ in range(50)]
        at_once(*[lambda browser=browser: browser.open(token) for browser in browsers])
        replies = at_once(
            *[
                lambda browser=browser, number=number: browser.post("/respond/", sheet(keys, number))
                for number, browser in enumerate(browsers)
            ]
        )
    assert all(isinstance(reply, tuple) for reply in replies), replies
    assert {status for status, _text in replies} <= {200, 303}
    assert sum("Thank you" in text for status, text in replies if status == 200) >= 1
    assert stored(acme).total() == 1
    assert consistent(acme) == 1
