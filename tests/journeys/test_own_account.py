"""The own account in a browser, by the keyboard where it counts: password, sign out, second step, other sessions."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import pyotp
import pytest

from tests.fixtures.browser import LiveServer
from tests.fixtures.organizations import PASSWORD, create
from tests.journeys.looking import Looker
from webapp.access import second_step
from webapp.organizations import commands

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

EMAIL = "owner@acme.example"


def test_password_second_step_and_other_sessions(
    live_server: LiveServer, new_page: "Callable[..., Page]", problems: list[str]
) -> None:
    acme = create(live_server.app)
    with live_server.app.app_context():
        link = commands.sign_in_secret(organization=acme, email=EMAIL, by=None)
    looker = Looker(new_page(), problems)
    looker.page.goto(f"{live_server.url}/sign-in/{link}")
    looker.page.get_by_role("button", name="Sign in").press("Enter")
    set_a_password(looker)
    sign_out_and_in(looker)
    secret, recovery = turn_on(looker, live_server.url)
    end_the_other(looker, live_server.url, new_page(), recovery)
    there = new_page()
    there.goto(f"{live_server.url}/sign-in")
    sign_in(there)
    second(there, code(secret, 1))
    looker.assert_nothing_wrong()


def set_a_password(looker: Looker) -> None:
    page = looker.page
    page.get_by_role("link", name=EMAIL).press("Enter")
    looker.look(name="account without a password")
    page.get_by_role("link", name="Set a password").press("Enter")
    page.get_by_label("New password").fill("too short")
    page.get_by_label("The same once more").fill("too short")
    page.keyboard.press("Enter")
    page.get_by_role("alert").wait_for()
    looker.look(name="a password that is too short")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_label("The same once more").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_text("Your password is set").wait_for()


def sign_out_and_in(looker: Looker) -> None:
    page = looker.page
    page.get_by_role("button", name="Sign out").press("Enter")
    page.get_by_text("You are signed out").wait_for()
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill("not this one at all")
    page.keyboard.press("Enter")
    page.get_by_text("do not belong together").wait_for()
    looker.look(name="a wrong password")
    sign_in(page)
    page.get_by_role("heading", name="Your organizations").wait_for()


def turn_on(looker: Looker, url: str) -> tuple[str, str]:
    """The secret of the authenticator, and a recovery code."""
    page = looker.page
    page.goto(f"{url}/accounts/me/second-step")
    secret = page.locator("main code").inner_text().replace(" ", "")
    page.get_by_label("Your present password").fill(PASSWORD)
    looker.look(name="an authenticator to scan")
    page.get_by_label("Code", exact=True).fill(code(secret, 0))
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Keep these codes").wait_for()
    looker.look(name="recovery codes")
    recovery = page.locator("main li code").first.inner_text()
    page.get_by_role("link", name="I have kept them").press("Enter")
    return secret, recovery


def end_the_other(looker: Looker, url: str, other: "Page", recovery: str) -> None:
    page = looker.page
    other.goto(f"{url}/sign-in")
    sign_in(other)
    second(other, recovery)
    page.goto(f"{url}/accounts/me")
    looker.look(name="account with two sessions")
    page.get_by_role("button", name="End all others").press("Enter")
    page.get_by_text("1 other session is ended").wait_for()
    other.goto(f"{url}/organizations")
    assert other.url.endswith("/sign-in")
    page.goto(f"{url}/accounts/me/second-step")
    looker.look(name="second step that is on")


def second(page: "Page", given: str) -> None:
    page.get_by_label("Code", exact=True).fill(given)
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your organizations").wait_for()


def sign_in(page: "Page") -> None:
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def code(secret: str, ahead: int) -> str:
    """The code of now, or of a step after: one that the server has not seen."""
    return pyotp.TOTP(secret).at(int(time.time()) + ahead * second_step.STEP_SECONDS)
