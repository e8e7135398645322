"""What a readout ends with: one thing, one owner, one date, written down as an action."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from tests.fixtures.organizations import add_member, answer, create, open_one, publish, sign_in
from tests.fixtures.pages import CheckingClient, Page
from webapp.extensions import db
from webapp.models import Action, ActionOwner, Member, Organization

DAY = date.today() + timedelta(days=20)  # noqa: DTZ011 - in the time zone of a new organization, which is UTC


@pytest.fixture
def path(app: Flask, organization: Organization, units: dict[str, int]) -> str:
    """Where the readout of Engineering stands."""
    wave = open_one(app, organization)
    answer(app, wave)
    publish(app, wave)
    return f"/o/acme/results/{wave.id}/readout/u{units['Engineering']}"


@pytest.fixture
def leader(app: Flask, organization: Organization) -> CheckingClient:
    return sign_in(app, organization, "leader@acme.example")


def actions(app: Flask) -> list[Action]:
    with app.app_context():
        return list(db.session.scalars(select(Action).order_by(Action.id)))


def mine(client: CheckingClient, path: str) -> dict[str, Any]:
    """What the form proposes, with the words and the day of these tests."""
    page = Page(client.get(path).text)
    chosen = [one.get("value") for one in page.all("option") if one.get("selected") is not None]
    return {"title": "Show one example a day", "member": chosen[0], "due": DAY.isoformat()}


def test_a_leader_commits_and_the_action_is_there(
    app: Flask, path: str, leader: CheckingClient, units: dict[str, int]
) -> None:
    page = Page(leader.get(path).text)
    proposed = {one.get("name"): one.get("value") for one in page.all("input") if one.get("id")}
    assert proposed["title"], "the first step stands there already"
    assert proposed["due"] == (date.today() + timedelta(days=14)).isoformat()  # noqa: DTZ011 - see above
    reply = leader.send(path, mine(leader, path))
    assert reply.status_code == 303
    assert reply.location == f"{path}#commit"
    (made,) = actions(app)
    assert (made.title, made.due, made.unit_id) == ("Show one example a day", DAY, units["Engineering"])
    assert made.practice
    assert made.advice
    with app.app_context():
        assert db.session.scalars(select(ActionOwner.action_id)).all() == [made.id]
    text = Page(leader.get(path).text).text()
    assert "It stands on the board." in text
    assert "What was decided Show one example a day, " in text


@pytest.mark.parametrize("missing", ["title", "member", "due"])
def test_none_of_the_three_may_be_left_out(
    app: Flask, path: str, leader: CheckingClient, missing: str
) -> None:
    reply = leader.send(path, mine(leader, path) | {missing: ""})
    assert reply.status_code == 422
    assert "Nothing was written down yet" in reply.text
    assert actions(app) == []


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("due", "2001-01-01"),
        ("due", "soon"),
        ("title", "x" * 201),
        ("title", "  "),
        ("member", "999999"),
        ("member", "x"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    app: Flask, path: str, leader: CheckingClient, field: str, value: str
) -> None:
    reply = leader.send(path, mine(leader, path) | {field: value})
    assert reply.status_code == 422
    page = Page(reply.text)
    assert [one for one in page.all("p") if one.get("id") == f"{field}-error"]
    assert actions(app) == []


def test_sent_twice_it_stands_once(app: Flask, path: str, leader: CheckingClient) -> None:
    sent = mine(leader, path)
    assert [leader.send(path, sent).status_code for _click in range(2)] == [303, 303]
    assert leader.send(path, sent | {"due": (DAY + timedelta(days=1)).isoformat()}).status_code == 422
    assert len(actions(app)) == 1


def test_who_may_not_decide_sees_no_form_and_cannot_send_one(
    app: Flask, organization: Organization, path: str, units: dict[str, int], leader: CheckingClient
) -> None:
    add_member(app, organization, "viewer@acme.example", "viewer", units["Engineering"])
    viewer = sign_in(app, organization, "viewer@acme.example")
    assert not [one for one in Page(viewer.get(path).text).all("form") if one.get("action") == path]
    token = {"csrf_token": _token(viewer, path)}
    assert viewer.post(path, data=token | mine(leader, path)).status_code == 403
    whole = path.rpartition("/")[0] + "/root"
    assert not [one for one in Page(leader.get(whole).text).all("form") if one.get("action") == whole]
    token = {"csrf_token": _token(leader, whole)}
    assert leader.post(whole, data=token | mine(leader, path)).status_code == 404
    sales = path.rpartition("/")[0] + f"/u{units['Sales']}"
    assert leader.post(sales, data=token | mine(leader, path)).status_code == 404
    assert actions(app) == []


def test_a_member_of_elsewhere_cannot_be_named(app: Flask, path: str, leader: CheckingClient) -> None:
    other = create(app, "heron", "Heron")
    with app.app_context():
        stranger = db.session.scalars(select(Member.id).where(Member.organization_id == other.id)).one()
    assert leader.send(path, mine(leader, path) | {"member": str(stranger)}).status_code == 422
    assert sign_in(app, other, "owner@heron.example").get(path).status_code == 404
    assert actions(app) == []


def _token(client: CheckingClient, path: str) -> str:
    forms = Page(client.get(path).text).all("input")
    return next(one.get("value", "") for one in forms if one.get("name") == "csrf_token")


@pytest.mark.parametrize("title", ["x\0y", "a\x01", "<b>\ufdd0", "\uffff"])
def test_what_no_page_can_hold_is_refused_and_shown_again_all_the_same(
    path: str, leader: CheckingClient, title: str
) -> None:
    """It once made a page that was no HTML."""
    reply = leader.send(path, mine(leader, path) | {"title": title})
    assert reply.status_code == 422
    assert "cannot be seen" in reply.text
    [field] = [one for one in Page(reply.text).all("input") if one.get("name") == "title"]
    assert field.get("value") == title[:-1].replace("\0", "\ufffd") + (
        title[-1] if title == "x\0y" else "\ufffd"
    )
