"""What holds in this very wave, for whoever holds its link: read by the link, or by its cookie, without an account."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from webapp.clock import now
from webapp.models import Organization, Wave, WaveUnit
from webapp.transaction import transaction


def change(house: Any, model: Any, **values: object) -> None:
    with house.app.app_context(), transaction() as session:
        session.execute(update(model).values(**values))


def words(html: str) -> str:
    return " ".join(html.split())


def test_it_says_what_is_set(house: Any) -> None:
    wave = house.wave()
    change(house, Organization, months_kept=7, contact="The works council & <b>friends</b>")
    change(house, Wave, smallest_group=9)
    page = words(house.app.test_client().get(f"/r/{house.link(wave)}/privacy").text)
    for told in (
        "Kestrel Freight asks, in the wave “Round 1”",
        "your team (Support North)",
        "9 people. What is shown",
        "Erased 7 months after the results are published",
        "The works council &amp; &lt;b&gt;friends&lt;/b&gt;",
        "the number is rounded and its change is left out",
        "The fingerprint of each link of Support North",
        "A personal link is confidential",
    ):
        assert told in page, told
    assert "invited by mail" not in page


@pytest.mark.parametrize(
    ("link", "guard", "told", "not_told"),
    [
        ("single", "strict", "a band is shown and no number", "the number is rounded"),
        ("mail", "standard", "Because you were invited by mail", "open link"),
    ],
)
def test_it_tells_the_kinds_apart(house: Any, link: str, guard: str, told: str, not_told: str) -> None:
    wave = house.wave()
    change(house, WaveUnit, link=link)
    change(house, Wave, time_guard=guard)
    page = words(house.app.test_client().get(f"/r/{house.link(wave)}/privacy").text)
    assert told in page
    assert not_told not in page


def test_of_an_open_link_it_says_that_all_use_it(house: Any) -> None:
    page = words(house.app.test_client().get(f"/r/{house.link(house.wave(), 'open')}/privacy").text)
    assert "the open link that all of Dispatch use" in page
    assert "A personal link" not in page
    assert "has named nobody. Ask whoever gave you the link." in page


def test_the_start_and_the_thanks_lead_there(house: Any, respondent: Callable[[], Any]) -> None:
    wave = house.wave()
    link = house.link(wave)
    someone = respondent()
    start = someone.client.get(f"/r/{link}").text
    assert f'href="/r/{link}/privacy"' in start
    other = house.link(wave, 1)
    assert link not in someone.client.get(f"/r/{other}").text  # what is drawn once holds nobody's link
    someone.open(link)
    assert (
        'privacy"' not in someone.client.get("/respond/").text.partition("<footer>")[0]
    )  # nothing leads off a sheet
    thanks = someone.send({"P1.T1": "4"}).text
    assert 'href="/respond/privacy"' in thanks
    assert "Support North" in someone.client.get("/respond/privacy").text
    spent = someone.client.get(f"/r/{link}").text
    assert f'href="/r/{link}/privacy"' in spent


@pytest.mark.parametrize("stage", ["planned", "open", "closed", "published"])
def test_it_is_there_as_long_as_the_link_leads_anywhere(house: Any, stage: str) -> None:
    wave = house.wave()
    house.set_wave(wave, status=stage, published_at=now() if stage == "published" else None)
    path = f"/r/{house.link(wave)}/privacy"
    assert house.app.test_client().get(path).status_code == 200
    if stage == "published":
        house.set_wave(wave, published_at=now() - timedelta(days=31))
        assert house.app.test_client().get(path).status_code == 404


def test_without_a_link_there_is_nothing(house: Any) -> None:
    client = house.app.test_client()
    assert client.get("/respond/privacy").status_code == 404
    assert client.get("/r/unknown/privacy").status_code == 404
    reply = client.get(f"/r/{house.link(house.wave())}/privacy")
    assert reply.headers["X-Robots-Tag"] == "noindex"
    assert "Set-Cookie" not in reply.headers


def test_reading_it_changes_nothing(house: Any) -> None:
    wave = house.wave()
    before = house.everything()
    house.app.test_client().get(f"/r/{house.link(wave)}/privacy")
    assert house.everything() == before
