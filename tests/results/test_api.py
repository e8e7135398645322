"""Published results as programs read them: what the command line prints, as far as the token reads."""

import json
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from flask import Flask

from tests.fixtures.organizations import program, token_of
from tests.fixtures.pages import CheckingClient
from webapp.extensions import db
from webapp.models import Organization, Wave
from webapp.results.cli import results

PATH = "/api/v1/results"


def client_of(app: Flask, organization: Organization, who: str = "owner") -> CheckingClient:
    return program(app, token_of(app, organization, f"{who}@acme.example", ["result:read"]))


def printed(kestrel: SimpleNamespace, flag: str) -> str:
    with kestrel.app.app_context():
        return CliRunner().invoke(results, ["kestrel", str(kestrel.waves[-1]), flag]).stdout


@pytest.fixture
def of_kestrel(kestrel: SimpleNamespace) -> CheckingClient:
    """A program of the owner of an organization with four waves."""
    with kestrel.app.app_context():
        found = db.session.get_one(Organization, kestrel.id)
    return program(kestrel.app, token_of(kestrel.app, found, "owner@kestrel.example", ["result:read"]))


def test_json_is_that_of_the_command_line(kestrel: SimpleNamespace, of_kestrel: CheckingClient) -> None:
    """Whatever language is asked for."""
    reply = of_kestrel.get(f"{PATH}/{kestrel.waves[-1]}", headers={"Accept-Language": "de"})
    assert reply.mimetype == "application/json"
    assert reply.json == json.loads(printed(kestrel, "--json"))
    assert all(reply.json[part] for part in ("units", "residuals", "findings", "constants"))


def test_csv_is_that_of_the_command_line_by_its_ending_and_by_its_kind(
    kestrel: SimpleNamespace, of_kestrel: CheckingClient
) -> None:
    wanted, path = printed(kestrel, "--csv"), f"{PATH}/{kestrel.waves[-1]}"
    for reply in (
        of_kestrel.get(f"{path}.csv"),
        of_kestrel.get(path, headers={"Accept": "text/csv"}),
        of_kestrel.get(path, headers={"Accept": "application/json;q=.5, text/csv"}),
    ):
        assert (reply.status_code, reply.content_type) == (200, "text/csv; charset=utf-8")
        assert reply.text == wanted
        assert reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"


@pytest.mark.parametrize(
    "accept", ["*/*", "", "text/html", "application/json, text/csv", "application/*", "nonsense"]
)
def test_whoever_asks_for_nothing_of_the_kind_gets_json(
    app: Flask, organization: Organization, published_wave: Wave, accept: str
) -> None:
    reply = client_of(app, organization).get(f"{PATH}/{published_wave.id}", headers={"Accept": accept})
    assert reply.mimetype == "application/json"


def test_a_viewers_program_reads_the_viewers_units(
    app: Flask, organization: Organization, published_wave: Wave, viewer: CheckingClient
) -> None:
    """As the viewer's own download does, and as no other does."""
    client = client_of(app, organization, "viewer")
    found = client.get(f"{PATH}/{published_wave.id}").json
    assert [one["unit"] for one in found["units"]] == ["Acme", "Sales"]
    own = json.loads(viewer.get(f"/o/acme/results/{published_wave.id}/scores.json").text)
    assert found == own
    table = client.get(f"{PATH}/{published_wave.id}.csv").text
    assert table == viewer.get(f"/o/acme/results/{published_wave.id}/scores.csv").text
    for name in ("Engineering", "Platform", "Mobile", "Support"):
        assert name not in json.dumps(found) + table


def test_only_waves_that_are_published_are_there(
    app: Flask, organization: Organization, open_wave: Wave
) -> None:
    client = client_of(app, organization)
    assert client.get(PATH).json == {"items": [], "next": None}
    waiting, missing = client.get(f"{PATH}/{open_wave.id}"), client.get(f"{PATH}/98765.csv")
    assert (waiting.status_code, waiting.data) == (404, missing.data)


def test_they_are_listed(app: Flask, organization: Organization, published_wave: Wave) -> None:
    [one] = client_of(app, organization).get(PATH).json["items"]
    assert one == {
        "wave": published_wave.id,
        "name": "First wave",
        "questionnaire": "ai-adoption",
        "form": "team-core",
    }
