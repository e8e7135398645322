"""The talk with an organization's own numbers: every piece, its score, and what to do about it now or later."""

from types import SimpleNamespace

from flask import Flask

from tests.fixtures.organizations import answer, create, import_units, open_one, publish, sign_in
from tests.fixtures.pages import CheckingClient, Page
from webapp.results.reading import Reading
from webapp.results.talk import figures
from webapp.talk import PIECES


def links(page: Page) -> set[str]:
    return {one.get("href", "") for one in page.all("a")}


def test_every_piece_stands_with_the_score_of_its_practice(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page("/o/kestrel/results/talk")
    text = page.text()
    for piece in PIECES:
        assert str(piece.title) in text
        assert piece.quote in text
    assert "Fire, ready, aim 38" in text
    assert f"/o/kestrel/results/{kestrel.waves[-1]}/practices/amplify" in links(page)


def test_advice_is_for_now_for_later_or_behind(app: Flask, reading: Reading) -> None:
    with app.test_request_context():
        found = {str(one.piece.title): one for one in figures.pieces(reading)}
    # Fire, ready, aim stands at 38: its advice ends at 20, 40, 60 and 80
    when = {
        title: [step.when for step in found[title].steps]
        for title in ("Put models into the hands of users", "Ship something today", "Only then scale")
    }
    assert when == {
        "Put models into the hands of users": ["earlier"],
        "Ship something today": ["now"],
        "Only then scale": ["later"],
    }


def test_a_question_is_told_where_the_publication_holds_its_mean(app: Flask, reading: Reading) -> None:
    means = {
        key: mean
        for cell in reading.publication.root.teams.values()
        for key, mean in (cell.item_means or {}).items()
    }
    with app.test_request_context():
        answers = [answer for one in figures.pieces(reading) for answer in one.answers]
    assert means
    assert {answer.mean for answer in answers} - {None} <= set(means.values())
    assert any(answer.mean is not None for answer in answers)


def test_a_hidden_score_is_said_to_be_hidden(app: Flask) -> None:
    made = create(app, "few", "Few")
    import_units(app, made, "unit,parent,headcount\nDeck,,4\n")
    wave = open_one(app, made)
    publish(app, wave)
    text = sign_in(app, made, "owner@few.example").page("/o/few/results/talk").text()
    assert text.count("Not shown, to protect anonymity") == len(PIECES)
    assert "Now:" not in text


def test_a_pulse_tells_no_band_of_advice(app: Flask, organization: object, units: dict[str, int]) -> None:
    del units
    wave = open_one(app, organization, "Pulse", "pulse")
    answer(app, wave)
    publish(app, wave)
    client: CheckingClient = sign_in(app, organization, "owner@acme.example")
    text = client.page("/o/acme/results/talk").text()
    assert "not asked in this form" in text
    assert not any(word in text for word in ("Now:", "Later:", "Earlier:"))


def test_before_the_first_results_it_says_what_leads_to_them(app: Flask) -> None:
    made = create(app, "early", "Early")
    page = sign_in(app, made, "owner@early.example").page("/o/early/results/talk")
    assert "/o/early/waves" in links(page)


def test_every_page_of_results_leads_to_it(kestrel: SimpleNamespace) -> None:
    assert "/o/kestrel/results/talk" in links(kestrel.owner.page("/o/kestrel/"))
