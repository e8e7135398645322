"""What pages of results show of actions: beside the steps, and how many there are."""

from datetime import timedelta

import pytest
from flask import Flask

from tests.actions.conftest import Acme
from tests.fixtures.organizations import add_member
from tests.fixtures.pages import CheckingClient, Page, words
from webapp import clock
from webapp.actions import commands
from webapp.domain.action import State
from webapp.extensions import db
from webapp.models import Action


def unit_page(lite: Acme, client: CheckingClient, wave: int, unit: str) -> Page:
    return client.page(f"/o/acme/results/{wave}/units/u{lite.units[unit]}")


def steps(page: Page) -> list[str]:
    """The practices of the steps that may be adopted, in their order, by the links that adopt them."""
    links = [one.get("href", "") for one in page.all("a") if "/actions/new" in one.get("href", "")]
    return [link.partition("practice=")[2].partition("&")[0] for link in links]


def links(page: Page) -> list[str]:
    return [words(one) for one in page.all("a") if "/actions/" in one.get("href", "")]


def test_a_step_is_adopted_from_the_page_of_a_team_and_says_so_there(lite: Acme) -> None:
    wave = lite.publish()
    leader = lite.client("leader@acme.example")
    before = unit_page(lite, leader, wave, "Platform")
    first, *others = steps(before)
    assert len(others) >= 2
    assert links(before)[0].startswith("Adopt this")
    due = clock.today("UTC") + timedelta(days=20)
    lite.adopt("Platform", "Begin there", wave_id=wave, practice=first, due=due)
    after = unit_page(lite, leader, wave, "Platform")
    assert steps(after) == others
    assert "Adopted: " in after.text()
    assert f", planned, due {due:%-d %B %Y}" in after.text()
    assert "Begin there" in after.text().partition("What was decided")[2]


def test_what_was_dropped_may_be_adopted_again_and_what_is_done_stays_said(lite: Acme) -> None:
    wave = lite.publish()
    leader = lite.client("leader@acme.example")
    first = steps(unit_page(lite, leader, wave, "Platform"))[0]
    number = lite.adopt("Platform", "Begin there", wave_id=wave, practice=first)
    for seen, to, offered in (
        (State.PLANNED, State.DROPPED, True),
        (State.DROPPED, State.PLANNED, False),
        (State.PLANNED, State.DONE, False),
    ):
        with lite.inside():
            commands.move(action=db.session.get_one(Action, number), seen=seen, to=to, reason="So", by=None)
        page = unit_page(lite, leader, wave, "Platform")
        assert (first in steps(page)) == offered
    assert ", done" in page.text()


def test_the_overview_counts_open_and_overdue_actions_of_the_readers_units(
    lite: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    lite.publish()
    owner, leader = lite.client("owner@acme.example"), lite.client("leader@acme.example")
    assert "On the board" not in owner.page("/o/acme/").text()
    today = clock.today("UTC")
    lite.adopt("Platform", "One", due=today)
    lite.adopt("Sales", "Two")
    lite.adopt("", "For all of us")
    monkeypatch.setattr(clock, "today", lambda _zone: today + timedelta(days=1))
    assert "On the board: 3 open actions, 1 of them overdue" in owner.page("/o/acme/").text()
    assert "For all of us" in owner.page("/o/acme/").text()
    told = leader.page("/o/acme/").text()
    assert "On the board: 1 open action, 1 of them overdue" in told
    assert "For all of us" not in told


def test_nobody_is_offered_what_is_not_theirs_to_decide(lite: Acme, app: Flask) -> None:
    wave = lite.publish()
    add_member(app, lite.organization, "views@acme.example", "viewer", lite.units["Sales"])
    add_member(app, lite.organization, "leader@acme.example", "viewer", lite.units["Sales"])
    lite.adopt("Sales", "Sell it")
    viewer, leader = lite.client("views@acme.example"), lite.client("leader@acme.example")
    for client in (viewer, leader):
        page = unit_page(lite, client, wave, "Sales")
        assert "Three things to do next" in page.text()
        assert steps(page) == []
        assert "Sell it" in page.text()
        assert steps(client.page("/o/acme/")) == []
    assert steps(lite.client("owner@acme.example").page("/o/acme/"))


def test_a_hidden_team_still_has_what_it_decided(lite: Acme) -> None:
    wave = lite.publish(Platform=10, Mobile=7, Sales=8, Support=3)
    lite.adopt("Support", "Ask them")
    page = unit_page(lite, lite.client("owner@acme.example"), wave, "Support")
    assert "Not shown, to protect anonymity." in page.text()
    assert "Ask them" in page.text()
    assert steps(page) == []


def test_a_pulse_gives_no_advice_and_nothing_to_adopt(lite: Acme) -> None:
    pulse = lite.publish("A pulse", "pulse")
    owner = lite.client("owner@acme.example")
    for page in (owner.page("/o/acme/"), unit_page(lite, owner, pulse, "Platform")):
        assert "to do next" not in page.text()
        assert "Next week:" not in page.text()
        assert steps(page) == []
