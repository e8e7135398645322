import csv
import io
from collections import Counter

from flask import Flask

from tests.fixtures.pages import CheckingClient
from webapp.models import Wave
from webapp.waves import ballots


def issue(owner: CheckingClient, wave: Wave) -> list[list[str]]:
    page = f"/o/acme/waves/{wave.id}"
    reply = owner.send(f"{page}/links", on=page)
    assert reply.status_code == 200
    assert reply.mimetype == "text/csv"
    assert reply.headers["Content-Disposition"].startswith("attachment; filename=")
    assert reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    return list(csv.reader(io.StringIO(reply.text)))


def test_each_head_gets_a_link_and_the_list_is_shuffled(owner: CheckingClient, open_wave: Wave) -> None:
    head, *links = issue(owner, open_wave)
    assert head == ["unit", "link"]
    names = [name for name, _link in links]
    assert Counter(names) == {"Platform": 12, "Mobile": 8, "Sales": 10, "Support": 6}
    assert names != sorted(names, key=["Platform", "Mobile", "Sales", "Support"].index)
    assert len({link for _name, link in links}) == 36


def test_the_links_can_be_opened(owner: CheckingClient, client: CheckingClient, open_wave: Wave) -> None:
    link = issue(owner, open_wave)[1][1]
    assert client.get(link.removeprefix("http://127.0.0.1:8000")).status_code == 200


def test_made_again_the_list_holds_the_same_links(owner: CheckingClient, open_wave: Wave) -> None:
    first, second = issue(owner, open_wave), issue(owner, open_wave)
    assert sorted(first) == sorted(second)


def test_a_unit_with_an_open_link_gets_no_single_ones(
    app: Flask, owner: CheckingClient, open_wave: Wave
) -> None:
    with app.app_context():
        ballots.open_link(wave=open_wave, position=4, by=None)
    assert {name for name, _link in issue(owner, open_wave)[1:]} == {"Platform", "Mobile", "Support"}


def test_after_closing_it_says_why_not(owner: CheckingClient, published_wave: Wave) -> None:
    page = f"/o/acme/waves/{published_wave.id}"
    assert owner.send(f"{page}/links", on=page).location == page
    assert "Not done: The wave “First wave” is not open." in owner.page(page).text()


def test_a_get_hands_out_nothing(owner: CheckingClient, open_wave: Wave) -> None:
    assert owner.get(f"/o/acme/waves/{open_wave.id}/links").status_code == 405
