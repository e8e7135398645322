"""A lead reads the results out to the team by keys, and what they commit to stands on the board afterwards."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.journeys.answering import has_focus, tab_to
from tests.journeys.looking import Looker
from tests.journeys.world import LEADER_ADDRESS, LEADER_OF, World

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def address(world: World, key: object) -> str:
    return f"{world.server.url}/o/kestrel/results/{world.leader.values['wave_id'][0]}/readout/{key}"


@pytest.fixture
def lead(world: World, new_page: "Callable[..., Page]") -> "Callable[..., Page]":
    """`lead(**options)`: a page of the lead of one team, at the readout of that team."""

    def make(**options: object) -> "Page":
        page = new_page(**({"viewport": {"width": 1280, "height": 800}} | options))
        page.context.add_cookies([world.leader.cookie])
        page.goto(address(world, world.leader.values["key"][0]))
        return page

    return make


def shown(page: "Page") -> list[str]:
    return [str(part.get_attribute("id")) for part in page.locator("section.slot").all() if part.is_visible()]


def test_a_lead_runs_a_readout_by_keys_and_commits(world: World, lead: "Callable[..., Page]") -> None:
    page = lead()
    assert page.locator("h1").inner_text() == f"{LEADER_OF} in fifteen minutes"
    start = page.get_by_role("button", name="Present")
    tab_to(page, start, most=40)
    page.keyboard.press("Enter")
    assert shown(page) == ["stand"]
    assert has_focus(page.locator("#stand-title")), "a screen reader says where one is"
    assert page.get_by_role("timer").inner_text() == "2 min left"
    for key, part in (
        ("ArrowRight", "agree"),
        ("PageDown", "differ"),
        ("ArrowLeft", "agree"),
        ("Home", "stand"),
        ("ArrowLeft", "stand"),
        ("End", "commit"),
        ("ArrowRight", "commit"),
    ):
        page.keyboard.press(key)
        assert shown(page) == [part], key
        assert has_focus(page.locator(f"#{part}-title"))
        assert page.locator(".slides [role=status]").inner_text().startswith("Part ")

    page.get_by_label("What", exact=True).fill("Show one real example each day")
    page.keyboard.press("Home")
    assert shown(page) == ["commit"], "keys are for the words while somebody writes"
    assert page.get_by_label("Who", exact=True).locator("option:checked").inner_text() == LEADER_ADDRESS
    day = date.today() + timedelta(days=20)  # noqa: DTZ011 - as the field has it
    page.get_by_label("Until when").fill(day.isoformat())
    page.get_by_role("button", name="Put it on the board").click()
    page.wait_for_url("**/readout/*#commit")
    assert "It stands on the board." in page.locator("[role=status]").first.inner_text()
    page.locator("#commit").get_by_role("link", name="Show one real example each day").click()
    page.wait_for_url("**/actions/*")
    text = page.locator("main").inner_text()
    assert "Show one real example each day" in text
    assert LEADER_ADDRESS in text
    page.goto(f"{world.server.url}/o/kestrel/actions")
    assert page.get_by_text("Show one real example each day").count() >= 1


def test_buttons_do_what_keys_do_and_the_keys_can_be_asked_for(lead: "Callable[..., Page]") -> None:
    page = lead()
    page.keyboard.press("ArrowRight")
    assert len(shown(page)) == 5, "before it is presented keys are the browser's own"
    page.get_by_role("button", name="Present").click()
    page.get_by_role("button", name="Next part").click()
    assert shown(page) == ["agree"]
    page.get_by_role("button", name="Back", exact=True).click()
    assert shown(page) == ["stand"]
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys")
    assert keys.is_visible()
    page.keyboard.press("ArrowRight")
    assert shown(page) == ["stand"], "behind the list of keys nothing moves"
    page.keyboard.press("Escape")
    assert keys.is_hidden()
    assert shown(page) == ["stand"], "the first Esc is for the list"
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement !== null")
    page.keyboard.press("f")
    page.wait_for_function("document.fullscreenElement === null")
    page.get_by_role("button", name="Next part").click()
    page.keyboard.press("Escape")
    assert len(shown(page)) == 5
    assert has_focus(page.locator("#agree-title")), "one is back where one was"
    page.keyboard.press("ArrowRight")
    assert len(shown(page)) == 5


def test_the_clock_goes_on_for_each_part_alone(lead: "Callable[..., Page]") -> None:
    page = lead()
    page.clock.install()
    page.reload()
    page.get_by_role("button", name="Present").click()
    timer = page.get_by_role("timer")
    assert timer.inner_text() == "2 min left"
    page.clock.run_for(61_000)
    assert timer.inner_text() == "1 min left"
    page.keyboard.press("ArrowRight")
    assert timer.inner_text() == "3 min left"
    page.clock.run_for(300_000)
    assert timer.inner_text() == "0 min left", "it says no more, and does not blink"
    page.keyboard.press("ArrowLeft")
    assert timer.inner_text() == "1 min left"
    assert page.evaluate("getComputedStyle(document.querySelector('[role=timer]')).animationName") == "none"


def test_each_part_is_accessible_while_it_is_presented(
    world: World, new_page: "Callable[..., Page]", problems: list[str]
) -> None:
    looker = Looker(new_page(), problems)
    looker.be(world.leader)
    looker.page.goto(address(world, world.leader.values["key"][0]))
    looker.page.get_by_role("button", name="Present").click()
    run = looker.page.evaluate
    run(looker._axe)
    for part in range(5):
        for width, theme in ((390, "light"), (1280, "dark")):
            looker.resize(width, theme)
            found = run(
                "async () => (await axe.run(document, {resultTypes: ['violations'], rules: {'page-has-heading-one':"
                " {enabled: false}}})).violations.map(one => one.id + one.nodes[0].html)"
            )
            assert not found, (part, width, theme)
            assert run("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), part
        looker.page.keyboard.press("ArrowRight")


def test_without_scripts_it_is_one_page_with_anchors(lead: "Callable[..., Page]") -> None:
    page = lead(java_script_enabled=False)
    assert page.get_by_role("button", name="Present").count() == 0
    assert len(shown(page)) == 5
    page.get_by_role("navigation", name="The fifteen minutes").get_by_role(
        "link", name="What holds us back"
    ).click()
    assert page.url.endswith("#blocker")


def test_on_paper_it_is_the_plain_page_with_lines_to_write_on(lead: "Callable[..., Page]") -> None:
    page = lead()
    page.get_by_role("button", name="Present").click()
    page.emulate_media(media="print")
    assert len(shown(page)) == 5, "also while it is presented"
    assert page.locator(".slides").is_hidden()
    assert page.locator(".commitment").is_hidden()
    assert page.locator(".blank").is_visible()
    assert page.locator("h1").is_visible()
