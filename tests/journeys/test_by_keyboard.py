"""Reading results by the keyboard alone: from the overview to a team and back, and the focus is always seen."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.journeys.answering import has_focus, tab_to
from tests.journeys.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

# What has the focus, with what shows it: an outline of its own or of the card around it, inside of the window.
FOCUS = """() => {
  const one = document.activeElement;
  if (one === document.body) return null;
  const card = one.closest(".options label") || one;
  const style = getComputedStyle(card);
  const box = card.getBoundingClientRect();
  const inside = box.width > 1 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
  const middle = document.elementFromPoint(
    Math.min(Math.max(box.left + Math.min(box.width, 40) / 2, 1), innerWidth - 1),
    Math.min(Math.max(box.top + box.height / 2, 1), innerHeight - 1));
  return {
    name: one.outerHTML.slice(0, 120),
    // In a field for a day the focus may be on the button inside, around which the browser draws its own outline.
    outlined: !one.matches(":focus") || (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2),
    inside,
    covered: !middle || !(card.contains(middle) || middle.contains(card)),
  };
}"""


@pytest.fixture
def owner(world: World, new_page: "Callable[..., Page]") -> "Callable[[int], Page]":
    """`owner(width)`: a page of the demo's owner."""

    def make(width: int) -> "Page":
        page = new_page(viewport={"width": width, "height": 800})
        page.context.add_cookies([world.owners[0].cookie])
        return page

    return make


def test_from_the_overview_to_a_team_and_back(world: World, owner: "Callable[[int], Page]") -> None:
    page = owner(1280)
    page.goto(f"{world.server.url}/o/kestrel/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Skip to content")
    assert has_focus(skip)
    box = skip.bounding_box()
    assert box is not None
    assert box["width"] > 50, "it can be seen while it has the focus"
    page.keyboard.press("Enter")
    assert has_focus(page.locator("main"))
    page.keyboard.press("Tab")
    assert page.evaluate("document.querySelector('main').contains(document.activeElement)"), (
        "the menu is skipped"
    )

    page.goto(f"{world.server.url}/o/kestrel/")
    tab_to(page, page.locator("header").get_by_role("link", name="Heat map"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/heatmap")
    team = page.locator(".heat").get_by_role("link", name="Support North")
    tab_to(page, team, most=80)
    page.keyboard.press("Enter")
    page.wait_for_url("**/units/*")
    assert page.locator(".crumbs [aria-current]").inner_text() == "Support North"
    opens = page.locator("main details summary").first
    tab_to(page, opens, most=80)
    was = page.locator("details[open]").count()
    page.keyboard.press("Enter")
    assert page.locator("details[open]").count() != was, "Enter opens how a score was made"
    page.go_back()
    page.wait_for_url("**/heatmap")
    tab_to(page, page.locator("header").get_by_role("link", name="Overview"), most=80)
    page.keyboard.press("Enter")
    page.wait_for_url("**/o/kestrel/")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_focus_is_seen_wherever_tab_leads(
    world: World, owner: "Callable[[int], Page]", width: int
) -> None:
    page = owner(width)
    latest, opened = world.owners[0].values["wave_id"]
    key = world.owners[0].values["key"][2]
    for path in (
        "",
        f"results/{latest}/heatmap",
        f"results/{latest}/units/{key}",
        f"waves/{opened}",
        "waves/new",
        "units/import",
    ):
        page.goto(f"{world.server.url}/o/kestrel/{path}")
        reached = walk(page)
        # A cell of the heat map repeats what its row's link leads to, and is left out of the way of a keyboard.
        there = page.locator("main a:visible:not([tabindex='-1']), main button:visible")
        assert reached >= there.count() * 0.9, path


def test_the_focus_is_seen_on_an_answer_sheet(world: World, new_page: "Callable[..., Page]") -> None:
    page = new_page(viewport={"width": 390, "height": 844})
    page.context.add_cookies([world.respondents[0].cookie])
    page.goto(f"{world.server.url}/respond/")
    assert walk(page) >= 4


def walk(page: "Page") -> int:
    """Press Tab until the focus leaves the page; gives how many places it was at."""
    seen: list[str] = []
    for _key in range(150):
        page.keyboard.press("Tab")
        focus = page.evaluate(FOCUS)
        if focus is None:
            break
        assert focus["outlined"], f"{page.url}: no focus is seen on {focus['name']}"
        assert focus["inside"], f"{page.url}: the focus is outside of the window on {focus['name']}"
        assert not focus["covered"], f"{page.url}: something covers {focus['name']}"
        seen.append(focus["name"])
    else:
        raise AssertionError(f"{page.url}: Tab goes round in circles: {seen[-3:]}")
    return len(seen)
