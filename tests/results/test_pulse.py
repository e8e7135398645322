"""A pulse is a series of its own, without bands: six questions of two weeks say nothing of what a band means."""

import re

import pytest
from flask import Flask

from tests.fixtures.organizations import answer, open_one, publish, sign_in
from tests.fixtures.pages import CheckingClient
from webapp import questionnaires
from webapp.models import Organization, Wave


@pytest.fixture
def pulses(app: Flask, organization: Organization, units: dict[str, int]) -> list[Wave]:
    """Two pulses with the same answers."""
    del units
    found = []
    for name in ("First pulse", "Second pulse"):
        wave = open_one(app, organization, name, "pulse")
        answer(app, wave)
        publish(app, wave)
        found.append(wave)
    return found


@pytest.fixture
def owner(app: Flask, organization: Organization) -> CheckingClient:
    return sign_in(app, organization, "owner@acme.example")


def addresses(wave: Wave, units: dict[str, int]) -> list[str]:
    results = f"/o/acme/results/{wave.id}"
    below = [f"units/u{units['Platform']}", f"practices/solidify?unit=u{units['Mobile']}"]
    pages = ["heatmap", "movement", "spread", "blind_spots", "units/root", "practices/solidify", *below]
    both = f"u{units['Platform']}&unit=u{units['Sales']}"
    return [
        "/o/acme/",
        f"/o/acme/?wave={wave.id}",
        f"/o/acme/results/trend?unit=u{units['Platform']}",
        *(f"{results}/{page.replace('blind_spots', 'blind-spots')}" for page in pages),
        f"{results}/compare?unit={both}",
        f"{results}/compare?unit=u{units['Sales']}",
    ]


def test_no_page_of_a_pulse_names_a_band_or_says_what_it_means(
    app: Flask, owner: CheckingClient, pulses: list[Wave], units: dict[str, int]
) -> None:
    with app.app_context():
        asked = questionnaires.available().find("ai-adoption").questionnaire
    sentences = {band.gloss for band in asked.bands} | {bar for one in asked.practices for bar in one.bars}
    names = {band.name for band in asked.bands} | {band.practice_name for band in asked.bands}
    word = re.compile(rf"\b({'|'.join(names)})\b(?! Sales)")
    for address in addresses(pulses[1], units):
        page = owner.page(address)
        text = page.text()
        assert not [one for one in sentences if one in text], address
        chips = [
            " ".join("".join(one.itertext()).split())
            for kind in ("span", "dt", "text")
            for one in page.all(kind)
        ]
        assert not [one for one in chips if word.fullmatch(one)], address


def test_a_stretch_of_the_score_stands_beside_no_score(
    owner: CheckingClient, pulses: list[Wave], units: dict[str, int]
) -> None:
    """“51, likely 49 to 53, 40–59” would read as two ranges."""
    for address in (
        "/o/acme/",
        f"/o/acme/results/{pulses[1].id}/units/u{units['Sales']}",
        f"/o/acme/results/{pulses[1].id}/practices/solidify",
    ):
        (big,) = [one for one in owner.page(address).all("p") if one.get("class") == "big"]
        assert re.fullmatch(r"\d+ likely \d+ to \d+", " ".join("".join(big.itertext()).split()))


def test_files_of_a_pulse_give_a_band_as_a_stretch_of_the_score(
    owner: CheckingClient, pulses: list[Wave]
) -> None:
    address = f"/o/acme/results/{pulses[1].id}/scores"
    whole = owner.get(f"{address}.json").get_json()["units"][0]
    for figures in (whole["index"], *whole["practices"].values()):
        low, high = map(int, figures["band"].split("–"))
        assert low <= figures["score"] <= high
    assert "Everyday" not in owner.get(f"{address}.csv").text
    assert ",40–59," in owner.get(f"{address}.csv").text


def test_the_short_form_keeps_its_bands(
    app: Flask, owner: CheckingClient, organization: Organization, units: dict[str, int]
) -> None:
    wave = open_one(app, organization)
    answer(app, wave)
    publish(app, wave)
    assert units
    page = owner.get(f"/o/acme/results/{wave.id}/scores.json").get_json()
    assert page["units"][0]["practices"]["solidify"]["band"] == "In part"
