import pytest
from flask import Flask

from tests.fixtures.organizations import answer
from tests.fixtures.pages import CheckingClient, Page, words
from webapp.models import Wave

ANSWERED = {"Platform": 2, "Mobile": 7, "Sales": 8, "Support": 1}


def path(wave: Wave) -> str:
    return f"/o/acme/waves/{wave.id}"


def rows(page: Page) -> list[list[str]]:
    return [[words(cell) for cell in row if cell.tag in {"th", "td"}] for row in page.all("tbody")[0]]


def test_participation_is_told_in_four_words_and_only_for_large_units(
    app: Flask, owner: CheckingClient, open_wave: Wave
) -> None:
    answer(app, open_wave, ANSWERED)
    page = owner.page(path(open_wave))
    assert rows(page) == [
        ["Engineering", "20", "under half", ""],
        ["Platform", "12", "under a quarter", ""],
        ["Mobile", "8", "not shown, under 10 people"],
        ["Sales", "10", "nearly all", ""],
        ["Support", "6", "not shown, under 10 people"],
    ]
    assert "Open: over half have answered" in page.text(), "36 people are too few for steps of 5 %"
    assert "Platform is quiet so far." in page.text()


def test_no_count_of_answers_stands_anywhere(app: Flask, owner: CheckingClient, open_wave: Wave) -> None:
    answer(app, open_wave, {"Platform": 11})
    html = owner.get(path(open_wave)).text
    assert ">11<" not in html
    assert "11 " not in Page(html).text()


def test_while_it_is_open_nobody_is_led_to_results(owner: CheckingClient, open_wave: Wave) -> None:
    page = owner.page(path(open_wave))
    assert "Nobody sees a result while a wave is open." in page.text()
    assert "See the results" not in page.text()


def test_it_says_what_a_low_response_means(owner: CheckingClient, open_wave: Wave) -> None:
    assert "It does not mean that a team is against it." in owner.page(path(open_wave)).text()


def test_a_leader_sees_the_own_part_and_may_neither_link_nor_close(
    leader: CheckingClient, open_wave: Wave
) -> None:
    page = leader.page(path(open_wave))
    assert [row[0] for row in rows(page)] == ["Engineering", "Platform", "Mobile"]
    assert "Close the wave" not in page.text()
    assert "Single links" not in page.text()
    for act in ("close", "links", "open-link"):
        token = leader.page(path(open_wave)).form("/sign-out")
        assert leader.post(f"{path(open_wave)}/{act}", data=token | {"sure": "y"}).status_code == 403


def test_once_published_it_leads_to_the_results(owner: CheckingClient, published_wave: Wave) -> None:
    page = owner.page(path(published_wave))
    assert "First wave is closed and published" in page.text()
    results = next(link for link in page.all("a") if words(link) == "See the results")
    assert owner.get(str(results.get("href"))).status_code == 200
    assert "Close the wave" not in page.text()


def test_whoever_may_not_read_results_is_not_led_there(auditor: CheckingClient, published_wave: Wave) -> None:
    assert "See the results" not in auditor.page(path(published_wave)).text()


@pytest.mark.parametrize("wave_id", ["0", "999", "9999999999999999999999"])
def test_a_wave_that_is_not_there_is_not_found(owner: CheckingClient, wave_id: str) -> None:
    assert owner.get(f"/o/acme/waves/{wave_id}").status_code == 404


def test_of_another_organization_it_is_not_found(stranger: CheckingClient, open_wave: Wave) -> None:
    for slug in ("acme", "elsewhere"):
        assert stranger.get(f"/o/{slug}/waves/{open_wave.id}").status_code == 404
