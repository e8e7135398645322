"""A sign-in through a provider counts as one of now only where the provider says that it was one; and what it says beside."""

import time
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests.accounts.test_providers import OWNER, assert_nobody, linked
from tests.fixtures.applications import MakeApp
from tests.fixtures.identity_provider import IdentityProvider
from tests.fixtures.organizations import set_password
from tests.fixtures.pages import CheckingClient
from tests.fixtures.provided import LEAVE, ME, link, provided, through, visitor
from webapp.access import second_step
from webapp.extensions import db
from webapp.models import Account, BrowserSession, Organization
from webapp.transaction import transaction


@pytest.fixture
def app(make_app: MakeApp, settings: Settings, engine_url: str, identity_provider: IdentityProvider) -> Flask:
    """On either database, with a provider."""
    return provided(make_app, settings, engine_url, identity_provider)


def test_whoever_signs_out_and_in_without_being_asked_does_nothing_that_matters(
    app: Flask, owner: CheckingClient, identity_provider: IdentityProvider
) -> None:
    """A browser is left open, and its provider lets it through without a word: nobody has shown who is there."""
    link(owner, identity_provider)
    identity_provider.signed_in = time.time() - 4 * 3600
    owner.send("/sign-out", on=ME)
    assert through(owner, identity_provider).location == "/organizations"
    for path in ("/o/acme/settings/delete", f"{ME}/providers/corp/link"):
        assert owner.get(path).location.startswith("/sign-in?next="), path
    form = owner.page(ME).form(f"{ME}/providers/corp/unlink")
    assert owner.post(f"{ME}/providers/corp/unlink", data=form).location.startswith("/sign-in?next=")
    assert "You signed in a while ago" in set_password(owner).text
    assert linked(app) == [(OWNER, "248289761001")]


def test_whoever_is_asked_again_there_is_trusted_here(
    owner: CheckingClient, identity_provider: IdentityProvider
) -> None:
    link(owner, identity_provider)
    identity_provider.signed_in = time.time() - 4 * 3600
    owner.send("/sign-out", on=ME)
    through(owner, identity_provider)
    page = owner.page(owner.get("/o/acme/settings/delete").location)
    start = next(one.get("href", "") for one in page.all("a") if LEAVE in one.get("href", ""))
    asked = parse_qs(urlsplit(owner.get(start).location).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])
    assert through(owner, identity_provider, start).location == "/o/acme/settings/delete"
    assert owner.get("/o/acme/settings/delete").status_code == 200
    assert set_password(owner).status_code == 303


@pytest.mark.parametrize("at", [None, -3600, -120])
def test_a_provider_that_asks_nobody_again_is_told_on(
    app: Flask,
    owner: CheckingClient,
    identity_provider: IdentityProvider,
    caplog: pytest.LogCaptureFixture,
    at: int | None,
) -> None:
    link(owner, identity_provider)
    before = owner.get_cookie("sid")
    identity_provider.claim = {"auth_time": None if at is None else int(time.time()) + at}
    reply = through(owner, identity_provider)
    assert reply.status_code == 403
    assert "Corp did not say that you signed in there just now" in reply.text
    assert owner.get_cookie("sid") == before
    assert owner.get("/organizations").status_code == 200, "the session before goes on"
    assert caplog.messages[-1].endswith("it does not say that somebody signed in anew (auth_time)")
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(BrowserSession)) == 1


def test_a_second_step_here_proves_as_much(
    app: Flask, owner: CheckingClient, identity_provider: IdentityProvider
) -> None:
    link(owner, identity_provider)
    secret = second_step.new_secret()
    with app.app_context(), transaction() as session:
        second_step.turn_on(session, session.scalars(sa.select(Account)).one(), secret, step=0)
    identity_provider.claim = {"auth_time": None}
    assert through(owner, identity_provider).location == "/sign-in/second-step"
    owner.send("/sign-in/second-step", {"code": pyotp.TOTP(secret).now()})
    assert owner.get("/o/acme/settings/delete").status_code == 200


def test_an_address_that_is_told_beside_the_token_counts_for_the_same_person_alone(
    app: Flask, organization: Organization, identity_provider: IdentityProvider
) -> None:
    said = {"sub": "248289761001", "email": OWNER, "email_verified": True}
    assert organization.id
    for beside, words in (
        (said | {"sub": "another"}, "cannot be trusted"),
        ({"email": OWNER, "email_verified": True}, "cannot be trusted"),
        (said | {"email_verified": False}, "Nobody here belongs"),
    ):
        app.extensions.pop("groundswell_providers", None)
        identity_provider.beside = beside
        client = visitor(app)
        assert_nobody(through(client, identity_provider), client, words)
    identity_provider.beside = said
    identity_provider.claim = {"email": "somebody@else.example"}
    client = visitor(app)
    assert_nobody(through(client, identity_provider), client)
    assert "/userinfo" in identity_provider.asked
    identity_provider.claim = {}
    assert through(visitor(app), identity_provider).location == "/organizations"
    assert linked(app) == [(OWNER, "248289761001")]
    identity_provider.said = {"userinfo_endpoint": f"{identity_provider.issuer}/nothing"}
    app.extensions.pop("groundswell_providers", None)
    assert through(visitor(app), identity_provider).location == "/organizations", "it needs none any more"
