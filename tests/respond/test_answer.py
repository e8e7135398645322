"""`/respond/`: the sheet, storing it once, and saying no kindly with the answers kept."""

import fcntl
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier
from typing import Any, NoReturn

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from webapp import transaction
from webapp.extensions import db
from webapp.respond import commands, queries


def radios(html: str) -> list[tuple[str, str, str]]:
    return re.findall(r'<input type="radio" name="([^"]+)" value="(\d)"( checked)?>', html)


def checked(html: str) -> dict[str, str]:
    return {name: value for name, value, on in radios(html) if on}


@pytest.mark.parametrize("form", ["team-core", "team", "pulse"])
def test_the_sheet_is_one_page_with_every_question_of_the_form(
    house: Any, respondent: Callable[[], Any], sheet_keys: Callable[[str], list[str]], form: str
) -> None:
    page = respondent().open(house.link(house.wave(form=form))).client.get("/respond/").text
    assert list(dict.fromkeys(name for name, _value, _on in radios(page))) == sheet_keys(form)
    assert {value for _name, value, _on in radios(page)} == set("012345")
    assert len(radios(page)) == 6 * len(sheet_keys(form))
    assert page.count("<h1") == 1
    assert page.count("<form") == 1
    assert not checked(page)


def test_the_sheet_drawn_once_is_the_sheet_drawn_each_time(house: Any, respondent: Callable[[], Any]) -> None:
    someone = respondent().open(house.link(house.wave()))
    first, second = (someone.client.get("/respond/").text for _ in range(2))
    mask = re.compile(r'name="csrf_token" type="hidden" value="[^"]+"')
    assert mask.sub("", first) == mask.sub("", second)


def test_two_questionnaires_are_not_mixed_up(house: Any, respondent: Callable[[], Any]) -> None:
    pages = [
        respondent().open(house.link(house.wave(form=form))).client.get("/respond/").text
        for form in ("team-core", "pulse", "team-core")
    ]
    assert radios(pages[0]) == radios(pages[2]) != radios(pages[1])


def test_a_single_link_keeps_a_draft_under_a_name_that_tells_nothing(
    house: Any, respondent: Callable[[], Any]
) -> None:
    wave = house.wave()
    names = []
    for serial in range(2):
        token = house.link(wave, serial)
        page = respondent().open(token).client.get("/respond/").text
        names.append(re.search(r'data-draft="([0-9a-f]{16})"', page)[1])
        assert "Forget my answers on this device" in page
    assert names[0] != names[1]


def test_an_open_link_keeps_no_draft(house: Any, respondent: Callable[[], Any]) -> None:
    page = respondent().open(house.link(house.wave(), "open")).client.get("/respond/").text
    assert "data-draft" not in page
    assert "Forget" not in page


def test_answers_are_stored_as_one_small_value(
    house: Any, respondent: Callable[[], Any], sheet_keys: Callable[[str], list[str]]
) -> None:
    wave = house.wave()
    keys = sheet_keys("team-core")
    reply = (
        respondent().open(house.link(wave)).send({keys[0]: "5", keys[1]: "0", keys[3]: "1", keys[-1]: "3"})
    )
    assert reply.status_code == 200
    assert house.responses(wave) == [(1, "5?-1" + "-" * (len(keys) - 5) + "3")]


def test_storing_spends_the_ballot_and_a_seat_and_leaves_no_other_trace(
    house: Any, respondent: Callable[[], Any]
) -> None:
    wave = house.wave()
    before = house.everything()
    respondent().open(house.link(wave)).send({"P1.T1": "3"})
    after = house.everything()
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"ballot", "wave_unit", "response"}
    with house.app.app_context():
        assert db.session.execute(text("SELECT sum(spent) FROM ballot")).scalar() == 1
        assert db.session.execute(text("SELECT sum(spent) FROM wave_unit")).scalar() == 1
        columns = db.session.execute(text("SELECT * FROM response")).keys()
    assert set(columns) == {"wave_id", "id", "organization_id", "position", "answers"}


def test_the_id_of_a_response_is_random(house: Any, respondent: Callable[[], Any]) -> None:
    wave = house.wave()
    for serial in range(3):
        respondent().open(house.link(wave, serial)).send({"P1.T1": "3"})
    with house.app.app_context():
        ids = [row[0] for row in db.session.execute(text("SELECT id FROM response"))]
    assert len({*ids}) == 3
    assert {len(one) for one in ids} == {16}


@pytest.mark.parametrize("serial", [0, "open"])
def test_a_second_click_gets_the_same_thank_you_and_stores_nothing_more(
    house: Any, respondent: Callable[[], Any], serial: int | str
) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave, serial))
    csrf = someone.csrf()
    sheet = {"csrf_token": csrf, "P1.T1": "4"}
    replies = [someone.client.post("/respond/", data=sheet) for _ in range(3)]
    assert [reply.status_code for reply in replies] == [200, 303, 303]
    assert {reply.location for reply in replies[1:]} == {"/respond/thanks"}
    thanked = someone.client.get("/respond/thanks").text
    for page in (replies[0].text, thanked):
        assert "Thank you. Your answers are stored." in page
    assert len(house.responses(wave)) == 1


