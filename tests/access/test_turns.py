"""One person's documents are made one after another, and hold up nobody else."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, g
from werkzeug.exceptions import TooManyRequests

from webapp.access import one_at_a_time, turns


class Maker:
    """A view that takes until it is told to end; counts how many are made at once, by account."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.ends = threading.Event()
        self.begun: list[int] = []
        self.view = one_at_a_time(self._make)

    def _make(self) -> str:
        self.begun.append(g.account.id)
        assert self.ends.wait(10)
        if g.account.id == 13:
            raise RuntimeError("it failed")
        return "made"

    def ask(self, account: int) -> Any:
        with self.app.test_request_context():
            g.account = SimpleNamespace(id=account)
            try:
                return self.view()
            except (TooManyRequests, RuntimeError) as error:
                return error


@pytest.fixture
def maker(app: Flask) -> Maker:
    return Maker(app)


def until(so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not so():
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_a_second_click_waits_a_crowd_is_refused_and_others_go_on(maker: Maker) -> None:
    with ThreadPoolExecutor(6) as pool:
        first, second = pool.submit(maker.ask, 1), pool.submit(maker.ask, 1)
        until(lambda: turns._asked[1] == 2)
        refused = maker.ask(1)
        assert isinstance(refused, TooManyRequests)
        assert refused.retry_after == turns.AGAIN
        other = pool.submit(maker.ask, 2)
        until(lambda: len(maker.begun) == 2)
        assert sorted(maker.begun) == [1, 2], "the second of the first one waits"
        maker.ends.set()
        assert [done.result(10) for done in (first, second, other)] == ["made"] * 3
    assert maker.begun.count(1) == 2
    assert not turns._asked
    assert not turns._busy


def test_one_that_fails_frees_the_turn(maker: Maker) -> None:
    maker.ends.set()
    for _twice in range(2):
        assert isinstance(maker.ask(13), RuntimeError)
    assert not turns._busy


def test_whoever_waited_for_long_is_told(maker: Maker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(maker.ask, 1)
        until(lambda: bool(maker.begun))
        assert isinstance(maker.ask(1), TooManyRequests)
        assert turns._asked[1] == 1
        maker.ends.set()
        assert first.result(10) == "made"


def test_all_that_costs_much_is_made_one_at_a_time(app: Flask) -> None:
    """Whoever adds a spreadsheet or a document that is typeset puts it in line."""
    costly = {
        rule.endpoint: app.view_functions[rule.endpoint]
        for rule in app.url_map.iter_rules()
        if rule.rule.endswith((".pdf", ".xlsx"))
    }
    assert len(costly) >= 4
    for endpoint, view in costly.items():
        assert view.__code__ is one_at_a_time(lambda: "").__code__, endpoint  # type: ignore[attr-defined]
