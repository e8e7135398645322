"""What next: the one statement that would lift most units, by arithmetic with what is published."""

import re
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest

from tests.fixtures.pages import CheckingClient, Page, words
from tests.results.conftest import PRACTICES
from webapp.domain.publication import INDEX
from webapp.results.reading import Reading
from webapp.results.unblocker import board, figures

Changed = Callable[..., Reading]


def address(kestrel: SimpleNamespace, question: str = "") -> str:
    return f"/o/kestrel/results/{kestrel.waves[-1]}/next{question}"


def rows(page: Page) -> dict[str, list[str]]:
    """The cells of each unit in the tables of the effect."""
    tables = [one for one in page.all("table") if "rows" in one.get("class", "")]
    return {
        words(next(row.iter("th"))): [words(cell) for cell in row.iter("td")]
        for table in tables
        for row in list(table.iter("tr"))[1:]
    }


def test_it_names_the_answer_that_lifts_most_units_and_what_is_left_out(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page(address(kestrel)).text()
    number = re.search(r"One answer stands between (\d+) units and the next band", text)
    assert number
    assert number[1] == "9"
    assert "all 9 would stand a band higher" in text
    assert "Lifts all 9 units: in " in text
    assert "9 of 9" not in text
    assert "not a forecast" in text
    assert (
        "9 teams are left out: their answers to single questions are not shown, to protect anonymity." in text
    )


def test_others_that_would_lift_as_many_are_not_kept_silent(reading: Reading) -> None:
    found = board.of(reading)
    most = found.lifts(found.order[0])
    equal = sum(found.lifts(number) == most for number in found.order) - 1
    equals = figures.of(reading, "", then=False).equals
    told = re.findall(r"(\d+) other answers? would lift as many", equals)
    assert [int(number) for number in told] == ([equal] if equal else [])
    for place in found.units:  # one unit alone: here some lift as many
        alone = Reading(
            "kestrel", reading.publication, reading.questionnaire, frozenset({unit_id_of(reading, place)})
        )
        one = board.of(alone)
        if len(one.order) > 1 and one.lifts(one.order[0]) == one.lifts(one.order[1]):
            assert "would lift as many" in figures.of(alone, "", then=False).equals
            return
    raise AssertionError("no two statements lift as many")


def unit_id_of(reading: Reading, place: int) -> int:
    return int(reading.unit(place).key.removeprefix("u"))


def test_each_number_follows_from_the_publication_by_the_formula(reading: Reading) -> None:
    found = board.of(reading)
    assert found.order
    for number in found.order:
        practice, item = found.items[number]
        asked = next(one for one in reading.variables if one.key == practice.key)
        for one in found.moved(number):
            cells = reading.unit(one.place).teams
            means = cells[practice.key].item_means
            assert means is not None
            missing = max(0, 75 - means[item.key]) / len(asked.items)
            wanted = min(95, max(5, int((cells[practice.key].score or 0) + missing + 0.5)))
            assert one.now == cells[practice.key]
            assert one.then.score == wanted
            assert one.then.low is not None
            assert one.then.high is not None
            assert one.then.low <= wanted <= one.then.high
            gained = (wanted - (one.now.score or 0)) / len(PRACTICES)
            assert one.index_now is not None
            assert one.index_then is not None
            assert one.index_then.score == int((one.index_now.score or 0) + gained + 0.5)


def test_nothing_but_published_answers_to_questions_is_counted(reading: Reading) -> None:
    found = board.of(reading)
    for number in range(len(found.items)):
        practice, item = found.items[number]
        told = {
            place
            for place in found.units
            if (cell := reading.unit(place).teams.get(practice.key)) and item.key in (cell.item_means or {})
        }
        assert {one.place for one in found.moved(number)} == told
    assert 0 not in found.units


def test_teams_are_counted_alone_where_at_least_half_of_them_have_published_answers(reading: Reading) -> None:
    mixed = board.of(reading).units  # five of eleven teams
    assert {reading.unit(place).leaf for place in mixed} == {True, False}
    six = list(reading.publication.units)
    six[6] = replace(six[6], teams=dict(six[3].teams))
    found = replace(reading, publication=replace(reading.publication, units=tuple(six)))
    assert {found.unit(place).leaf for place in board.of(found).units} == {True}


def without_details(reading: Reading, place: int) -> Reading:
    units = list(reading.publication.units)
    cells = {key: replace(cell, item_means=None) for key, cell in units[place].teams.items()}
    units[place] = replace(units[place], teams=cells)
    return replace(reading, publication=replace(reading.publication, units=tuple(units)))


def test_the_toggle_shows_each_unit_now_and_then(kestrel: SimpleNamespace) -> None:
    now, then = (kestrel.owner.page(address(kestrel, question)) for question in ("", "?then=1"))
    assert rows(now) == rows(then)
    for cells in rows(now).values():
        before, after = (int(re.findall(r"\d+", one)[0]) for one in cells[:2])
        assert after >= before
    drawn = [
        re.findall(r'<circle cx="(\d+)%"', kestrel.owner.get(address(kestrel, question)).text)
        for question in ("", "?then=1")
    ]
    assert len(drawn[0]) == len(drawn[1]) == len(rows(now))
    assert drawn[0] != drawn[1]
    (current,) = [words(one) for one in then.all("a") if one.get("aria-current") == "true"]
    assert current == "If it were true"


def test_another_statement_is_chosen_by_its_key_and_nonsense_chooses_the_first(
    kestrel: SimpleNamespace,
) -> None:
    page = kestrel.owner.page(address(kestrel))
    hrefs = [one.get("href", "") for one in page.all("a") if words(one).startswith("Show the effect")]
    assert len(hrefs) == 3
    second = kestrel.owner.page(hrefs[1].partition("#")[0])
    assert "Its effect stands below" in second.text()
    assert rows(second) != rows(page)
    for question in ("?item=nothing", "?item=", f"?item={'x' * 500}", "?item=%00", "?then=", "?item=P6.B1"):
        assert rows(kestrel.owner.page(address(kestrel, question))) == rows(page)


def test_it_leads_to_the_practice_and_to_adopting(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel))
    hrefs = [one.get("href", "") for one in page.all("a")]
    adopting = [href for href in hrefs if "/actions/new" in href]
    assert len(adopting) == 3
    assert all("unit=root" in href and "item=" in href for href in adopting)
    assert "The aim: " in kestrel.owner.get(adopting[0]).text
    assert len([href for href in hrefs if "/practices/" in href]) >= 3


