"""What a provider may answer wrongly, by mistake or by malice: nobody is signed in, and somebody is told kindly."""

import base64
import hmac
import json
import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import RSAKey

from config import Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.identity_provider import SECRET, IdentityProvider, running
from tests.fixtures.organizations import create, sign_in
from tests.fixtures.pages import Page
from tests.fixtures.provided import (
    BACK,
    LEAVE,
    OWNER,
    House,
    assert_nobody_in,
    link,
    provided,
    through,
    visitor,
)
from webapp.accounts import identities, openid
from webapp.domain.identity_token import Unfit
from webapp.extensions import db
from webapp.models import AuditEvent

Spoil = Callable[[IdentityProvider], None]


@pytest.fixture
def app(house: House) -> Flask:
    return house.as_new()


@pytest.fixture
def identity_provider(house: House) -> IdentityProvider:
    house.provider.begin_again()
    return house.provider


def claims(**changed: object) -> Spoil:
    return lambda provider: provider.claim.update(changed)


def signs(make: Callable[[IdentityProvider, dict[str, str], dict[str, Any]], str]) -> Spoil:
    def spoil(provider: IdentityProvider) -> None:
        provider.sign = lambda header, said: make(provider, header, said)

    return spoil


def unsigned(_provider: IdentityProvider, header: dict[str, str], said: dict[str, Any]) -> str:
    """Alg none, as the standard writes it: with nothing behind the last point."""
    return written(header | {"alg": "none"}, said) + "."


def by_secret(_provider: IdentityProvider, header: dict[str, str], said: dict[str, Any]) -> str:
    """HS256 with the secret that the provider and we share."""
    return with_secret(header, said, SECRET.encode())


def by_public_key(provider: IdentityProvider, header: dict[str, str], said: dict[str, Any]) -> str:
    """HS256 with the public key as its secret, which everybody knows."""
    return with_secret(header, said, provider.key.as_pem(private=False))


def with_secret(header: dict[str, str], said: dict[str, Any], secret: bytes) -> str:
    text = written(header | {"alg": "HS256"}, said)
    return f"{text}.{plain(hmac.digest(secret, text.encode(), 'sha256'))}"


def written(header: dict[str, str], said: dict[str, Any]) -> str:
    return ".".join(plain(json.dumps(part).encode()) for part in (header, said))


def plain(part: bytes) -> str:
    return base64.urlsafe_b64encode(part).rstrip(b"=").decode()


def by_foreign_key(_provider: IdentityProvider, header: dict[str, str], said: dict[str, Any]) -> str:
    """Under the name of the provider's own key."""
    return jwt.encode(header, said, RSAKey.generate_key(2048))


def of_no_key(provider: IdentityProvider, header: dict[str, str], said: dict[str, Any]) -> str:
    return provider.signed(header | {"kid": "unknown"}, said)


def cut(provider: IdentityProvider, header: dict[str, str], said: dict[str, Any]) -> str:
    return provider.signed(header, said).rpartition(".")[0] + "."


MALFORMED: dict[str, Spoil] = {
    "wrong nonce": claims(nonce="another"),
    "no nonce": claims(nonce=None),
    "wrong audience": claims(aud="another"),
    "wrong issuer": claims(iss="https://login.example.org"),
    "expired": claims(exp=int(time.time()) - 120, iat=int(time.time()) - 500),
    "of the future": claims(iat=int(time.time()) + 3600, exp=int(time.time()) + 7200),
    "signed in in the future": claims(auth_time=int(time.time()) + 3600),
    "signed in at no time": claims(auth_time="yesterday"),
    "signed in at yes": claims(auth_time=True),
    "alg none": signs(unsigned),
    "signed by a foreign key": signs(by_foreign_key),
    "signed by a key that is not there": signs(of_no_key),
    "signed with the client's secret": signs(by_secret),
    "signed with the public key as a secret": signs(by_public_key),
    "no subject": claims(sub=None),
    "a subject that is no text": claims(sub=248289761001),
    "no signature": signs(cut),
    "no token at all": signs(lambda *_: ""),
    "nonsense": signs(lambda *_: "a.b.c"),
    "a list": lambda provider: setattr(provider, "reply", (200, b"[1]")),
    "no JSON": lambda provider: setattr(provider, "reply", (200, b"<html>")),
    "nothing": lambda provider: setattr(provider, "reply", (200, b"")),
    "no identity token": lambda provider: setattr(provider, "reply", (200, b'{"access_token": "x"}')),
    "a token that is no text": lambda provider: setattr(provider, "reply", (200, b'{"id_token": 5}')),
    "deep nesting": lambda provider: setattr(provider, "reply", (200, b"[" * 100_000)),
    "an error": lambda provider: setattr(provider, "reply", (400, b'{"error": "invalid_grant"}')),
}


@pytest.mark.parametrize("spoil", MALFORMED.values(), ids=MALFORMED)
def test_a_malformed_reply_signs_nobody_in(
    app: Flask, identity_provider: IdentityProvider, spoil: Spoil, caplog: pytest.LogCaptureFixture
) -> None:
    spoil(identity_provider)
    client = visitor(app)
    reply = through(client, identity_provider)
    assert reply.status_code == 400
    assert "What Corp answered cannot be trusted" in reply.text
    assert_nobody_in(app, client)
    (said,) = [one.getMessage() for one in caplog.records if one.levelno == logging.WARNING]
    assert said.startswith("sign-in through corp did not work: ")
    assert "248289761001" not in said
    assert "another" not in said or said.endswith(("another nonce", "another audience", "another issuer"))


