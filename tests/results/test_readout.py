"""Fifteen minutes about a unit."""

import re
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.fixtures.pages import words
from tests.results.conftest import Changed
from webapp.domain.publication import Agreement
from webapp.results.reading import Reading
from webapp.results.readout import agreeing, parts

PARTS = ["stand", "agree", "differ", "blocker", "commit"]


def address(kestrel: SimpleNamespace, place: int) -> str:
    return f"/o/kestrel/results/{kestrel.waves[-1]}/readout/{kestrel.last.units[place].key}"


def test_it_has_five_parts_of_fifteen_minutes_in_all(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, 16))
    sections = [one for one in page.all("section") if one.get("data-minutes")]
    assert [one.get("id") for one in sections] == PARTS
    assert sum(int(one.get("data-minutes", "0")) for one in sections) == 15
    links = [one.get("href") for one in page.all("a") if one.get("href", "").startswith("#")]
    assert links == ["#main", *(f"#{key}" for key in PARTS)]
    for section in sections:
        assert words(section).startswith("Part "), "what a presenter's screen says of its place"
        (told, head) = list(section)[:2]
        assert (told.tag, head.tag, head.get("tabindex")) == ("p", "h2", "-1")


def test_each_part_asks_one_question(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, 0))
    asked = [words(one) for one in page.all("p") if one.get("class") == "ask"]
    assert len(asked) == 5
    assert all(one.startswith("Talk about it:") and one.endswith("?") for one in asked)


def test_the_parts_say_what_the_publication_holds(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page(address(kestrel, 16)).text()
    assert "Dispatch is clearly below the rest in every practice 27 likely 24 to 31" in text
    assert "People answer furthest apart about Simplify the flood 12 likely 8 to 17" in text
    assert "answers lie apart because people work differently" in text
    assert "What do we each think matters most in AI for our work" in text, "the questionnaire's own question"
    assert "Next week:" in text
    assert "Not yet 6" in text, "people by band, where the publication holds them"


def test_people_by_band_stand_only_where_the_publication_holds_them(kestrel: SimpleNamespace) -> None:
    inside, outside = (kestrel.owner.page(address(kestrel, place)) for place in (16, 2))
    assert "People by band" in {one.get("aria-label") for one in inside.all("ul")}
    assert "People by band" not in {one.get("aria-label") for one in outside.all("ul")}


def test_of_several_alike_the_highest_agrees_and_what_a_team_sees_differently_is_split(
    reading: Reading, changed: Changed
) -> None:
    for key, _score in (("solidify", 0), ("decentralize", 0), ("amplify", 0)):
        reading = changed(reading, 16, key, agreement=Agreement("divided", 1.2))
    for key in ("open_doors", "simplify"):
        reading = changed(reading, 16, key, agreement=Agreement("close", 0.4))
    close, wide = agreeing.closest(reading, 16), agreeing.widest(reading, 16)
    assert close is not None
    assert wide is not None
    assert close.practice.key == "open_doors"
    assert [one.key for one in close.as_far] == ["simplify"]
    assert wide.practice.key == "amplify", (
        "lowest of those that are about the team; solidify is about oneself"
    )
    assert wide.practice.referent == "team"


def test_a_number_is_not_held_against_a_word_without_one(reading: Reading, changed: Changed) -> None:
    reading = changed(reading, 16, "amplify", agreement=Agreement("close"))
    reading = changed(reading, 16, "open_doors", agreement=Agreement("close", 0.5))
    found = agreeing.closest(reading, 16)
    assert found is not None
    assert (found.practice.key, found.as_far) == ("open_doors", ())


def test_where_all_agree_alike_no_practice_is_named(reading: Reading, changed: Changed) -> None:
    for practice, _cell in list(reading.cells(16)):
        reading = changed(reading, 16, practice.key, agreement=Agreement("mixed", 0.8))
    told = parts.of(reading, 16, None)
    assert told[1].headline == "People agree about equally in all practices"
    assert told[2].headline == "Where people differ most is for you to find out"
    assert told[1].cell is None
    assert told[2].question.endswith("?")


def test_where_they_agree_most_they_may_be_divided_all_the_same(reading: Reading, changed: Changed) -> None:
    for practice, _cell in list(reading.cells(16)):
        deviation = 1.1 if practice.key == "amplify" else 1.5
        reading = changed(reading, 16, practice.key, agreement=Agreement("divided", deviation))
    told = parts.of(reading, 16, None)[1]
    assert told.headline == "Even about Amplify what works, where they agree most, people are divided"
    assert "see it alike" not in told.question


def bands_only(reading: Reading, position: int) -> Reading:
    units = list(reading.publication.units)
    unit = units[position]
    teams = {
        key: replace(cell, score=None, low=None, high=None, agreement=None, histogram=None, item_means=None)
        for key, cell in unit.teams.items()
    }
    units[position] = replace(unit, teams=teams)
    return replace(reading, publication=replace(reading.publication, units=tuple(units)))


def test_under_the_strict_guard_it_works_in_words(reading: Reading) -> None:
    told = parts.of(bands_only(reading, 16), 16, None)
    said = " ".join(str(text) for part in told for text in (part.headline, *part.words, part.question))
    assert not re.search(r"\d", said.replace("1 of 9", "")), said
    assert "not shown, to protect anonymity" in said
    assert "lowest band of all" in told[3].headline
    assert told[4].step is None, "what is put first rests on numbers"


def test_a_hidden_unit_says_so_kindly_and_leads_to_the_next_that_is_shown(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, 7))
    text = page.text()
    assert "Legal: no readout, to protect anonymity" in text
    assert "Readout of Corporate" in text
    assert not re.search(r"\d", text.replace("November 2025", "").replace("2025", ""))
    (link,) = [one for one in page.all("a") if one.get("class") == "button"]
    assert link.get("href") == address(kestrel, 5)


