"""The page of one experiment, and the form that changes all of it."""

from http import HTTPStatus
from typing import Any

import pytest

from tests.experiments.conftest import Register, ago, today
from tests.fixtures.organizations import SignIn
from tests.fixtures.pages import CheckingClient, Page, words
from webapp.domain.experiments import Reason

PATH = "/o/acme/experiments"


@pytest.fixture
def ids(filled: Register) -> dict[str, int]:
    return {one.entry.title: one.id for one in filled.all()}


def typed(client: CheckingClient, path: str) -> dict[str, str]:
    """What the form on a page sends when nothing in it is touched."""
    page = client.page(path)
    sent = page.form(None)
    for one in page.all("input"):
        kind = one.get("type", "text")
        if kind in {"text", "date"} or (kind == "radio" and one.get("checked") is not None):
            sent[one.get("name", "")] = one.get("value", "")
    for one in page.all("textarea"):
        sent[one.get("name", "")] = (one.text or "").strip()
    for one in page.all("select"):
        options = list(one.iter("option"))
        picked = [option for option in options if option.get("selected") is not None] or options[:1]
        sent[one.get("name", "")] = picked[0].get("value", "")
    return sent


def test_it_tells_its_story(owner: CheckingClient, ids: dict[str, int]) -> None:
    text = owner.page(f"{PATH}/{ids['Draft replies']}").text()
    for told in (
        "A first user after 10 days. Live on",
        "Text",
        "Productivity",
        "0→1: something new",
        "Stop at five written on",
        "from 40 to 12 hours a month",
    ):
        assert told in text
    assert "after the first user" not in text
    text = owner.page(f"{PATH}/{ids['Own model']}").text()
    assert "Stopped: it was decided to end it" in text
    text = owner.page(f"{PATH}/{ids['Sort leads']}").text()
    assert "It ended without a user. Faded: nobody decided" in text


def test_it_is_changed_and_stays_where_it_is_without_a_change(
    filled: Register, owner: CheckingClient, ids: dict[str, int]
) -> None:
    path = f"{PATH}/{ids['Draft replies']}"
    before = filled.one(ids["Draft replies"])
    sent = typed(owner, f"{path}/change")
    assert owner.post(f"{path}/change", data=sent).status_code == 303
    assert filled.one(before.id) == before
    changes = {"title": "Draft letters", "value": "9,5", "ended_on": str(ago(1)), "end_reason": "scaled"}
    reply = owner.post(f"{path}/change", data=sent | changes | {"unit": str(filled.units["Sales"])})
    assert (reply.status_code, reply.location) == (303, path)
    after = filled.one(before.id)
    assert (after.entry.title, after.unit, after.entry.value) == ("Draft letters", "Sales", 9.5)
    assert (after.entry.end_reason, after.version) == (Reason.SCALED, before.version + 1)
    assert after.entry.rule_written_on == before.entry.rule_written_on


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": ""}, "Title: Give it a title."),
        ({"idea_on": ""}, "Idea: This is needed."),
        ({"idea_on": str(today())}, "First user: The first user cannot come before the idea."),
        ({"live_on": "9999-12-31"}, "Live: This day is still to come."),
        ({"end_reason": "faded"}, "Ended: Say on which day it ended"),
        ({"value": "1.234"}, "What it brings: the number now: “1.234” is not a number."),
        ({"value_unit": ""}, "What the number counts: Say what the number counts"),
        ({"unit": "0"}, "Unit: Choose the unit."),
        ({"note": "x" * 500}, "Note: At most 400 characters."),
        ({"title": "Explain errors"}, "Title: This unit has an experiment with this title already."),
    ],
    ids=str,
)
def test_what_cannot_be_is_told_at_its_field(
    filled: Register, owner: CheckingClient, ids: dict[str, int], wrong: dict[str, str], told: str
) -> None:
    path, before = f"{PATH}/{ids['Draft replies']}/change", filled.one(ids["Draft replies"])
    reply = owner.post(path, data=typed(owner, path) | wrong)
    assert reply.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert told in Page(reply.text).text()
    assert filled.one(before.id) == before


def test_what_no_form_sends_is_refused(filled: Register, owner: CheckingClient, ids: dict[str, int]) -> None:
    path, before = f"{PATH}/{ids['Draft replies']}/change", filled.one(ids["Draft replies"])
    good = typed(owner, path)
    for wrong in (
        {"type": "video"},
        {"phase": "9"},
        {"problem_area": "ethics"},
        {"ready_made_model": "maybe"},
        {"version": "x"},
        {"version": ""},
        {"idea_on": "yesterday"},
        {"value": "\x00"},
        {"rule": "a\u202eb"},
    ):
        assert owner.post(path, data=good | wrong).status_code == HTTPStatus.UNPROCESSABLE_ENTITY, wrong
    assert filled.one(before.id) == before