def test_a_good_reply_still_signs_in_afterwards(app: Flask, identity_provider: IdentityProvider) -> None:
    identity_provider.claim = {"nonce": "another"}
    client = visitor(app)
    through(client, identity_provider)
    identity_provider.claim = {}
    assert through(client, identity_provider).location == "/organizations"


@pytest.mark.parametrize("state", ["another", "", None, "é", "\x00", "x" * 5000])
def test_a_wrong_state_is_an_end(app: Flask, identity_provider: IdentityProvider, state: str | None) -> None:
    client, before = visitor(app), identity_provider.asked.count("/token")
    callback = identity_provider.allow(client.get(LEAVE).location)
    form = client.page(callback).form(BACK)
    query = {"code": form["code"]} | ({} if state is None else {"state": state})
    assert "This sign-in has ended" in client.get(BACK, query_string=query).text
    reply = client.post(BACK, data=form | {"state": state or ""})
    assert reply.status_code == 400
    assert identity_provider.asked.count("/token") == before
    assert_nobody_in(app, client)


def test_a_reply_to_another_browser_is_an_end(app: Flask, identity_provider: IdentityProvider) -> None:
    """Somebody who is sent a link with another's code is signed in as nobody."""
    theirs = identity_provider.allow(visitor(app).get(LEAVE).location)
    client = visitor(app)
    assert client.get(theirs).status_code == 400
    client.get(LEAVE)
    assert client.get(theirs).status_code == 400
    assert_nobody_in(app, client)


def test_a_code_is_good_once(app: Flask, identity_provider: IdentityProvider) -> None:
    client = visitor(app)
    callback = identity_provider.allow(client.get(LEAVE).location)
    flow, form = client.get_cookie("flow"), client.page(callback).form(BACK)
    assert flow is not None
    assert client.post(BACK, data=form).location == "/organizations"
    assert client.get_cookie("flow") is None
    assert client.post(BACK, data=form).status_code == 400, "the browser has forgotten it"
    client.delete_cookie("sid")
    client.set_cookie("flow", flow.value)
    reply = client.post(BACK, data=form)
    assert reply.status_code == 400, "and so has the provider"
    assert "cannot be trusted" in reply.text


def test_a_provider_that_says_no_is_quoted_in_our_words(
    app: Flask, identity_provider: IdentityProvider
) -> None:
    identity_provider.denies = True
    client = visitor(app)
    callback = identity_provider.allow(client.get(LEAVE).location)
    reply = client.get(callback + "&error_description=<b>Call+this+number</b>")
    assert reply.status_code == 400
    assert "Corp did not sign you in" in reply.text
    assert "number" not in Page(reply.text).text()
    assert_nobody_in(app, client)


def test_two_providers_are_not_mixed_up(
    make_app: MakeApp, settings: Settings, identity_provider: IdentityProvider
) -> None:
    with running("evil") as evil:
        app = provided(make_app, settings, settings.database_url, identity_provider, evil)
        link(sign_in(app, create(app), OWNER), identity_provider)
        client = visitor(app)
        callback = identity_provider.allow(client.get(LEAVE).location)
        form = client.page(callback).form(BACK)
        assert client.get(callback.replace("/corp/", "/evil/")).status_code == 400, "begun at another"
        assert client.post(BACK.replace("corp", "evil"), data=form).status_code == 400
        assert "/token" not in evil.asked
        reply = client.post(BACK, data=form | {"iss": evil.issuer})
        assert reply.status_code == 400, "the reply says that it is another's"
        evil.claim = {"iss": identity_provider.issuer}
        reply = client.send(
            BACK.replace("corp", "evil"),
            on=evil.allow(client.get(LEAVE.replace("corp", "evil")).location),
        )
        assert "cannot be trusted" in reply.text, "it claims to be the other one"
        assert client.get("/organizations").location == "/sign-in"


def test_a_provider_that_names_itself_must(app: Flask, identity_provider: IdentityProvider) -> None:
    callback = identity_provider.allow((client := visitor(app)).get(LEAVE).location)
    nameless = callback.partition("&iss=")[0]
    assert client.get(nameless).status_code == 200
    app.extensions.pop("groundswell_providers")
    identity_provider.said = {"authorization_response_iss_parameter_supported": True}
    assert client.get(nameless).status_code == 400
    assert client.get(callback).status_code == 200


def test_thirty_that_do_not_succeed_close_an_address_for_five_minutes(
    app: Flask, identity_provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(identities, "UNFINISHED", replace(identities.UNFINISHED, most=3))
    client = visitor(app)
    assert {through(visitor(app), identity_provider).status_code for _ in range(5)} == {303}, (
        "good ones are not counted"
    )
    identity_provider.claim = {"nonce": "another"}
    assert [through(client, identity_provider).status_code for _ in range(4)] == [400, 400, 400, 429]


def test_a_failure_of_somebody_who_is_signed_in_is_noted(
    app: Flask, identity_provider: IdentityProvider
) -> None:
    client = visitor(app)
    through(client, identity_provider)
    identity_provider.claim = {"nonce": "another"}
    link(client, identity_provider)
    with app.app_context():
        last = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.sequence.desc())).first()
        assert last is not None
        assert (last.action, last.changes) == ("account.sign_in_failed", '{"how": "provider"}')
    assert (
        "another service answered for this address could not be trusted" in client.get("/o/acme/audit").text
    )


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.one_of(st.text(max_size=80), st.lists(st.binary(max_size=40), min_size=2, max_size=4)))
def test_whatever_stands_in_place_of_a_token_is_refused(house: House, token: str | list[bytes]) -> None:
    if isinstance(token, list):
        token = ".".join(map(plain, token))
    with house.app.app_context(), pytest.raises(Unfit):
        openid._claims(house.provider.settings, token)
