"""`/respond/` when answers cannot be stored: they stay on the page, and nothing is half done."""

import fcntl
import re
import threading
import time
from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from tests.respond.reading import checked, radios
from webapp import transaction
from webapp.extensions import db
from webapp.respond import commands, queries


@pytest.mark.parametrize("stage", ["closed", "published"])
def test_a_wave_that_closes_while_somebody_answers_leaves_the_answers_on_the_page(
    house: Any, respondent: Callable[[], Any], stage: str
) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    csrf = someone.csrf()
    house.set_wave(wave, status=stage)
    reply = someone.client.post("/respond/", data={"csrf_token": csrf, "P1.T1": "4", "P2.T1": "0"})
    assert reply.status_code == 409
    assert "This wave closed while you were answering" in reply.text
    assert checked(reply.text) == {"P1.T1": "4", "P2.T1": "0"}
    assert house.responses(wave) == []
    with house.app.app_context():
        assert db.session.execute(text("SELECT sum(spent) FROM ballot")).scalar() == 0


@pytest.mark.parametrize(("stage", "words"), [("planned", "not opened yet"), ("closed", "has closed")])
def test_the_sheet_of_a_wave_that_takes_no_answers_is_not_shown(
    house: Any, respondent: Callable[[], Any], stage: str, words: str
) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    house.set_wave(wave, status=stage)
    page = someone.client.get("/respond/").text
    assert words in page
    assert not radios(page)


def test_a_database_held_for_too_long_gives_the_answers_back(
    house: Any, respondent: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transaction, "WAIT_SECONDS", 0.2)
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    csrf = someone.csrf()
    with house.app.extensions["groundswell"].write_lock.open("ab") as held:
        fcntl.flock(held.fileno(), fcntl.LOCK_EX)
        reply = someone.client.post("/respond/", data={"csrf_token": csrf, "P1.T1": "4", "P2.T1": "0"})
    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) > 0
    assert "Not stored yet: please send again in a moment" in reply.text
    assert checked(reply.text) == {"P1.T1": "4", "P2.T1": "0"}
    assert house.responses(wave) == []
    sheet = {"csrf_token": someone.csrf_of(reply.text), **checked(reply.text)}
    assert someone.client.post("/respond/", data=sheet).status_code == 200
    assert len(house.responses(wave)) == 1


def test_a_database_held_for_a_moment_is_waited_for(house: Any, respondent: Callable[[], Any]) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    csrf = someone.csrf()
    held = house.app.extensions["groundswell"].write_lock.open("ab")
    fcntl.flock(held.fileno(), fcntl.LOCK_EX)
    release = threading.Timer(1.5, held.close)
    begun = time.monotonic()
    release.start()
    reply = someone.client.post("/respond/", data={"csrf_token": csrf, "P1.T1": "4"})
    release.join()
    assert reply.status_code == 200
    assert time.monotonic() - begun > 1
    assert len(house.responses(wave)) == 1


def test_a_full_disk_loses_nothing_and_heals_without_a_restart(
    house: Any, respondent: Callable[[], Any]
) -> None:
    wave = house.wave(headcount=400)
    with house.app.app_context():
        pages = db.session.execute(text("PRAGMA page_count")).scalar()
        db.session.execute(text(f"PRAGMA max_page_count={pages}"))
    stored, refused = 0, None
    for serial in range(400):
        someone = respondent().open(house.link(wave, serial))
        reply = someone.send({"P1.T1": "4"})
        if reply.status_code != 200:
            refused = reply
            break
        stored += 1
    assert refused is not None, "the file never became full"
    assert refused.status_code == 503
    assert checked(refused.text) == {"P1.T1": "4"}
    assert len(house.responses(wave)) == stored
    with house.app.app_context():
        db.session.execute(text("PRAGMA max_page_count=1000000"))
    sheet = {"csrf_token": someone.csrf_of(refused.text), **checked(refused.text)}
    assert someone.client.post("/respond/", data=sheet).status_code == 200
    assert len(house.responses(wave)) == stored + 1


def test_when_not_even_the_questions_can_be_read_the_answers_come_back_too(
    house: Any, respondent: Callable[[], Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    csrf = someone.csrf()

    def away(*_arguments: object) -> NoReturn:
        raise OperationalError("SELECT", {}, Exception("unable to open database file"))

    with monkeypatch.context() as broken:
        broken.setattr(queries, "held", away)
        reply = someone.client.post("/respond/", data={"csrf_token": csrf, "P1.T1": "4", "P2.T1": "0"})
        assert someone.client.get("/respond/").status_code == 503
    assert reply.status_code == 503
    assert int(reply.headers["Retry-After"]) > 0
    kept = dict(re.findall(r'<input type="hidden" name="(P[^"]+)" value="([^"]*)">', reply.text))
    assert kept == {"P1.T1": "4", "P2.T1": "0"}
    assert house.responses(wave) == []
    again = someone.client.post("/respond/", data={"csrf_token": someone.csrf_of(reply.text), **kept})
    assert again.status_code == 200
    assert len(house.responses(wave)) == 1


@pytest.mark.parametrize("step", ["_SPEND_BALLOT", "_SPEND_SEAT", "_STORE"])
def test_a_fault_at_any_step_stores_nothing_at_all(
    house: Any, respondent: Callable[[], Any], monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    csrf = someone.csrf()
    before = house.everything()
    with monkeypatch.context() as broken:
        broken.setattr(commands, step, text("INSERT INTO nowhere VALUES (1)"))
        reply = someone.client.post("/respond/", data={"csrf_token": csrf, "P1.T1": "4"})
    assert reply.status_code == 503
    assert house.everything() == before
    assert someone.client.post("/respond/", data={"csrf_token": csrf, "P1.T1": "4"}).status_code == 200


def test_what_somebody_answered_reaches_no_log(
    house: Any,
    respondent: Callable[[], Any],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    sheet_keys: Callable[[str], list[str]],
) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    csrf = someone.csrf()
    sheet = dict(zip(sheet_keys("team-core"), "1234512345123451234", strict=True))
    for fault in ("INSERT INTO nowhere VALUES (1)", "INSERT INTO response (answers) VALUES (:answers)"):
        with monkeypatch.context() as broken:
            broken.setattr(commands, "_STORE", text(fault))
            reply = someone.client.post("/respond/", data={"csrf_token": csrf, **sheet})
        assert reply.status_code == 503
    assert "12345123" not in caplog.text
