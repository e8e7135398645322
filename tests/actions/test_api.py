"""Actions as programs read and write them: by the rules of the pages, and for the units of whoever made the token."""

from datetime import timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.actions.conftest import Acme
from tests.fixtures import organizations as made
from tests.fixtures.pages import CheckingClient
from webapp import clock

PATH = "/api/v1/actions"
OWNER, LEADER = "owner@acme.example", "leader@acme.example"
MAY = ("action:read", "action:change", "result:read")


def client_of(acme: Acme, email: str = OWNER, scopes: tuple[str, ...] = MAY) -> CheckingClient:
    return made.program(acme.app, made.token_of(acme.app, acme.organization, email, scopes))


def new(client: CheckingClient, **values: Any) -> TestResponse:
    return client.post(PATH, json={"unit": None, "title": "Show what works"} | values)


def refused(reply: TestResponse, where: str, status: int = 409) -> str:
    assert reply.status_code == status, reply.text
    [fault] = reply.json["errors"]  # type: ignore[index]
    assert fault["where"] == where
    return str(fault["what"])


def test_what_a_program_decides_stands_on_the_board(lite: Acme) -> None:
    wave, due = lite.publish(), clock.today("UTC") + timedelta(days=20)
    reply = new(
        client_of(lite),
        unit=lite.units["Platform"],
        practice="amplify",
        member=lite.member(LEADER),
        due=due.isoformat(),
        note="First line\nsecond line",
    )
    assert reply.status_code == 201, reply.text
    found: Any = reply.json
    assert reply.headers["Location"] == f"{PATH}/{found['id']}"
    assert (found["wave"], found["state"], found["due"], found["version"]) == (
        wave,
        "planned",
        due.isoformat(),
        1,
    )
    assert found["member"] == lite.member(LEADER)
    assert client_of(lite).get(reply.headers["Location"]).json == found
    assert "Show what works" in lite.client(OWNER).page("/o/acme/actions").text()
    assert lite.events() == ["action.made"]
    told = lite.client(OWNER).page("/o/acme/audit").text()
    assert "by the API token “Of a test”" in told
    assert LEADER not in reply.text


def test_sent_twice_it_is_written_down_once_and_other_things_with_its_words_are_refused(lite: Acme) -> None:
    client = client_of(lite)
    assert [new(client).status_code for _ in range(3)] == [201, 201, 201]
    assert new(client, note="Another").status_code == 409
    assert len(lite.numbers()) == 1
    assert lite.events() == ["action.made"]


def test_it_is_changed_as_it_was_read_and_nobody_is_overwritten(lite: Acme) -> None:
    client = client_of(lite)
    found: Any = new(client, note="One").json
    wanted = {name: found[name] for name in ("version", "title", "note", "practice", "item", "member", "due")}
    path = f"{PATH}/{found['id']}"
    again = client.put(path, json=wanted)
    assert (again.status_code, again.json["version"]) == (200, 1), "the same again changes nothing"  # type: ignore[index]
    changed = client.put(path, json=wanted | {"note": "Two"})
    assert (changed.json["note"], changed.json["version"]) == ("Two", 2)  # type: ignore[index]
    assert "meanwhile" in refused(client.put(path, json=wanted | {"note": "Three"}), "body/version")
    assert client.get(path).json["note"] == "Two"  # type: ignore[index]
    assert lite.events() == ["action.made", "action.changed"]


def test_it_is_moved_and_being_there_already_is_no_move(lite: Acme) -> None:
    client = client_of(lite)
    path = f"{PATH}/{new(client).json['id']}/state"  # type: ignore[index]
    for _ in range(2):
        reply = client.put(path, json={"state": "doing"})
        assert (reply.status_code, reply.json["state"]) == (200, "doing")  # type: ignore[index]
    assert refused(client.put(path, json={"state": "dropped"}), "body/reason")
    done = client.put(path, json={"state": "dropped", "reason": "Nobody came"})
    assert done.json["reason"] == "Nobody came"  # type: ignore[index]
    assert client.put(path, json={"state": "done"}).status_code == 409, "no button leads there"
    assert client.put(path, json={"state": "lost"}).status_code == 422
    assert lite.events() == ["action.made", "action.moved", "action.moved"]


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"unit": 987654}, "body/unit"),
        ({"title": "   "}, "body/title"),
        ({"title": "a\u202eb"}, "body/title"),
        ({"note": "bell\a"}, "body/note"),
        ({"practice": "nothing"}, "body/practice"),
        ({"practice": "amplify", "item": "nothing"}, "body/item"),
        ({"item": "nothing"}, "body/practice"),
        ({"member": 987654}, "body/member"),
        ({"due": "2020-01-01"}, "body/due"),
    ],
)
def test_the_rules_of_the_pages_hold(lite: Acme, values: dict[str, Any], where: str) -> None:
    lite.publish()
    assert refused(new(client_of(lite), **values), where)
    assert lite.numbers() == []


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"title": "x" * 201}, "body/title"),
        ({"title": 5}, "body/title"),
        ({"title": None}, "body/title"),
        ({"unit": "1"}, "body/unit"),
        ({"unit": 1.5}, "body/unit"),
        ({"unit": True}, "body/unit"),
        ({"due": "1767225600"}, "body/due"),
        ({"due": 1767225600}, "body/due"),
        ({"due": "2030-02-30"}, "body/due"),
        ({"due": "2030-01-01T00:00:00Z"}, "body/due"),
        ({"state": "done"}, "body/state"),
        ({"organization_id": 2}, "body/organization_id"),
    ],
)
def test_nothing_is_guessed(lite: Acme, values: dict[str, Any], where: str) -> None:
    assert refused(new(client_of(lite), **values), where, 422)
    assert lite.numbers() == []


