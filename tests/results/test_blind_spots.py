"""Leaders beside their teams."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.results.conftest import KNOWN_INDEX, PRACTICES, cell
from tests.results.test_surfaces import ASKED, Series, series
from webapp.domain.mirrors import Gap
from webapp.domain.publication import INDEX, NamedLeader, UnitResult
from webapp.results.blind_spots import figures, words
from webapp.results.blind_spots.people import View, views
from webapp.results.reading import Reading, unit_id

ROOT, CUSTOMER, NORTH, ENGINEERING, DISPATCH = 0, 1, 3, 9, 16
ODD = '<b>Ops</b> & "Co" \u202eאב ' + "x" * 100


def address(kestrel: SimpleNamespace, more: str = "") -> str:
    return f"/o/kestrel/results/{kestrel.waves[-1]}/blind-spots{more}"


def with_unit(reading: Reading, position: int, change: Callable[[UnitResult], UnitResult]) -> Reading:
    units = list(reading.publication.units)
    units[position] = change(units[position])
    publication = replace(reading.publication, units=tuple(units))
    return Reading(reading.slug, publication, reading.questionnaire, reading.span)


def led(scores: int, count: int = 1) -> tuple[NamedLeader, ...]:
    board = {key: cell(scores, 1, 1) for key in PRACTICES} | {INDEX: cell(scores, 1, 1, KNOWN_INDEX)}
    return tuple(NamedLeader(number, board) for number in range(count))


def seen_by(reading: Reading, *positions: int) -> Reading:
    """The reading of somebody who leads these units and all below them."""
    units = reading.publication.units
    span = set()
    for place, unit in enumerate(units):
        above: int | None = place
        while above is not None and above not in positions:
            above = units[above].parent
        identity = unit_id(unit.key)
        if above is not None and identity is not None:
            span.add(identity)
    return Reading(reading.slug, reading.publication, reading.questionnaire, frozenset(span))


def gap(points: int, low: int, high: int, *, called: bool) -> Gap:
    return Gap(
        "simplify", ("P4.T2",), whole=False, leaders=40 + points, teams=40, low=low, high=high, called=called
    )


def all_text(shown: figures.BlindSpots) -> str:
    return str(shown)


def test_the_page_says_where_leaders_see_more(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page(address(kestrel)).text()
    assert "Leaders see more than their teams in Simplify the flood" in text
    assert "The average is of 9 leaders. 1 leader chose to stand beside their unit." in text
    assert "Leaders see more than their teams in Simplify the flood: 58 against 40, a gap of 18" in text
    assert "Like with like: leaders were asked some of the questions that their teams were asked" in text


def test_the_numbers_stand_beside_each_picture(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel))
    rows = [[" ".join("".join(one.itertext()).split()) for one in row] for row in page.all("tr")]
    assert ["Simplify the flood", "● 40", "", "◆ 58", "18 more likely 7 to 29"] in rows
    pictures = [one for one in page.elements if one.tag.endswith("svg") and one.get("class") == "swell"]
    assert len(pictures) == len(PRACTICES)
    assert all(one.get("aria-hidden") == "true" for one in pictures)


def test_a_leader_who_chose_so_stands_beside_the_unit_without_a_name(kestrel: SimpleNamespace) -> None:
    key = kestrel.last.units[DISPATCH].key
    text = kestrel.owner.page(address(kestrel, f"?unit={key}")).text()
    assert (
        "The leader of Dispatch sees more than the people there in Simplify the flood: 66 against 18" in text
    )
    assert text.count("The leader of Dispatch sees more") == 1
    assert "example" not in text


def test_only_readers_of_the_unit_see_its_leader(reading: Reading, kestrel: SimpleNamespace) -> None:
    inside, outside = (figures.of(seen_by(reading, place), None) for place in (14, CUSTOMER))
    assert "Dispatch" in all_text(inside)
    assert "Dispatch" not in all_text(outside)
    assert "0 leaders" not in outside.lede
    assert "chose to stand" not in outside.lede
    assert (
        kestrel.leader.get(address(kestrel, f"?unit={kestrel.last.units[DISPATCH].key}")).status_code == 200
    )
    for foreign in (kestrel.last.units[ENGINEERING].key, "u99999999", "root'--", ODD):
        assert kestrel.leader.get(address(kestrel), query_string={"unit": foreign}).status_code == 404
    assert kestrel.stranger.get(address(kestrel)).status_code == 404
    assert kestrel.auditor.get(address(kestrel)).status_code in {403, 404}


def test_one_of_several_leaders_is_not_the_leader(reading: Reading) -> None:
    two = with_unit(reading, DISPATCH, lambda unit: replace(unit, named=led(75, 2)))
    shown = figures.of(two, DISPATCH)
    assert [one.title for one in shown.chosen] == ["One of the leaders of Dispatch"] * 2
    assert "The leader of Dispatch" not in all_text(shown)


def test_a_leader_who_sees_less_is_told_likewise(reading: Reading) -> None:
    less = with_unit(reading, DISPATCH, lambda unit: replace(unit, named=()))
    less = with_unit(less, 0, lambda unit: replace(unit, leaders={"simplify": cell(15, 9, 11)}))
    shown = figures.of(less, None)
    assert shown.headline == "Leaders see less than their teams in Simplify the flood"
    assert str(shown.clear[0]).startswith(
        "Leaders <b>see less than their teams</b> in Simplify the flood: 15 against 40, a gap of 25 (likely "
    )


def test_without_leaders_it_says_kindly_what_it_takes(reading: Reading) -> None:
    none = with_unit(reading, 0, lambda unit: replace(unit, leaders={}))
    none = with_unit(none, DISPATCH, lambda unit: replace(unit, named=()))
    shown = figures.of(none, None)
    assert shown.headline == "Leaders and their teams cannot be compared in this wave"
    assert "from 5 leaders on" in shown.needed[0]
    assert shown.chosen == []
    unasked = Reading("kestrel", replace(none.publication, leader_form=None), none.questionnaire)
    assert "This wave asked no leaders." in figures.of(unasked, None).needed[0]


def test_a_unit_without_the_mirrored_questions_is_not_compared(reading: Reading) -> None:
    """Onboarding has seven answers: its practice scores are shown, its questions are not."""
    small = with_unit(reading, 2, lambda unit: replace(unit, named=led(95)))
    shown = figures.of(small, 2)
    assert shown.chosen == []
    (line,) = [one for one in shown.named if "Onboarding" in one.name]
    assert line.told == "nothing that can be compared"


def test_guarded_and_band_only_units_are_not_compared(reading: Reading) -> None:
    def coarse(unit: UnitResult) -> UnitResult:
        teams = {key: replace(one, guarded=True, item_means=None) for key, one in unit.teams.items()}
        return replace(unit, teams=teams)

    def bands(unit: UnitResult) -> UnitResult:
        teams = {
            key: replace(one, score=None, low=None, high=None, item_means=None)
            for key, one in unit.teams.items()
        }
        return replace(unit, teams=teams)

    for change in (coarse, bands):
        hidden = with_unit(reading, DISPATCH, change)
        assert [view.position for view in views(hidden) if view.gaps] == [ROOT]
        assert figures.of(hidden, DISPATCH).chosen == []


def test_departments_stand_beside_the_organization(reading: Reading) -> None:
    assert figures.of(reading, None).matrix is None
    board = {key: cell(70, 6, 8) for key in PRACTICES}
    led_there = with_unit(reading, ENGINEERING, lambda unit: replace(unit, leaders=board))
    shown = figures.of(led_there, None)
    assert shown.matrix is not None
    assert [name for name, _href in shown.matrix.units] == ["Kestrel Freight", "Engineering"]
    assert len(shown.matrix.rows) == len(PRACTICES)
    told = {title: cells[1] for title, cells in shown.matrix.rows}
    assert told["Amplify what works"][2]
    assert any("Leaders of Engineering <b>see more than their teams</b>" in one for one in shown.clear)
    assert [one.title for one in figures.of(led_there, ENGINEERING).chosen] == [
        "Leaders of Engineering, on average"
    ]


def test_the_widest_gap_is_told_first_and_what_is_small_by_itself(reading: Reading) -> None:
    shown = figures.of(reading, None)
    gaps = [int(str(one).partition("a gap of ")[2].split()[0]) for one in shown.clear if "a gap of" in one]
    assert gaps == sorted(gaps, reverse=True)
    assert any("too small to call" in one for one in shown.still_open)


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (gap(24, 16, 32, called=True), ("24 more", "likely 16 to 32")),
        (gap(-24, -32, -16, called=True), ("24 less", "likely 16 to 32")),
        (gap(9, 3, 15, called=False), ("too small to call", "+3 to +15")),
        (gap(-12, -26, 2, called=False), ("may be chance", "−26 to +2")),
        (None, ("not compared", "")),
    ],
)
def test_a_gap_in_words(reading: Reading, found: Gap | None, expected: tuple[str, str]) -> None:
    assert reading.slug
    assert words.cell(found) == expected


def test_names_are_text(reading: Reading) -> None:
    odd = with_unit(reading, DISPATCH, lambda unit: replace(unit, name=ODD))
    shown = figures.of(odd, DISPATCH)
    assert "&lt;b&gt;Ops&lt;/b&gt; &amp;" in str(shown.clear)
    assert "<b>Ops" not in str([*shown.clear, *shown.still_open, *(one.told for one in shown.named)])


def test_four_hundred_leaders_fit_a_page(reading: Reading) -> None:
    crowd = replace(reading.unit(DISPATCH), named=led(75))
    units = [
        *reading.publication.units,
        *(replace(crowd, key=f"u{9000 + one}", name=f"Crew {one}") for one in range(400)),
    ]
    many = Reading("kestrel", replace(reading.publication, units=tuple(units)), reading.questionnaire)
    shown = figures.of(many, None)
    assert len(shown.clear) == figures.MOST_SENTENCES + 1
    assert str(shown.clear[-1]).endswith("more stand below.")
    assert len(shown.still_open) == figures.MOST_OPEN + 1
    assert len(shown.chosen) == 1
    assert len(shown.named) == 401


def test_a_wave_of_one_team(reading: Reading) -> None:
    alone = Reading(
        "kestrel",
        replace(reading.publication, units=reading.publication.units[:1], findings=()),
        reading.questionnaire,
    )
    assert figures.of(alone, None).headline == "Leaders see more than their teams in Simplify the flood"


def test_both_sides_of_every_gap_stand_in_the_publication(kestrel: SimpleNamespace) -> None:
    looked = []

    @settings(
        max_examples=15,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
    )
    @given(drawn=series())
    def hold(drawn: Series) -> None:
        for place, publication in enumerate(drawn.published()):
            whole = Reading("any", publication, ASKED[place // 2])
            for reading in (whole, seen_by(whole, drawn.led)):
                for view in views(reading):
                    _held(reading, view)
                    looked.extend(view.gaps)

    with kestrel.app.test_request_context():
        hold()
    assert looked


def _held(reading: Reading, view: View) -> None:
    assert reading.sees(view.position)
    unit = reading.unit(view.position)
    boards = [one.cells for one in unit.named] if view.by_name else [unit.leaders]
    for found in view.gaps:
        assert found.leaders in {board[found.practice].score for board in boards if found.practice in board}
        shown = unit.teams[found.practice]
        means = shown.item_means or {}
        exact = [means[item] for item in found.items] if not found.whole else [shown.score]
        assert abs(found.teams - sum(exact) / len(exact)) <= 0.5
        assert found.low <= found.points <= found.high
        assert not found.called or (abs(found.points) >= 10 and (found.low >= 0 or found.high <= 0))
