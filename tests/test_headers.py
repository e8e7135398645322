"""What every reply carries, also errors and static files, and the second guard against forged requests."""

import re
from dataclasses import replace
from http import HTTPStatus

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from config import Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.pages import CheckingClient
from webapp import access, headers
from webapp.models import Wave

ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(), camera=(), microphone=()",
}
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "object-src": "'none'",
    "frame-ancestors": "'none'",
}


def policy(reply: TestResponse) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in reply.headers["Content-Security-Policy"].split(";"))
    return {name: value for name, _, value in parts}


def carries_all(reply: TestResponse) -> None:
    for name, value in ALWAYS.items():
        assert reply.headers.get(name) == value, name
    assert reply.headers["Cache-Control"] == "no-store"
    assert "ETag" not in reply.headers
    assert "Server" not in reply.headers
    assert "Access-Control-Allow-Origin" not in reply.headers


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/sign-in", 200),
        ("/organizations", 302),
        ("/nothing", 404),
        ("/o/acme/units", 302),
        ("/r/unknown", 404),
    ],
)
def test_every_reply_carries_the_headers(client: CheckingClient, path: str, status: int) -> None:
    reply = client.get(path)
    assert reply.status_code == status
    carries_all(reply)
    assert policy(reply) == POLICY
    assert "Strict-Transport-Security" not in reply.headers


def test_errors_carry_them_too(app: Flask, client: CheckingClient) -> None:
    @access.anyone
    def broken() -> str:
        raise RuntimeError("an inner detail")

    app.add_url_rule("/broken", "broken", broken)
    client.allow_failures = True
    reply = client.get("/broken")
    assert reply.status_code == HTTPStatus.INTERNAL_SERVER_ERROR
    carries_all(reply)
    assert policy(reply) == POLICY
    assert "inner detail" not in reply.text
    assert re.search(r"\b[0-9a-f]{8}\b", reply.text), "Say the number of the incident."


@pytest.mark.parametrize(
    ("method", "path", "values", "status"),
    [
        ("POST", "/talk", {}, 405),
        ("PUT", "/", {}, 405),
        ("POST", "/sign-out", {}, 400),
        ("POST", "/sign-out", {"data": {"x": "y" * 300_000}}, 413),
        ("GET", "/", {"headers": {"Host": "evil.example"}}, 400),
    ],
)
def test_refusals_carry_them_too(
    client: CheckingClient, method: str, path: str, values: dict[str, object], status: int
) -> None:
    reply = client.open(path, method=method, **values)
    assert reply.status_code == status
    for name, value in ALWAYS.items():
        assert reply.headers.get(name) == value, name


def test_static_files_carry_theirs(client: CheckingClient) -> None:
    found = re.findall(r'(?:href|src)="(/static/[^"]+)"', client.get("/").text)
    assert len(found) >= 2
    for path in found:
        reply = client.get(path)
        assert reply.status_code == HTTPStatus.OK
        for name, value in ALWAYS.items():
            assert reply.headers.get(name) == value, name
        assert reply.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert reply.headers["Content-Security-Policy"] == "default-src 'none'"
        assert "Access-Control-Allow-Origin" not in reply.headers
        reply.close()
        assert re.search(r"\.[0-9a-f]{12}\.", path), (
            "The name of a file that is kept for a year holds its hash."
        )


@pytest.mark.parametrize(
    "path", ["/static/", "/static/nothing.css", "/static/../groundswell.sqlite", "/static/css"]
)
def test_nothing_else_is_static(client: CheckingClient, path: str) -> None:
    assert client.get(path).status_code == HTTPStatus.NOT_FOUND


def test_downloads_may_run_nothing(owner: CheckingClient, published_wave: Wave) -> None:
    reply = owner.get(f"/o/acme/results/{published_wave.id}/scores.csv")
    assert reply.status_code == HTTPStatus.OK
    assert reply.headers["Content-Disposition"].startswith("attachment")
    assert reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    carries_all(reply)


def test_pages_of_respondents_are_not_to_be_found(client: CheckingClient) -> None:
    for path in ("/r/unknown", "/respond/", "/respond/thanks"):
        assert client.get(path).headers["X-Robots-Tag"] == "noindex"
    assert "X-Robots-Tag" not in client.get("/").headers


def test_behind_tls_browsers_are_told_to_stay_there(make_app: MakeApp, settings: Settings) -> None:
    client = make_app(replace(settings, url="https://groundswell.example.org")).test_client()
    reply = client.get("/", base_url="https://groundswell.example.org")
    assert reply.headers["Strict-Transport-Security"] == headers.HSTS
    assert client.get("/", base_url="https://127.0.0.1").status_code == HTTPStatus.BAD_REQUEST


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "same-origin", "Origin": "http://localhost"}, 303),
        ({"Origin": "http://localhost"}, 303),
        ({}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),
        ({"Sec-Fetch-Site": "none"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "http://localhost:81"}, 403),
    ],
)
def test_a_change_is_taken_from_our_own_pages_alone(
    owner: CheckingClient, sent: dict[str, str], status: int
) -> None:
    assert owner.send("/sign-out", on="/organizations", headers=sent).status_code == status


def test_a_change_needs_the_token_of_the_page(owner: CheckingClient) -> None:
    assert owner.post("/sign-out").status_code == HTTPStatus.BAD_REQUEST
    assert owner.post("/sign-out", data={"csrf_token": "made up"}).status_code == HTTPStatus.BAD_REQUEST
    assert owner.get("/organizations").status_code == HTTPStatus.OK