def test_the_second_of_two_who_edit_at_once_is_told(
    filled: Register, owner: CheckingClient, leader: CheckingClient, ids: dict[str, int]
) -> None:
    path = f"{PATH}/{ids['Draft replies']}/change"
    first, second = typed(owner, path), typed(leader, path)
    assert owner.post(path, data=first | {"title": "From the owner", "type": "chat"}).status_code == 303
    reply = leader.post(path, data=second | {"title": "From the leader", "note": "Mine"})
    page = Page(reply.text)
    assert reply.status_code == HTTPStatus.CONFLICT
    [told] = [words(one) for one in page.all("div") if one.get("class") == "summary"]
    assert "Somebody else has changed this meanwhile" in told
    assert "Title: From the owner" in told
    assert "Type: Chat" in told
    assert "Note: nothing" in told
    assert "Unit" not in told, "what is the same is not told"
    assert 'value="From the leader"' in reply.text, "what was typed is not lost"
    assert filled.one(ids["Draft replies"]).entry.title == "From the owner"
    again = second | page.form(None) | {"title": "From the leader", "note": "Mine"}
    assert leader.post(path, data=again).status_code == 303
    assert filled.one(ids["Draft replies"]).entry.title == "From the leader"


def test_a_step_in_between_is_not_undone_by_a_form_that_was_open(
    filled: Register, owner: CheckingClient, ids: dict[str, int]
) -> None:
    made = ids["Pictures for offers"]
    sent = typed(owner, f"{PATH}/{made}/change")
    step = owner.page(f"{PATH}/{made}").form(None) | {"step": "first_user"}
    assert owner.post(f"{PATH}/{made}/step?from=experiment", data=step).location == f"{PATH}/{made}"
    reply = owner.post(f"{PATH}/{made}/change", data=sent | {"note": "late"})
    assert reply.status_code == HTTPStatus.CONFLICT
    assert filled.one(made).entry.first_user_on == today()


def test_others_see_or_change_nothing_of_it(
    filled: Register, leader: CheckingClient, viewer: CheckingClient, signed_in: SignIn, ids: dict[str, int]
) -> None:
    sales, platform = ids["Pictures for offers"], ids["Draft replies"]
    assert viewer.get(f"{PATH}/{sales}").status_code == HTTPStatus.OK
    assert "Change it" not in viewer.page(f"{PATH}/{sales}").text()
    missing = 2**31 - 1
    for client, made in ((viewer, platform), (leader, sales), (leader, missing), (leader, 2**70)):
        for end in ("", "/change"):
            assert client.get(f"{PATH}/{made}{end}").status_code == HTTPStatus.NOT_FOUND, (made, end)
    for end in ("/change", "/step", "/remove"):
        sent: dict[str, Any] = leader.page(PATH).form(None) | {"step": "live"}
        assert leader.post(f"{PATH}/{sales}{end}", data=sent).status_code == HTTPStatus.NOT_FOUND
    sent = {"csrf_token": leader.page(PATH).form(None)["csrf_token"]}
    assert viewer.get(f"{PATH}/{sales}/change").status_code in {HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND}
    assert len(filled.all()) == 7
    del signed_in, sent


def test_it_is_removed_at_a_word_and_once(
    filled: Register, owner: CheckingClient, ids: dict[str, int]
) -> None:
    path = f"{PATH}/{ids['Sort leads']}"
    form = owner.page(f"{path}/change").form(f"{path}/remove")
    assert owner.post(f"{path}/remove", data=form).location == PATH
    assert "It is out of the register." in owner.page(PATH).text()
    assert owner.post(f"{path}/remove", data=form).status_code == HTTPStatus.NOT_FOUND
    assert filled.events()[-1] == "experiment.removed"


def test_the_log_tells_all_of_it_in_words(
    filled: Register, owner: CheckingClient, ids: dict[str, int]
) -> None:
    form = owner.page(PATH).form(None)
    owner.post(PATH, data=owner.page(PATH).form(PATH) | {"title": "A", "unit": str(filled.units["Support"])})
    for step in ("first_user", "live", "scaled"):
        owner.post(f"{PATH}/{max(one.id for one in filled.all())}/step", data=form | {"step": step})
    owner.post(f"{PATH}/{ids['Sort leads']}/remove", data=form)
    owner.get(f"{PATH}/register.csv")
    text = owner.page("/o/acme/audit").text()
    for told in (
        "Imported experiments: 7 added, 0 changed",
        "Logged an experiment of Support",
        "Noted the first user of an experiment of Support",
        "Noted that an experiment of Support is live",
        "Noted the end of an experiment of Support",
        "Took an experiment of Sales out of the register",
        "Downloaded the register of experiments",
    ):
        assert told in text
    assert "Sort leads" not in text
