"""The register as programs read and keep it: by the rules of the pages, and for the units of whoever made the token."""

from typing import Any

import pytest
from werkzeug.test import TestResponse

from tests.experiments.conftest import Register, ago, register_of, today
from tests.fixtures import organizations as made
from tests.fixtures.pages import CheckingClient

PATH = "/api/v1/experiments"
OWNER, LEADER = "owner@acme.example", "leader@acme.example"
MAY = ("experiment:read", "experiment:change")


@pytest.fixture
def lite(app: Any) -> Register:
    return register_of(app)


def client_of(register: Register, email: str = OWNER, scopes: tuple[str, ...] = MAY) -> CheckingClient:
    return made.program(register.app, made.token_of(register.app, register.organization, email, scopes))


def said(client: CheckingClient, number: int, **changed: Any) -> dict[str, Any]:
    """What a program sends to change an experiment: all of it but what is told from the rest."""
    found: Any = client.get(f"{PATH}/{number}").json
    for told in ("id", "state", "rule_written_on", "rule_before_start"):
        del found[told]
    return found | changed


def refused(reply: TestResponse, where: str, status: int = 409) -> str:
    assert reply.status_code == status, reply.text
    [fault] = reply.json["errors"]  # type: ignore[index]
    assert fault["where"] == where
    return str(fault["what"])


def test_an_idea_is_logged_and_moved_on_and_told(lite: Register) -> None:
    client = client_of(lite)
    reply = client.post(PATH, json={"unit": lite.units["Platform"], "title": "Draft replies", "type": "text"})
    assert reply.status_code == 201
    path = reply.headers["Location"]
    assert (reply.json["state"], reply.json["idea_on"]) == ("idea", today().isoformat())  # type: ignore[index]
    for _ in range(2):
        moved = client.put(f"{path}/step", json={"to": "live"})
        assert (moved.json["state"], moved.json["first_user_on"]) == ("live", today().isoformat())  # type: ignore[index]
    assert refused(client.put(f"{path}/step", json={"to": "ended"}), "body/end_reason")
    ended = client.put(f"{path}/step", json={"to": "ended", "end_reason": "scaled"})
    assert (ended.json["state"], ended.json["end_reason"]) == ("ended", "scaled")  # type: ignore[index]
    assert client.get(path).json == ended.json
    assert lite.events() == ["experiment.logged", "experiment.moved_on", "experiment.moved_on"]


def test_all_that_the_register_holds_can_be_said(lite: Register) -> None:
    client, number = client_of(lite), lite.log()
    wanted = said(
        client,
        number,
        title="Draft replies to customers",
        idea_on=ago(90).isoformat(),
        first_user_on=ago(60).isoformat(),
        problem_area="agents",
        phase="0-1",
        rule="We stop when nobody uses it.",
        value=12.5,
        value_unit="hours a month",
        baseline=40,
        ready_made_model=True,
        unit=lite.units["Mobile"],
    )
    reply = client.put(f"{PATH}/{number}", json=wanted)
    assert reply.status_code == 200, reply.text
    found: Any = reply.json
    assert {name: found[name] for name in wanted if name != "version"} == {
        name: value for name, value in wanted.items() if name != "version"
    }
    assert (found["version"], found["rule_written_on"], found["rule_before_start"]) == (
        2,
        today().isoformat(),
        False,
    )
    again = client.put(f"{PATH}/{number}", json=wanted)
    assert again.json == found, "the same again changes nothing, also with the version that was read first"
    assert lite.events() == ["experiment.logged", "experiment.changed"]


def test_nobody_is_overwritten(lite: Register) -> None:
    client, number = client_of(lite), lite.log()
    before = said(client, number)
    assert client.put(f"{PATH}/{number}", json=before | {"note": "One"}).status_code == 200
    reply = client.put(f"{PATH}/{number}", json=before | {"note": "Two"})
    assert "Somebody else changed this" in refused(reply, "body")
    assert lite.one(number).entry.note == "One"


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"title": "=cmd()"}, "body/title"),
        ({"title": "a\u202eb"}, "body/title"),
        ({"unit": 987654}, "body/unit"),
        ({"idea_on": "2999-01-01"}, "body/idea_on"),
        ({"idea_on": "1999-12-31"}, "body/idea_on"),
        ({"live_on": ago(1).isoformat()}, "body/first_user_on"),
        ({"ended_on": ago(0).isoformat()}, "body/end_reason"),
        ({"end_reason": "faded"}, "body/ended_on"),
        ({"value": 1}, "body/value_unit"),
        ({"baseline": 1}, "body/value"),
        ({"value": 1e12, "value_unit": "EUR"}, "body/value"),
    ],
)
def test_the_rules_of_the_pages_hold(lite: Register, values: dict[str, Any], where: str) -> None:
    client, number = client_of(lite), lite.log()
    before = lite.one(number)
    assert refused(client.put(f"{PATH}/{number}", json=said(client, number, **values)), where)
    assert lite.one(number) == before


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"type": "magic"}, "body/type"),
        ({"type": None}, "body/type"),
        ({"idea_on": None}, "body/idea_on"),
        ({"value": "12"}, "body/value"),
        ({"value": 1e13}, "body/value"),
        ({"saved_tests": "yes"}, "body/saved_tests"),
        ({"saved_tests": 1}, "body/saved_tests"),
        ({"rule": "x" * 401}, "body/rule"),
        ({"rule_written_on": "2020-01-01"}, "body/rule_written_on"),
    ],
)
def test_nothing_is_guessed(lite: Register, values: dict[str, Any], where: str) -> None:
    client, number = client_of(lite), lite.log()
    assert refused(client.put(f"{PATH}/{number}", json=said(client, number, **values)), where, 422)


