import re

import pytest
from flask import Flask

from tests.fixtures.pages import CheckingClient
from webapp.domain.qr_code import qr_code
from webapp.models import Wave
from webapp.waves import ballots


def show(owner: CheckingClient, wave: Wave, position: int = 2) -> str:
    page = f"/o/acme/waves/{wave.id}"
    reply = owner.send(f"{page}/open-link", {"position": str(position)}, on=page)
    assert (reply.status_code, reply.location) == (303, f"{page}/posters/{position}")
    return str(reply.location)


def test_the_poster_shows_the_link_and_its_code(
    owner: CheckingClient, client: CheckingClient, open_wave: Wave
) -> None:
    page = owner.page(show(owner, open_wave))
    assert "Five minutes about AI in Platform" in page.text()
    [link] = [str(one.get("value")) for one in page.all("input") if one.get("id") == "link"]
    assert link.startswith("http://127.0.0.1:8000/r/")
    assert client.get(link.removeprefix("http://127.0.0.1:8000")).status_code == 200
    assert "It gives at most 12 answers" in page.text()


def test_asked_again_it_is_the_same_link(owner: CheckingClient, open_wave: Wave) -> None:
    first, second = (owner.page(show(owner, open_wave)).all("code")[0].text for _time in range(2))
    assert first == second


def test_the_wave_lists_the_open_links(owner: CheckingClient, open_wave: Wave) -> None:
    poster = show(owner, open_wave)
    assert poster in [link.get("href") for link in owner.page(f"/o/acme/waves/{open_wave.id}").all("a")]


def test_a_team_with_single_links_is_not_offered(app: Flask, owner: CheckingClient, open_wave: Wave) -> None:
    with app.app_context():
        ballots.issue(wave=open_wave, by=None)
    page = f"/o/acme/waves/{open_wave.id}"
    assert not owner.page(page).all("select")
    token = owner.page(page).form()
    assert owner.post(f"{page}/open-link", data=token | {"position": "2"}).location == page
    assert "Not done: Choose one of the teams that have no single links." in owner.page(page).text()


@pytest.mark.parametrize("position", ["", "x", "0", "1", "99", "9" * 30])
def test_a_unit_where_nobody_answers_gets_none(owner: CheckingClient, open_wave: Wave, position: str) -> None:
    page = f"/o/acme/waves/{open_wave.id}"
    assert owner.send(f"{page}/open-link", {"position": position}, on=page).location == page
    assert "Choose one of the teams" in owner.page(page).text()


def test_without_a_link_or_after_closing_there_is_no_poster(
    app: Flask, owner: CheckingClient, open_wave: Wave
) -> None:
    del app
    assert owner.get(f"/o/acme/waves/{open_wave.id}/posters/2").status_code == 404
    poster = show(owner, open_wave)
    page = f"/o/acme/waves/{open_wave.id}"
    owner.send(f"{page}/close", {"sure": "y"}, on=page)
    assert owner.get(poster).status_code == 404


def test_the_picture_is_the_code_of_the_link_with_its_quiet_zone() -> None:
    code = qr_code("https://groundswell.example.org/r/abc")
    strokes = re.findall(r"M(\d+) (\d+)\.5h(\d+)", code.path)
    assert "".join(f"M{x} {y}.5h{width}" for x, y, width in strokes) == code.path
    assert ("4", "4", "7") in strokes, "the finder's upper edge stands four modules in"
    ends = [(int(x), int(x) + int(width), int(y)) for x, y, width in strokes]
    assert min(start for start, _end, _y in ends) == 4
    assert max(end for _start, end, _y in ends) == code.size - 4
    assert {4, code.size - 5} <= {y for _start, _end, y in ends}
