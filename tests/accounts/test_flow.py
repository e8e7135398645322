"""The one cookie in which a sign-in at a provider travels."""

import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import replace

import pytest
from flask import Flask
from werkzeug.wrappers import Response

from config import Settings
from tests.fixtures.applications import MakeApp
from webapp import sealing
from webapp.accounts import flow as flows


def cookie(app: Flask, flow: flows.Flow) -> str:
    with app.test_request_context():
        reply = Response()
        flows.give(reply, flow)
        return reply.headers["Set-Cookie"]


def held(app: Flask, value: str, provider: str = "corp") -> flows.Flow | None:
    name = "__Host-flow" if app.config["SESSION_COOKIE_SECURE"] else "flow"
    with app.test_request_context(headers={"Cookie": f"{name}={value}"}):
        return flows.held(provider)


def begun(app: Flask) -> flows.Flow:
    with app.test_request_context():
        return flows.begin("corp", page="/o/acme/", linking=False)


def value(cookie: str) -> str:
    return cookie.partition("=")[2].partition(";")[0]


def test_it_comes_back_whole_to_the_same_provider_for_ten_minutes(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    flow = begun(app)
    sealed = value(cookie(app, flow))
    assert held(app, sealed) == flow
    assert held(app, sealed, "other") is None
    later = time.time() + 601
    monkeypatch.setattr(time, "time", lambda: later)
    assert held(app, sealed) is None


def test_nobody_reads_or_changes_what_is_in_it(app: Flask) -> None:
    flow = begun(app)
    sealed = value(cookie(app, flow))
    for secret in (flow.state, flow.nonce, flow.verifier):
        assert secret not in sealed
    whole = urlsafe_b64decode(sealed)
    for place in range(0, len(whole), 7):
        changed = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        assert held(app, urlsafe_b64encode(changed).decode()) is None, place
    for wrong in (whole[:-1], whole + b"\x00", whole[1:], b"", b"x" * 12):
        assert held(app, urlsafe_b64encode(wrong).decode()) is None
    for wrong in ("x", "é", "=", "A" * 20):
        assert held(app, wrong) is None


def test_one_of_another_version_has_ended(app: Flask) -> None:
    with app.test_request_context():
        sealed = sealing.seal(b'{"provider": "corp"}', about=flows.ABOUT)
    assert held(app, urlsafe_b64encode(sealed).decode()) is None


def test_its_cookie_is_out_of_reach_of_scripts_and_of_other_hosts(
    make_app: MakeApp, settings: Settings
) -> None:
    plain = cookie(make_app(settings), begun(make_app(settings)))
    for part in ("flow=", "HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=600"):
        assert part in plain
    secure = make_app(replace(settings, url="https://groundswell.example.org"))
    given = cookie(secure, begun(secure))
    assert given.startswith("__Host-flow=")
    assert "Secure" in given
    assert "Domain" not in given
    assert len(given) < 1500


def test_a_long_address_to_come_back_to_is_cut(app: Flask) -> None:
    with app.test_request_context():
        assert len(flows.begin("corp", page="/" + "x" * 5000, linking=False).page) == 500
