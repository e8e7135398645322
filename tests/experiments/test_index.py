"""The list of experiments: logging in one line, next steps by one press, filters, and pages of it."""

import re
from http import HTTPStatus
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.experiments.conftest import Register, ago, today
from tests.fixtures.organizations import SignIn, add_member, create
from tests.fixtures.pages import CheckingClient, Page, words
from webapp.domain.experiments import Type
from webapp.extensions import db
from webapp.models import Experiment, Unit
from webapp.transaction import transaction

PATH = "/o/acme/experiments"


def log(client: CheckingClient, **values: Any) -> Any:
    return client.send(PATH, {"title": "Draft replies", "type": "text", **values})


def titles(page: Page) -> list[str]:
    heads = [one for one in page.all("th") if one.get("scope") == "row"]
    return [words(one[0]) for one in heads]


def chosen(page: Page, name: str) -> list[str | None]:
    return [
        option.get("value")
        for select in page.all("select")
        if select.get("name") == name
        for option in select.iter("option")
        if option.get("selected") is not None
    ]


def test_an_empty_register_says_how_to_begin(leader: CheckingClient) -> None:
    text = leader.page(PATH).text()
    assert "Nothing is logged yet. A rough idea is enough to begin with." in text
    assert "Log it" in text


def test_without_a_unit_it_leads_to_where_units_come_from(app: Flask, signed_in: SignIn) -> None:
    newborn = create(app, "newborn", "Newborn", owner="owner@newborn.example")
    page = signed_in(newborn, "owner@newborn.example").page("/o/newborn/experiments")
    assert "An experiment belongs to a unit, and there is none yet." in page.text()
    assert "/o/newborn/units/import" in [link.get("href") for link in page.all("a")]


def test_one_line_logs_an_idea_of_today(acme: Register, leader: CheckingClient) -> None:
    assert chosen(leader.page(PATH), "unit") == [str(acme.units["Engineering"])], (
        "their own unit stands there"
    )
    reply = log(leader, unit=str(acme.units["Engineering"]))
    [made] = acme.all()
    assert (reply.status_code, reply.location) == (303, f"{PATH}#e{made.id}")
    assert (made.unit, made.entry.type, made.entry.idea_on) == ("Engineering", Type.TEXT, today())
    page = leader.page(PATH)
    assert titles(page) == ["Draft replies"]
    assert "Logged as an idea of today." in page.text()
    assert [row.get("id") for row in page.all("tr") if row.get("id")] == [f"e{made.id}"]


def test_an_owner_chooses_the_unit(acme: Register, owner: CheckingClient) -> None:
    reply = log(owner, unit="")
    page = Page(reply.text)
    assert reply.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Unit: Choose the unit." in page.text()
    [title] = [one for one in page.all("input") if one.get("name") == "title"]
    assert title.get("value") == "Draft replies", "what was typed is still there"
    assert acme.count() == 0


def test_the_same_form_sent_twice_makes_one(acme: Register, leader: CheckingClient) -> None:
    form = leader.page(PATH).form(PATH) | {
        "title": "Twice",
        "type": "other",
        "unit": str(acme.units["Mobile"]),
    }
    assert [leader.post(PATH, data=form).status_code for _time in range(2)] == [303, 303]
    assert acme.count() == 1
    again = leader.page(PATH).form(PATH)
    assert again["nonce"] != form["nonce"]
    assert leader.post(PATH, data=form | again).status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert acme.count() == 1, "another form with the same title is told that there is one"


@pytest.mark.parametrize(
    "wrong",
    [
        {"title": ""},
        {"title": "=SUM(1)"},
        {"title": "x" * 200},
        {"title": "a\u202eb"},
        {"unit": "99999999999999999999"},
        {"unit": "0"},
        {"unit": "\u0663"},
        {"nonce": "n" * 40},
    ],
    ids=str,
)
def test_what_cannot_be_is_refused_in_the_form(
    acme: Register, leader: CheckingClient, wrong: dict[str, str]
) -> None:
    reply = log(leader, **{"unit": str(acme.units["Mobile"]), **wrong})
    assert reply.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "Not logged yet" in reply.text
    assert acme.count() == 0


def test_an_unknown_type_is_not_said(acme: Register, leader: CheckingClient) -> None:
    assert log(leader, unit=str(acme.units["Mobile"]), type="video").status_code == 303
    assert acme.all()[0].entry.type is Type.OTHER