def test_hidden_units_say_the_same_whatever_the_reason(kestrel: SimpleNamespace) -> None:
    legal, people = (kestrel.owner.page(address(kestrel, place)).text() for place in (7, 8))
    assert legal.replace("Legal", "…") == people.replace("People", "…")


def test_a_leader_gets_the_own_units_and_the_whole(kestrel: SimpleNamespace) -> None:
    for place, status in ((0, 200), (14, 200), (16, 200), (17, 200), (1, 404), (11, 404)):
        assert kestrel.leader.get(address(kestrel, place)).status_code == status, place
    assert "Readout of Operations" in kestrel.leader.page(address(kestrel, 17)).text()
    assert kestrel.stranger.get(address(kestrel, 0)).status_code == 404
    assert kestrel.auditor.get(address(kestrel, 0)).status_code == 403
    missing = f"/o/kestrel/results/{kestrel.waves[-1]}/readout/u999999"
    assert kestrel.owner.get(missing).status_code == 404


def test_overview_and_unit_lead_there(kestrel: SimpleNamespace) -> None:
    wave = kestrel.waves[-1]
    for page, key in (
        ("/o/kestrel/", "root"),
        (f"/o/kestrel/results/{wave}/units/{kestrel.last.units[16].key}", kestrel.last.units[16].key),
    ):
        links = {one.get("href") for one in kestrel.owner.page(page).all("a")}
        base = f"/o/kestrel/results/{wave}"
        assert {f"{base}/readout/{key}", f"{base}/one-page/{key}.pdf", f"{base}/report/{key}.pdf"} <= links


@pytest.mark.parametrize("place", range(19))
def test_every_unit_has_one(kestrel: SimpleNamespace, place: int) -> None:
    assert kestrel.owner.get(address(kestrel, place)).status_code == 200


def test_the_answer_that_holds_back_is_told_in_few_words(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page(f"/o/kestrel/results/{kestrel.waves[-1]}/readout/root").text()
    part = text.partition("One answer stands between")[2].partition("Talk about it:")[0]
    assert "would stand a band higher. Show the effect Not yet" in part
