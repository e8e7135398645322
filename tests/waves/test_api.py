"""Waves as programs read them."""

from datetime import date, timedelta

from flask import Flask

from tests.fixtures.organizations import create, import_units, open_one, program, token_of
from webapp import clock
from webapp.models import Organization, Wave

PATH = "/api/v1/waves"


def test_they_tell_how_far_a_wave_is(app: Flask, organization: Organization, published_wave: Wave) -> None:
    ends = clock.today("UTC") + timedelta(days=14)
    second = open_one(app, organization, "Second wave", closes_on=ends)
    client = program(app, token_of(app, organization, "owner@acme.example", ["wave:read"]))
    found = client.get(PATH).json
    assert found["next"] is None
    first, now = found["items"]
    assert (first["id"], first["status"], first["form"]) == (published_wave.id, "published", "team-core")
    assert first["questionnaire"].startswith("ai-adoption@")
    assert date.fromisoformat(first["published_on"]) == clock.today("UTC")
    assert (now["name"], now["status"], now["closes_on"]) == ("Second wave", "open", ends.isoformat())
    assert now["published_on"] is None
    assert client.get(f"{PATH}/{second.id}").json == now
    assert [one["id"] for one in client.get(f"{PATH}?limit=1").json["items"]] == [published_wave.id]
    assert client.get(f"{PATH}?limit=1&after={published_wave.id}").json["items"] == [now]


def test_those_of_others_and_those_that_are_not_there_look_alike(
    app: Flask, organization: Organization
) -> None:
    other = create(app, "elsewhere", "Elsewhere")
    import_units(app, other)
    foreign = open_one(app, other)
    client = program(app, token_of(app, organization, "owner@acme.example", ["wave:read"]))
    replies = [client.get(f"{PATH}/{number}") for number in (foreign.id, 98765, 2**31, 10**25)]
    assert {reply.status_code for reply in replies} == {404}
    assert len({reply.data for reply in replies}) == 1
    assert client.get(PATH).json["items"] == []