def test_a_leader_counts_the_own_units_and_adopts_for_them(kestrel: SimpleNamespace) -> None:
    page = kestrel.leader.page(address(kestrel))
    shown = rows(page)
    assert set(shown) <= {"Operations", "Customs", "Dispatch", "Warehouse"}
    for foreign in ("Data platform", "Booking", "Support North", "Customer"):
        assert foreign not in page.text()
    (unit,) = {
        re.findall(r"unit=(\w+)", href)[0]
        for one in page.all("a")
        if "/actions/new" in (href := one.get("href", ""))
    }
    assert unit == kestrel.last.units[14].key


def test_where_no_answers_to_questions_are_published_it_says_so(reading: Reading) -> None:
    bare = reading
    for place, unit in enumerate(reading.publication.units):
        if unit.teams:
            bare = without_details(bare, place)
    page = figures.of(bare, "", then=False)
    assert page.headline == "What would lift most units cannot be worked out"
    assert page.statements == []
    assert page.left_out.startswith("14 teams are left out")


def test_where_no_single_answer_lifts_anybody_it_says_so(reading: Reading) -> None:
    units = []
    for unit in reading.publication.units:
        cells = {
            key: replace(cell, item_means=dict.fromkeys(cell.item_means, 80) if cell.item_means else None)
            for key, cell in unit.teams.items()
        }
        units.append(replace(unit, teams=cells))
    high = replace(reading, publication=replace(reading.publication, units=tuple(units)))
    page = figures.of(high, "", then=True)
    assert page.headline == "No single answer would lift a unit by a band"
    assert page.chosen is None


def test_a_guarded_score_takes_no_part(reading: Reading, changed: Changed) -> None:
    guarded = reading
    for key in (*PRACTICES, INDEX):
        guarded = changed(guarded, 18, key, guarded=True, item_means=None, score=20)
    assert 18 not in board.of(guarded).units


def test_long_tables_open_by_a_press(reading: Reading) -> None:
    warehouse = reading.publication.units[18]
    more = tuple(replace(warehouse, key=f"u9{number:02}", name=f"Depot {number}") for number in range(60))
    many = replace(
        reading, publication=replace(reading.publication, units=(*reading.publication.units, *more))
    )
    page = figures.of(many, "", then=False)
    assert len(page.rows) == figures.MOST_ROWS
    assert len(page.more) > 30
    assert len(page.ground) < 60


def test_a_pulse_has_no_bands_to_rise_by(owner: CheckingClient, pulse: int) -> None:
    text = owner.page(f"/o/acme/results/{pulse}/next").text()
    assert "A pulse has no bands to rise by" in text


@pytest.fixture
def pulse(app: object, organization: object, units: object) -> int:
    from tests.fixtures.organizations import answer, open_one, publish  # noqa: PLC0415 - for this one test

    del units
    wave = open_one(app, organization, "A pulse", "pulse")  # type: ignore[arg-type]  # fixtures
    answer(app, wave)  # type: ignore[arg-type]  # likewise
    publish(app, wave)  # type: ignore[arg-type]  # likewise
    return wave.id
