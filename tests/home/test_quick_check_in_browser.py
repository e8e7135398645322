from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser


def test_from_the_front_page_to_the_profile_with_the_keyboard_alone(
    live_server: Any, page: "Page", assert_accessible: Callable[["Page"], None]
) -> None:
    page.goto(f"{live_server.url}/")
    assert_accessible(page)
    page.locator("input[name='P1.L3']").first.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url("**/quick-check")
    assert page.locator("input[name='P1.L3']:checked").get_attribute("value") == "2"
    page.locator("input[name='P1.L3']:checked").focus()
    for digit in "13254312":
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        page.keyboard.press(digit)
    assert_accessible(page)
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.wait_for_selector("h1:has-text('Seen from where you stand')")
    assert page.locator(".steps > li").count() == 3
    assert_accessible(page)


@pytest.mark.parametrize("path", ["/method", "/privacy", "/talk", "/sign-in"])
@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_a_page_is_accessible_and_never_scrolls_sideways(
    live_server: Any,
    new_page: Callable[..., "Page"],
    assert_accessible: Callable[["Page"], None],
    path: str,
    width: int,
    scheme: str,
) -> None:
    page = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page.goto(live_server.url + path)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert_accessible(page)
