"""Signing in through a provider, and linking one to an account."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from config import Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.identity_provider import IdentityProvider
from tests.fixtures.organizations import add_member, create, set_password, sign_in
from tests.fixtures.pages import CheckingClient, Page
from tests.fixtures.provided import BACK, LEAVE, ME, link, provided, through, visitor
from webapp.access import second_step, sessions
from webapp.accounts import commands, identities
from webapp.domain.identity_token import Identity
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import Account, AuditEvent, BrowserSession, LinkedIdentity, Organization
from webapp.organizations import commands as organizations
from webapp.transaction import transaction

OWNER = "owner@acme.example"


@pytest.fixture
def app(make_app: MakeApp, settings: Settings, engine_url: str, identity_provider: IdentityProvider) -> Flask:
    """On either database, with a provider."""
    return provided(make_app, settings, engine_url, identity_provider)


def linked(app: Flask) -> list[tuple[str, str]]:
    """(address, subject) of what is linked."""
    with app.app_context():
        found = sa.select(Account.email, LinkedIdentity.subject).join(
            LinkedIdentity, LinkedIdentity.account_id == Account.id
        )
        return [tuple(row) for row in db.session.execute(found.order_by(Account.email))]


def events(app: Flask) -> list[tuple[str, str]]:
    with app.app_context():
        found = sa.select(AuditEvent.action, AuditEvent.changes).order_by(AuditEvent.sequence)
        return [
            (one.action, one.changes) for one in db.session.execute(found) if one.action[:8] == "account."
        ]


def a_while_passes(app: Flask) -> None:
    with app.app_context(), transaction() as session:
        session.execute(sa.update(BrowserSession).values(proved=sessions.now() - timedelta(minutes=20)))


def assert_nobody(reply: TestResponse, client: CheckingClient, words: str = "Nobody here belongs") -> None:
    assert reply.status_code in {400, 403}
    assert words in reply.text
    assert client.get("/organizations").location == "/sign-in"


def test_who_has_linked_it_signs_in_by_it(
    app: Flask, owner: CheckingClient, identity_provider: IdentityProvider
) -> None:
    reply = link(owner, identity_provider)
    assert (reply.status_code, reply.location) == (303, ME)
    page = owner.page(ME).text()
    assert "Corp signs you in here, since" in page
    client = visitor(app)
    reply = through(client, identity_provider)
    assert (reply.status_code, reply.location) == (303, "/organizations")
    assert "Acme" in client.page("/organizations").text()
    assert linked(app) == [(OWNER, "248289761001")]
    assert events(app)[-2:] == [
        ("account.identity_linked", '{"provider": "Corp"}'),
        ("account.signed_in", '{"how": "provider"}'),
    ]
    log = owner.page("/o/acme/audit").text()
    assert "Let Corp sign them in" in log
    assert "Signed in through another service" in log


def test_the_sign_in_page_leads_there_and_back_to_where_one_was_going(
    app: Flask, owner: CheckingClient, identity_provider: IdentityProvider
) -> None:
    assert LEAVE in [one.get("href") for one in visitor(app).page("/sign-in").all("a")]
    link(owner, identity_provider)
    a_while_passes(app)
    page = owner.page(owner.get("/o/acme/settings/delete").location)
    start = next(one.get("href", "") for one in page.all("a") if LEAVE in one.get("href", ""))
    assert parse_qs(urlsplit(owner.get(start).location).query)["prompt"] == ["login"]
    reply = through(owner, identity_provider, start)
    assert (reply.status_code, reply.location) == (303, "/o/acme/settings/delete")
    assert owner.get("/o/acme/settings/delete").status_code == 200


def test_what_is_sent_along_is_fresh_each_time_and_says_nothing_of_us(app: Flask) -> None:
    first, second = (parse_qs(urlsplit(visitor(app).get(LEAVE).location).query) for _ in range(2))
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 43, name
        assert first[name] != second[name], name
    assert first["redirect_uri"] == ["http://127.0.0.1:8000" + BACK], "from the settings"
    assert first["code_challenge_method"] == ["S256"]
    assert first["scope"] == ["openid email"]
    assert "prompt" not in first


def test_coming_back_does_nothing_before_the_button(
    app: Flask, owner: CheckingClient, identity_provider: IdentityProvider
) -> None:
    link(owner, identity_provider)
    client = visitor(app)
    callback = identity_provider.allow(client.get(LEAVE).location)
    asked = len(identity_provider.asked)
    for _ in range(3):
        assert "Nothing has happened here yet" in client.page(callback).text()
        assert client.head(callback).status_code == 200
    assert len(identity_provider.asked) == asked
    assert client.get("/organizations").location == "/sign-in"
    assert client.send(BACK, on=callback).location == "/organizations"
    assert "This sign-in has ended" in client.get(callback).text


def test_an_identity_that_is_nobodys_opens_nothing_and_makes_nobody(
    app: Flask, organization: Organization, identity_provider: IdentityProvider
) -> None:
    for claims in (
        {},
        {"email": "stranger@acme.example", "email_verified": True},
        {"email": OWNER},
        {"email": OWNER, "email_verified": False},
        {"email": OWNER, "email_verified": "true"},
        {"email": "о" + OWNER[1:], "email_verified": True},
    ):
        identity_provider.claim = claims
        client = visitor(app)
        assert_nobody(through(client, identity_provider), client)
    assert linked(app) == []
    with app.app_context():
        assert db.session.scalars(sa.select(Account.email)).all() == [f"owner@{organization.slug}.example"]


def test_a_verified_address_links_once_and_says_so(
    app: Flask, organization: Organization, identity_provider: IdentityProvider
) -> None:
    identity_provider.claim = {"email": "Owner@ACME.example", "email_verified": True}
    client = visitor(app)
    assert through(client, identity_provider).location == "/organizations"
    assert "Corp signs you in here from now on, as it says that this address is yours" in client.get(ME).text
    assert linked(app) == [(OWNER, "248289761001")]
    assert [action for action, _ in events(app)].count("account.identity_linked") == 1
    identity_provider.claim = {}
    assert through(visitor(app), identity_provider).location == "/organizations", (
        "it needs no address any more"
    )
    identity_provider.claim = {"sub": "another", "email": OWNER, "email_verified": True}
    client = visitor(app)
    assert_nobody(through(client, identity_provider), client)
    assert linked(app) == [(OWNER, "248289761001")], organization.slug


def test_the_second_step_is_asked_whatever_the_provider_did(
    app: Flask, owner: CheckingClient, identity_provider: IdentityProvider
) -> None:
    link(owner, identity_provider)
    secret = second_step.new_secret()
    with app.app_context(), transaction() as session:
        second_step.turn_on(session, session.scalars(sa.select(Account)).one(), secret, step=0)
    identity_provider.claim = {"amr": ["pwd", "otp", "mfa"]}
    client = visitor(app)
    assert through(client, identity_provider).location == "/sign-in/second-step"
    assert client.get("/organizations").location == "/sign-in"
    reply = client.send("/sign-in/second-step", {"code": pyotp.TOTP(secret).now()})
    assert reply.location == "/organizations"


def test_unlinking_ends_it_and_the_sessions_elsewhere(
    app: Flask, owner: CheckingClient, identity_provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    link(owner, identity_provider)
    elsewhere = visitor(app)
    through(elsewhere, identity_provider)
    unlink = f"{ME}/providers/corp/unlink"
    assert owner.send(unlink, on=ME).location == ME
    assert "signs nobody in to your account any more" in owner.page(ME).text()
    assert elsewhere.get("/organizations").location == "/sign-in"
    assert_nobody(through(elsewhere, identity_provider), elsewhere)
    assert events(app)[-1] == ("account.identity_unlinked", '{"provider": "Corp"}')
    form = owner.page(ME).form("/sign-out")
    assert owner.post(unlink, data=form).status_code == 303, "twice is once"
    later = sessions.now() + timedelta(minutes=31)
    monkeypatch.setattr(sessions, "now", lambda: later)
    assert owner.post(unlink, data=form).location.startswith("/sign-in?next=")
    assert owner.get(f"{ME}/providers/corp/link").location.startswith("/sign-in?next=")


def test_an_identity_belongs_to_one_account_and_an_account_has_one_of_a_provider(
    app: Flask, organization: Organization, owner: CheckingClient, identity_provider: IdentityProvider
) -> None:
    link(owner, identity_provider)
    assert link(owner, identity_provider).location == ME, "twice is once"
    add_member(app, organization, "other@acme.example", "viewer")
    other = sign_in(app, organization, "other@acme.example")
    link(other, identity_provider)
    assert "Another account here is linked to that already" in other.page(ME).text()
    identity_provider.claim = {"sub": "another"}
    link(owner, identity_provider)
    assert "linked to somebody else there already" in owner.page(ME).text()
    assert linked(app) == [(OWNER, "248289761001")]


def test_many_links_of_one_identity_at_once_end_in_one(app: Flask, organization: Organization) -> None:
    provider = app.extensions["groundswell"].settings.providers[0]
    emails = [f"m{number}@acme.example" for number in range(4)]
    for email in emails:
        add_member(app, organization, email, "viewer")

    def attempt(number: int) -> str:
        with app.test_request_context():
            email = emails[number % 4]
            who = Identity(provider.issuer, "one", email if number % 2 else "")
            account = db.session.scalars(sa.select(Account).where(Account.email == email)).one()
            try:
                if number % 2:
                    found = identities.sign_in(provider=provider, who=who, address="a")
                    return "in" if found else "nobody"
                identities.link(provider=provider, who=who, account=account, address="a")
            except Refused:
                return "refused"
            return "linked"

    with ThreadPoolExecutor(8) as pool:
        done = list(pool.map(attempt, range(24)))
    assert len(linked(app)) == 1
    assert set(done) <= {"in", "linked", "refused", "nobody"}
    assert [action for action, _ in events(app)].count("account.identity_linked") == 1


def test_a_session_by_a_link_that_was_handed_over_links_nothing(
    app: Flask, organization: Organization, owner: CheckingClient
) -> None:
    del owner
    add_member(app, organization, "new@acme.example", "viewer")
    with app.app_context():
        account = db.session.scalars(sa.select(Account).where(Account.email == OWNER)).one()
        handed = organizations.sign_in_secret(organization=organization, email="new@acme.example", by=account)
    client = visitor(app)
    client.send(f"/sign-in/{handed}")
    assert client.get(f"{ME}/providers/corp/link").status_code == 403


def test_what_was_begun_for_one_session_links_to_no_other(
    app: Flask, organization: Organization, owner: CheckingClient, identity_provider: IdentityProvider
) -> None:
    callback = identity_provider.allow(owner.get(f"{ME}/providers/corp/link").location)
    add_member(app, organization, "other@acme.example", "viewer")
    cookie = sign_in(app, organization, "other@acme.example").get_cookie("sid")
    assert cookie is not None
    owner.set_cookie("sid", cookie.value)
    assert "This sign-in has ended" in owner.get(callback).text
    assert linked(app) == []


def test_who_is_erased_is_unlinked_and_recovering_unlinks(
    app: Flask, organization: Organization, owner: CheckingClient, identity_provider: IdentityProvider
) -> None:
    link(owner, identity_provider)
    with app.app_context():
        commands.recover(email=OWNER)
    assert linked(app) == []
    add_member(app, organization, "new@acme.example", "viewer")
    new = sign_in(app, organization, "new@acme.example")
    link(new, identity_provider)
    with app.app_context():
        organizations.remove_member(organization=organization, email="new@acme.example", by=None)
    assert linked(app) == []
    assert_nobody(through(new, identity_provider), new)


def test_a_password_stays_what_it_is(
    app: Flask, owner: CheckingClient, identity_provider: IdentityProvider
) -> None:
    set_password(owner)
    link(owner, identity_provider)
    with app.app_context():
        assert db.session.scalars(sa.select(BrowserSession.how)).all() == ["password"]


def test_behind_https_its_cookies_are_bound_to_the_host(
    make_app: MakeApp, settings: Settings, identity_provider: IdentityProvider
) -> None:
    url = "https://groundswell.example.org"
    app = provided(make_app, replace(settings, url=url), settings.database_url, identity_provider)
    create(app)
    identity_provider.claim = {"email": OWNER, "email_verified": True}
    client = visitor(app)
    leaving = client.get(LEAVE, base_url=url)
    assert parse_qs(urlsplit(leaving.location).query)["redirect_uri"] == [url + BACK]
    assert leaving.headers["Set-Cookie"].startswith("__Host-flow=")
    page = Page(client.get(identity_provider.allow(leaving.location), base_url=url).text)
    reply = client.post(BACK, base_url=url, data=page.form(BACK), headers={"Origin": url})
    assert (reply.status_code, reply.location) == (303, "/organizations")
    given = [one for one in reply.headers.getlist("Set-Cookie") if one.startswith("__Host-sid=")]
    assert len(given) == 1
    assert "Secure" in given[0]


def test_an_unknown_provider_is_not_there(app: Flask, owner: CheckingClient) -> None:
    for path in ("/sign-in/with/other", "/sign-in/with/other/back", f"{ME}/providers/other/link"):
        assert owner.get(path).status_code == 404, path
    assert create(app, "b", "B")


def test_without_a_provider_no_page_speaks_of_one(make_app: MakeApp, settings: Settings) -> None:
    plain = make_app(settings)
    owner = sign_in(plain, create(plain), OWNER)
    assert "Other ways to sign in" not in owner.page(ME).text()
    assert "Or with a password" not in visitor(plain).page("/sign-in").text()
