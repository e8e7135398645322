"""The page of whoever runs the server: nobody else finds it, and it tells nothing of any organization."""

from dataclasses import replace
from http import HTTPStatus

import pytest
import sqlalchemy as sa
from flask import Flask

from config import SettingError, Settings, from_environment
from tests.fixtures.applications import MakeApp
from tests.fixtures.organizations import add_member, create, import_units, open_one, sign_in
from tests.fixtures.pages import CheckingClient, Page
from webapp.access import second_step, sessions
from webapp.extensions import db
from webapp.models import Account, AuditEvent, Organization
from webapp.organizations import commands
from webapp.transaction import transaction

KEEPER = "keeper@acme.example"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def kept(make_app: MakeApp, settings: Settings) -> Flask:
    """An application whose settings name a keeper, who is a viewer of an organization here."""
    app = make_app(replace(settings, administrators=frozenset({KEEPER})))
    organization = create(app)
    import_units(app, organization)
    open_one(app, organization, "Secret wave")
    add_member(app, organization, KEEPER, "viewer")
    return app


def acme(app: Flask) -> Organization:
    with app.app_context():
        return db.session.scalars(sa.select(Organization)).one()


def with_second_step(app: Flask, client: CheckingClient, email: str = KEEPER) -> CheckingClient:
    with app.app_context(), transaction() as session:
        account = session.scalars(sa.select(Account).where(Account.email == email)).one()
        second_step.turn_on(session, account, SECRET, step=0)
    return client


@pytest.fixture
def keeper(kept: Flask) -> CheckingClient:
    return with_second_step(kept, sign_in(kept, acme(kept), KEEPER))


def test_the_keeper_reads_how_the_server_is_and_what_to_do(keeper: CheckingClient) -> None:
    page = keeper.page("/status")
    text = page.text()
    assert "2 things need you" in text
    for word in ("SQLite", "Migration", "never seen", "Run “backup FILE”", "not set up", "Disk"):
        assert word in text
    assert "/status" in [link.get("href") for link in keeper.page("/organizations").all("a")]


def test_it_names_no_organization_and_nothing_in_one(kept: Flask, keeper: CheckingClient) -> None:
    before = keeper.page("/status").text()
    for word in ("Acme", "acme", "Secret", "Platform", "viewer"):
        assert word not in before.replace(KEEPER, "")
    with kept.app_context():
        events = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
    keeper.get("/status")
    with kept.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent)) == events


def test_it_speaks_the_language_of_its_reader(keeper: CheckingClient) -> None:
    keeper.set_cookie("language", "de")
    text = keeper.page("/status").text()
    assert "noch nie gesehen" in text
    assert "never" not in text


def test_to_everybody_else_there_is_no_such_page(kept: Flask, client: CheckingClient) -> None:
    owner = with_second_step(kept, sign_in(kept, acme(kept), "owner@acme.example"), "owner@acme.example")
    nobody: CheckingClient = kept.test_client()  # type: ignore[assignment]
    for one in (owner, nobody, client):
        for method in ("GET", "HEAD"):
            assert one.open("/status", method=method).status_code == HTTPStatus.NOT_FOUND
    assert "/status" not in [link.get("href") for link in owner.page("/organizations").all("a")]
    missing, there = nobody.get("/no-such-page"), nobody.get("/status")
    assert Page(missing.text).text() == Page(there.text).text()


def test_without_a_second_step_the_keeper_is_led_to_turning_it_on(kept: Flask) -> None:
    keeper = sign_in(kept, acme(kept), KEEPER)
    reply = keeper.get("/status")
    assert (reply.status_code, reply.location) == (303, "/accounts/me/second-step?next=/status")
    shown = keeper.page(reply.location)
    assert "second step" in shown.text()


def test_a_link_that_an_owner_had_in_hand_opens_it_to_nobody(kept: Flask) -> None:
    """An owner could invite the keeper's address and use the link: that session reaches one organization alone."""
    other = create(kept, "other", "Other")
    with kept.app_context():
        by = db.session.scalars(sa.select(Account).where(Account.email == "owner@other.example")).one()
        secret = commands.add_member(
            organization=other, email="second@x.example", role="viewer", unit_id=None, by=by
        )
        opened = sessions.start(secret or "")
        assert opened is not None
    app = kept.test_client()
    app.set_cookie("sid", opened.secret)
    with kept.app_context():
        account = db.session.scalars(sa.select(Account).where(Account.email == "second@x.example")).one()
        account.email, keeper = (
            "was@x.example",
            db.session.scalars(sa.select(Account).where(Account.email == KEEPER)).one(),
        )
        keeper.email = "gone@x.example"
        db.session.flush()
        account.email = KEEPER
        db.session.commit()
    with_second_step(kept, app)  # type: ignore[arg-type]
    assert app.get("/organizations").status_code == HTTPStatus.OK
    assert app.get("/status").status_code == HTTPStatus.NOT_FOUND


def test_the_setting_takes_addresses_however_they_are_written(settings: Settings) -> None:
    environment = {"GROUNDSWELL_DATA": str(settings.data)}
    found = from_environment(
        environment | {"GROUNDSWELL_ADMINISTRATORS": " One@Example.org,two@example.org  x@y "}
    )
    assert found.administrators == {"one@example.org", "two@example.org", "x@y"}
    assert from_environment(environment).administrators == frozenset()
    for wrong in ("one", "@", "one@example.org, @two"):
        with pytest.raises(SettingError, match="GROUNDSWELL_ADMINISTRATORS"):
            from_environment(environment | {"GROUNDSWELL_ADMINISTRATORS": wrong})