def test_a_viewer_reads_and_is_offered_nothing_else(
    filled: Register, viewer: CheckingClient, stranger: CheckingClient
) -> None:
    page = viewer.page(PATH)
    assert titles(page) == ["Pictures for offers", "Sort leads"]
    assert not [one for one in page.all("button") if "formaction" in one.attrib]
    assert "Log it" not in page.text()
    assert "Import a list" not in page.text()
    assert log(viewer, unit=str(filled.units["Sales"])).status_code == HTTPStatus.FORBIDDEN
    assert stranger.get(PATH).status_code == HTTPStatus.NOT_FOUND


def test_a_leader_sees_and_moves_what_is_theirs_alone(filled: Register, leader: CheckingClient) -> None:
    page = leader.page(PATH)
    assert set(titles(page)) == {"Draft replies", "Explain errors", "Own model", "Voice notes", "One gateway"}
    there = {one.entry.title: one.id for one in filled.all()}
    own, foreign = f"{PATH}/{there['Voice notes']}/step", f"{PATH}/{there['Pictures for offers']}/step"
    assert (
        leader.post(foreign, data=page.form(None) | {"step": "first_user"}).status_code
        == HTTPStatus.NOT_FOUND
    )
    assert leader.post(own, data=page.form(None) | {"step": "live"}).status_code == 303
    assert filled.one(there["Pictures for offers"]).entry.first_user_on is None
    assert filled.one(there["Voice notes"]).entry.live_on == today()


def test_who_leads_one_unit_and_reads_all_changes_their_own_alone(
    filled: Register, signed_in: SignIn
) -> None:
    add_member(filled.app, filled.organization, "both@acme.example", "viewer")
    add_member(filled.app, filled.organization, "both@acme.example", "leader", filled.units["Mobile"])
    page = signed_in(filled.organization, "both@acme.example").page(PATH)
    assert len(titles(page)) == 7
    there = {one.entry.title: one.id for one in filled.all()}
    actions = {one.get("formaction", "").split("/")[4] for one in page.all("button") if one.get("formaction")}
    assert actions == {str(there["Voice notes"])}


def buttons(page: Page, title: str) -> dict[str, str]:
    """What each button of an experiment sends, by its words."""
    return {
        words(one).partition(":")[0]: f"{one.get('formaction')} {one.get('value')}"
        for one in page.all("button")
        if words(one).endswith(f": {title}")
    }


def test_the_next_step_is_one_press_and_leads_back_to_where_it_was(
    filled: Register, owner: CheckingClient
) -> None:
    page = owner.page(f"{PATH}?state=idea&type=image")
    first = buttons(page, "Pictures for offers")["First user today"]
    action, step = first.split(" ")
    reply = owner.post(action, data=page.form(None) | {"step": step})
    [made] = [one for one in filled.all() if one.entry.title == "Pictures for offers"]
    assert reply.location == f"{PATH}?state=idea&type=image&page=1#e{made.id}"
    assert made.entry.first_user_on == today()
    page = owner.page(PATH)
    assert set(buttons(page, "Pictures for offers")) == {"Live today", "Stopped", "Fixed", "Scaled", "Faded"}
    action, step = buttons(page, "Pictures for offers")["Faded"].split(" ")
    owner.post(action, data=page.form(None) | {"step": step})
    page = owner.page(PATH)
    assert buttons(page, "Pictures for offers") == {}
    assert "Ended: faded" in page.text()


@pytest.mark.parametrize("step", ["", "idea", "ended", "won", "first_user,live"])
def test_a_step_that_is_none_is_refused(filled: Register, owner: CheckingClient, step: str) -> None:
    made = filled.all()[0].id
    sent = owner.page(PATH).form(None) | {"step": step}
    assert owner.post(f"{PATH}/{made}/step", data=sent).status_code == HTTPStatus.BAD_REQUEST
    assert "experiment.moved_on" not in filled.events()


