"""The pages that answer a form, and those that say no: they are looked at like all others."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.journeys.looking import Looker
from tests.journeys.world import World

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.browser

CHOOSE = """level => document.querySelectorAll(`input[type=radio][value="${level}"]`).forEach(
  button => { button.checked = true; })"""


class Sender(Looker):
    """Sends forms as they are, without the browser's own checks, and looks at what comes back."""

    world: World

    def send(self, path: str, button: str, **fields: str) -> None:
        self.page.goto(self.world.server.url + path)
        for part in self.page.locator("details:has(form)").all():
            part.locator("summary").click()
        for name, value in fields.items():
            self.page.fill(f"[name={name}]", value)
        sent = self.page.locator("main form", has=self.page.get_by_role("button", name=button))
        sent.evaluate("form => { form.noValidate = true; }")
        with self.page.expect_navigation() as answer:
            sent.get_by_role("button", name=button).click()
        self.look(answer.value, f"{path.strip('/')} after “{button}”")

    def send_sheet(self, path: str, level: int | None = None) -> None:
        """Send a sheet with the same answer to all questions, or without any."""
        self.page.goto(self.world.server.url + path)
        if level is not None:
            self.page.evaluate(CHOOSE, str(level))
        while self.page.locator("[data-next]").is_visible():
            self.page.click("[data-next]")
        with self.page.expect_navigation() as answer:
            self.page.click("[data-send]")
        self.look(answer.value, f"{path.strip('/')} with {level or 'no answer'}")

    def find(self, path: str, status: int) -> None:
        self.resize(390, "light")
        answer = self.page.goto(self.world.server.url + path)
        assert answer is not None
        assert answer.status == status, path
        self.look(answer)


@pytest.fixture
def sender(world: World, new_page: "Callable[..., Page]", problems: list[str]) -> Sender:
    made = Sender(new_page(), problems)
    made.world = world
    return made


def test_pages_after_the_forms_of_an_owner(world: World, sender: Sender) -> None:
    owner, _strict, newborn = world.owners
    sender.be(newborn)
    sender.send("/o/newborn/units/import", "Check the list", text="unit,parent\nDeck,Nowhere\nDeck,,\n")
    sender.send("/o/newborn/units/import", "Check the list", text="unit,parent,headcount\nDeck,,7\n")
    sender.send("/o/newborn/units/new", "Add it")
    sender.send("/o/newborn/settings", "Save", name="")
    sender.send("/organizations/new", "Set it up")
    sender.be(owner)
    opened = owner.values["wave_id"][1]
    sender.send(f"/o/kestrel/waves/{opened}", "Close and publish")
    sender.send("/o/kestrel/waves/new", "Open it", name="")
    sender.assert_nothing_wrong()


def test_pages_after_the_forms_of_leaders_respondents_and_visitors(world: World, sender: Sender) -> None:
    sender.be(world.leader)
    unit, opened = world.leader.values["unit_id"][0], world.leader.values["wave_id"][1]
    sender.send_sheet(f"/o/kestrel/waves/{opened}/assessments/{unit}")
    sender.be(world.respondents[0])
    sender.send_sheet("/respond/")
    sender.be(world.visitor)
    sender.send_sheet("/quick-check")
    sender.send_sheet("/quick-check", level=3)
    sender.assert_nothing_wrong()


def test_pages_that_say_no(world: World, sender: Sender) -> None:
    sender.be(world.visitor)
    sender.find("/nowhere", 404)
    sender.find("/sign-in/used-long-ago", 404)
    sender.find("/sign-out", 405)
    sender.find(f"/r/{'x' * 32}", 404)
    sender.find("/respond/", 404)
    sender.be(world.leader)
    sender.find("/o/kestrel/settings", 403)
    sender.find("/o/strict/", 404)
    sender.assert_nothing_wrong()


def test_the_page_that_was_open_for_too_long(world: World, sender: Sender) -> None:
    sender.be(world.visitor)
    sender.page.goto(f"{world.server.url}/sign-in/{world.visitor.values['secret'][0]}")
    sender.page.context.clear_cookies()
    with sender.page.expect_navigation() as answer:
        sender.page.click("main button")
    assert answer.value.status == 400
    sender.look(answer.value, "sign-in without a cookie")
    sender.assert_nothing_wrong()
