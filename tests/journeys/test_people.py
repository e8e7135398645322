"""The people around a wave, in a real browser with a real mail server: a first owner invites a member and everybody who
answers, reminds, closes; the member sees one part of the organization, and nothing any more once removed."""

import re
import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.fixtures.browser import LiveServer, provoked
from tests.fixtures.post_office import PostOffice
from tests.journeys import answering
from tests.journeys.test_first_wave import DESK, close, follow, import_units, open_wave, press, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

VIEWER = "making@viewers.example"
TEAMS = {"Bakery": 7, "Mill": 6, "Shop": 9, "Van": 4}
SILENT = ("bakery-1@example.org", "shop-3@example.org")


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory, post_office: PostOffice) -> Iterator[LiveServer]:
    made = LiveServer(tmp_path_factory.mktemp("people") / "not made yet")
    made.environment |= {
        "GROUNDSWELL_SMTP_URL": f"smtp://127.0.0.1:{post_office.port}",
        "GROUNDSWELL_MAIL_FROM": "Groundswell <groundswell@example.org>",
    }
    yield made
    made.stop()


def test_owner_members_invitations_reminder_and_close(
    server: LiveServer,
    post_office: PostOffice,
    new_page: "Callable[..., Page]",
    browser: "Browser",
    problems: list[str],
) -> None:
    owner = new_page(viewport=DESK)
    sign_in(server, owner)
    import_units(owner)
    invite_a_viewer(owner)
    viewer = new_page(viewport=DESK)
    arrive(viewer, link_in(post_office, VIEWER))
    wave = open_wave(owner)
    invite_everybody(owner)
    links = {address: link_in(post_office, address) for address in addresses()}
    assert len(set(links.values())) == len(links), "each has a link of their own"

    people = browser.new_context()
    for place, (address, link) in enumerate(links.items()):
        if address not in SILENT:
            answering.by_http(people, link, [1 + (place * 3 + step) % 5 for step in range(7)])
    before = len(post_office.letters)
    remind(owner)
    wait_for(lambda: len(post_office.letters) >= before + len(SILENT))
    reminded = post_office.receivers[before:]
    assert sorted(reminded) == sorted(SILENT), "only those who have not answered"
    assert {address: link_in(post_office, address) for address in SILENT} == {
        address: links[address] for address in SILENT
    }, "with the same link"
    nobody_is_told_who(owner)
    for address in SILENT:
        answering.by_http(people, links[address], [2, 3, 4])
    people.close()
    owner.goto(f"{server.url}/o/mill/waves/{wave}")
    close(owner)

    sees_its_part_alone(viewer, server, problems)
    remove(owner)
    is_gone(viewer, server, problems)


def addresses() -> list[str]:
    return [
        f"{team.lower()}-{person}@example.org" for team, people in TEAMS.items() for person in range(people)
    ]


def invite_a_viewer(page: "Page") -> None:
    follow(page, "Members")
    follow(page, "Invite somebody")
    page.get_by_label("E-mail address").fill(VIEWER)
    page.locator("input[name=role][value=viewer]").check()
    page.get_by_label("Where it holds").select_option(label="Making")
    press(page, "Invite")
    page.get_by_role("status").get_by_text(VIEWER).wait_for()


def arrive(page: "Page", link: str) -> None:
    page.goto(link)
    page.locator("main").get_by_role("button").click()
    page.get_by_role("button", name="Sign out").wait_for()


def invite_everybody(page: "Page") -> None:
    page.get_by_role("link", name=re.compile("by mail", re.IGNORECASE)).first.click()
    lines = ["unit,email"]
    lines += [f"{address.split('-')[0].capitalize()},{address}" for address in addresses()]
    page.locator("[name=text]").fill("\n".join(lines))
    press(page, "Send the invitations")
    page.get_by_text("26 people are invited.").wait_for()


def link_in(post_office: PostOffice, address: str) -> str:
    """The link of the last letter to somebody."""
    wait_for(lambda: address in post_office.receivers)
    letters = [letter for letter in post_office.letters if letter["X-To"] == address]
    body = letters[-1].get_body(("plain",))
    assert body is not None
    found = re.search(r"http://127\.0\.0\.1:\d+/\S+", body.get_content())
    assert found is not None, body.get_content()
    return found[0]


def wait_for(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not happened():
        assert time.monotonic() < deadline, "it did not happen within a minute"
        time.sleep(0.1)


def remind(page: "Page") -> None:
    press(page, "Remind now")
    page.wait_for_selector(".flash")


def nobody_is_told_who(page: "Page") -> None:
    """The owner's page holds no address, and not how many have answered."""
    text = page.locator("main").inner_text()
    assert not any(address in text for address in addresses())
    assert "24" not in text


def sees_its_part_alone(page: "Page", server: LiveServer, problems: list[str]) -> None:
    page.goto(f"{server.url}/o/mill/")
    follow(page, "Heat map")
    page.wait_for_selector(".heat")
    text = page.locator("main").inner_text()
    assert "Bakery" in text
    assert "Shop" not in text
    assert page.get_by_role("link", name="Members").count() == 0
    page.goto(f"{server.url}/o/mill/members")
    assert page.locator("h1").inner_text()
    provoked(page, problems, "403")


def remove(page: "Page") -> None:
    follow(page, "Members")
    follow(page, VIEWER)
    page.click(f"summary >> text=Remove {VIEWER}")
    press(page, "Remove")
    page.wait_for_selector(".flash")


def is_gone(page: "Page", server: LiveServer, problems: list[str]) -> None:
    """The next click of somebody who is still signed in finds nothing."""
    page.goto(f"{server.url}/o/mill/")
    assert "The Mill" not in page.locator("body").inner_text()
    if problems:
        provoked(page, problems, "40")