def test_a_late_press_is_told_that_it_has_ended(filled: Register, owner: CheckingClient) -> None:
    there = {one.entry.title: one.id for one in filled.all()}
    sent = owner.page(PATH).form(None) | {"step": "first_user"}
    owner.post(f"{PATH}/{there['Sort leads']}/step", data=sent)
    assert "Not done: It has ended already." in owner.page(PATH).text()


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (
            "unit={Engineering}",
            {"Draft replies", "Explain errors", "Own model", "Voice notes", "One gateway"},
        ),
        ("unit={Mobile}", {"Voice notes"}),
        ("unit={Support}", set()),
        ("state=idea", {"Pictures for offers"}),
        ("state=first_user", {"Voice notes"}),
        ("state=live", {"Draft replies", "One gateway"}),
        ("state=ended", {"Explain errors", "Own model", "Sort leads"}),
        ("type=text", {"Draft replies", "Sort leads"}),
        ("phase=1-n&unit={Platform}", {"Own model"}),
        ("state=ended&type=text", {"Sort leads"}),
        ("state=nonsense&type=video&phase=9", None),
    ],
)
def test_filters(filled: Register, owner: CheckingClient, asked: str, found: set[str] | None) -> None:
    page = owner.page(f"{PATH}?{asked.format(**filled.units)}")
    if found is None:
        assert len(titles(page)) == 7
    else:
        assert set(titles(page)) == found
        assert found or "None of this kind." in page.text()
        assert "Show all" in page.text()
        exported = owner.get(f"{PATH}/register.csv?{asked.format(**filled.units)}").text
        assert exported.count("\n") == len(found) + 1


def test_a_unit_elsewhere_out_of_reach_or_nowhere_looks_the_same(
    filled: Register, viewer: CheckingClient, stranger: CheckingClient
) -> None:
    for unit in (filled.units["Platform"], 2**31 - 1, 0, -1, "x", "9" * 30, "\u0663"):
        for path in (PATH, f"{PATH}/figures", f"{PATH}/figures.json", f"{PATH}/register.csv"):
            assert viewer.get(path, query_string={"unit": unit}).status_code == HTTPStatus.NOT_FOUND
    reply = stranger.get("/o/elsewhere/experiments", query_string={"unit": filled.units["Sales"]})
    assert reply.status_code == HTTPStatus.NOT_FOUND


def test_two_thousand_stand_on_pages_of_fifty(acme: Register, owner: CheckingClient) -> None:
    rows = [
        {
            "organization_id": acme.organization.id,
            "unit_id": acme.units["Mobile" if place % 2 else "Sales"],
            "title": f"Idea {place:04}",
            "title_key": f"idea {place:04}",
            "type": "text",
            "idea_on": ago(2000 - place),
            "version": 1,
            "rule": "",
            "value_unit": "",
            "note": "",
        }
        for place in range(2000)
    ]
    with acme.app.app_context(), transaction() as session:
        session.execute(sa.insert(Experiment), rows)
    page = owner.page(PATH)
    assert "2000 experiments" in page.text()
    assert titles(page)[0] == "Idea 1999"
    assert len(titles(page)) == 50
    assert "Page 1 of 40" in page.text()
    second = next(one.get("href", "") for one in page.all("a") if one.get("rel") == "next")
    assert titles(owner.page(second))[0] == "Idea 1949"
    for number in ("40", "41", "999999999", "99999999999999", "x", "-3"):
        text = owner.page(f"{PATH}?page={number}").text()
        assert ("Page 40 of 40" if number in {"40", "41", "999999999"} else "Page 1 of 40") in text
    mobile = owner.page(f"{PATH}?unit={acme.units['Mobile']}&page=2")
    assert "Page 2 of 20" in mobile.text()
    assert re.search(
        rf"unit={acme.units['Mobile']}&amp;page=3|unit={acme.units['Mobile']}&page=3",
        next(one.get("href", "") for one in mobile.all("a") if one.get("rel") == "next"),
    )
    assert owner.page(f"{PATH}/figures").text().startswith("Experiments")


def test_a_closed_unit_is_named_so_and_takes_nothing_new(filled: Register, owner: CheckingClient) -> None:
    with filled.app.app_context(), transaction() as session:
        session.execute(sa.update(Unit).where(Unit.id == filled.units["Sales"]).values(closed=True))
    page = owner.page(PATH)
    assert "Sales (closed)" in page.text()
    [select] = [one for one in page.all("select") if one.get("name") == "unit" and one.get("id")]
    assert "Sales" not in words(select)
    with filled.app.app_context():
        db.session.rollback()
    assert log(owner, unit=str(filled.units["Sales"])).status_code == HTTPStatus.UNPROCESSABLE_ENTITY


def test_an_auditor_has_no_part_in_it(auditor: CheckingClient) -> None:
    assert auditor.get(PATH).status_code == HTTPStatus.FORBIDDEN
    assert "Experiments" not in words(auditor.page("/o/acme/units").root)
