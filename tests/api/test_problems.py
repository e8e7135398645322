"""Everything that goes wrong below /api is told as problem+json, and tells nothing that it should not."""

import json
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, abort
from werkzeug.test import TestResponse

from tests.fixtures.organizations import program, token_of
from tests.fixtures.pages import CheckingClient
from webapp import access
from webapp.models import Organization
from webapp.transaction import Busy


def told(reply: TestResponse, status: int) -> dict[str, Any]:
    assert reply.status_code == status
    assert reply.mimetype == "application/problem+json"
    assert reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert reply.headers["Cache-Control"] == "no-store"
    found: dict[str, Any] = json.loads(reply.text)
    assert found["status"] == status
    assert found["title"]
    assert found["detail"]
    return found


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1", "/api/v2/units", "/api/v1/units/", "/api/v1/Units", "/api/v1/units/x", "/api/v1/units/-1", "/api/v1/results/1.json", "/api/v1/%00", "/api/v1/é\u202e", "/api/../o/acme"])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_what_is_not_there(client: CheckingClient, path: str, method: str) -> None:
    told(client.open(path, method=method), 404)


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"])
def test_what_cannot_be_done_there(client: CheckingClient, method: str) -> None:
    reply = client.open("/api/v1/units", method=method)
    told(reply, 405)
    assert {word.strip() for word in reply.headers["Allow"].split(",")} == {"GET", "HEAD"}
    assert "Access-Control-Allow-Origin" not in reply.headers


def test_pages_keep_their_own_words(client: CheckingClient) -> None:
    for path in ("/apiary", "/o/api/units", "/ap"):
        assert client.get(path).mimetype == "text/html"


def test_an_unknown_host(client: CheckingClient) -> None:
    told(client.get("/api/v1/units", headers={"Host": "evil.example"}), 400)


def test_head_is_get_without_a_body(app: Flask, organization: Organization) -> None:
    client = program(app, token_of(app, organization, "owner@acme.example"))
    whole, head = client.get("/api/v1/units"), client.head("/api/v1/units")
    assert (head.status_code, head.data) == (200, b"")
    assert head.headers["Content-Length"] == str(len(whole.data))
    assert app.test_client().head("/api/v1/units").status_code == 401


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (Busy(), 503),
        (OperationalError("select 'canary'", {}, Exception("canary")), 503),
        (RuntimeError("canary"), 500),
        (KeyError("canary"), 500),
        (RecursionError(), 500),
    ],
)
def test_what_goes_wrong_with_us(app: Flask, error: Exception, status: int) -> None:
    @access.anyone
    def broken() -> str:
        raise error

    app.add_url_rule("/api/v1/broken", "broken", broken)
    client: CheckingClient = app.test_client()  # type: ignore[assignment]
    client.allow_failures = True
    reply = client.get("/api/v1/broken")
    problem = told(reply, status)
    assert "canary" not in reply.text
    assert (status == 500) == ("incident" in problem)
    assert (status == 503) == ("Retry-After" in reply.headers)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 409, 413, 415, 422, 429, 500, 503])
def test_every_status_has_words(app: Flask, status: int) -> None:
    @access.anyone
    def broken() -> str:
        try:
            abort(status)
        except HTTPException as error:
            error.description = "an inner detail"
            raise

    app.add_url_rule("/api/v1/broken", "broken", broken)
    client: CheckingClient = app.test_client()  # type: ignore[assignment]
    client.allow_failures = True
    reply = client.get("/api/v1/broken")
    told(reply, status)
    assert "inner detail" not in reply.text
