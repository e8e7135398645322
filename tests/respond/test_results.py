"""The unit's results by the same link: read from the publication alone, for 30 days."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest

from webapp.clock import now
from webapp.waves import closing, queries


@pytest.fixture
def published(
    house: Any, respondent: Callable[[], Any], sheet_keys: Callable[[str], list[str]]
) -> Callable[..., int]:
    """A published wave in which that many of each unit answered."""

    def make(north: int, dispatch: int, form: str = "team-core") -> int:
        wave = house.wave(headcount=12, form=form)
        keys = sheet_keys(form)
        for place, (many, open_link) in enumerate(((north, False), (dispatch, True))):
            for number in range(many):
                someone = respondent().open(house.link(wave, "open" if open_link else number))
                level = 1 + (number + 2 * place) % 4
                assert someone.send(dict.fromkeys(keys, str(level))).status_code == 200
        with house.app.app_context():
            closing.close_and_publish(wave=queries.one(house.organization_id, wave), by=None)
        return wave

    return make


def words(html: str) -> str:
    return " ".join(
        unescape(re.sub(r"<[^>]+>", " ", html.split("<main")[1].split("</main>", maxsplit=1)[0])).split()
    )


def test_the_link_leads_to_the_units_results(
    house: Any, respondent: Callable[[], Any], published: Callable[..., int]
) -> None:
    wave = published(9, 8)
    for serial in (0, 11, "open"):
        client = respondent().client
        page = client.get(f"/r/{house.link(wave, serial)}")
        assert "The results are published" in page.text
        csrf = page.text.split('name="csrf_token"')[1].split('value="')[1].partition('"')[0]
        reply = client.post(f"/r/{house.link(wave, serial)}", data={"csrf_token": csrf})
        assert (reply.status_code, reply.location) == (303, "/respond/results")
        shown = words(client.get("/respond/results").text)
        name = "Dispatch" if serial == "open" else "Support North"
        assert shown.count(name) >= 2
        assert "likely" in shown
        assert "Everyone in Kestrel Freight" in shown
        assert "Spread the work" in shown


def test_a_hidden_unit_gets_the_sentence_and_no_number(
    house: Any, respondent: Callable[[], Any], published: Callable[..., int]
) -> None:
    wave = published(9, 2)
    page = respondent().open(house.link(wave, "open")).client.get("/respond/results").text
    assert "Dispatch: not shown, to protect anonymity" in words(page)
    assert page.count("Not shown, to protect anonymity") >= 9
    assert not re.search(r"\b2 answers", page)


def test_every_reader_of_a_unit_gets_the_same_page(
    house: Any, respondent: Callable[[], Any], published: Callable[..., int]
) -> None:
    wave = published(9, 8)
    pages = {
        respondent().open(house.link(wave, serial)).client.get("/respond/results").text for serial in (0, 10)
    }
    assert len(pages) == 1


def test_results_end_after_thirty_days(
    house: Any, respondent: Callable[[], Any], published: Callable[..., int]
) -> None:
    wave = published(9, 8)
    someone = respondent().open(house.link(wave))
    assert someone.client.get("/respond/results").status_code == 200
    house.set_wave(wave, published_at=now() - timedelta(days=30, minutes=1))
    assert someone.client.get("/respond/results").status_code == 404


def test_nobody_sees_a_result_before_publication(house: Any, respondent: Callable[[], Any]) -> None:
    wave = house.wave()
    someone = respondent().open(house.link(wave))
    someone.send({"P1.T1": "3"})
    for stage in ("open", "closed"):
        house.set_wave(wave, status=stage)
        reply = someone.client.get("/respond/results", follow_redirects=True)
        assert "likely" not in reply.text
        assert reply.request.path == "/respond/thanks"


def test_reading_results_changes_no_table(
    house: Any, respondent: Callable[[], Any], published: Callable[..., int]
) -> None:
    wave = published(9, 8)
    someone = respondent().open(house.link(wave))
    before = house.everything()
    someone.client.get("/respond/results")
    someone.client.get("/respond/")
    assert house.everything() == before
