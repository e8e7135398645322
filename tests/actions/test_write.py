"""The forms that write actions: of one's own, an advice that is adopted, and a change that somebody overtook."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from flask import Flask

from tests.actions.conftest import Acme
from tests.fixtures.organizations import add_member
from tests.fixtures.pages import CheckingClient, Page
from webapp import clock

NEW = "/o/acme/actions/new"


def adopting(wave: int, unit: str, practice: str = "amplify", **more: object) -> str:
    return f"{NEW}?{urlencode({'wave': wave, 'unit': unit, 'practice': practice, **more})}"


def fields(page: Page) -> dict[str, str]:
    """What stands in the form as it is opened."""
    found = {
        one.get("name", ""): one.get("value", "")
        for one in page.all("input")
        if one.get("type") != "checkbox"
    }
    found |= {one.get("name", ""): (one.text or "").strip() for one in page.all("textarea")}
    for select in page.all("select"):
        options = list(select.iter("option"))
        chosen = next((one for one in options if one.get("selected") is not None), options[0])
        found[select.get("name", "")] = chosen.get("value", "")
    return found


def options(page: Page, name: str) -> list[str]:
    (select,) = [one for one in page.all("select") if one.get("name") == name]
    return [(one.text or "").strip() for one in select.iter("option")]


def sent(page: Page, **changed: str) -> dict[str, str]:
    return fields(page) | changed


def write(client: CheckingClient, address: str, **changed: str) -> int:
    """Fill the form in and send it; gives the number of the action that it wrote."""
    reply = client.post(address, data=sent(client.page(address), **changed))
    assert reply.status_code == 303, Page(reply.text).text()
    return int(str(reply.headers["Location"]).rpartition("/")[2])


def test_an_advice_is_adopted_with_its_words_and_its_wave(lite: Acme) -> None:
    wave = lite.publish()
    leader = lite.client("leader@acme.example")
    address = adopting(wave, f"u{lite.units['Platform']}")
    page = leader.page(address)
    assert "For Platform, about “Amplify what works”, after the results of First wave" in page.text()
    opened = fields(page)
    assert opened["title"]
    assert opened["note"].startswith("Next week: ")
    assert opened["due"] == (clock.today("UTC") + timedelta(days=28)).isoformat()
    assert opened["member"] == str(lite.member("leader@acme.example"))
    assert options(page, "moves")[0] == "Amplify what works as a whole"
    number = write(leader, address, title="Give demos a slot")
    action = lite.action(number)
    assert (action.title, action.advice) == ("Give demos a slot", opened["title"])
    assert (action.unit_id, action.wave_id, action.practice) == (lite.units["Platform"], wave, "amplify")
    text = leader.page(f"/o/acme/actions/{number}").text()
    assert "The advice that it follows" in text
    assert "Amplify what works" in text


def test_sent_twice_it_stands_once_and_with_other_words_for_it_one_is_told_so(lite: Acme) -> None:
    wave = lite.publish()
    owner = lite.client("owner@acme.example")
    address = adopting(wave, "root")
    data = sent(owner.page(address))
    assert owner.post(address, data=data).status_code == 303
    assert owner.post(address, data=data).status_code == 303, "a second click"
    again = owner.post(address, data=data | {"note": "Another"})
    assert again.status_code == 422
    assert "There is an open action with these words already." in again.text
    assert len(lite.numbers()) == 1
    assert lite.action(lite.numbers()[0]).unit_id is None


def test_advice_for_what_somebody_does_not_see_or_decide_is_missing(lite: Acme, app: Flask) -> None:
    wave, pulse = lite.publish(), lite.publish("A pulse", "pulse")
    add_member(app, lite.organization, "leader@acme.example", "viewer", lite.units["Sales"])
    leader = lite.client("leader@acme.example")
    own = f"u{lite.units['Platform']}"
    assert leader.get(adopting(wave, own)).status_code == 200
    for address in (
        adopting(wave, f"u{lite.units['Sales']}"),  # seen, not decided
        adopting(wave, f"u{lite.units['Support']}"),
        adopting(wave, "root"),
        adopting(wave, "u987654"),
        adopting(987_654, own),
        adopting(pulse, own),  # without bands no advice
        adopting(wave, own, "nothing"),
        adopting(wave, own, "amplify", item="P1.T1"),
        f"{NEW}?practice=amplify",
        f"{NEW}?practice=amplify&wave=x&unit={own}",
    ):
        assert leader.get(address).status_code == 404, address


def test_words_of_ones_own_for_a_unit_and_a_question(lite: Acme) -> None:
    wave = lite.publish()
    owner = lite.client("owner@acme.example")
    page = owner.page(NEW)
    assert options(page, "unit") == [
        "Acme",
        "Engineering",
        "Engineering › Platform",
        "Engineering › Mobile",
        "Sales",
        "Support",
    ]
    number = write(
        owner, NEW, title="Ask about it", unit=str(lite.units["Sales"]), moves="decentralize/P1.T1", due=""
    )
    action = lite.action(number)
    assert (action.unit_id, action.wave_id) == (lite.units["Sales"], wave)
    assert (action.practice, action.item, action.due) == ("decentralize", "P1.T1", None)
    assert "Who can start a small AI trial" in owner.page(f"/o/acme/actions/{number}").text()


def test_before_the_first_results_an_action_moves_nothing_that_is_measured(lite: Acme) -> None:
    owner = lite.client("owner@acme.example")
    assert options(owner.page(NEW), "moves") == ["nothing that is measured"]
    number = write(owner, NEW, title="Begin", unit="0")
    assert (lite.action(number).wave_id, lite.action(number).practice) == (None, "")


def test_a_leader_of_one_unit_is_asked_for_no_unit(lite: Acme, app: Flask) -> None:
    add_member(app, lite.organization, "sales@acme.example", "leader", lite.units["Sales"])
    leader = lite.client("sales@acme.example")
    assert not [one for one in leader.page(NEW).all("select") if one.get("name") == "unit"]
    assert lite.action(write(leader, NEW, title="Sell")).unit_id == lite.units["Sales"]


def test_nobody_is_offered_a_list_of_members_that_is_not_theirs_to_read(lite: Acme, app: Flask) -> None:
    for email, role, unit in (
        ("platform@acme.example", "leader", "Platform"),
        ("views@acme.example", "viewer", "Engineering"),
        ("sales@acme.example", "leader", "Sales"),
        ("audit@acme.example", "auditor", None),
    ):
        add_member(app, lite.organization, email, role, lite.units[unit] if unit else None)
    wave = lite.publish()
    address = adopting(wave, f"u{lite.units['Platform']}")
    everybody = options(lite.client("owner@acme.example").page(address), "member")
    assert everybody == [
        "nobody yet",
        "leader@acme.example",
        "owner@acme.example",
        "platform@acme.example",
        "views@acme.example",
    ]
    leads = lite.client("leader@acme.example")
    assert options(leads.page(address), "member") == [
        "nobody yet",
        "leader@acme.example",
        "platform@acme.example",
        "views@acme.example",
    ]
    below = lite.client("platform@acme.example")
    assert options(below.page(address), "member") == ["nobody yet", "platform@acme.example"]
    owner_of_all = str(lite.member("owner@acme.example"))
    reply = below.post(address, data=sent(below.page(address), member=owner_of_all))
    assert reply.status_code == 422


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("title", ""),
        ("title", "x" * 201),
        ("title", "turn \u202e around"),
        ("note", "x" * 2001),
        ("due", "2001-01-01"),
        ("due", "9999-12-31"),
        ("due", "soon"),
        ("moves", "nothing/at/all"),
        ("member", "1; DROP TABLE action"),
        ("unit", "987654"),
        ("unit", "x"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(lite: Acme, name: str, value: str) -> None:
    owner = lite.client("owner@acme.example")
    data = sent(owner.page(NEW), title="Begin", unit="0") | {name: value}
    reply = owner.post(NEW, data=data)
    assert reply.status_code == 422
    assert f'id="{name}-error"' in reply.text
    assert not lite.numbers()


def test_whoever_is_overtaken_sees_both_and_decides(lite: Acme) -> None:
    number = lite.adopt("Engineering", "Show what works", note="The first note")
    address = f"/o/acme/actions/{number}/edit"
    mine, theirs = lite.client("leader@acme.example"), lite.client("owner@acme.example")
    opened = sent(mine.page(address))
    assert theirs.post(address, data=sent(theirs.page(address), title="Theirs")).status_code == 303
    reply = mine.post(address, data=opened | {"title": "Mine", "note": "A long note of mine"})
    assert reply.status_code == 409
    page = Page(reply.text)
    assert "Somebody else changed this action meanwhile" in page.text()
    assert "Theirs" in page.text()
    assert fields(page)["title"] == "Mine"
    assert fields(page)["note"] == "A long note of mine"
    assert lite.action(number).title == "Theirs"
    assert mine.post(address, data=fields(page)).status_code == 303
    assert lite.action(number).title == "Mine"


def test_whoever_looks_after_it_may_stay_whoever_chose_them(lite: Acme) -> None:
    number = lite.adopt("Platform", member_id=lite.member("owner@acme.example"))
    leader = lite.client("leader@acme.example")
    address = f"/o/acme/actions/{number}/edit"
    assert "owner@acme.example" in options(leader.page(address), "member")
    assert leader.post(address, data=sent(leader.page(address), title="Other words")).status_code == 303
    shown = lite.shown("leader@acme.example", number)
    assert shown is not None
    assert shown.who == "owner@acme.example"
