"""The same short, as production runs it: a proxy ends TLS, and cookies, links and guards follow from GROUNDSWELL_URL."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.fixtures.browser import LiveServer, free_port, provoked
from tests.journeys.conftest import DataFolder
from tests.journeys.tls import ending_tls
from webapp.headers import HSTS

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response

pytestmark = pytest.mark.browser


class BehindTLS(LiveServer):
    """The real server, that people reach by another address than it listens on."""

    def __init__(self, data: Path) -> None:
        super().__init__(data)
        self.outside = free_port()
        self.url = f"https://127.0.0.1:{self.outside}"
        self.environment["GROUNDSWELL_URL"] = self.url


@pytest.fixture(scope="module")
def server(data_folder: DataFolder) -> Iterator[BehindTLS]:
    made = BehindTLS(data_folder("tls"))
    with ending_tls(made.outside, made.port):
        try:
            made.start()
            yield made
        finally:
            made.stop()


@pytest.fixture
def secure_page(new_page: "Callable[..., Page]") -> "Callable[..., Page]":
    """`secure_page(width)`: a page that trusts the certificate of this test."""
    return lambda width: new_page(ignore_https_errors=True, viewport={"width": width, "height": 800})


def test_people_sign_in_change_something_and_answer(
    server: BehindTLS, secure_page: "Callable[[int], Page]"
) -> None:
    created = server.run("organization", "create", "acme", "--name", "Acme", "--owner", "owner@acme.example")
    assert created.stdout.startswith(f"{server.url}/sign-in/")
    owner = secure_page(1280)
    replies: list[Response] = []
    owner.on("response", lambda reply: replies.append(reply))  # noqa: PLW0108 - Playwright wants a function

    owner.goto(created.stdout.strip())
    with owner.expect_request(lambda request: request.method == "POST") as sent:
        owner.click("main button")
    owner.wait_for_url(f"{server.url}/organizations")
    assert sent.value.header_value("origin") == server.url
    assert sent.value.header_value("referer") == f"{server.url}/", "no secret of the address"
    cookies = {cookie["name"]: cookie for cookie in owner.context.cookies()}
    assert set(cookies) == {"__Host-sid", "__Host-session"}
    for cookie in cookies.values():
        assert (cookie["secure"], cookie["httpOnly"], cookie["path"]) == (True, True, "/")
        assert cookie["sameSite"] == "Lax"

    owner.goto(f"{server.url}/o/acme/settings")
    owner.fill("[name=name]", "Acme Lines")
    owner.click("main >> text=Save")
    owner.wait_for_selector(".flash >> text=Saved")
    for reply in replies:
        assert reply.headers["strict-transport-security"] == HSTS, reply.url
        assert reply.headers["referrer-policy"] == "strict-origin", reply.url
    assert {reply.url.rpartition(".")[2] for reply in replies} >= {"css", "js"}

    respondent = secure_page(390)
    respondent.goto(a_link(server))
    respondent.click("main button")
    respondent.wait_for_url(f"{server.url}/respond/")
    ballot = next(one for one in respondent.context.cookies() if one["name"] == "__Secure-ballot")
    assert (ballot["secure"], ballot["httpOnly"], ballot["sameSite"]) == (True, True, "Strict")
    assert ballot["path"] == "/respond"
    respondent.locator("[data-step]:not([hidden]) label").nth(2).click()
    while respondent.locator("[data-next]").is_visible():
        respondent.click("[data-next]")
    respondent.click("[data-send]")
    respondent.wait_for_selector("h1 >> text=Thank you. Your answers are stored.")
    assert respondent.evaluate("Object.keys(localStorage)") == [], "the draft is gone"


def a_link(server: BehindTLS) -> str:
    """A respondent's link of a wave that is opened for it, by the command line."""
    units = server.data / "units.csv"
    units.write_text("unit,parent,headcount\nDeck,,6\n")
    server.run("units", "import", "acme", str(units))
    asked = ("--questionnaire", "ai-adoption", "--form", "team-core", "--name", "Autumn")
    wave = server.run("wave", "open", "acme", *asked).stdout.strip()
    link = server.run("ballots", "issue", "acme", wave).stdout.splitlines()[1].partition(",")[2]
    assert link.startswith(f"{server.url}/r/")
    return link


def test_a_page_of_another_site_changes_nothing(
    server: BehindTLS, secure_page: "Callable[[int], Page]", problems: list[str]
) -> None:
    server.run("organization", "create", "forged", "--name", "Forged", "--owner", "owner@forged.example")
    page = secure_page(1280)
    page.goto(server.run("member", "link", "forged", "owner@forged.example").stdout.strip())
    page.click("main button")
    page.wait_for_url("**/organizations")
    address = f"{server.url}/o/forged/settings"
    page.goto(address)
    token = page.locator("main [name=csrf_token]").input_value()
    fields = {
        "csrf_token": token,
        "name": "Taken",
        "smallest_group": "5",
        "timezone": "UTC",
        "time_guard": "standard",
    }

    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
    forged = f'<form method="post" action="{address}">{inputs}<button>Win</button></form>'
    # From another site no cookie comes along, and so no token is good; a neighbour's port is the same site to cookies.
    for other, site, status in (
        ("https://evil.example/", "cross-site", 400),
        (f"https://127.0.0.1:{free_port()}/", "same-site", 403),
    ):
        page.route(other, lambda route: route.fulfill(content_type="text/html", body=forged))
        page.goto(other)
        page.unroute(other)  # while requests are routed, their last headers are not told
        with page.expect_response(address) as refused:
            page.click("button")
        assert refused.value.request.header_value("sec-fetch-site") == site
        assert refused.value.status == status
        assert provoked(page, problems, f"status of {status}")  # after what is said of the other site

    for headers, status in (
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Origin": server.url}, 200),
    ):
        form = fields | {"name": "Taken" if status == 403 else "Still forged"}
        answer = page.context.request.post(address, form=form, headers=headers)
        assert answer.status == status, headers
    page.goto(address)
    assert page.locator("[name=name]").input_value() == "Still forged"
