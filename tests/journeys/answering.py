"""People who answer, each in their own way; every one gives back the row that was stored, as the receipt shows it."""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Locator, Page

PHONE = {"width": 390, "height": 844}
QUESTION = "[data-step]:not([hidden]) fieldset.options"
THANKS = "Thank you. Your answers are stored."


def open_link(page: "Page", link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Start").click()
    page.wait_for_url("**/respond/")


def tap(page: "Page", level: int) -> None:
    """Answer all questions of this step by their labels; 0 opts out, and what is answered already stays."""
    for question in page.locator(QUESTION).all():
        if not question.locator("input:checked").count():
            question.locator("label", has=page.locator(f"input[value='{level}']")).click()


def tap_through(page: "Page", levels: list[int]) -> None:
    """One level a step, on to the last step."""
    for step, level in enumerate(levels):
        tap(page, level)
        if step < len(levels) - 1:
            page.click("[data-next]")


def stored(page: "Page") -> str:
    """The answers on the receipt."""
    page.wait_for_selector(f"h1 >> text={THANKS}")
    row = page.locator(".receipt code").first.inner_text()
    return "".join(row.split("|")[-1].split())


def by_taps(page: "Page", link: str, levels: list[int]) -> str:
    open_link(page, link)
    tap_through(page, levels)
    page.click("[data-send]")
    return stored(page)


def by_double_click(page: "Page", link: str, levels: list[int]) -> str:
    open_link(page, link)
    tap_through(page, levels)
    page.dblclick("[data-send]")
    return stored(page)


def without_scripts(page: "Page", link: str, levels: list[int]) -> str:
    """One long page; each practice has as many questions as it has."""
    open_link(page, link)
    for section, level in zip(page.locator("section.practice").all(), levels, strict=True):
        for question in section.locator("fieldset.options").all():
            question.locator(f"input[value='{level}']").check()
    page.get_by_role("button", name="Send my answers").click()
    return stored(page)


def here_and_there(page: "Page", link: str, levels: list[int]) -> str:
    """Opts out of the first question of every second practice, and leaves the last practice open."""
    open_link(page, link)
    for step, level in enumerate(levels[:-1]):
        if step % 2 == 0:
            page.locator(QUESTION).first.locator("label.out").click()
        tap(page, level)
        page.click("[data-next]")
    page.click("[data-send]")
    return stored(page)


def by_http(context: "BrowserContext", link: str, levels: list[int]) -> None:
    """Without a browser's page: the same three requests, and the answers in turn."""
    context.clear_cookies()
    start = context.request.get(link).text()
    sheet = context.request.post(link, form=_token(start))
    assert sheet.url.endswith("/respond/")
    text = sheet.text()
    keys = list(dict.fromkeys(re.findall(r'<input type="radio" name="([^"]+)"', text)))
    answers = {key: str(levels[place % len(levels)]) for place, key in enumerate(keys)}
    thanks = context.request.post(sheet.url, form=_token(text) | answers)
    assert THANKS in thanks.text()


def _token(page: str) -> dict[str, str | float | bool]:
    found = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', page)
    assert found is not None
    return {"csrf_token": found[1]}


def by_keyboard(page: "Page", link: str, levels: list[int]) -> str:
    """Tab, digits and Enter alone."""
    page.goto(link)
    tab_to(page, page.get_by_role("button", name="Start"))
    page.keyboard.press("Enter")
    page.wait_for_url("**/respond/")
    for level in levels:
        for question in page.locator(QUESTION).all():
            tab_into(page, question)
            page.keyboard.press(str(level))
        page.keyboard.press("Enter")
    assert has_focus(page.locator("[data-send]")), "Enter on the last question leads to the button"
    page.keyboard.press("Enter")
    return stored(page)


def after_a_reload(page: "Page", link: str, levels: list[int]) -> str:
    """Half way the page is loaded again; later even the link is opened again. What was answered is still there."""
    half = len(levels) // 2
    open_link(page, link)
    for level in levels[:half]:
        tap(page, level)
        page.click("[data-next]")
    said = page.locator("[data-progress]").inner_text()
    assert re.search(rf"Practice {half + 1} of {len(levels)} · saved on this device", said), said
    answered = page.locator("input:checked").count()
    page.reload()
    assert page.locator("[data-progress]").inner_text().startswith(f"Practice {half + 1} of")
    assert page.locator("input:checked").count() == answered
    page.context.clear_cookies()
    open_link(page, link)
    page.click("[data-back]")
    assert page.locator(f"{QUESTION} input:checked").first.input_value() == str(levels[half - 1])
    page.click("[data-next]")
    tap_through(page, levels[half:])
    page.click("[data-send]")
    return stored(page)


def tab_to(page: "Page", control: "Locator", most: int = 40) -> None:
    for _key in range(most):
        if has_focus(control):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{most} times Tab do not lead to {control}")


def tab_into(page: "Page", part: "Locator", most: int = 20) -> None:
    for _key in range(most):
        if part.evaluate("part => part.contains(document.activeElement)"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{most} times Tab do not lead into {part}")


def has_focus(control: "Locator") -> bool:
    found: bool = control.evaluate("control => control === document.activeElement")
    return found
