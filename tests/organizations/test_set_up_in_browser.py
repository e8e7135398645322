import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.fixtures.browser import provoked
from tests.fixtures.organizations import answer, create, import_units, open_one
from webapp.access import sessions
from webapp.extensions import db
from webapp.models import Organization, Wave
from webapp.organizations import commands

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

LIST = "unit,parent,headcount,leader_email\nEngineering,,,lead@acme.example\nPlatform,Engineering,12,\nSales,,10,\n"


def first_steps(server: Any, page: "Page", organization: Organization, email: str) -> "Page":
    """Sign in with a one-time link, and go to the first steps."""
    with server.app.app_context():
        secret = commands.sign_in_secret(organization=organization, email=email, by=None)
    page.goto(f"{server.url}/sign-in/{secret}")
    page.click("main button")
    page.wait_for_url("**/organizations")
    page.goto(f"{server.url}/o/{organization.slug}/first-steps")
    return page


def test_an_owner_goes_from_nothing_to_results_and_a_leader_assesses_in_between(
    live_server: Any, new_page: Callable[..., "Page"], assert_accessible: Callable[["Page"], None]
) -> None:
    organization = create(live_server.app)

    wide = {"width": 1280, "height": 900}
    owner = first_steps(live_server, new_page(viewport=wide), organization, "owner@acme.example")
    assert_accessible(owner)
    owner.click("text=Import units")
    owner.fill("textarea", LIST)
    owner.click("text=Check the list")
    assert_accessible(owner)
    owner.click("text=Import this list")
    owner.wait_for_url("**/units")
    owner.goto(f"{live_server.url}/o/acme/first-steps")
    owner.click("main >> text=Open a wave >> nth=-1")
    assert_accessible(owner)
    owner.click("text=Open it")
    owner.wait_for_url(re.compile(r"/waves/\d+$"))
    wave_id = int(owner.url.rpartition("/")[2])
    assert_accessible(owner)
    with owner.expect_download() as download:
        owner.click("text=Download single links")
    assert len(download.value.path().read_text().splitlines()) == 23

    leader = first_steps(live_server, new_page(viewport=wide), organization, "lead@acme.example")
    leader.goto(f"{live_server.url}/o/acme/waves")
    leader.click("text=Engineering,")
    assert_accessible(leader)
    leader.check("input[value=average]")
    for step in range(9):
        leader.click("[data-next]")
        leader.locator("[data-step]:not([hidden]) input").first.focus()
        leader.keyboard.press(str(1 + step % 5))
    leader.click("text=Give my assessment")
    leader.wait_for_selector("text=given; may be changed until the wave closes")

    with live_server.app.app_context():
        wave = db.session.get_one(Wave, wave_id)
    answer(live_server.app, wave, {"Platform": 11, "Sales": 8})
    owner.reload()
    owner.click("summary:has-text('Close now')")
    owner.check("input[name=sure]")
    owner.click("text=Close and publish")
    owner.wait_for_selector("text=is closed, and its results are there")
    assert_accessible(owner)
    owner.click("text=See the results")
    assert owner.locator("h1").inner_text()

    owner.click("text=Sign out")
    owner.wait_for_url("**/sign-in?signed_out=1")


def test_a_leader_who_forgot_to_choose_is_led_to_the_choice(
    live_server: Any,
    new_page: Callable[..., "Page"],
    assert_accessible: Callable[["Page"], None],
    problems: list[str],
) -> None:
    organization = create(live_server.app, "second", "Second")
    ids = import_units(live_server.app, organization, LIST)
    wave = open_one(live_server.app, organization)
    with live_server.app.app_context():
        secret = commands.sign_in_secret(organization=organization, email="lead@acme.example", by=None)
        opened = sessions.start(secret)
    assert opened is not None
    page = new_page(viewport={"width": 390, "height": 800}, color_scheme="dark")
    page.context.add_cookies([{"name": "sid", "value": opened.secret, "url": live_server.url}])
    page.goto(f"{live_server.url}/o/second/waves/{wave.id}/assessments/{ids['Engineering']}")
    page.click("[data-next]")
    page.keyboard.press("Tab")
    page.keyboard.press("4")
    while page.locator("[data-next]").is_visible():
        page.click("[data-next]")
    page.click("[data-send]")
    page.wait_for_selector("text=Not stored yet")
    noted = provoked(page, problems, "422")
    assert ["422" in one for one in noted] == [True], "the refusal itself, which the browser notes"
    assert_accessible(page)
    page.click(".summary a")
    page.wait_for_function("document.activeElement.name === 'shown'")
    assert page.locator("input[name='P1.L3']:checked").get_attribute("value") == "4"
