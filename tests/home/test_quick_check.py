import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.fixtures.pages import CheckingClient, Page
from webapp.extensions import db
from webapp.home import queries
from webapp.models import Model

KEYS = [
    f"P{practice}.L{item}" for practice, item in zip(range(1, 10), (3, 1, 3, 3, 3, 3, 3, 3, 3), strict=True)
]


def post(client: CheckingClient, answers: dict[str, str]) -> Page:
    reply = client.post("/quick-check", data=answers)
    assert reply.status_code == 200
    assert "Set-Cookie" not in reply.headers
    return Page(reply.text)


def test_it_asks_the_nine_items_of_the_short_leaders_form(client: CheckingClient) -> None:
    page = client.page("/quick-check")
    assert [one.get("id") for one in page.all("fieldset")] == KEYS


def test_the_answer_from_the_front_page_is_kept(client: CheckingClient) -> None:
    page = post(client, {"step": "start", "P1.L3": "4"})
    chosen = [
        (one.get("name"), one.get("value")) for one in page.all("input") if one.get("checked") is not None
    ]
    assert chosen == [("P1.L3", "4")]
    assert len(page.all("fieldset")) == 9


def test_the_profile_scores_each_practice_and_advises_on_the_three_lowest(client: CheckingClient) -> None:
    levels = dict(zip(KEYS, "514325432", strict=True))
    text = post(client, levels).text()
    assert "furthest in “Spread the work”, least in “Fire, ready, aim”" in text
    assert "one person’s view" in text
    assert "no likely range" in text
    assert text.count("Next week:") == 3
    assert "Fire, ready, aim stands at 0." in text
    assert "Simplify the flood stands at 50." not in text
    # levels 2 twice: Amplify and Build; they come after the 0
    assert "Amplify what works stands at 25." in text
    assert "Build on models, check with code stands at 25." in text


def test_i_do_not_know_has_no_score(client: CheckingClient) -> None:
    text = post(client, {"P1.L3": "0", "P2.L1": "3"}).text()
    assert "Seen from where you stand, all practices look alike: In part" in text
    assert text.count("not answered") == 8


def test_all_at_the_top_gets_no_advice(client: CheckingClient) -> None:
    text = post(client, dict.fromkeys(KEYS, "5")).text()
    assert "Nothing here is low enough for advice" in text


@pytest.mark.parametrize("answers", [{}, {"P1.L3": "0"}, {"P1.L3": "6", "P2.L1": "<script>"}, {"other": "3"}])
def test_without_an_answer_it_asks_again(client: CheckingClient, answers: dict[str, str]) -> None:
    page = post(client, answers)
    assert "Choose an answer to at least one question." in page.text()
    assert len(page.all("fieldset")) == 9


def test_nothing_is_stored(app: Flask, client: CheckingClient) -> None:
    post(client, dict.fromkeys(KEYS, "2"))
    with app.app_context():
        for table in Model.metadata.sorted_tables:
            assert db.session.scalar(select(func.count()).select_from(table)) == 0, table.name


def test_a_post_from_another_site_is_refused(client: CheckingClient) -> None:
    reply = client.post("/quick-check", data={"P1.L3": "3"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert reply.status_code == 403


def test_a_level_stands_for_25_points_a_step(app: Flask) -> None:
    with app.test_request_context():
        asked = queries.quick_check()
        found = queries.profile(asked, dict(zip(KEYS, "12345?", strict=False)))
    assert [line.score for line in found.lines] == [0, 25, 50, 75, 100, None, None, None, None]
    assert [line.band_name for line in found.lines[:5]] == [
        "Not yet",
        "First signs",
        "In part",
        "Mostly",
        "Everyday",
    ]
