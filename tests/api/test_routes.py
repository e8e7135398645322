"""What comes in: JSON of the strict kind under its own name, as much as is taken, and nothing else."""

import json
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from config import Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.organizations import program, token_of
from tests.fixtures.pages import CheckingClient
from webapp.models import Organization

PATH = "/api/v1/actions"
GOOD = json.dumps({"unit": None, "title": "Try"})


@pytest.fixture
def client(app: Flask, organization: Organization) -> CheckingClient:
    return program(app, token_of(app, organization, "owner@acme.example"))


@pytest.mark.parametrize(
    "kind", ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8"]
)
def test_json_is_taken_under_its_name(client: CheckingClient, kind: str) -> None:
    assert client.post(PATH, data=GOOD, content_type=kind).status_code == 201


@pytest.mark.parametrize(
    "kind",
    ["text/plain", "text/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp",
     "application/json-patch+json", "application/json; charset=utf-16", "json", "", None, "application/json, text/plain"],
)  # fmt: skip
def test_other_kinds_are_not(client: CheckingClient, kind: str | None) -> None:
    """Among them are all that a form of another site could send."""
    assert client.post(PATH, data=GOOD, content_type=kind).status_code == 415


@pytest.mark.parametrize(
    "body",
    [b"", b"null,", b"{", b"[" * 100_000, b'{"a":' * 5_000, b'{"title":"a","title":"b","unit":null}', b'{"unit":NaN}', b"\xff",
     b'{"title":"\\u0000","unit":null}', b'{"title":"\\ud800","unit":null}', b"9" * 5000, b'{"unit":1e999,"title":"a"}'],
)  # fmt: skip
def test_bombs_and_what_two_readers_read_differently_are_refused(client: CheckingClient, body: bytes) -> None:
    reply = client.post(PATH, data=body, content_type="application/json")
    assert reply.status_code == 400
    assert reply.mimetype == "application/problem+json"
    assert len(reply.data) < 300


@pytest.mark.parametrize("body", ["null", "[]", '"text"', "5", "true", '[{"unit":null,"title":"a"}]'])
def test_what_is_no_object_has_the_wrong_form(client: CheckingClient, body: str) -> None:
    reply = client.post(PATH, data=body, content_type="application/json")
    assert reply.status_code == 422
    assert reply.json["errors"][0]["where"] == "body"  # type: ignore[index]


def test_more_than_is_taken_at_once(client: CheckingClient) -> None:
    large = json.dumps({"unit": None, "title": "x" * 300_000})
    assert client.post(PATH, data=large, content_type="application/json").status_code == 413


def test_a_name_that_was_sent_comes_back_short_and_harmless(client: CheckingClient) -> None:
    name = "<script>\r\nSet-Cookie: a=b" + "x" * 5000
    reply = client.post(PATH, json={"unit": None, "title": "a", name: 1})
    assert reply.status_code == 422
    assert len(reply.data) < 800
    assert "Set-Cookie" not in reply.headers
    assert reply.mimetype == "application/problem+json"


def test_of_very_many_faults_a_hundred_are_told(client: CheckingClient) -> None:
    reply: Any = client.post(PATH, json={f"n{number}": 1 for number in range(20_000)})
    assert reply.status_code == 422
    assert len(reply.json["errors"]) == 100
    assert len(reply.data) < 10_000


@pytest.mark.parametrize(
    "header", ["a\r\nSet-Cookie: x=y", "gsw_\u202e", "gsw_" + "a" * 49, "\x00", "é" * 40]
)
def test_odd_headers_open_nothing(app: Flask, header: str) -> None:
    reply = app.test_client().get(PATH, environ_base={"HTTP_AUTHORIZATION": f"Bearer {header}"})
    assert reply.status_code == 401
    assert "Set-Cookie" not in reply.headers
    assert header not in str(reply.headers)


def test_no_cookie_is_set_or_read(client: CheckingClient) -> None:
    client.set_cookie("language", "de")
    reply = client.post(PATH, json={"unit": None, "title": " "})
    assert reply.json["detail"] == "Write what is to be done."  # type: ignore[index]
    assert not reply.headers.getlist("Set-Cookie")
    assert not client.get("/api/v1/units", headers={"Accept-Language": "de"}).headers.getlist("Set-Cookie")


def test_no_page_of_another_site_gets_an_answer_to_read(client: CheckingClient) -> None:
    for values in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        reply = client.get("/api/v1/units", headers=values)
        assert not [name for name, _value in reply.headers if name.startswith("Access-Control-")]
        assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    preflight = client.options(
        PATH, headers={"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 405


def test_programs_behind_tls_get_the_same(make_app: MakeApp, settings: Settings) -> None:
    behind = make_app(replace(settings, url="https://groundswell.example.org")).test_client()
    reply: Any = behind.get("/api/v1/units", base_url="https://groundswell.example.org")
    assert (reply.status_code, reply.mimetype) == (401, "application/problem+json")
    assert "Strict-Transport-Security" in reply.headers
