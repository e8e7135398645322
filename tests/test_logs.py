"""What is written down of a request: fields that are listed, and nothing that somebody typed."""

import io
import json
import logging
from collections.abc import Iterator

import pytest
from flask import Flask

from tests.fixtures.pages import CheckingClient
from webapp import access, logs

CANARY = "canary-7f3a"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """What the root logger writes while a test runs."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(logs.Lines())
    root = logging.getLogger()
    root.addHandler(handler)
    yield text
    root.removeHandler(handler)


def lines(text: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.getvalue().splitlines()]


def test_an_error_names_its_kind_and_its_places_and_not_its_message(app: Flask, written: io.StringIO) -> None:
    @access.anyone
    def broken(word: str) -> str:
        local = f"{word} {CANARY}"
        raise ValueError(local)

    app.add_url_rule("/broken/<word>", "broken", broken)
    client: CheckingClient = app.test_client()  # type: ignore[assignment]
    client.allow_failures = True
    client.set_cookie("sid", CANARY)
    reply = client.get(f"/broken/{CANARY}?email={CANARY}@example.org", headers={"User-Agent": CANARY})
    assert reply.status_code == 500
    [line] = lines(written)
    assert line["error"] == "ValueError"
    assert line["route"] == "/broken/<word>"
    assert str(line["event"]).removeprefix("incident ") in reply.text
    assert any("test_logs.py" in place and "broken" in place for place in line["at"])  # type: ignore[attr-defined]
    assert CANARY not in written.getvalue()


@pytest.mark.parametrize(
    "message",
    [
        f"Invalid request from ip=10.1.2.3: Invalid HTTP Version: {CANARY}",
        f"could not deliver to '{CANARY}'",
        f'the header "{CANARY}" is wrong',
        f"550 {CANARY}@example.org is unknown",
        "peer 192.168.4.7 went away",
        "peer 2001:db8::7 went away",
        f"first line\n{CANARY}",
        "link c2VjcmV0LXNlY3JldC1zZWNyZXQ opened",
    ],
)
def test_messages_of_other_programs_lose_what_they_quote(written: io.StringIO, message: str) -> None:
    logging.getLogger("somebody.else").warning("%s", message)
    for part in (CANARY, "10.1.2.3", "192.168", "2001:db8", "c2VjcmV0"):
        assert part not in written.getvalue()
    assert lines(written)[0]["from"] == "somebody.else"


def test_a_line_stays_one_line_whatever_is_in_it(written: io.StringIO) -> None:
    logging.getLogger("groundswell").warning("two\nlines and a \x1b[31m colour")
    assert len(written.getvalue().splitlines()) == 1
    assert "\x1b" not in written.getvalue()
