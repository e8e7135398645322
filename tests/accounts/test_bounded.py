"""What a provider says about itself and its keys, and how long and how much of it we listen to."""

import json
import time
from dataclasses import replace
from threading import Semaphore
from typing import Any

import pytest
from flask import Flask

from tests.fixtures.identity_provider import IdentityProvider
from tests.fixtures.provided import BACK, LEAVE, House, assert_nobody_in, through, visitor
from webapp.accounts import bounded


@pytest.fixture
def app(house: House) -> Flask:
    return house.as_new()


@pytest.fixture
def identity_provider(house: House) -> IdentityProvider:
    house.provider.begin_again()
    return house.provider


def test_a_new_key_is_asked_for_once(app: Flask, identity_provider: IdentityProvider) -> None:
    asked = identity_provider.asked
    assert through(visitor(app), identity_provider).location == "/organizations"
    assert asked.count("/keys") == 1
    identity_provider.new_key()
    assert through(visitor(app), identity_provider).location == "/organizations"
    assert asked.count("/keys") == 2
    identity_provider.sign = lambda header, said: identity_provider.signed(header | {"kid": "unknown"}, said)
    assert through(visitor(app), identity_provider).status_code == 400
    assert asked.count("/keys") == 3, "and no more than once"


def test_clocks_may_differ_by_a_minute(app: Flask, identity_provider: IdentityProvider) -> None:
    now = int(time.time())
    identity_provider.claim = {"iat": now + 50, "exp": now - 50}
    assert through(visitor(app), identity_provider).location == "/organizations"


@pytest.mark.parametrize(
    "methods", [["client_secret_post"], ["client_secret_basic", "private_key_jwt"], None]
)
def test_the_secret_is_sent_as_the_provider_takes_it(
    app: Flask, identity_provider: IdentityProvider, methods: list[str] | None
) -> None:
    identity_provider.said = {"token_endpoint_auth_methods_supported": methods}
    assert through(visitor(app), identity_provider).location == "/organizations"


WRONG_ABOUT_ITSELF: dict[str, dict[str, Any]] = {
    "another issuer": {"issuer": "https://login.example.org"},
    "no token endpoint": {"token_endpoint": None},
    "a plain endpoint elsewhere": {"token_endpoint": "http://login.example.org/token"},
    "no address": {"authorization_endpoint": "javascript:alert(1)"},
    "keys in a file": {"jwks_uri": "file:///etc/passwd"},
    "a password in an address": {"jwks_uri": "https:" + "//u:p@login.example.org/keys"},
}


@pytest.mark.parametrize("said", WRONG_ABOUT_ITSELF.values(), ids=WRONG_ABOUT_ITSELF)
def test_a_provider_that_says_wrong_things_about_itself_is_left_alone(
    app: Flask, identity_provider: IdentityProvider, said: dict[str, Any]
) -> None:
    identity_provider.said = said
    reply = visitor(app).get(LEAVE)
    assert reply.status_code == 503
    assert "Corp does not answer" in reply.text
    asked = len(identity_provider.asked)
    assert visitor(app).get(LEAVE).status_code == 503
    assert len(identity_provider.asked) == asked, "not asked again at once"


def test_one_that_is_away_says_so_and_other_ways_stay_open(
    app: Flask, identity_provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = visitor(app)
    callback = identity_provider.allow(client.get(LEAVE).location)
    identity_provider.reply = (503, b"")
    reply = client.send(BACK, on=callback)
    assert reply.status_code == 503
    assert "does not answer" in reply.text
    app.extensions.pop("groundswell_providers")
    away = replace(identity_provider.settings, issuer="http://127.0.0.1:9")
    monkeypatch.setattr("webapp.accounts.providers.configured", lambda: (away,))
    assert client.get(LEAVE).status_code == 503
    assert client.get("/sign-in").status_code == 200


def test_it_reads_no_more_than_it_must_and_waits_no_longer(
    app: Flask, identity_provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = visitor(app)
    callback = identity_provider.allow(client.get(LEAVE).location)
    identity_provider.reply = (200, b'{"id_token": "' + b"x" * bounded.MOST_BYTES + b'"}')
    assert client.send(BACK, on=callback).status_code == 503
    identity_provider.reply = None
    monkeypatch.setattr(bounded, "WHOLE", -1.0)
    callback = identity_provider.allow(client.get(LEAVE).location)
    assert client.send(BACK, on=callback).status_code == 503
    assert_nobody_in(app, client)


def test_a_few_are_asked_at_a_time_and_the_others_told(
    app: Flask, identity_provider: IdentityProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = visitor(app)
    callback = identity_provider.allow(client.get(LEAVE).location)
    monkeypatch.setattr(bounded, "_places", Semaphore(0))
    monkeypatch.setattr(bounded, "PATIENCE", 0.01)
    assert client.send(BACK, on=callback).status_code == 503


@pytest.mark.parametrize(
    ("said", "told"), [("invalid_client", "invalid_client"), ("owner@acme.example", "unknown")]
)
def test_the_log_says_what_the_standard_has_a_word_for(
    app: Flask, identity_provider: IdentityProvider, caplog: pytest.LogCaptureFixture, said: str, told: str
) -> None:
    identity_provider.reply = (401, json.dumps({"error": said}).encode())
    through(visitor(app), identity_provider)
    assert caplog.records[-1].getMessage().endswith(f"the code was refused ({told})")


def test_a_redirect_is_not_followed(app: Flask, identity_provider: IdentityProvider) -> None:
    client = visitor(app)
    callback = identity_provider.allow(client.get(LEAVE).location)
    identity_provider.reply = (307, b"{}")
    assert client.send(BACK, on=callback).status_code == 400
    assert_nobody_in(app, client)
