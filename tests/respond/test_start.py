"""`/r/<token>`: a GET changes nothing, the button hands the ballot over as a cookie."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from config import Settings
from webapp.clock import now

STAGES = ("planned", "open", "closed", "published")


def set_stage(house: Any, wave: int, stage: str) -> None:
    house.set_wave(wave, status=stage, published_at=now() if stage == "published" else None)


def test_the_page_says_who_asks_why_and_what_is_kept(house: Any, respondent: Callable[[], Any]) -> None:
    wave = house.wave(closes_on=date(2026, 11, 27))
    page = respondent().client.get(f"/r/{house.link(wave)}").text
    for words in (
        "Five minutes about AI in Support North",
        "Kestrel Freight",
        "the same 19 questions",
        "fewer than 5 people",
        "Friday 27 November",
        "What we cannot rule out",
        "What we mean by AI",
        "Seven AI basics",
        "Opening this page has stored nothing.",
        "It works once.",
    ):
        assert words in page


def test_the_choice_of_a_language_leads_back_by_the_own_link_and_by_nobody_elses(
    house: Any, respondent: Callable[[], Any]
) -> None:
    wave = house.wave()
    first, second = house.link(wave, 0), house.link(wave, 1)
    assert f'name="here" value="/r/{first}"' in respondent().client.get(f"/r/{first}").text
    page = respondent().client.get(f"/r/{second}").text
    assert f'name="here" value="/r/{second}"' in page
    assert first not in page
    reader = respondent().client
    reply = reader.post("/language", data={"language": "de", "here": f"/r/{second}"})
    assert reply.location == f"/r/{second}"
    german = reader.get(reply.location).text
    assert '<html lang="de">' in german
    assert "Fünf Minuten über KI in" in german


def test_an_open_link_is_called_one(house: Any, respondent: Callable[[], Any]) -> None:
    page = respondent().client.get(f"/r/{house.link(house.wave(), 'open')}").text
    assert "It is an open link" in page
    assert "It works once" not in page


@pytest.mark.parametrize(
    ("form", "words"),
    [("team-core", "Five minutes"), ("team", "About ten minutes"), ("pulse", "Two minutes")],
)
def test_the_minutes_follow_the_number_of_questions(
    house: Any, respondent: Callable[[], Any], form: str, words: str
) -> None:
    assert words in respondent().client.get(f"/r/{house.link(house.wave(form=form))}").text


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_changes_no_table_whatever_the_wave(
    house: Any, respondent: Callable[[], Any], stage: str, method: str
) -> None:
    wave = house.wave()
    set_stage(house, wave, stage)
    before = house.everything()
    someone = respondent()
    for serial in (0, "open"):
        reply = someone.client.open(f"/r/{house.link(wave, serial)}", method=method)
        assert reply.status_code == 200
        assert "ballot" not in reply.headers.get("Set-Cookie", "")
    assert house.everything() == before


def test_a_scanner_that_opens_the_link_first_does_not_spend_it(
    house: Any, respondent: Callable[[], Any]
) -> None:
    wave = house.wave()
    for _ in range(5):
        respondent().client.get(f"/r/{house.link(wave)}")
    assert respondent().open(house.link(wave)).send({"P1.T1": "4"}).status_code == 200
    assert len(house.responses(wave)) == 1


def test_the_button_gives_the_ballot_as_a_cookie_and_writes_nothing(
    house: Any, respondent: Callable[[], Any]
) -> None:
    token = house.link(house.wave())
    someone = respondent()
    csrf = someone.csrf_of(someone.client.get(f"/r/{token}").text)
    before = house.everything()
    reply = someone.client.post(f"/r/{token}", data={"csrf_token": csrf})
    assert (reply.status_code, reply.location) == (303, "/respond/")
    cookie = next(line for line in reply.headers.getlist("Set-Cookie") if line.startswith("ballot="))
    name, *flags = cookie.split("; ")
    assert name == f"ballot={token}"
    assert {"HttpOnly", "SameSite=Strict", "Path=/respond", "Max-Age=86400"} <= set(flags)
    assert "Secure" not in flags
    assert house.everything() == before


def test_over_https_the_cookie_is_secure(settings: Settings, build: Callable[[Settings], Any]) -> None:
    house = build(replace(settings, url="https://groundswell.example.org"))
    token = house.link(house.wave())
    client = house.app.test_client()
    where = {"base_url": "https://groundswell.example.org"}
    page = client.get(f"/r/{token}", **where).text
    csrf = page.split('name="csrf_token"')[1].split('value="')[1].partition('"')[0]
    reply = client.post(f"/r/{token}", data={"csrf_token": csrf}, **where)
    cookie = next(line for line in reply.headers.getlist("Set-Cookie") if "ballot" in line)
    assert cookie.startswith("__Secure-ballot=")
    assert "; Secure" in cookie
    assert "Support North" in client.get("/respond/", **where).text


def test_two_openings_of_an_open_link_are_two_people(house: Any, respondent: Callable[[], Any]) -> None:
    token = house.link(house.wave(), "open")
    cookies = [respondent().open(token).client.get_cookie("ballot", path="/respond").value for _ in range(2)]
    assert cookies[0] != cookies[1]
    assert all(cookie.startswith(f"{token}.") for cookie in cookies)


def test_without_the_csrf_token_the_button_is_offered_again(
    house: Any, respondent: Callable[[], Any]
) -> None:
    token = house.link(house.wave())
    reply = respondent().client.post(f"/r/{token}")
    assert reply.status_code == 400
    assert "Please press Start once more" in reply.text
    assert "ballot" not in reply.headers.get("Set-Cookie", "")


@pytest.mark.parametrize(
    "token",
    [
        "nonsense",
        "A" * 32,
        "a" * 1500,
        "x%00y" * 8,
        "%ff%fe" * 12,
        "' OR 1=1 --' OR 1=1 --' OR 1=1 --",
        "%F0%9F%8C%8A" * 10,
    ],
)
def test_an_unknown_link_is_told_so_kindly(house: Any, respondent: Callable[[], Any], token: str) -> None:
    house.wave()
    reply = respondent().client.get(f"/r/{token}")
    assert reply.status_code == 404
    assert "This link does not lead anywhere" in reply.text
    assert token not in reply.text


def test_a_link_ends_thirty_days_after_publication(house: Any, respondent: Callable[[], Any]) -> None:
    wave = house.wave()
    house.set_wave(wave, status="published", published_at=now() - timedelta(days=29, hours=23))
    client = respondent().client
    assert "The results are published" in client.get(f"/r/{house.link(wave)}").text
    house.set_wave(wave, published_at=now() - timedelta(days=30, minutes=1))
    assert client.get(f"/r/{house.link(wave)}").status_code == 404
    assert client.post(f"/r/{house.link(wave)}").status_code == 404


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("planned", "This wave has not opened yet"),
        ("closed", "This wave has closed"),
        ("published", "The results are published"),
    ],
)
def test_a_wave_that_takes_no_answers_says_so(
    house: Any, respondent: Callable[[], Any], stage: str, words: str
) -> None:
    wave = house.wave()
    set_stage(house, wave, stage)
    client = respondent().client
    page = client.get(f"/r/{house.link(wave)}")
    assert page.status_code == 200
    assert words in page.text
    assert ">Start<" not in page.text
    if stage != "published":
        reply = client.post(f"/r/{house.link(wave)}")
        assert reply.status_code == 200
        assert words in reply.text
        assert client.get_cookie("ballot", path="/respond") is None


def test_a_spent_link_says_thank_you(house: Any, respondent: Callable[[], Any]) -> None:
    wave = house.wave()
    respondent().open(house.link(wave)).send({"P1.T1": "2"})
    for method in ("GET", "POST"):
        reply = respondent().client.open(f"/r/{house.link(wave)}", method=method)
        assert reply.status_code == 200
        assert "Thank you. Your answers are stored." in reply.text


def test_unknown_links_are_limited_and_a_valid_one_never_is(house: Any) -> None:
    token = house.link(house.wave())
    client = house.app.test_client()
    codes = [client.get(f"/r/{'z' * 31}{number % 10}").status_code for number in range(40)]
    assert codes == [404] * 30 + [429] * 10
    for _ in range(40):
        assert client.get(f"/r/{token}").status_code == 200
    other = {"environ_base": {"REMOTE_ADDR": "192.0.2.7"}}
    assert client.get(f"/r/{'z' * 32}", **other).status_code == 404


def test_guessing_by_cookie_is_limited_too(house: Any) -> None:
    client = house.app.test_client()
    codes = []
    for number in range(35):
        client.set_cookie("ballot", f"{'y' * 30}{number:02}", path="/respond")
        codes.append(client.get("/respond/").status_code)
    assert codes == [404] * 30 + [429] * 5


def test_coming_without_a_link_is_no_guess(house: Any) -> None:
    client = house.app.test_client()
    pages = [client.get("/respond/") for _ in range(35)]
    assert {page.status_code for page in pages} == {404}
    assert "Please open your link again" in pages[-1].text


def test_the_counter_of_failures_does_not_hold_the_address(house: Any) -> None:
    house.app.test_client().get(f"/r/{'z' * 32}", environ_base={"REMOTE_ADDR": "192.0.2.99"})
    kept = str(house.app.extensions["limiter"]) + str(
        [vars(part.storage) for part in house.app.extensions["limiter"] if part.storage]
    )
    assert "LIMITER" in kept
    assert "192.0.2.99" not in kept


def test_no_token_reaches_a_log(
    house: Any, respondent: Callable[[], Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    wave = house.wave()
    token = house.link(wave)
    someone = respondent().open(token)
    someone.send({"P1.T1": "9"})
    someone.send({"P1.T1": "3"})
    someone.client.get(f"/r/{token}")
    respondent().client.get(f"/r/{token[:-1]}_")
    assert token not in caplog.text
    assert token[:12] not in caplog.text


def test_pages_of_respondents_are_not_indexed_or_cached(house: Any, respondent: Callable[[], Any]) -> None:
    reply = respondent().client.get(f"/r/{house.link(house.wave())}")
    assert reply.headers["X-Robots-Tag"] == "noindex"
    assert reply.headers["Cache-Control"] == "no-store"
    assert "ETag" not in reply.headers


def test_the_token_is_in_no_page_but_never_needed(house: Any, respondent: Callable[[], Any]) -> None:
    """Neither the page behind the button nor the receipt holds the link."""
    token = house.link(house.wave())
    someone = respondent().open(token)
    assert token not in someone.client.get("/respond/").text
    assert token not in someone.send({"P1.T1": "3"}).text
    assert token not in someone.client.get("/respond/thanks").text
