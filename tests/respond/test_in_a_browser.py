"""Answering in a real browser: by keyboard alone, with a draft, and without scripts."""

from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser
NEW = {"viewport": {"width": 390, "height": 844}}


@pytest.fixture
def visit(live_server: Any, live_house: Any, new_page: Callable[..., Any]) -> Callable[..., tuple[Any, int]]:
    """Open the link of a fresh wave and press its button; gives the page and the wave."""

    def go(serial: int | str = 0, **options: Any) -> tuple[Any, int]:
        wave = live_house.wave()
        page = new_page(**{**NEW, **options})
        page.goto(f"{live_server.url}/r/{live_house.link(wave, serial)}")
        page.get_by_role("button", name="Start").click()
        page.wait_for_url(f"{live_server.url}/respond/")
        return page, wave

    return go


def to_the_end(page: Any) -> None:
    while page.get_by_role("button", name="Next practice").is_visible():
        page.get_by_role("button", name="Next practice").click()


def tab_to(page: Any, selector: str) -> None:
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    pytest.fail(f"Tab never reaches {selector}.")


def kept_drafts(page: Any) -> int:
    return int(page.evaluate("Object.keys(localStorage).length"))


def test_everything_by_keyboard_alone(
    live_server: Any, live_house: Any, new_page: Callable[..., Any]
) -> None:
    wave = live_house.wave()
    page = new_page(viewport={"width": 1280, "height": 900})
    page.goto(f"{live_server.url}/r/{live_house.link(wave)}")
    tab_to(page, "form button")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live_server.url}/respond/")
    for step in range(9):
        for _question in range(page.locator("section.practice:visible fieldset").count()):
            tab_to(page, "section:not([hidden]) input[type=radio]")
            page.keyboard.press(str(1 + step % 5))
        page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.textContent") == "Send my answers"
    page.keyboard.press("Enter")
    page.wait_for_selector("code")
    assert page.locator("code").inner_text().endswith("| 11 22 33 44 55 111 22 33 44")
    assert live_house.responses(wave) == [(1, "1122334455111223344")]
    assert kept_drafts(page) == 0


def test_a_draft_outlives_a_reload_and_can_be_forgotten(visit: Callable[..., tuple[Any, int]]) -> None:
    page, wave = visit()
    page.locator('input[name="P1.T1"][value="4"]').check()
    page.get_by_role("button", name="Next practice").click()
    page.reload()
    assert "Practice 2 of 9" in page.locator("[data-progress] p").inner_text()
    assert page.locator('input[name="P1.T1"]:checked').get_attribute("value") == "4"
    page.get_by_role("button", name="Forget my answers on this device").click()
    assert kept_drafts(page) == 0
    assert page.locator("input:checked").count() == 0
    del wave


def test_an_open_link_keeps_nothing_on_the_device(visit: Callable[..., tuple[Any, int]]) -> None:
    page, _wave = visit("open")
    page.locator('input[name="P1.T1"][value="4"]').check()
    page.get_by_role("button", name="Next practice").click()
    assert kept_drafts(page) == 0


def test_a_double_click_still_shows_the_receipt_and_a_reload_stores_nothing(
    live_house: Any, visit: Callable[..., tuple[Any, int]]
) -> None:
    page, wave = visit()
    page.locator('input[name="P1.T1"][value="4"]').check()
    to_the_end(page)
    page.get_by_role("button", name="Send my answers").dblclick()
    page.wait_for_selector("code")
    page.reload()
    assert "Thank you" in page.locator("h1").inner_text()
    page.go_back()
    assert "Thank you" in page.locator("h1").inner_text()
    assert len(live_house.responses(wave)) == 1


def test_what_is_wrong_is_in_focus_and_leads_to_its_question(
    visit: Callable[..., tuple[Any, int]], problems: list[str]
) -> None:
    page, _wave = visit()
    page.locator('input[name="P5.T1"][value="3"]').evaluate(
        "input => { input.value = '9'; input.checked = true; }"
    )
    to_the_end(page)
    page.get_by_role("button", name="Send my answers").click()
    page.wait_for_selector(".summary")
    assert page.evaluate("document.activeElement.className") == "summary"
    page.locator(".summary a").click()
    assert "Practice 5 of 9" in page.locator("[data-progress] p").inner_text()
    assert page.evaluate("document.activeElement.name") == "P5.T1"
    problems.clear()  # Chromium notes the 400


def test_without_scripts_it_is_one_page_and_enter_sends_nothing(
    live_house: Any, visit: Callable[..., tuple[Any, int]], problems: list[str]
) -> None:
    page, wave = visit(java_script_enabled=False)
    assert page.locator("fieldset:visible").count() == 19
    assert page.locator("button:visible").all_inner_texts() == ["Send my answers"]
    answer = page.locator('input[name="P1.T1"][value="4"]')
    answer.check()
    answer.press("Enter")
    page.wait_for_selector(".summary")
    assert "Enter sends nothing here" in page.locator(".summary").inner_text()
    assert live_house.responses(wave) == []
    assert answer.is_checked()
    page.get_by_role("button", name="Send my answers").click()
    page.wait_for_selector("code")
    assert len(live_house.responses(wave)) == 1
    problems.clear()  # Chromium notes the 400
