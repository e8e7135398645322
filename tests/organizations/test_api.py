from flask import Flask

from tests.fixtures.organizations import program, token_of
from webapp.models import Organization


def test_a_program_reads_the_organization_of_its_token(app: Flask, organization: Organization) -> None:
    client = program(app, token_of(app, organization, "owner@acme.example", ["organization:read"]))
    assert client.get("/api/v1/organization").json == {
        "slug": "acme",
        "name": "Acme",
        "timezone": "UTC",
        "smallest_group": 5,
        "time_guard": "standard",
    }