def test_they_are_listed_by_unit_and_state_page_by_page(lite: Acme) -> None:
    client = client_of(lite)
    for number in range(5):
        lite.adopt("Platform" if number % 2 else "", title=f"Do {number}")
    found: Any = client.get(f"{PATH}?limit=2").json
    assert ([one["id"] for one in found["items"]], found["next"]) == ([1, 2], 2)
    rest: Any = client.get(f"{PATH}?limit=3&after=2").json
    assert ([one["id"] for one in rest["items"]], rest["next"]) == ([3, 4, 5], None)
    assert [one["id"] for one in client.get(f"{PATH}?unit={lite.units['Platform']}").json["items"]] == [2, 4]
    assert [one["id"] for one in client.get(f"{PATH}?unit=0").json["items"]] == [1, 3, 5]
    assert client.get(f"{PATH}?state=done").json["items"] == []
    assert client.get(f"{PATH}?state=lost").status_code == 422


def test_a_leaders_program_reads_and_changes_the_leaders_units(lite: Acme) -> None:
    client = client_of(lite, LEADER)
    theirs, sales, whole = lite.adopt("Platform"), lite.adopt("Sales"), lite.adopt("")
    assert [one["id"] for one in client.get(PATH).json["items"]] == [theirs]
    replies = [client.get(f"{PATH}/{number}") for number in (sales, whole, 987654, 2**40)]
    replies += [
        client.put(f"{PATH}/{number}/state", json={"state": "done"}) for number in (sales, whole, 987654)
    ]
    assert {reply.status_code for reply in replies} == {404}
    assert len({reply.data for reply in replies}) == 1
    answers = [new(client, unit=unit, title="Try").text for unit in (lite.units["Sales"], None, 987654)]
    assert len(set(answers)) == 1, "of others and missing are the same"
    assert new(client, unit=lite.units["Mobile"]).status_code == 201


def test_reading_alone_changes_nothing(lite: Acme) -> None:
    number = lite.adopt("Platform")
    client = client_of(lite, scopes=("action:read",))
    assert new(client).status_code == 403
    assert client.put(f"{PATH}/{number}/state", json={"state": "done"}).status_code == 403
    made.add_member(lite.app, lite.organization, "viewer@acme.example", "viewer", lite.units["Platform"])
    viewer = client_of(lite, "viewer@acme.example")
    assert viewer.get(f"{PATH}/{number}").status_code == 200
    assert viewer.put(f"{PATH}/{number}/state", json={"state": "done"}).status_code == 403
    assert lite.events() == ["action.made"]


def test_of_another_organization_nothing_is_there(lite: Acme) -> None:
    number = lite.adopt("Platform")
    other = made.create(lite.app, "elsewhere", "Elsewhere")
    stranger = made.program(lite.app, made.token_of(lite.app, other, "owner@elsewhere.example"))
    assert stranger.get(f"{PATH}/{number}").status_code == 404
    assert stranger.put(f"{PATH}/{number}/state", json={"state": "done"}).status_code == 404
    assert stranger.get(PATH).json["items"] == []  # type: ignore[index]
    assert refused(stranger.post(PATH, json={"unit": lite.units["Platform"], "title": "Try"}), "body/unit")


def test_the_advice_of_an_adopted_action_keeps_its_practice(lite: Acme) -> None:
    wave = lite.publish()
    number = lite.adopt("Platform", wave_id=wave, practice="amplify", advice="Show it.")
    client = client_of(lite)
    found: Any = client.get(f"{PATH}/{number}").json
    wanted = {name: found[name] for name in ("version", "title", "note", "practice", "item", "member", "due")}
    for practice in ("simplify", ""):
        assert refused(client.put(f"{PATH}/{number}", json=wanted | {"practice": practice}), "body/practice")
    assert client.put(f"{PATH}/{number}", json=wanted | {"note": "More"}).status_code == 200
