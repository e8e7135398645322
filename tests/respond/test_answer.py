"""`/respond/`: the sheet, and storing it once."""

import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text

from tests.respond.reading import checked, radios
from webapp import transaction
from webapp.extensions import db


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
    mask = re.compile(r'name="csrf_token" value="[^"]+"')
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


def test_enter_on_an_answer_does_not_send_a_sheet_that_is_half_done(
    house: Any, respondent: Callable[[], Any]
) -> None:
    """Without scripts, Enter presses the first button of the form."""
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    first = re.search(r"<button[^>]*>", someone.client.get("/respond/").text)
    assert first
    assert first[0] == '<button type="submit" hidden name="-enter" value="1">'
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
