"""The board and the list: what stands where, and for whom."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.actions.conftest import Acme
from tests.fixtures.organizations import add_member
from tests.fixtures.pages import CheckingClient, words
from webapp import clock

BOARD, LIST = "/o/acme/actions", "/o/acme/actions/list"


def columns(client: CheckingClient, address: str = BOARD) -> dict[str, list[str]]:
    """The titles under each head of the board."""
    board = next(one for one in client.page(address).all("div") if one.get("class") == "board")
    return {
        words(section.find("h2")).rpartition(" ")[0]: [words(head) for head in section.iter("h3")]
        for section in board.iter("section")
    }


def test_before_anything_was_decided_it_says_what_to_do(lite: Acme) -> None:
    owner = lite.client("owner@acme.example")
    text = owner.page(BOARD).text()
    assert "Adopt one where results say what to do next, or plan one of your own. Plan an action" in text
    assert "Planned" not in text, "no empty columns, and nothing to filter"
    lite.adopt()
    assert columns(owner, f"{BOARD}?overdue=1") == {"Planned": [], "Under way": [], "Done or dropped": []}
    assert "0 actions" in owner.page(f"{LIST}?overdue=1").text()


def test_an_action_goes_over_the_board_by_buttons(lite: Acme) -> None:
    owner = lite.client("owner@acme.example")
    number = lite.adopt()
    moves = f"/o/acme/actions/{number}/move"

    def press(seen: str, to: str, **more: str) -> str:
        reply = owner.send(moves, {"seen": seen, "to": to, "back": "board", **more}, on=BOARD)
        assert reply.status_code == 303
        return str(reply.headers["Location"])

    assert columns(owner)["Planned"] == ["Show what works"]
    assert press("planned", "doing") == BOARD
    assert columns(owner)["Under way"] == ["Show what works"]
    assert press("planned", "doing") == BOARD  # pressed twice
    assert press("doing", "dropped") == f"/o/acme/actions/{number}"
    assert "Say in one line why it was dropped." in owner.page(f"/o/acme/actions/{number}").text()
    press("doing", "dropped", reason="Nobody had the time")
    assert columns(owner)["Done or dropped"] == ["Show what works"]
    assert "dropped: Nobody had the time" in owner.page(BOARD).text()
    press("dropped", "planned")
    assert columns(owner)["Planned"] == ["Show what works"]


@pytest.mark.parametrize("sent", [{}, {"seen": "planned"}, {"seen": "planned", "to": "gone"}])
def test_a_move_to_nowhere_is_refused(lite: Acme, sent: dict[str, str]) -> None:
    owner, number = lite.client("owner@acme.example"), lite.adopt()
    assert owner.send(f"/o/acme/actions/{number}/move", sent, on=BOARD).status_code == 400
    assert lite.action(number).state == "planned"


def test_the_next_due_day_comes_first_and_what_is_overdue_is_said(
    lite: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    today = clock.today("UTC")
    for title, days in (("Later", 20), ("Sooner", 3), ("Soon", 10)):
        lite.adopt(title=title, due=today + timedelta(days=days))
    lite.adopt(title="Some day")
    owner = lite.client("owner@acme.example")
    assert columns(owner)["Planned"] == ["Sooner", "Soon", "Later", "Some day"]
    monkeypatch.setattr(clock, "today", lambda _zone: today + timedelta(days=4))
    assert "overdue since" in owner.page(BOARD).text()
    assert columns(owner, f"{BOARD}?overdue=1")["Planned"] == ["Sooner"]
    assert "1 action" in owner.page(f"{LIST}?overdue=1").text()


def test_the_filters_find_what_they_say(lite: Acme) -> None:
    owner, me = lite.client("owner@acme.example"), lite.member("owner@acme.example")
    lite.adopt("Platform", "Of the platform", member_id=me)
    lite.adopt("Sales", "Of sales")
    lite.adopt("", "Of all")
    for question, title in (
        (f"unit={lite.units['Sales']}", "Of sales"),
        ("unit=0", "Of all"),
        ("mine=1", "Of the platform"),
        ("mine=1&state=planned", "Of the platform"),
    ):
        assert columns(owner, f"{BOARD}?{question}")["Planned"] == [title], question
        heads = [words(one) for one in owner.page(f"{LIST}?{question}").all("th")][4:]
        assert len(heads) == 1, question
        assert heads[0].startswith(title)
    assert "None of this kind." in owner.page(f"{LIST}?state=done").text()
    for nonsense in (
        "unit=x&state=gone",
        "unit=-3",
        "unit=9999999999999",
        "unit=²",
        "page=x",
        "page=0",
        "page=-1",
    ):
        assert "3 actions" in owner.page(f"{LIST}?{nonsense}").text(), nonsense


def test_a_long_list_has_pages_and_a_long_column_leads_to_it(lite: Acme) -> None:
    for number in range(53):
        lite.adopt(title=f"Thing {number:02}")
    owner = lite.client("owner@acme.example")
    assert len(columns(owner)["Planned"]) == 25
    assert "28 more in the list" in owner.page(BOARD).text()
    first, last = owner.page(LIST), owner.page(f"{LIST}?page=2")
    assert "Thing 49" in first.text()
    assert "Thing 50" not in first.text()
    assert "Thing 52" in last.text()
    assert "Page 2 of 2" in owner.page(f"{LIST}?page=77").text()


def test_a_leader_sees_the_own_units_and_nothing_else(lite: Acme, app: Flask) -> None:
    for unit in ("Engineering", "Platform", "Sales", ""):
        lite.adopt(unit, f"Of {unit or 'all'}")
    leader = lite.client("leader@acme.example")
    assert columns(leader)["Planned"] == ["Of Engineering", "Of Platform"]
    assert "Sales" not in leader.page(BOARD).text()
    assert "2 actions" in leader.page(LIST).text()
    for question in (f"unit={lite.units['Sales']}", "unit=0"):
        assert columns(leader, f"{BOARD}?{question}")["Planned"] == []
    own, below, foreign, whole = lite.numbers()
    for number in (own, below):
        assert leader.get(f"/o/acme/actions/{number}").status_code == 200
    for number in (foreign, whole, 987_654):
        for address in (f"/o/acme/actions/{number}", f"/o/acme/actions/{number}/edit"):
            assert leader.get(address).status_code == 404
        sent = {"seen": "planned", "to": "doing"}
        assert leader.send(f"/o/acme/actions/{number}/move", sent, on=BOARD).status_code == 404
    add_member(app, lite.organization, "views@acme.example", "viewer", lite.units["Engineering"])
    viewer = lite.client("views@acme.example")
    page = viewer.page(BOARD)
    assert "Plan an action" not in page.text()
    assert not [one for one in page.all("form") if "/actions/" in one.get("action", "")]
    assert viewer.get(f"/o/acme/actions/{own}").status_code == 200
    assert viewer.get(f"/o/acme/actions/{own}/edit").status_code == 403


def test_who_leads_one_unit_and_views_another_changes_only_the_own(lite: Acme, app: Flask) -> None:
    add_member(app, lite.organization, "leader@acme.example", "viewer", lite.units["Sales"])
    number = lite.adopt("Sales")
    leader = lite.client("leader@acme.example")
    assert leader.get(f"/o/acme/actions/{number}").status_code == 200
    assert leader.get(f"/o/acme/actions/{number}/edit").status_code == 403
    sent = {"seen": "planned", "to": "doing"}
    assert leader.send(f"/o/acme/actions/{number}/move", sent, on=BOARD).status_code == 403
    assert lite.action(number).state == "planned"
