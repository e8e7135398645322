"""`/respond/` and what is no answer: refused, with the other answers kept."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.respond.reading import checked

BAD = {
    "a sixth level": {"P1.T1": "6"},
    "a level below": {"P1.T1": "-1"},
    "no number": {"P1.T1": "five"},
    "a number with a space": {"P1.T1": " 4"},
    "another script's digit": {"P1.T1": "٤"},
    "a long value": {"P1.T1": "4" * 5000},
    "a NUL": {"P1.T1": "4\x00"},
    "an unknown question": {"P99.T1": "4"},
    "a question of another form": {"PU1": "4"},
    "a question of the leaders": {"P1.L3": "4"},
    "two answers": {"P1.T1": ["4", "5"]},
    "a NUL in a name": {"P1\x00T1": "4"},
    "markup": {'"><script>alert(1)</script>': "4", "P1.T1": "<b>"},
    "two at once": {"P1.T1": "6", "P1.T3": "7"},
}


@pytest.mark.parametrize("sent", BAD.values(), ids=BAD.keys())
def test_what_is_no_answer_is_refused_with_the_other_answers_kept(
    house: Any, respondent: Callable[[], Any], sent: dict[str, Any]
) -> None:
    wave = house.wave()
    reply = respondent().open(house.link(wave)).send({**sent, "P2.T1": "2", "P3.T1": "0"})
    assert reply.status_code == 400
    assert "Nothing was stored" in reply.text
    assert 'role="alert"' in reply.text
    assert checked(reply.text) == {"P2.T1": "2", "P3.T1": "0"}
    assert "<script>alert" not in reply.text
    assert "\x00" not in reply.text
    assert house.responses(wave) == []


def test_the_summary_links_to_the_question_and_repeats_it(house: Any, respondent: Callable[[], Any]) -> None:
    reply = respondent().open(house.link(house.wave())).send({"P1.T1": "6"})
    summary = reply.text.split('role="alert"')[1].split("</ul>")[0]
    assert '<a href="#P1.T1">' in summary
    assert 'id="P1.T1"' in reply.text
    assert "Choose one of the five answers" in summary


def test_a_flood_of_fields_gets_one_sentence(house: Any, respondent: Callable[[], Any]) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    reply = someone.send({f"x{number}": "1" for number in range(10_000)} | {"P1.T1": "2"})
    assert reply.status_code == 400
    assert len(reply.text) < 100_000
    few = someone.send({f"x{number}": "1" for number in range(300)})
    assert few.status_code == 400
    assert few.text.count("This form does not ask") <= 20
    assert house.responses(wave) == []


def test_a_megabyte_is_too_much(house: Any, respondent: Callable[[], Any]) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    csrf = someone.csrf()
    reply = someone.client.post("/respond/", data={"csrf_token": csrf, "P1.T1": "4" * 1_000_000})
    assert reply.status_code == 413
    assert house.responses(wave) == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xff\xfe\x00P1.T1=4", "application/x-www-form-urlencoded"),
        (b"P1.T1=%C3%28&csrf_token=%FF", "application/x-www-form-urlencoded"),
        ("P1.T1=4".encode("utf-16"), "application/x-www-form-urlencoded; charset=utf-16"),
        (json.dumps({"P1.T1": "4"}).encode(), "application/json"),
        (b"[" * 50_000, "application/json"),
        (b'--x\r\nContent-Disposition: form-data; name="P1.T1"\r\n\r\n4', "multipart/form-data; boundary=x"),
        (b"P1.T1=4", "multipart/form-data"),
        (b"", ""),
    ],
)
def test_a_body_that_is_no_form_stores_nothing(
    house: Any, respondent: Callable[[], Any], body: bytes, kind: str
) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    reply = someone.client.post("/respond/", data=body, content_type=kind)
    assert reply.status_code == 400
    assert house.responses(wave) == []


def test_a_file_is_no_answer(house: Any, respondent: Callable[[], Any], tmp_path: Path) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    file = tmp_path / "4.txt"
    file.write_text("4")
    with file.open("rb") as opened:
        reply = someone.client.post("/respond/", data={"csrf_token": someone.csrf(), "P1.T1": opened})
    assert reply.status_code == 400
    assert house.responses(wave) == []


@pytest.mark.parametrize("csrf", [None, "", "wrong", "\x00"])
def test_without_the_csrf_token_nothing_is_stored_and_the_answers_stay(
    house: Any, respondent: Callable[[], Any], csrf: str | None
) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    someone.csrf()
    sheet = {"P1.T1": "4"} | ({} if csrf is None else {"csrf_token": csrf})
    reply = someone.client.post("/respond/", data=sheet)
    assert reply.status_code == 400
    assert "open for too long" in reply.text
    assert checked(reply.text) == {"P1.T1": "4"}
    assert house.responses(wave) == []
    again = someone.client.post(
        "/respond/", data={"csrf_token": someone.csrf_of(reply.text), **checked(reply.text)}
    )
    assert again.status_code == 200
    assert len(house.responses(wave)) == 1


def test_a_post_from_another_site_is_refused(house: Any, respondent: Callable[[], Any]) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://elsewhere.example"}):
        reply = someone.send({"P1.T1": "4"}, headers=headers)
        assert reply.status_code == 403
    assert house.responses(wave) == []


def test_the_cookie_of_an_open_link_needs_its_nonce(house: Any, respondent: Callable[[], Any]) -> None:
    token = house.link(house.wave(), "open")
    client = respondent().client
    for cookie in (token, f"{token}.", f"{token}.short", f"{token}.{'n' * 25}", f"{token}.{'n' * 23}é"):
        client.set_cookie("ballot", cookie, path="/respond")
        assert client.get("/respond/").status_code == 404


def test_a_ballot_answers_for_its_own_unit_only(house: Any, respondent: Callable[[], Any]) -> None:
    """Nothing that a browser sends names a unit or a wave: both come from the ballot."""
    wave, other = house.wave(), house.wave()
    someone = respondent().open(house.link(wave))
    reply = someone.send({"P1.T1": "4", "wave_id": str(other), "position": "2"})
    assert reply.status_code == 400
    someone.send({"P1.T1": "4"})
    assert [position for position, _answers in house.responses(wave)] == [1]
    assert house.responses(other) == []
