"""The second step on its pages: between password or link and session, on, off, and recovery codes."""

import re
from datetime import timedelta

import pyotp
import pytest
import sqlalchemy as sa
from flask import Flask

from tests.fixtures.organizations import PASSWORD, set_password
from tests.fixtures.pages import CheckingClient, Page
from webapp.access import attempts, second_step, sessions
from webapp.accounts import commands
from webapp.extensions import db
from webapp.models import AuditEvent, BrowserSession, HalfSession, Organization, SecondStep
from webapp.organizations import commands as organizations

PATH = "/accounts/me/second-step"
STEP = "/sign-in/second-step"
OWNER = "owner@acme.example"


class Phone:
    """An authenticator that is always one step further, so that no code comes twice."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.secret = ""
        self.at = second_step.now()
        monkeypatch.setattr(second_step, "now", lambda: self.at)

    def code(self) -> str:
        self.at += timedelta(seconds=30)
        return pyotp.TOTP(self.secret).at(int((self.at - EPOCH).total_seconds()))


EPOCH = sessions.datetime(1970, 1, 1)


@pytest.fixture
def phone(monkeypatch: pytest.MonkeyPatch) -> Phone:
    return Phone(monkeypatch)


def turn_on(client: CheckingClient, phone: Phone, code: str | None = None) -> list[str]:
    """Turn the second step on as a person does; gives the recovery codes."""
    page = client.page(PATH)
    phone.secret = next(
        re.sub(r"\s", "", "".join(one.itertext())) for one in page.all("code") if len(one.text or "") > 30
    )
    reply = client.post(PATH, data=page.form() | {"code": code or phone.code()})
    if reply.status_code != 200:
        return []
    return ["".join(one.itertext()) for one in Page(reply.text).all("code")]


@pytest.fixture
def codes(owner: CheckingClient, phone: Phone) -> list[str]:
    """The recovery codes of Acme's owner, who has a password and a second step."""
    assert set_password(owner).status_code == 303
    page = owner.page(PATH)
    phone.secret = next(
        re.sub(r"\s", "", "".join(one.itertext())) for one in page.all("code") if len(one.text or "") > 30
    )
    reply = owner.post(PATH, data=page.form() | {"code": phone.code(), "current": PASSWORD})
    assert reply.status_code == 200
    return ["".join(one.itertext()) for one in Page(reply.text).all("code")]


def half_way(app: Flask, password: str = PASSWORD) -> CheckingClient:
    client: CheckingClient = app.test_client()  # type: ignore[assignment]
    reply = client.send("/sign-in", {"email": OWNER, "password": password})
    assert (reply.status_code, reply.location) == (303, STEP)
    return client


def test_turning_it_on_shows_ten_codes_once(app: Flask, owner: CheckingClient, phone: Phone) -> None:
    codes = turn_on(owner, phone)
    assert len(codes) == 10
    assert "10 recovery codes are left" in owner.page("/accounts/me").text()
    assert not any(code in owner.get(PATH).text for code in codes)
    with app.app_context():
        assert phone.secret.encode() not in db.session.scalars(sa.select(SecondStep.sealed)).one()


def test_the_page_shows_the_secret_as_a_picture_and_in_letters_and_stores_nothing(
    app: Flask, owner: CheckingClient
) -> None:
    assert 'aria-label="QR code of the letters below"' in owner.get(PATH).text
    with app.app_context():
        assert not db.session.scalar(sa.select(sa.func.count()).select_from(SecondStep))


def test_a_wrong_first_code_or_a_forged_secret_turns_nothing_on(
    app: Flask, owner: CheckingClient, phone: Phone
) -> None:
    assert not turn_on(owner, phone, "000000")
    page = owner.page(PATH)
    for sealed in ("", "AAAA", "é", "x" * 3000):
        reply = owner.post(PATH, data=page.form() | {"sealed": sealed, "code": phone.code()})
        assert reply.status_code in {200, 422}
    with app.app_context():
        assert not db.session.scalar(sa.select(sa.func.count()).select_from(SecondStep))


def test_a_browser_that_is_found_open_turns_nothing_on(
    app: Flask, owner: CheckingClient, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_password(owner)  # after a password no session is fresh
    assert not turn_on(owner, phone)
    later = sessions.now() + timedelta(minutes=31)
    monkeypatch.setattr(sessions, "now", lambda: later)
    assert not turn_on(owner, phone)
    with app.app_context():
        assert not db.session.scalar(sa.select(sa.func.count()).select_from(SecondStep))


@pytest.mark.usefixtures("codes")
def test_half_way_nothing_opens(app: Flask) -> None:
    client = half_way(app)
    for path in ("/organizations", "/o/acme/", "/o/acme/settings", "/accounts/me", PATH):
        assert client.get(path).location == "/sign-in", path
    cookie = client.get_cookie("half")
    assert cookie is not None
    client.set_cookie("sid", cookie.value)
    assert client.get("/organizations").location == "/sign-in", "half a session is none"


def test_a_code_completes_it_once(app: Flask, codes: list[str], phone: Phone) -> None:
    client = half_way(app)
    cookie = client.get_cookie("half")
    reply = client.send(STEP, {"code": phone.code()})
    assert (reply.status_code, reply.location) == (303, "/organizations")
    assert "Acme" in client.page("/organizations").text()
    again: CheckingClient = app.test_client()  # type: ignore[assignment]
    assert cookie is not None
    again.set_cookie("half", cookie.value)
    assert again.get(STEP).location == "/sign-in"
    assert codes


@pytest.mark.usefixtures("codes")
def test_a_code_that_was_used_is_refused(app: Flask, phone: Phone) -> None:
    code = phone.code()
    assert half_way(app).send(STEP, {"code": code}).status_code == 303
    reply = half_way(app).send(STEP, {"code": code})
    assert reply.status_code == 422
    assert "used before" in reply.text


def test_a_recovery_code_completes_it_once(app: Flask, codes: list[str]) -> None:
    assert half_way(app).send(STEP, {"code": codes[0]}).status_code == 303
    assert half_way(app).send(STEP, {"code": codes[0]}).status_code == 422
    with app.app_context():
        actions = db.session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.sequence)).all()
    assert actions.count("account.recovery_code_used") == 1
    assert actions[-1] == "account.sign_in_failed"