def test_they_are_listed_by_unit_and_state_page_by_page(lite: Register) -> None:
    for number, unit in enumerate(("Platform", "Mobile", "Sales", "Platform", "Support")):
        lite.log(f"Try {number}", unit)
    client = client_of(lite)
    client.put(f"{PATH}/4/step", json={"to": "first_user"})

    def numbers(question: str) -> list[int]:
        return [one["id"] for one in client.get(f"{PATH}?{question}").json["items"]]  # type: ignore[index]

    assert numbers("limit=2") == [1, 2]
    assert numbers("after=2") == [3, 4, 5]
    assert numbers(f"unit={lite.units['Engineering']}") == [1, 2, 4]
    assert numbers("state=first_user") == [4]
    assert numbers("type=other&state=idea&limit=1") == [1]
    assert numbers("unit=987654") == []
    assert client.get(f"{PATH}?state=lost").status_code == 422
    assert client.get(f"{PATH}?unit=0").status_code == 422


def test_a_leaders_program_keeps_the_leaders_units(lite: Register) -> None:
    theirs, others = lite.log("Theirs", "Mobile"), lite.log("Others", "Sales")
    client = client_of(lite, LEADER)
    assert [one["id"] for one in client.get(PATH).json["items"]] == [theirs]  # type: ignore[index]
    replies = [client.get(f"{PATH}/{number}") for number in (others, 98765, 2**40)]
    replies += [client.delete(f"{PATH}/{number}") for number in (others, 98765)]
    replies += [client.put(f"{PATH}/{number}/step", json={"to": "live"}) for number in (others, 98765)]
    assert {reply.status_code for reply in replies} == {404}
    assert len({reply.data for reply in replies}) == 1
    elsewhere = [
        client.post(PATH, json={"unit": unit, "title": "Try"}).text for unit in (lite.units["Sales"], 98765)
    ]
    assert elsewhere[0] == elsewhere[1]
    moved = client.put(f"{PATH}/{theirs}", json=said(client, theirs, unit=lite.units["Sales"]))
    assert refused(moved, "body/unit")


def test_one_is_removed_once(lite: Register) -> None:
    client, number = client_of(lite), lite.log()
    reply = client.delete(f"{PATH}/{number}")
    assert (reply.status_code, reply.data, "Content-Type" in reply.headers) == (204, b"", False)
    assert client.delete(f"{PATH}/{number}").status_code == 404
    assert lite.count() == 0


def test_reading_alone_changes_nothing(lite: Register) -> None:
    number = lite.log()
    client = client_of(lite, scopes=("experiment:read",))
    assert client.post(PATH, json={"unit": 1, "title": "Try"}).status_code == 403
    assert client.delete(f"{PATH}/{number}").status_code in {403, 404}
    assert client.get(f"{PATH}/{number}").status_code == 200
    assert lite.events() == ["experiment.logged"]


def test_of_another_organization_nothing_is_there(lite: Register) -> None:
    number = lite.log()
    other = made.create(lite.app, "elsewhere", "Elsewhere")
    stranger = made.program(lite.app, made.token_of(lite.app, other, "owner@elsewhere.example"))
    assert stranger.get(f"{PATH}/{number}").status_code == 404
    assert stranger.delete(f"{PATH}/{number}").status_code == 404
    assert stranger.get(f"{PATH}?unit={lite.units['Platform']}").json["items"] == []  # type: ignore[index]
    assert refused(stranger.post(PATH, json={"unit": lite.units["Platform"], "title": "Try"}), "body/unit")
    assert lite.count() == 1
