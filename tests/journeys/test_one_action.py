"""A leader follows one action over two waves: adopted where the results say so, begun, and told of after the next wave."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from tests.fixtures.browser import LiveServer
from tests.fixtures.organizations import answer, create, import_units, open_one, publish, sign_in
from tests.journeys.looking import Looker
from webapp.models import Organization

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LEADER = "leader@acme.example"
DO = "Give each good idea two weeks and an end"


def wave(app: Flask, organization: Organization, name: str) -> None:
    """Publish a wave; what people answer in it is always the same."""
    opened = open_one(app, organization, name)
    answer(app, opened)
    publish(app, opened)


def test_a_leader_follows_one_action_over_two_waves(
    live_server: LiveServer, new_page: "Callable[..., Page]", problems: list[str]
) -> None:
    server, app = live_server, live_server.app
    acme = create(app)
    import_units(app, acme)
    wave(app, acme, "First wave")
    looker = Looker(new_page(viewport={"width": 1280, "height": 900}), problems)
    cookie = sign_in(app, acme, LEADER).get_cookie("sid")
    assert cookie is not None
    looker.page.context.add_cookies([{"name": "sid", "value": cookie.value, "url": server.url}])

    page, board = looker.page, f"{server.url}/o/acme/actions"
    page.goto(f"{server.url}/o/acme/")
    page.get_by_role("link", name="Heat map").first.click()
    page.locator(".heat").get_by_role("link", name="Platform", exact=True).click()
    unit = page.url

    practice = adopt(page)
    looker.look(name="the action as it was written down")
    page.goto(board)
    begin(page)
    page.goto(unit)
    adopted = page.locator("p", has=page.get_by_role("link", name=re.compile("^Adopted")))
    assert "under way" in adopted.first.inner_text(), "where it was adopted stands what became of it"

    wave(app, acme, "Second wave")
    page.goto(board)
    card = page.locator("li", has=page.get_by_role("link", name=DO))
    told = card.inner_text()
    assert re.search(rf"Second wave {re.escape(practice)} in Platform: (\d+) → \1, no clear change", told), (
        told
    )
    looker.look(name="the board after the next wave")
    page.get_by_role("link", name=DO).click()
    page.wait_for_url("**/actions/*")
    section = page.locator("section", has=page.get_by_role("heading", name="What changed since"))
    told = section.inner_text()
    assert "Second wave" in told
    assert "without an action there: no clear change" in told, "it stands beside a team that did not act"
    assert "Beside, not because" in told
    looker.look(name="the action after the next wave")

    page.reload()  # whoever looks opens all that can be opened
    page.locator("summary", has_text="Done, or dropped").click()
    page.get_by_label("What came of it, or why not, in one line").fill("Two ideas ended, one goes on")
    page.get_by_role("button", name="It is done").click()
    page.get_by_role("status").first.wait_for()
    text = page.locator("main").inner_text()
    assert "done" in text
    assert "Two ideas ended, one goes on" in text
    looker.assert_nothing_wrong()


def adopt(page: "Page") -> str:
    """Adopt the first step that the unit's page names; what practice it moves."""
    page.get_by_role("link", name=re.compile("^Adopt this")).first.click()
    page.get_by_role("heading", name="Adopt this advice").wait_for()
    page.get_by_label("What you will do").fill(DO)
    practice = page.get_by_label("What it should move").locator("option").first.inner_text()
    assert page.get_by_label("Who looks after it").locator("option:checked").inner_text() == LEADER
    page.get_by_role("button", name="Put it on the board").click()
    page.wait_for_url("**/actions**")
    return practice.removesuffix(" as a whole")


def begin(page: "Page") -> None:
    page.get_by_role("button", name="Start").click()
    page.get_by_role("status").first.wait_for()
