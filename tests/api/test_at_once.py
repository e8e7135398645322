"""Fifty programs at the same moment: one of them is first, and nobody is overwritten or told a falsehood; on both databases."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from tests.fixtures import organizations as made
from tests.fixtures.pages import CheckingClient
from webapp.extensions import db
from webapp.models import ActionOwner, AuditEvent, Organization

MANY = 50
OWNER = "owner@acme.example"
Call = Callable[[CheckingClient, int], TestResponse]


class House:
    """Acme on one of the databases, and programs of its owner."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.organization: Organization = made.create(app)
        self.units = made.import_units(app, self.organization)
        self.token = made.token_of(app, self.organization, OWNER)
        self.client = made.program(app, self.token)

    def at_once(self, call: Call) -> list[TestResponse]:
        """What each of fifty got, who all began together."""
        together = Barrier(MANY)

        def one(number: int) -> TestResponse:
            client = made.program(self.app, self.token)
            together.wait(30)
            return call(client, number)

        with ThreadPoolExecutor(MANY) as pool:
            return list(pool.map(one, range(MANY)))

    def events(self) -> Counter[str]:
        with self.app.app_context():
            return Counter(db.session.scalars(sa.select(AuditEvent.action)))


@pytest.fixture
def house(any_app: Flask) -> House:
    return House(any_app)


def statuses(replies: list[TestResponse]) -> Counter[int]:
    return Counter(reply.status_code for reply in replies)


def test_of_fifty_who_change_an_action_as_they_read_it_one_does(house: House) -> None:
    read: Any = house.client.post("/api/v1/actions", json={"unit": None, "title": "Show what works"}).json
    member = made.member_id(house.app, house.organization, OWNER)
    sent = {name: read[name] for name in ("version", "note", "practice", "item", "due")} | {"member": member}
    path = f"/api/v1/actions/{read['id']}"
    replies = house.at_once(lambda client, number: client.put(path, json=sent | {"title": f"Title {number}"}))
    assert statuses(replies) == {200: 1, 409: MANY - 1}
    [won] = [reply.json for reply in replies if reply.status_code == 200]
    assert house.client.get(path).json == won
    assert won["version"] == 2  # type: ignore[index]
    assert house.events()["action.changed"] == 1
    with house.app.app_context():
        assert len(db.session.scalars(sa.select(ActionOwner.member_id)).all()) == 1


def test_of_fifty_who_move_an_action_each_is_told_where_it_is(house: House) -> None:
    number = house.client.post("/api/v1/actions", json={"unit": None, "title": "Show"}).json["id"]  # type: ignore[index]
    path = f"/api/v1/actions/{number}/state"
    replies = house.at_once(lambda client, _number: client.put(path, json={"state": "doing"}))
    assert statuses(replies) == {200: MANY}
    assert house.events()["action.moved"] == 1
    words = ("planned", "done")
    replies = house.at_once(
        lambda client, number: client.put(path, json={"state": words[number % 2], "reason": "x"})
    )
    assert set(statuses(replies)) <= {200, 409}
    assert house.client.get(f"/api/v1/actions/{number}").json["state"] in words  # type: ignore[index]


def test_of_fifty_who_write_the_same_down_one_does(house: House) -> None:
    for path, body, event, wanted in (
        ("/api/v1/actions", {"unit": house.units["Sales"], "title": "Show"}, "action.made", {201: MANY}),
        (
            "/api/v1/experiments",
            {"unit": house.units["Sales"], "title": "Draft"},
            "experiment.logged",
            {201: 1, 409: MANY - 1},
        ),
    ):
        replies = house.at_once(lambda client, _number, path=path, body=body: client.post(path, json=body))  # type: ignore[misc]
        assert statuses(replies) == wanted
        assert house.events()[event] == 1
        assert len(house.client.get(path).json["items"]) == 1  # type: ignore[index]


def test_of_fifty_who_change_move_on_and_remove_an_experiment_none_is_half_done(house: House) -> None:
    path = "/api/v1/experiments"
    read: Any = house.client.post(path, json={"unit": house.units["Sales"], "title": "Draft"}).json
    here = f"{path}/{read['id']}"
    told = ("id", "state", "rule_written_on", "rule_before_start")
    sent = {name: value for name, value in read.items() if name not in told}
    replies = house.at_once(lambda client, number: client.put(here, json=sent | {"note": f"Note {number}"}))
    assert statuses(replies) == {200: 1, 409: MANY - 1}
    replies = house.at_once(lambda client, _number: client.put(f"{here}/step", json={"to": "live"}))
    assert statuses(replies) == {200: MANY}
    assert house.events()["experiment.moved_on"] == 1
    replies = house.at_once(
        lambda client, number: (
            client.delete(here)
            if number % 2
            else client.put(f"{here}/step", json={"to": "ended", "end_reason": "stopped"})
        )
    )
    assert set(statuses(replies)) <= {200, 204, 404, 409}
    assert house.events()["experiment.removed"] == 1
    assert house.client.get(here).status_code == 404


def test_of_fifty_lists_of_figures_each_is_taken_whole(house: House) -> None:
    def lines(number: int) -> list[dict[str, Any]]:
        return [
            {"unit": house.units[unit], "month": "2026-03", "active": 5 + number % 2, "seats": 6 + number % 2}
            for unit in ("Platform", "Mobile", "Sales", "Support")
        ]

    replies = house.at_once(
        lambda client, number: client.put("/api/v1/evidence", json={"figures": lines(number)})
    )
    assert statuses(replies) == {200: MANY}
    with house.app.app_context():
        kept = db.session.execute(sa.text("SELECT active, seats FROM evidence")).all()
    assert len(kept) == 4
    assert len(set(kept)) == 1, "the figures of one list"
    assert house.client.get("/api/v1/evidence").json["months"] == ["2026-03"]  # type: ignore[index]
