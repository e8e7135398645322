"""Three lamps beside each practice, on the pages of a unit and of a practice."""

from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.fixtures.pages import Page, words
from tests.results.test_hype import freight, live
from webapp.domain.evidence import Share, Snapshot, Told
from webapp.domain.publication import Publication
from webapp.results import lamps
from webapp.results.outside import Outside
from webapp.results.reading import Reading

__all__ = ["freight", "live"]
MARKS = {"agree": "=", "disagree": "≠", "not clear": "–", "no data": "–"}


def key(publication: Publication, name: str) -> str:
    return next(unit.key for unit in publication.units if unit.name == name)


def lit(page: Page) -> dict[str, list[tuple[str, str]]]:
    """(word, why) of the three lamps by practice."""
    found = {}
    for table in page.all("table"):
        if "lamps" in table.get("class", "").split():
            for row in list(table.iter("tr"))[1:]:
                name, *cells = list(row)
                found[words(name)] = [_lamp(cell) for cell in cells]
    return found


def _lamp(cell: object) -> tuple[str, str]:
    (shown,) = [one for one in cell.iter("span") if "lamp" in one.get("class", "").split()]  # type: ignore[attr-defined]
    (mark,) = [one for one in shown.iter("span") if one.get("class") == "mark"]
    word = words(shown).removeprefix(words(mark)).strip()
    assert mark.get("aria-hidden") == "true"
    assert words(mark) == MARKS[word], "a sign goes with its word, for whoever sees no colours"
    whys = [one for one in cell.iter("small") if one.get("class") != "narrow"]  # type: ignore[attr-defined]
    (why,) = map(words, whys)
    return word, why


def test_a_team_that_says_much_and_uses_little_is_not_borne_out(freight: SimpleNamespace) -> None:
    page = freight.owner.page(f"{freight.path}/units/{key(freight.last, 'Support North')}")
    found = lit(page)
    assert list(found) == [practice.title for practice in freight.asked.practices_of("team-core")]
    people, leaders, outside = found["Room to try, safely"]
    assert outside == ("disagree", "under a quarter active in a week")
    assert found["Solidify the basics"][2] == ("agree", "nearly all trained")
    assert found["Fire, ready, aim"][1][0] == "disagree"
    assert found["Fire, ready, aim"][1][1].endswith("more")
    assert found["Simplify the flood"][2] == ("no data", "no figure from outside is a sign of it")
    assert people[0] in MARKS
    assert leaders[0] in MARKS


def test_a_team_that_does_what_it_says_is(freight: SimpleNamespace) -> None:
    page = freight.owner.page(f"{freight.path}/units/{key(freight.last, 'Data platform')}")
    assert lit(page)["Spread the work"][2] == ("agree", "nearly all active in a week")


def test_the_page_of_a_practice_has_the_same_three(freight: SimpleNamespace) -> None:
    unit = key(freight.last, "Support North")
    rows = lit(freight.owner.page(f"{freight.path}/units/{unit}"))
    page = freight.owner.page(f"{freight.path}/practices/room_to_try?unit={unit}")
    shown = [one for one in page.all("span") if "lamp" in one.get("class", "").split()]
    told = [words(one).split(" ", 1)[1] for one in shown]
    assert told == [word for word, _why in rows["Room to try, safely"]]


def test_live_use_cases_are_the_sign_of_one_practice(freight: SimpleNamespace, live: dict[int, int]) -> None:
    unit = key(freight.last, "Data platform")
    path = f"{freight.path}/units/{unit}"
    assert lit(freight.owner.page(path))["Fire, ready, aim"][2] == ("no data", "no use cases are noted")
    live[int(unit.removeprefix("u"))] = 8
    assert lit(freight.owner.page(path))["Fire, ready, aim"][2] == (
        "agree",
        "8.0 use cases went live for ten people (likely 4.0 to 14.4)",
    )


def test_figures_of_some_people_are_told_as_such_and_judge_no_more_than_they_know(
    freight: SimpleNamespace,
) -> None:
    """Of Operations there are figures of one team alone."""
    place = next(place for place, unit in enumerate(freight.last.units) if unit.name == "Operations")
    share = Share(0, 7.5, percent=5)
    seen = {}
    for covered in (55, 12):
        told = Told(given=False, people=55, covered={"active": covered}, active=share)
        snapshot = Snapshot("one", "2026-11", "EUR", {int(freight.last.units[place].key[1:]): told})
        high = replace(freight.last.units[place].teams["room_to_try"], score=70, low=64, high=76)
        units = list(freight.last.units)
        units[place] = replace(units[place], teams=dict(units[place].teams) | {"room_to_try": high})
        publication = replace(freight.last, units=tuple(units))
        with freight.app.test_request_context():
            found = lamps.practice(
                Reading("kestrel", publication, freight.asked), place, "room_to_try", Outside(snapshot)
            )
        assert found is not None
        seen[covered] = found.evidence.word, found.evidence.why
    assert seen == {
        55: ("disagree", "≤ 5\u00a0% active in a week"),
        12: ("not clear", "≤ 5\u00a0% active in a week, of the 12 of 55 people with figures"),
    }


def test_a_hidden_unit_has_no_lamps(freight: SimpleNamespace) -> None:
    page = freight.owner.page(f"{freight.path}/units/{key(freight.last, 'Legal')}")
    assert lit(page) == {}
    assert "active in a week" not in page.text()


def test_a_leader_meets_them_for_the_own_unit_and_the_whole(freight: SimpleNamespace) -> None:
    for name in ("Support North", "Kestrel Freight"):
        assert lit(freight.leader.page(f"{freight.path}/units/{key(freight.last, name)}"))
    assert freight.leader.get(f"{freight.path}/units/{key(freight.last, 'Warehouse')}").status_code == 404


def test_without_figures_from_outside_the_other_two_still_stand(reading: Reading) -> None:
    found = lamps.of(reading, 0, Outside())
    assert len(found) == 9
    assert {one.evidence.word for one in found} == {"no data"}
    assert {one.leaders.state for one in found} > {"none"}
    assert {one.team.state for one in found} >= {"agree", "none"}


def test_another_questionnaire_has_no_signs(freight: SimpleNamespace) -> None:
    other = replace(freight.last, questionnaire="other@1")
    with freight.app.test_request_context():
        found = lamps.of(Reading("kestrel", other, freight.asked), 0, Outside())
    assert {one.evidence.why for one in found} == {"no figure from outside is a sign of it"}


@pytest.fixture(autouse=True)
def _unchanged(freight: SimpleNamespace) -> Iterator[None]:
    """The results themselves are what they were: a lamp is no score."""
    before = freight.last
    yield
    assert freight.last is before
