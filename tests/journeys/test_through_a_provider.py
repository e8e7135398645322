"""Signing in through a provider in a browser: linking it by the keyboard, leaving, coming back, and what is said when it fails."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.fixtures.browser import LiveServer
from tests.fixtures.identity_provider import CLIENT, SECRET, IdentityProvider, running
from tests.fixtures.organizations import create
from tests.journeys.conftest import DataFolder
from tests.journeys.looking import Looker
from webapp.organizations import commands

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]

EMAIL = "owner@acme.example"


@pytest.fixture
def provider() -> Iterator[IdentityProvider]:
    with running() as made:
        yield made


@pytest.fixture
def server(data_folder: DataFolder, provider: IdentityProvider) -> Iterator[LiveServer]:
    made = LiveServer(
        data_folder("provider"),
        GROUNDSWELL_OIDC_CORP_ISSUER=provider.issuer,
        GROUNDSWELL_OIDC_CORP_CLIENT_ID=CLIENT,
        GROUNDSWELL_OIDC_CORP_CLIENT_SECRET=SECRET,
        GROUNDSWELL_OIDC_CORP_LABEL="Example Corp",
    )
    try:
        made.start()
        yield made
    finally:
        made.stop()


def test_linking_signing_in_and_unlinking(
    server: LiveServer, provider: IdentityProvider, new_page: "Callable[..., Page]", problems: list[str]
) -> None:
    looker = Looker(new_page(), problems)
    link_by_the_keyboard(server, looker)
    sign_in(server, provider, new_page(), problems)
    unlink(server, provider, looker)
    looker.assert_nothing_wrong()


def link_by_the_keyboard(server: LiveServer, looker: Looker) -> None:
    with server.app.app_context():
        acme = create(server.app)
        secret = commands.sign_in_secret(organization=acme, email=EMAIL, by=None)
    page = looker.page
    page.goto(f"{server.url}/sign-in/{secret}")
    page.get_by_role("button", name="Sign in").press("Enter")
    page.get_by_role("link", name=EMAIL).press("Enter")
    looker.look(name="account with a provider")
    page.get_by_role("link", name="Link Example Corp").press("Enter")
    page.get_by_role("link", name="Allow").press("Enter")
    page.get_by_role("heading", name="Let Example Corp sign you in from now on?").wait_for()
    looker.look(name="back to link")
    page.get_by_role("button", name="Continue").press("Enter")
    page.get_by_text("Example Corp signs you in here from now on").wait_for()
    looker.look(name="account with a linked provider")


def sign_in(server: LiveServer, provider: IdentityProvider, page: "Page", problems: list[str]) -> None:
    looker = Looker(page, problems)
    page.goto(f"{server.url}/sign-in")
    looker.look(name="sign in with a provider")
    page.get_by_role("link", name="Sign in with Example Corp").press("Enter")
    page.get_by_role("link", name="Allow").press("Enter")
    page.get_by_role("heading", name="Sign in on this device?").wait_for()
    looker.look(name="back to sign in")
    page.get_by_role("button", name="Continue").press("Enter")
    page.get_by_role("heading", name="Your organizations").wait_for()
    looker.assert_nothing_wrong()
    assert provider.asked.count("/token") == 2


def unlink(server: LiveServer, provider: IdentityProvider, looker: Looker) -> None:
    page = looker.page
    page.goto(f"{server.url}/accounts/me")
    page.get_by_role("button", name="Unlink Example Corp").press("Enter")
    page.get_by_text("signs nobody in to your account any more").wait_for()
    page.goto(f"{server.url}/sign-in/with/corp")
    page.get_by_role("link", name="Allow").press("Enter")
    page.get_by_role("button", name="Continue").press("Enter")
    page.get_by_role("heading", name="Nobody here belongs to this sign-in").wait_for()
    looker.look(name="nobody")
    provider.denies = True
    page.goto(f"{server.url}/sign-in/with/corp")
    page.get_by_role("link", name="Allow").press("Enter")
    page.get_by_role("heading", name="Example Corp did not sign you in").wait_for()
    looker.look(name="denied")