@pytest.mark.usefixtures("codes")
def test_a_one_time_link_is_the_first_step_too(app: Flask, organization: Organization, phone: Phone) -> None:
    with app.app_context():
        secret = organizations.sign_in_secret(organization=organization, email=OWNER, by=None)
    client: CheckingClient = app.test_client()  # type: ignore[assignment]
    assert client.send(f"/sign-in/{secret}").location == STEP
    assert client.get("/organizations").location == "/sign-in"
    assert client.send(STEP, {"code": phone.code()}).location == "/organizations"


@pytest.mark.usefixtures("codes")
def test_five_wrong_codes_close_the_second_step_for_five_minutes(
    app: Flask, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = half_way(app)
    assert [client.send(STEP, {"code": "000000"}).status_code for _ in range(6)] == [422] * 5 + [429]
    assert half_way(app).send(STEP, {"code": phone.code()}).status_code == 429
    later = attempts.now() + timedelta(minutes=5)
    monkeypatch.setattr(attempts, "now", lambda: later)
    assert half_way(app).send(STEP, {"code": phone.code()}).status_code == 303


@pytest.mark.usefixtures("codes")
def test_half_a_session_ends_after_ten_minutes(
    app: Flask, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = half_way(app)
    later = sessions.now() + timedelta(minutes=10)
    monkeypatch.setattr(sessions, "now", lambda: later)
    assert client.get(STEP).location == "/sign-in"
    assert client.post(STEP, data={"code": phone.code()}).status_code in {303, 400}


def test_turning_it_off_asks_for_a_code(
    app: Flask, owner: CheckingClient, codes: list[str], phone: Phone
) -> None:
    off = f"{PATH}/off"
    assert "wrong, or it was used before" in owner.send(off, {"code": "000000"}, on=PATH).text
    assert owner.send(off, {"code": phone.code()}, on=PATH).location == "/accounts/me"
    client: CheckingClient = app.test_client()  # type: ignore[assignment]
    assert client.send("/sign-in", {"email": OWNER, "password": PASSWORD}).location == "/organizations"
    assert codes


def test_a_short_password_is_enough_beside_it_and_not_alone(
    owner: CheckingClient, codes: list[str], phone: Phone
) -> None:
    assert set_password(owner, "vK7#qZ2!", PASSWORD).status_code == 303
    reply = owner.send(f"{PATH}/off", {"code": phone.code()}, on=PATH)
    assert "too short to stand alone" in reply.text
    assert set_password(owner, PASSWORD, "vK7#qZ2!").status_code == 303
    assert owner.send(f"{PATH}/off", {"code": codes[0]}, on=PATH).status_code == 303


def test_new_codes_are_shown_for_a_code(owner: CheckingClient, codes: list[str]) -> None:
    reply = owner.send(f"{PATH}/codes", {"code": codes[0]}, on=PATH)
    new = ["".join(one.itertext()) for one in Page(reply.text).all("code")]
    assert len(new) == 10
    assert not set(new) & set(codes)
    assert "wrong, or" in owner.send(f"{PATH}/codes", {"code": codes[1]}, on=PATH).text


@pytest.mark.usefixtures("codes")
def test_setting_a_password_ends_halves_and_asks_for_no_code(app: Flask, owner: CheckingClient) -> None:
    waiting = half_way(app)
    assert set_password(owner, "grey heron counts slow trains", PASSWORD).status_code == 303
    assert owner.get("/organizations").status_code == 200
    assert waiting.get(STEP).location == "/sign-in"
    with app.app_context():
        assert not db.session.scalar(sa.select(sa.func.count()).select_from(HalfSession))


@pytest.mark.usefixtures("codes")
def test_the_command_line_recovers_who_has_lost_everything(app: Flask, owner: CheckingClient) -> None:
    with app.app_context():
        secret = commands.recover(email="Owner@acme.example")
    assert owner.get("/organizations").location == "/sign-in"
    client: CheckingClient = app.test_client()  # type: ignore[assignment]
    assert client.send(f"/sign-in/{secret}").location == "/organizations"
    assert client.send("/sign-in", {"email": OWNER, "password": PASSWORD}).status_code == 422
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(BrowserSession)) == 1
