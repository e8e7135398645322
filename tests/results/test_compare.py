"""Units beside each other, and one beside the rest."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from xml.etree.ElementTree import Element

import pytest

from tests.fixtures.pages import Page, words
from webapp.domain.publication import INDEX
from webapp.results.compare import boards, choice, figures, headlines, recognition
from webapp.results.reading import Reading, unit_id

Changed = Callable[..., Reading]

BOOKING, PLATFORM, DISPATCH, ENGINEERING, OPERATIONS = 10, 11, 16, 9, 14


def address(kestrel: SimpleNamespace, *places: int) -> str:
    asked = "&".join(f"unit={kestrel.last.units[place].key}" for place in places)
    return f"/o/kestrel/results/{kestrel.waves[-1]}/compare?{asked}"


def lines(page: Page) -> dict[str, list[str]]:
    """The rows of the table by practice."""
    found: dict[str, list[str]] = {}
    for body in next(one for one in page.all("table") if one.get("class", "").startswith("rows")).iter(
        "tbody"
    ):
        rows = [row for row in body.iter("tr") if row.get("aria-hidden") is None]
        head = next(iter(rows[0].iter("th")))
        found[(head.text or "").strip()] = [
            " ".join(words(cell) for cell in row if cell.tag == "td" and words(cell)) for row in rows
        ]
    return found


def verdicts(page: Page) -> dict[str, str]:
    heads = [one for one in page.all("th") if one.get("scope") in {"rowgroup", "row"} and one.get("role")]
    return {(one.text or "").strip(): words(small) for one in heads for small in one.iter("small")}


def of(reading: Reading, *places: int) -> figures.Compared:
    return figures.of(reading, choice.Choice(places))


def verdict_of(reading: Reading, key: str, *places: int) -> str:
    return next(block.verdict for block in of(reading, *places).blocks if block.key == key)


def test_three_teams_stand_in_one_table_with_a_verdict_a_practice(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, BOOKING, PLATFORM, DISPATCH))
    assert lines(page)["Index"][1] == "Data platform ▲ clearly above · upper quarter 75 72–78"
    assert verdicts(page)["Index"] == "All three differ."
    assert verdicts(page)["Simplify the flood"] == "All three differ."
    assert verdicts(page)["Amplify what works"] == (
        "Dispatch is lower. Booking and Data platform: no clear difference."
    )
    text = page.text()
    assert "Booking, Data platform and Dispatch all differ in" in text
    assert "Widest is Spread the work: 89 in Data platform, 26 in Dispatch." in text


def test_two_teams_get_their_difference_with_its_range(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, BOOKING, DISPATCH))
    assert "Booking is higher than Dispatch in every practice" in page.text()
    assert verdicts(page)["Spread the work"] == "Booking is higher, by 35 (likely 25 to 44)."
    assert (
        "With 12 of 14 and 12 of 15 answers only differences of 10 to 15 points in one practice can be"
        in page.text()
    )


def test_one_team_stands_beside_the_rest_with_its_published_tier(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, DISPATCH))
    assert "Dispatch is clearly below the rest in every practice" in page.text()
    assert verdicts(page)["Spread the work"].startswith("Clearly below the rest.")
    rest = (120 * 49 - 12 * 26) / 108
    assert lines(page)["Spread the work"][1].startswith(f"The rest {round(rest)} ")
    assert "only differences of 8 to 12 points from the rest can be recognised" in page.text()


def test_the_published_tier_is_repeated_and_never_computed_anew(reading: Reading, changed: Changed) -> None:
    other = changed(reading, DISPATCH, "decentralize", tier="within", quarter=None)
    assert verdict_of(other, "decentralize", DISPATCH) == "No clear difference from the rest."
    untold = changed(reading, DISPATCH, "decentralize", tier=None, quarter=None)
    assert verdict_of(untold, "decentralize", DISPATCH) == "Not compared with the rest."


@pytest.mark.parametrize(("quarter", "side"), [("upper", "above"), ("lower", "below")])
def test_a_quarter_without_a_clear_difference_is_one_sentence(
    reading: Reading, changed: Changed, quarter: str, side: str
) -> None:
    """“No clear difference from the rest. Most likely in the upper quarter.” reads like a contradiction."""
    other = changed(reading, DISPATCH, "decentralize", tier="within", quarter=quarter)
    assert verdict_of(other, "decentralize", DISPATCH) == (
        f"Most likely in the {quarter} quarter of the teams, and yet not clearly {side} the rest."
    )


def test_an_inner_unit_is_held_against_the_rest_in_the_same_way(reading: Reading) -> None:
    stands = boards.standing(reading, ENGINEERING)
    assert {stands[practice.key].tier for practice in reading.practices} == {"above", "within"} or {
        stands[practice.key].tier for practice in reading.practices
    } == {"above"}
    assert stands[INDEX].tier == "above"
    assert stands[INDEX].quarter == ""
    assert of(reading, ENGINEERING).headline.startswith("Engineering is clearly above the rest in")


def test_without_a_choice_the_parts_of_the_whole_stand_beside_each_other(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(f"/o/kestrel/results/{kestrel.waves[-1]}/compare")
    assert [line.partition(" ")[0] for line in lines(page)["Index"]] == [
        "Customer",
        "Corporate",
        "Engineering",
        "Operations",
    ]


def test_a_leader_begins_with_the_parts_of_the_own_unit(kestrel: SimpleNamespace) -> None:
    page = kestrel.leader.page(f"/o/kestrel/results/{kestrel.waves[-1]}/compare")
    assert [line.partition(" ")[0] for line in lines(page)["Index"]] == ["Customs", "Dispatch", "Warehouse"]
    assert "Engineering" not in page.text()
    assert [one.get("label") for one in page.all("optgroup")] == ["Operations"]


def test_a_leader_may_hold_the_own_unit_against_the_rest_as_such(kestrel: SimpleNamespace) -> None:
    page = kestrel.leader.page(address(kestrel, DISPATCH))
    assert "The rest is everybody at Kestrel Freight outside Dispatch." in page.text()
    assert "Booking" not in page.text()


@pytest.mark.parametrize("place", [ENGINEERING, BOOKING])
def test_a_unit_of_others_is_not_found(kestrel: SimpleNamespace, place: int) -> None:
    assert kestrel.leader.get(address(kestrel, DISPATCH, place)).status_code == 404


@pytest.mark.parametrize("query", ["unit=u999999", "unit=nonsense", "unit=u1&unit=%00", "unit=<b>"])
def test_a_unit_that_is_not_there_is_not_found(kestrel: SimpleNamespace, query: str) -> None:
    assert kestrel.owner.get(f"/o/kestrel/results/{kestrel.waves[-1]}/compare?{query}").status_code == 404


def test_another_organizations_wave_is_not_found(kestrel: SimpleNamespace) -> None:
    assert kestrel.stranger.get(f"/o/heron/results/{kestrel.waves[-1]}/compare").status_code == 404


def test_a_hidden_unit_is_named_as_such_and_left_out(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, BOOKING, 7, 17))
    assert "Not shown, to protect anonymity: Legal and Fleet." in page.text()
    assert [line.partition(" ")[0] for line in lines(page)["Index"]] == ["Booking", "The"]


def test_the_form_keeps_the_choice_and_offers_the_others_by_department(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, BOOKING, DISPATCH))
    form = next(one for one in page.all("form") if one.get("action", "").endswith("/compare"))
    assert form.get("method", "get") == "get"
    ticked = [one for one in form.iter("input") if one.get("type") == "checkbox"]
    assert [one.get("value") for one in ticked] == [
        kestrel.last.units[place].key for place in (BOOKING, DISPATCH)
    ]
    assert all(one.get("checked") is not None and one.get("name") == "unit" for one in ticked)
    groups = {one.get("label"): [words(option) for option in one] for one in form.iter("optgroup")}
    assert groups["Engineering"] == ["Engineering as a whole", "Data platform", "Mobile", "Tracking"]
    assert groups["Corporate"] == ["Corporate as a whole", "Finance"]
    assert "Kestrel Freight" not in groups


def test_an_empty_choice_of_the_list_changes_nothing(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, BOOKING, DISPATCH) + "&unit=")
    assert [line.partition(" ")[0] for line in lines(page)["Index"]] == ["Booking", "Dispatch"]


def test_the_whole_is_no_unit_beside_others(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, 0, DISPATCH))
    assert "The rest is everybody" in page.text()


def test_more_than_eight_are_cut_and_that_is_said(kestrel: SimpleNamespace) -> None:
    places = [place for place, unit in enumerate(kestrel.last.units) if unit.leaf and unit.teams]
    page = kestrel.owner.page(address(kestrel, *places))
    assert len(lines(page)["Index"]) == 8
    assert "More than eight units were chosen; these are the first eight." in page.text()
    assert not page.all("select")
    pairs = next(one for one in page.all("table") if not one.get("class"))
    assert len(list(pairs.iter("tr"))) == 1 + 28


def test_a_unit_is_not_compared_with_its_own_part(reading: Reading) -> None:
    page = of(reading, ENGINEERING, BOOKING, DISPATCH)
    assert "Not compared with Engineering, because they are part of it: Booking." in page.notes
    assert [one.name for one in page.differences] == ["Dispatch minus Engineering", "Dispatch minus Booking"]
    assert verdict_of(reading, "decentralize", ENGINEERING, BOOKING, DISPATCH) == "Dispatch is lower."
    assert verdict_of(reading, "decentralize", ENGINEERING, BOOKING) == "Not compared: they share people."


def test_where_a_band_alone_is_shown_it_stands_without_a_verdict(reading: Reading, changed: Changed) -> None:
    strict = changed(reading, BOOKING, "simplify", score=None, low=None, high=None, tier=None)
    page = of(strict, BOOKING, DISPATCH)
    block = next(one for one in page.blocks if one.key == "simplify")
    assert block.verdict == "Not compared: fewer than two scores are shown here."
    assert (block.lines[0].band, block.lines[0].cell and block.lines[0].cell.score) == ("In part", None)
    three = verdict_of(strict, "simplify", BOOKING, PLATFORM, DISPATCH)
    assert three == "Data platform is higher than all the others." or "Booking" not in three


def test_a_practice_that_one_unit_does_not_show_is_compared_among_the_others(reading: Reading) -> None:
    partly = without(reading, BOOKING, "simplify")
    block = next(one for one in of(partly, BOOKING, PLATFORM, DISPATCH).blocks if one.key == "simplify")
    assert block.lines[0].cell is None
    assert "Booking" not in block.verdict
    assert "All three" not in block.verdict


def without(reading: Reading, place: int, *keys: str) -> Reading:
    units = list(reading.publication.units)
    teams = {key: cell for key, cell in units[place].teams.items() if key not in keys}
    units[place] = replace(units[place], teams=teams)
    return Reading(reading.slug, replace(reading.publication, units=tuple(units)), reading.questionnaire)


def test_indices_are_compared_on_common_practices_only(reading: Reading) -> None:
    """Two teams that differ only in a practice which one of them does not show, do not differ."""
    partly = without(reading, DISPATCH, "simplify", "amplify")
    page = of(partly, DISPATCH, BOOKING)
    index = next(one for one in page.blocks if one.key == INDEX)
    own = [reading.unit(BOOKING).teams[one.key].score or 0 for one in reading.practices]
    common = [
        score
        for score, one in zip(own, reading.practices, strict=True)
        if one.key not in {"simplify", "amplify"}
    ]
    booking = next(line for line in index.lines if line.name == "Booking")
    assert booking.cell is not None
    assert booking.cell.score == round(sum(common) / 7) != reading.unit(BOOKING).teams[INDEX].score
    assert any("over the 7 practices" in note for note in page.notes)


def test_indices_with_too_little_in_common_are_not_compared(reading: Reading) -> None:
    partly = without(without(reading, DISPATCH, "simplify", "amplify"), BOOKING, "solidify", "open_doors")
    page = of(partly, DISPATCH, BOOKING)
    index = next(one for one in page.blocks if one.key == INDEX)
    assert index.verdict == "Not compared: these units do not show the same practices."
    assert (
        next(line for line in index.lines if line.name == "Booking").cell == partly.unit(BOOKING).teams[INDEX]
    )


def test_a_rounded_score_is_compared_with_its_coarse_step(reading: Reading, changed: Changed) -> None:
    plain = changed(reading, BOOKING, "amplify", score=45)
    guarded = changed(reading, BOOKING, "amplify", score=45, guarded=True, tier=None, quarter=None)
    exact, coarse = (boards.of(one, (BOOKING, DISPATCH)).pairs["amplify"][0] for one in (plain, guarded))
    assert exact.points == coarse.points
    assert (coarse.high - coarse.low) > (exact.high - exact.low)
    assert of(guarded, BOOKING).blocks[5].verdict == "Not compared with the rest."


def test_every_verdict_of_the_page_is_one_of_one_family(reading: Reading) -> None:
    """The same two teams may be called alone and not among eight: the family grows with the screen."""
    teams = reading.shown_teams[:8]
    many = boards.of(reading, teams)
    assert many.tests == 28 * 9
    two = boards.of(reading, teams[:2])
    assert two.tests == 9
    for key, pairs in two.pairs.items():
        larger = next(pair for pair in many.pairs[key] if (pair.one, pair.other) == (0, 1))
        assert larger.points == pairs[0].points
        assert not (larger.called and not pairs[0].called) or key == INDEX or abs(larger.points) >= 5


def test_without_any_difference_the_headline_says_so(reading: Reading, changed: Changed) -> None:
    alike = reading
    for key, cell in reading.unit(BOOKING).teams.items():
        alike = changed(alike, PLATFORM, key, score=cell.score)
    page = of(alike, BOOKING, PLATFORM)
    assert page.headline == "No clear difference between Booking and Data platform in any practice"
    assert "Widest" not in page.lede


def test_names_are_escaped_and_may_be_long(kestrel: SimpleNamespace, reading: Reading) -> None:
    units = list(reading.publication.units)
    units[BOOKING] = replace(units[BOOKING], name='<b>"&"</b>' + "x" * 100)
    units[DISPATCH] = replace(units[DISPATCH], name="\u202eمرحبا")
    odd = Reading("kestrel", replace(reading.publication, units=tuple(units)), reading.questionnaire)
    template = kestrel.app.jinja_env.get_template("results/compare.html")
    chosen = choice.Choice((BOOKING, DISPATCH))
    text = template.render(
        reading=odd,
        publication=odd.publication,
        chosen=chosen,
        most=choice.MOST,
        options=choice.options(odd, chosen.places),
        shown=figures.of(odd, chosen),
        facts=[],
    )
    assert "<b>&" not in text
    assert '<b>"' not in text
    assert "&lt;b&gt;" in text


def test_four_hundred_teams_are_offered_once_and_by_department(reading: Reading) -> None:
    team = reading.unit(DISPATCH)
    units = [reading.publication.root]
    for department in range(20):
        top = len(units)
        units.append(replace(team, key=f"u{1000 + department}", name=f"D{department}", parent=0, leaf=False))
        units += [
            replace(team, key=f"u{5000 + 20 * department + spot}", name=f"T{department}-{spot}", parent=top)
            for spot in range(20)
        ]
    large = Reading(
        "kestrel", replace(reading.publication, units=tuple(units), residuals=()), reading.questionnaire
    )
    groups = choice.options(large, (2,))
    assert [label for label, _units in groups] == [f"D{place}" for place in range(20)]
    assert sum(len(options) for _label, options in groups) == 420 - 1
    assert choice.default(large) == (1, 22, 43)


def test_one_team_alone_has_nothing_to_stand_beside(reading: Reading) -> None:
    root = reading.publication.root
    only = replace(root, key="u5", name="Only", parent=0, leaf=True)
    single = Reading(
        "kestrel", replace(reading.publication, units=(root, only), residuals=()), reading.questionnaire
    )
    assert choice.default(single) == (1,)
    page = of(single, 1)
    assert page.headline == "Only cannot be compared with the rest"
    assert {block.verdict for block in page.blocks} == {"Not compared with the rest."}
    assert all(len(block.lines) == 1 for block in page.blocks)


def test_where_nothing_is_shown_there_is_nothing_to_compare(reading: Reading) -> None:
    units = tuple(
        replace(unit, teams={}) if place else unit for place, unit in enumerate(reading.publication.units)
    )
    hidden = Reading("kestrel", replace(reading.publication, units=units), reading.questionnaire)
    assert choice.default(hidden) == ()


def test_parts_are_offered_for_comparison_where_there_are_two_to_eight(reading: Reading) -> None:
    assert "unit=" in choice.address_of_parts(reading, OPERATIONS)
    assert choice.address_of_parts(reading, DISPATCH) == ""
    assert choice.address_of_parts(reading, 5) == ""  # Corporate has one shown team


def test_the_heat_map_and_the_unit_lead_here(kestrel: SimpleNamespace) -> None:
    def hrefs(path: str) -> list[str]:
        found: list[Element] = kestrel.owner.page(path).all("a")
        return [one.get("href", "") for one in found]

    wave = kestrel.waves[-1]
    key = kestrel.last.units[DISPATCH].key
    assert f"/o/kestrel/results/{wave}/compare?unit={key}" in hrefs(f"/o/kestrel/results/{wave}/units/{key}")
    below = kestrel.last.units[OPERATIONS].key
    parts = [href for href in hrefs(f"/o/kestrel/results/{wave}/units/{below}") if "/compare?" in href]
    assert [href.count("unit=") for href in parts] == [1, 3]
    found = [
        href for href in hrefs(f"/o/kestrel/results/{wave}/heatmap?below={below}") if "/compare?" in href
    ]
    assert [href.count("unit=") for href in found] == [3]


def test_a_badge_stands_in_words_and_never_as_a_number_or_a_rank(kestrel: SimpleNamespace) -> None:
    unit = kestrel.owner.page(
        f"/o/kestrel/results/{kestrel.waves[-1]}/units/{kestrel.last.units[PLATFORM].key}"
    )
    assert "Clearly above the rest. Most likely in the upper quarter of the teams." in unit.text()
    for page in (unit, kestrel.owner.page(address(kestrel, PLATFORM, DISPATCH, BOOKING))):
        for never in ("best", "worst", "top ", "rank", "significant", "probability", "improved"):
            assert never not in page.text().lower()


def test_what_can_be_recognised_depends_on_both_sides(reading: Reading) -> None:
    found = recognition.between(reading, boards.of(reading, (15, 18)))
    assert found.startswith("With 6 of 8 and 13 of 22 answers only differences of ")
    assert recognition.beside_rest(reading, 15, None) == ""


def test_the_headline_of_many_names_the_one_that_stands_apart(reading: Reading) -> None:
    teams = [place for place in reading.shown_teams if place != BOOKING][:4]
    found = boards.of(reading, (*teams, PLATFORM))
    assert headlines.of_several(reading, found).startswith("Data platform is higher than all the others in ")


def test_a_span_leaves_the_choice_to_the_own_units(reading: Reading) -> None:
    ids = frozenset(unit_id(reading.unit(place).key) for place in (DISPATCH, 18))
    mine = Reading("kestrel", reading.publication, reading.questionnaire, ids)
    assert choice.default(mine) == (DISPATCH, 18)
    assert choice.chosen(mine, [reading.unit(BOOKING).key]) is None
    assert choice.options(mine, (DISPATCH,)) == [
        ("Kestrel Freight", [choice.Option(reading.unit(18).key, "Warehouse")])
    ]
