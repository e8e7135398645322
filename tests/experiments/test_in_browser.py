"""A team logs what it tries, by the keyboard alone and without scripts, in less time than it takes to tell."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.fixtures.browser import LiveServer, provoked
from tests.fixtures.organizations import create, import_units, sign_in
from tests.journeys.answering import has_focus, tab_to

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser
TITLE = "Draft replies to carriers"


@pytest.fixture(scope="module")
def register_url(live_server: LiveServer) -> str:
    """The register of Acme, whose leader leads Engineering."""
    app = live_server.app
    import_units(app, create(app))
    return f"{live_server.url}/o/acme/experiments"


@pytest.fixture
def leader_page(
    live_server: LiveServer, register_url: str, new_page: "Callable[..., Page]"
) -> "Callable[..., Page]":
    """`leader_page(**options)`: the register in front of the leader of Engineering."""

    def make(**options: object) -> "Page":
        from sqlalchemy import select  # noqa: PLC0415 - beside the fixtures that need none

        from webapp.extensions import db  # noqa: PLC0415 - likewise
        from webapp.models import Organization  # noqa: PLC0415 - likewise

        with live_server.app.app_context():
            acme = db.session.scalars(select(Organization)).one()
        cookie = sign_in(live_server.app, acme, "leader@acme.example").get_cookie("sid")
        assert cookie is not None
        page = new_page(**options)
        page.context.add_cookies([{"name": "sid", "value": cookie.value, "url": live_server.url}])
        page.goto(register_url)
        return page

    return make


def press(page: "Page", *keys: str) -> int:
    for key in keys:
        page.keyboard.press(key)
    return len(keys)


def test_by_keyboard_alone_in_thirty_seconds(leader_page: "Callable[..., Page]") -> None:
    """Skip the menu, write the title, Enter: the unit stands there, the day is today's."""
    page = leader_page()
    began = time.monotonic()
    pressed = press(page, "Tab", "Enter")  # the link that skips the menu
    while not has_focus(page.get_by_label("What are you trying?")):
        pressed += press(page, "Tab")
        assert pressed <= 3, "the field is the first thing after the menu"
    page.keyboard.type(TITLE)
    pressed += press(page, "Enter")
    page.wait_for_url("**/experiments#e*")
    assert page.get_by_role("row", name=TITLE).count() == 1
    assert pressed <= 4
    assert time.monotonic() - began < 30

    # the next step: Tab goes on from the row that was added, and Enter presses the button
    for _key in range(4):
        press(page, "Tab")
        if has_focus(page.get_by_role("button", name=f"First user today : {TITLE}")):
            break
    else:
        raise AssertionError("four times Tab do not lead from the new row to its next step")
    press(page, "Enter")
    page.get_by_role("button", name=f"Live today : {TITLE}").wait_for()
    assert "First user" in page.get_by_role("row", name=TITLE).inner_text()


def test_with_type_and_unit_it_takes_a_few_keys_more(leader_page: "Callable[..., Page]") -> None:
    page = leader_page()
    press(page, "Tab", "Enter", "Tab")
    page.keyboard.type("Voice notes as text")
    press(page, "Tab")
    page.keyboard.type("Ch")
    assert page.get_by_label("Type").first.input_value() == "chat"
    press(page, "Tab")
    press(page, "ArrowDown")
    assert "Platform" in page.get_by_label("Unit").first.locator("option:checked").inner_text()
    press(page, "Tab", "Enter")
    page.wait_for_url("**/experiments#e*")
    row = page.get_by_role("row", name="Voice notes as text")
    assert "Chat" in row.inner_text()
    assert "Platform" in row.inner_text()


def test_without_scripts_from_idea_to_end(leader_page: "Callable[..., Page]", problems: list[str]) -> None:
    page = leader_page(java_script_enabled=False, viewport={"width": 390, "height": 844})
    page.get_by_label("What are you trying?").fill("Sort tickets")
    page.get_by_role("button", name="Log it").click()
    for step in ("First user today", "Live today"):
        page.get_by_role("button", name=f"{step} : Sort tickets").click()
    page.get_by_text("Ended …: Sort tickets").click()
    page.get_by_role("button", name="Scaled : Sort tickets").click()
    assert "Ended: scaled" in page.get_by_role("row", name="Sort tickets").inner_text()
    page.get_by_role("link", name="Sort tickets").click()
    page.get_by_role("link", name="Change it").click()
    page.get_by_label("What it brings: the number now").fill("12")
    page.get_by_role("button", name="Save").click()
    assert "Say what the number counts" in page.locator("main").inner_text()
    page.get_by_label("What the number counts").fill("hours a month")
    page.get_by_role("button", name="Save").click()
    assert "12 hours a month" in page.locator("main").inner_text()
    provoked(page, problems, "422")


def test_a_double_click_makes_one(leader_page: "Callable[..., Page]") -> None:
    page = leader_page()
    page.get_by_label("What are you trying?").fill("Pressed twice")
    page.get_by_role("button", name="Log it").dblclick()
    page.wait_for_url("**/experiments#e*")
    page.reload()
    assert page.get_by_role("row", name="Pressed twice").count() == 1


def test_the_full_form_can_be_filled_by_keyboard(
    leader_page: "Callable[..., Page]", assert_accessible: "Callable[[Page], None]"
) -> None:
    page = leader_page()
    page.get_by_label("What are you trying?").fill("By keys")
    press(page, "Enter")
    page.get_by_role("link", name="By keys").click()
    page.get_by_role("link", name="Change it").click()
    assert_accessible(page)
    tab_to(page, page.get_by_label("Note"))
    page.keyboard.type("Written without a mouse")
    tab_to(page, page.get_by_role("button", name="Save"), most=60)
    press(page, "Enter")
    page.get_by_text("Written without a mouse").wait_for()
