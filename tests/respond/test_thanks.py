"""The privacy receipt: shown once in the reply, kept nowhere."""

import re
from collections.abc import Callable
from typing import Any

from webapp.clock import now


def row(html: str) -> str | None:
    found = re.search(r"<code>(.+?)</code>", html)
    return re.sub(r"<[^>]+>", "", found[1]) if found else None


def test_the_receipt_is_the_stored_row_without_its_id(
    house: Any, respondent: Callable[[], Any], sheet_keys: Callable[[str], list[str]]
) -> None:
    wave = house.wave()
    sheet = dict(zip(sheet_keys("team-core"), "5430123450123450123", strict=True))
    page = respondent().open(house.link(wave)).send(sheet).text
    shown = row(page)
    assert shown == "Round 1 | Support North | 54 3? 12 34 5? 123 45 ?1 23"
    [(_position, stored)] = house.responses(wave)
    assert shown.rpartition("| ")[2].replace(" ", "") == stored
    assert "16 answered, 3 “don’t know” or “does not apply”, 0 left open" in page


def test_the_receipt_says_what_is_not_stored(house: Any, respondent: Callable[[], Any]) -> None:
    page = respondent().open(house.link(house.wave())).send({"P1.T1": "3"}).text
    for words in ("When you answered", "Device, browser, address, language", "Which link you used"):
        assert words in page
    assert page.count("Not stored") >= 5
    assert "1 answered, 0 “don’t know” or “does not apply”, 18 left open" in page


def test_nothing_holds_the_receipt_afterwards(house: Any, respondent: Callable[[], Any]) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    csrf = someone.csrf()
    reply = someone.client.post("/respond/", data={"csrf_token": csrf, "P1.T1": "3"})
    assert row(reply.text)
    assert not reply.headers.getlist("Set-Cookie")
    assert reply.headers["Cache-Control"] == "no-store"
    later = someone.client.get("/respond/thanks")
    assert later.status_code == 200
    assert row(later.text) is None
    assert "The row itself was shown once" in later.text


def test_a_reload_sends_again_and_is_thanked_without_the_row(
    house: Any, respondent: Callable[[], Any]
) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    sheet = {"csrf_token": someone.csrf(), "P1.T1": "3"}
    someone.client.post("/respond/", data=sheet)
    reply = someone.client.post("/respond/", data=sheet, follow_redirects=True)
    assert reply.status_code == 200
    assert "Thank you" in reply.text
    assert row(reply.text) is None
    assert len(house.responses(wave)) == 1


def test_going_back_to_the_sheet_leads_to_the_thanks(house: Any, respondent: Callable[[], Any]) -> None:
    someone = respondent().open(house.link(house.wave()))
    someone.send({"P1.T1": "3"})
    assert someone.client.get("/respond/").location == "/respond/thanks"


def test_the_draft_of_what_was_sent_is_forgotten(house: Any, respondent: Callable[[], Any]) -> None:
    someone = respondent().open(house.link(house.wave()))
    draft = re.search(r'data-draft="([0-9a-f]+)"', someone.client.get("/respond/").text)[1]
    assert f'data-forget-draft="{draft}"' in someone.send({"P1.T1": "3"}).text
    assert f'data-forget-draft="{draft}"' in someone.client.get("/respond/thanks").text


def test_the_next_person_on_a_shared_device_sees_nothing_of_the_one_before(
    house: Any, respondent: Callable[[], Any]
) -> None:
    wave = house.wave()
    token = house.link(wave, "open")
    someone = respondent().open(token)
    someone.send({"P1.T1": "3"})
    page = someone.open(token).client.get("/respond/").text
    assert " checked>" not in page
    assert someone.send({"P1.T1": "5"}).status_code == 200
    assert [answers[0] for _position, answers in house.responses(wave)] == ["3", "5"]


def test_thanks_come_after_the_answers(house: Any, respondent: Callable[[], Any]) -> None:
    someone = respondent().open(house.link(house.wave()))
    reply = someone.client.get("/respond/thanks")
    assert (reply.status_code, reply.location) == (303, "/respond/")
    assert respondent().client.get("/respond/thanks").status_code == 404


def test_thanks_know_how_far_the_wave_is(house: Any, respondent: Callable[[], Any]) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    assert "Until the wave closes nobody sees a result" in someone.send({"P1.T1": "3"}).text
    house.set_wave(wave, status="closed")
    assert "The wave has closed" in someone.client.get("/respond/thanks").text
    house.set_wave(wave, status="published", published_at=now())
    assert someone.client.get("/respond/").location == "/respond/results"