def test_a_replay_from_another_browser_stores_nothing_more(house: Any, respondent: Callable[[], Any]) -> None:
    wave = house.wave()
    first, second = (respondent().open(house.link(wave)) for _ in range(2))
    csrf = second.csrf()
    first.send({"P1.T1": "1"})
    reply = second.client.post("/respond/", data={"csrf_token": csrf, "P1.T1": "5"}, follow_redirects=True)
    assert "Thank you" in reply.text
    assert house.responses(wave)[0][1].startswith("1")
    assert len(house.responses(wave)) == 1


def test_a_replay_after_the_wave_has_closed_is_thanked_too(house: Any, respondent: Callable[[], Any]) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    csrf = someone.csrf()
    someone.send({"P1.T1": "4"})
    house.set_wave(wave, status="closed")
    reply = someone.client.post("/respond/", data={"csrf_token": csrf, "P1.T1": "4"}, follow_redirects=True)
    assert "Thank you" in reply.text
    assert len(house.responses(wave)) == 1


def at_once(someone: Any, number: int, sheet: dict[str, str]) -> list[Any]:
    """Send the same sheet from that many connections at the same moment."""
    cookies = {
        name: someone.client.get_cookie(name, path=path).value
        for name, path in (("ballot", "/respond"), ("session", "/"))
    }
    barrier = Barrier(number)

    def send(_number: int) -> Any:
        client = someone.client.application.test_client()
        for name, value in cookies.items():
            client.set_cookie(name, value, path="/")
        barrier.wait()
        return client.post("/respond/", data=sheet, follow_redirects=True)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(send, range(number)))


@pytest.mark.parametrize("serial", [0, "open"])
def test_fifty_at_once_are_one_response_and_no_error(
    house: Any, respondent: Callable[[], Any], serial: int | str
) -> None:
    wave = house.wave(headcount=60)
    someone = respondent().open(house.link(wave, serial))
    replies = at_once(someone, 50, {"csrf_token": someone.csrf(), "P1.T1": "4"})
    assert {reply.status_code for reply in replies} == {200}
    assert all("Thank you. Your answers are stored." in reply.text for reply in replies)
    assert len(house.responses(wave)) == 1
    assert sum("This is the whole row that we stored" in reply.text for reply in replies) == 1


def test_an_open_link_takes_as_many_answers_as_there_are_people(
    house: Any, respondent: Callable[[], Any]
) -> None:
    wave = house.wave(headcount=20)
    token = house.link(wave, "open")
    people = [respondent().open(token) for _ in range(30)]
    sheets = [{"csrf_token": person.csrf(), "P1.T1": "4"} for person in people]
    barrier = Barrier(30)

    def send(number: int) -> Any:
        barrier.wait()
        return people[number].client.post("/respond/", data=sheets[number])

    with ThreadPoolExecutor(30) as pool:
        replies = list(pool.map(send, range(30)))
    assert sorted(reply.status_code for reply in replies) == [200] * 20 + [409] * 10
    assert len(house.responses(wave)) == 20
    late = next(reply for reply in replies if reply.status_code == 409)
    assert "As many people have answered for Dispatch as belong to it" in late.text
    assert checked(late.text) == {"P1.T1": "4"}
    page = respondent().client.get(f"/r/{token}")
    assert page.status_code == 200
    assert "All answers for Dispatch are in" in page.text


def test_a_single_link_beyond_the_head_count_is_refused_and_stays_unspent(
    house: Any, respondent: Callable[[], Any]
) -> None:
    wave = house.wave(headcount=3)
    with house.app.app_context(), transaction.transaction() as session:
        session.execute(text("UPDATE wave_unit SET spent = headcount WHERE position = 1"))
    ballot_page = respondent().client.get(f"/r/{house.link(wave)}").text
    assert "All answers for Support North are in" in ballot_page
    assert house.responses(wave) == []


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


def test_enter_on_an_answer_does_not_send_a_sheet_that_is_half_done(
    house: Any, respondent: Callable[[], Any]
) -> None:
    """Without scripts, Enter presses the first button of the form."""
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    first = re.search(r"<button[^>]*>", someone.client.get("/respond/").text)
    assert first
    assert first[0] == '<button hidden name="-enter" value="1">'
    reply = someone.send({"P1.T1": "4", "-enter": "1"})
    assert reply.status_code == 400
    assert "Enter sends nothing here" in reply.text
    assert checked(reply.text) == {"P1.T1": "4"}
    assert house.responses(wave) == []


@pytest.mark.parametrize("sent", [{}, {"P1.T1": ""}, {"P1.T1": "-"}])
def test_a_sheet_without_any_answer_is_refused_kindly(
    house: Any, respondent: Callable[[], Any], sent: dict[str, Any]
) -> None:
    wave = house.wave()
    reply = respondent().open(house.link(wave)).send(sent)
    assert reply.status_code == 400
    assert "Answer at least one question, or just close this page." in reply.text
    assert house.responses(wave) == []


def test_not_knowing_is_an_answer(house: Any, respondent: Callable[[], Any]) -> None:
    wave = house.wave()
    assert respondent().open(house.link(wave)).send({"P1.T1": "0"}).status_code == 200
    assert house.responses(wave)[0][1].startswith("?-")


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
    assert "This round closed while you were answering" in reply.text
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
