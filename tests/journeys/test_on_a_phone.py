"""Pages of a member on a phone: the menu is folded without a script, and rows of tables stay short; and one on paper."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

from tests.journeys.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = pytest.mark.browser


@pytest.fixture
def owner(world: World, new_page: "Callable[..., Page]") -> "Callable[..., Page]":
    """`owner(path, width, **options)`: a page of the demo's owner."""

    def make(path: str, width: int, **options: Any) -> "Page":
        page = new_page(viewport={"width": width, "height": 800}, **options)
        page.context.add_cookies([world.owners[0].cookie])
        page.goto(f"{world.server.url}/o/kestrel/{path}")
        return page

    return make


def box(one: "Locator") -> dict[str, float]:
    found = one.bounding_box()
    assert found is not None
    return dict(found)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_the_menu_opens_by_the_keyboard(owner: "Callable[..., Page]", *, scripts: bool) -> None:
    page = owner("", 390, java_script_enabled=scripts)
    menu, trend = page.locator("header summary"), page.locator("header").get_by_role("link", name="Trend")
    assert menu.inner_text() == "Menu: Overview"
    assert not trend.is_visible()
    assert box(page.locator("header"))["height"] < 60, "the page begins at the top"
    menu.press("Enter")
    assert trend.is_visible()
    assert page.locator("header").get_by_role("link", name="Settings").is_visible()
    trend.press("Enter")
    page.wait_for_url("**/trend")
    assert menu.inner_text() == "Menu: Trend"


def test_on_a_desk_all_stand_there_and_nothing_has_to_be_opened(owner: "Callable[..., Page]") -> None:
    page = owner("", 1280)
    assert not page.locator("header summary").is_visible()
    page.locator("header").get_by_role("link", name="Trend").press("Enter")
    page.wait_for_url("**/trend")


@pytest.mark.parametrize("width", [700, 800, 961, 1024])
def test_long_words_make_no_page_wider_than_the_window(owner: "Callable[..., Page]", width: int) -> None:
    page = owner("", width, locale="de-DE")
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_lamps_that_disagree_stay_inside_of_the_narrowest_window(
    world: World, owner: "Callable[..., Page]", locale: str
) -> None:
    values = world.owners[0].values
    page = owner(f"results/{values['wave_id'][0]}/units/{values['key'][2]}", 320, locale=locale)
    assert page.locator(".lamp.disagree").count()
    assert page.evaluate("document.documentElement.scrollWidth") == 320


@pytest.mark.parametrize("width", [320, 390])
def test_each_word_of_the_axis_stands_where_its_band_begins(owner: "Callable[..., Page]", width: int) -> None:
    page = owner("", width, locale="de-DE")
    axis = page.locator(".scale").first
    words = axis.locator("span").all()
    assert len(words) == 5
    for place, word in enumerate(words):
        assert box(word)["x"] == pytest.approx(box(axis)["x"] + place * box(axis)["width"] / 5, abs=1)
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_units_beside_each_other_take_one_line_each(world: World, owner: "Callable[..., Page]") -> None:
    latest = world.owners[0].values["wave_id"][0]
    keys = world.owners[0].values["key"]
    page = owner(f"results/{latest}/compare?unit={keys[1]}&unit={keys[2]}", 390)
    for row in page.locator("table.tight tbody tr:not(.again):not(:has(th))").all():
        assert box(row)["height"] < 70


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
def test_what_is_said_and_done_stands_on_one_line(
    world: World, owner: "Callable[..., Page]", locale: str
) -> None:
    page = owner(f"results/{world.owners[0].values['wave_id'][0]}/hype", 390, locale=locale)
    tables = page.locator("table.thirds")
    assert tables.count() == 2
    for table in tables.all():
        cells = table.locator("tbody tr").first.locator("td")
        tops = [box(cells.nth(number))["y"] for number in range(3)]
        assert max(tops) - min(tops) < 2
        assert box(cells.nth(2))["x"] + box(cells.nth(2))["width"] <= 390 - 15


def test_the_title_of_an_action_has_the_whole_line(owner: "Callable[..., Page]") -> None:
    page = owner("actions/list", 390)
    for title in page.locator("tbody th").all():
        assert box(title)["width"] > 300


def test_on_paper_stands_no_picture_of_which_the_names_would_overlap(
    world: World, owner: "Callable[..., Page]"
) -> None:
    page = owner(f"results/{world.owners[0].values['wave_id'][0]}/hype", 1280)
    assert page.locator("figure.onscreen").is_visible()
    page.emulate_media(media="print")
    assert not page.locator("figure.onscreen").is_visible()
    assert page.locator("table.thirds").first.is_visible()
    assert not page.locator("footer form").first.is_visible()
