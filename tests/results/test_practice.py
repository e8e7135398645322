"""The page of one practice: its score in a unit and its parts, how people agree and spread, what was asked."""

import re
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace

import pytest
from flask import Flask, render_template
from hypothesis import HealthCheck, Phase, given, settings
from markupsafe import Markup

from tests.fixtures import any_waves as attack
from tests.fixtures.pages import Page, words
from tests.fixtures.small_waves import SmallWave
from webapp.domain.publication import Agreement, Publication, UnitResult
from webapp.results.practice import bars, figures, parts, questions
from webapp.results.reading import Reading

Changed = Callable[..., Reading]
NOT_SHOWN = "How answers spread, and the means of single questions: not shown, to protect anonymity."


def address(kestrel: SimpleNamespace, practice: str, place: int | None = None) -> str:
    asked = "" if place is None else f"?unit={kestrel.last.units[place].key}"
    return f"/o/kestrel/results/{kestrel.waves[-1]}/practices/{practice}{asked}"


def shown(reading: Reading, practice: str, place: int) -> figures.PracticePage:
    variable = reading.variable(practice)
    assert variable is not None
    return figures.of(reading, variable, place)


def rendered(reading: Reading, practice: str, place: int) -> Page:
    """The page as it stands in the frame, of a reading that no address leads to."""
    variable = reading.variable(practice)
    assert variable is not None
    values = figures.values(reading, variable, place)
    body = render_template(
        "results/practice.html", reading=reading, publication=reading.publication, **values
    )
    return Page(
        render_template("results/page.html", title="A practice", active="", body=Markup(body), charts=False)  # noqa: S704 - a rendered template
    )


def test_the_whole_stands_first_and_its_parts_in_the_order_of_the_tree(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, "simplify"))
    text = page.text()
    assert "Simplify the flood: Kestrel Freight stands at 34" in text
    heads = [("".join(one.itertext())).split(" ")[0] for one in page.all("table")[0].iter("th")]
    units = [unit.name.split(" ")[0] for unit in kestrel.last.units]
    assert [name for name in heads if name in units] == units
    assert "Other teams of Corporate" in text
    assert "▼ clearly below" in text


def test_a_unit_stands_beside_everyone(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page(address(kestrel, "simplify", 16)).text()
    assert "Simplify the flood: Dispatch is clearly below the rest" in text
    everyone = kestrel.last.root.teams["simplify"]
    assert f"All of Kestrel Freight: 34 (likely {everyone.low} to {everyone.high})." in text
    assert "Answers lie 0.9 of a level from their mean, on average: divided." in text
    assert "answers lie apart because people work differently" in text


def test_the_people_of_each_shown_unit_stand_by_band(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, "simplify", 16))
    table = next(one for one in page.all("table") if "in numbers" in "".join(one.find("caption").itertext()))  # type: ignore[union-attr]
    rows = [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")]
    assert rows[0] == ["Unit", "Not yet", "First signs", "In part", "Mostly", "Everyday"]
    assert rows[1] == ["Dispatch", "6", "2", "2", "1", "1"]
    assert rows[2][0] == "Everyone at Kestrel Freight"
    assert "Dispatch 2 of 12" in page.text()


def test_questions_stand_between_the_answers_on_both_sides_of_their_mean(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page(address(kestrel, "simplify", 16)).text()
    assert "18 between “Nowhere” (1) and “From news and posts found alone” (2)" in text
    assert "Everyone: 40" in text
    assert "wording 1." in text


def test_a_mean_at_an_answer_is_told_by_it_alone(reading: Reading) -> None:
    item = reading.variable("simplify").items[0]  # type: ignore[union-attr]  # it is asked
    assert questions.told(item, 25) == f"about at “{item.levels[1]}” (2)"
    assert questions.told(item, 95).endswith(f"“{item.levels[4]}” (5)")
    assert questions.told(item, 5).startswith(f"between “{item.levels[0]}” (1)")


def test_without_the_detail_plan_all_reasons_have_the_same_words(
    kestrel: SimpleNamespace, reading: Reading, changed: Changed
) -> None:
    few = kestrel.owner.page(address(kestrel, "simplify", 2)).text()
    guarded = rendered(
        changed(reading, 16, "simplify", guarded=True, score=10, **NOTHING_FINER), "simplify", 16
    ).text()
    bands = rendered(
        changed(reading, 16, "simplify", score=None, low=None, high=None, **NOTHING_FINER), "simplify", 16
    ).text()
    for text in (few, guarded, bands):
        assert NOT_SHOWN in text
        assert "The same in numbers" not in text
        assert "between “" not in text
    assert "about 10" in guarded
    assert "stands in the band “Not yet”" in bands or "clearly below" in bands


NOTHING_FINER = {"histogram": None, "item_means": None, "agreement": None, "unknown": None}


def test_a_hidden_unit_shows_what_is_safe_instead(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page(address(kestrel, "simplify", 7)).text()
    assert "Not shown, to protect anonymity. The table holds what is safe instead." in text
    assert "Other teams of Corporate" in text
    assert "How the" not in text
    lonely = kestrel.owner.page(address(kestrel, "simplify", 17)).text()
    assert "Not shown, to protect anonymity." in lonely
    assert "safe instead" not in lonely


def test_a_practice_that_is_hidden_in_a_shown_unit_is_a_sentence(reading: Reading) -> None:
    units = list(reading.publication.units)
    teams = {key: one for key, one in units[16].teams.items() if key != "simplify"}
    units[16] = replace(units[16], teams=teams)
    other = Reading("kestrel", replace(reading.publication, units=tuple(units)), reading.questionnaire)
    text = rendered(other, "simplify", 16).text()
    assert "Not shown, to protect anonymity." in text
    assert "12 of 15" not in text


def test_many_who_did_not_know_are_called_out(reading: Reading, changed: Changed) -> None:
    many = rendered(changed(reading, 16, "simplify", unknown=31), "simplify", 16).text()
    assert "“I don’t know” took 31 % of the answers: find out why first." in many
    few = rendered(changed(reading, 16, "simplify", unknown=30), "simplify", 16).text()
    assert "find out why" not in few


def test_a_divided_team_is_asked_to_talk_only_where_the_team_itself_is_meant(
    reading: Reading, changed: Changed
) -> None:
    apart = Agreement("divided", 1.2)
    team = rendered(changed(reading, 16, "decentralize", agreement=apart), "decentralize", 16).text()
    own = rendered(changed(reading, 16, "simplify", agreement=apart), "simplify", 16).text()
    assert "so talk first" in team
    assert "talk first" not in own


def test_words_alone_stand_where_numbers_of_agreement_may_not(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page(address(kestrel, "decentralize", 2)).text()
    assert "The answers are mixed." in text
    assert "of a level" not in text


def test_where_it_comes_from_and_how_it_counts(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page(address(kestrel, "simplify")).text()
    assert "leaders should simplify the progress of the last five years" in text
    assert "paragraph 30" in text
    assert "version 2." in text
    assert "Its weight in the index is 1." in text
    assert "It builds on Solidify the basics." in text


def test_what_is_no_practice_or_out_of_sight_is_not_found(kestrel: SimpleNamespace) -> None:
    assert kestrel.owner.get(address(kestrel, "index")).status_code == 404
    assert kestrel.owner.get(address(kestrel, "%3Cb%3E")).status_code == 404
    assert kestrel.owner.get(address(kestrel, "P6.B1")).status_code == 404
    assert kestrel.owner.get(f"{address(kestrel, 'simplify')}?unit=u99999").status_code == 404
    assert kestrel.leader.get(address(kestrel, "simplify", 11)).status_code == 404
    assert kestrel.leader.get(address(kestrel, "simplify", 16)).status_code == 200
    assert kestrel.stranger.get(address(kestrel, "simplify")).status_code == 404
    other = address(kestrel, "simplify").replace("/o/kestrel/", "/o/heron/")
    assert kestrel.stranger.get(other).status_code == 404


def test_a_leader_sees_the_whole_and_no_other_part(kestrel: SimpleNamespace) -> None:
    text = kestrel.leader.page(address(kestrel, "simplify")).text()
    assert "Operations" in text
    assert "Dispatch" in text
    for name in ("Engineering", "Data platform", "Corporate", "Onboarding"):
        assert name not in text


def test_bars_reach_to_both_sides_of_one_line_in_proportion(reading: Reading) -> None:
    drawn = shown(reading, "simplify", 0).bars
    assert drawn is not None
    for bar in drawn.bars:
        assert sum(part.people for part in bar.stretches) == sum(bar.people)
        left = sum(part.width for part in bar.stretches if part.band < drawn.split)
        assert abs(min(part.x for part in bar.stretches) + left - drawn.line) < 0.1
        assert all(part.x >= -0.01 and part.x + part.width <= 100.05 for part in bar.stretches)
    widths = {round(sum(part.width for part in bar.stretches), 0) for bar in drawn.bars}
    assert len(widths) == 1, "Everybody of a unit is a bar of the same length."


def test_the_line_stands_where_people_practise(reading: Reading) -> None:
    drawn = shown(reading, "simplify", 16).bars
    assert drawn is not None
    assert reading.questionnaire.bands[drawn.split].start == 60


def test_a_large_unit_shows_its_direct_parts(reading: Reading) -> None:
    root, team = reading.publication.units[0], reading.publication.units[2]
    department = replace(reading.publication.units[1], parent=0)
    many = [replace(team, key=f"u{place}", name=f"Team {place}", parent=1) for place in range(1000, 1400)]
    units: tuple[UnitResult, ...] = (root, department, *many)
    wide = Reading("kestrel", replace(reading.publication, units=units, residuals=()), reading.questionnaire)
    assert [line.name for line in parts.lines(wide, "simplify", 0)] == ["Kestrel Freight", "Customer"]
    assert len(parts.lines(wide, "simplify", 1)) == 401


@pytest.mark.parametrize("name", ["<b>Team</b>", 'Say "&"', "צוות \u202eאבג", "Ā" * 120])
def test_strange_names_are_only_names(reading: Reading, name: str) -> None:
    units = list(reading.publication.units)
    units[16] = replace(units[16], name=name)
    other = Reading("kestrel", replace(reading.publication, units=tuple(units)), reading.questionnaire)
    page = rendered(other, "simplify", 16)
    assert f"Simplify the flood: {name} is clearly below the rest" in page.text()
    assert not [one for one in page.all("b") if "Team" in (one.text or "")]


def test_bars_of_nobody_are_no_bars(reading: Reading) -> None:
    assert bars.of([], None, reading.questionnaire.bands) is None
    assert shown(reading, "simplify", 2).bars is None


def test_every_unit_of_every_wave_has_a_page_for_every_practice(kestrel: SimpleNamespace) -> None:
    for publication in kestrel.made[::3]:
        for practice in ("decentralize", "follow_value"):
            for unit in publication.units[::3]:
                page = kestrel.owner.page(
                    f"/o/kestrel/results/{publication.wave}/practices/{practice}?unit={unit.key}"
                )
                assert re.search(r"not shown|How the \d+ for", page.text())


@pytest.fixture(scope="module")
def application(kestrel: SimpleNamespace) -> Flask:
    return kestrel.app  # type: ignore[no-any-return]  # the namespace holds anything


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # each example renders many pages: no shrinking
)
@given(attack.waves(led=False))
def test_no_number_of_the_page_is_missing_from_the_publication(application: Flask, wave: SmallWave) -> None:
    publication = wave.publication()
    reading = Reading("kestrel", publication, attack.QUESTIONNAIRE)
    with application.test_request_context():
        for practice in ("p", "r"):
            for place in range(0, len(publication.units), 3):
                hold(rendered(reading, practice, place), publication, practice, place)


def hold(page: Page, publication: Publication, practice: str, place: int) -> None:
    """Tables of people and means of questions are those of the publication; so is each other number of the page."""
    cells = attack.cells(publication, "teams", practice)
    histograms = {
        publication.units[at].name: cell.histogram for at, cell in cells.items() if cell.histogram is not None
    }
    told = [
        (words(row[0]), tuple(int(words(cell)) for cell in row[1:]))
        for table in page.all("table")
        if words(table).startswith("People by band, in numbers")
        for row in list(table.iter("tr"))[1:]
    ]
    for name, people in told:
        assert people == histograms[name.removeprefix("Everyone at ")]
    own = cells.get(place)
    means = dict(own.item_means or {}) if own else {}
    assert len([one for one in page.elements if one.get("class") == "anchors"]) == len(means)

    known = publication.constants[practice]
    allowed = {f"{known.phi:g}", f"{known.r:g}", *STATIC}
    for cell in [*cells.values(), *(one.cell for one in attack.groups(publication, "teams", practice))]:
        people = cell.histogram or ()
        figures = [cell.n, cell.invited, cell.score, cell.low, cell.high, cell.unknown, *people]
        figures += [sum(people[3:]), *(cell.item_means or {}).values()]
        allowed |= {str(one) for one in figures if one is not None}
        if cell.agreement is not None and cell.agreement.ad is not None:
            allowed.add(str(cell.agreement.ad))  # 1.0, as it is printed
    for unit in publication.units:
        allowed |= set(re.findall(r"[\d.]+", unit.name))
    main = page.all("main")[0]
    for parent in list(main.iter()):
        for sums in parent.findall("dl"):  # the arithmetic, which has tests of its own
            parent.remove(sums)
    text = " ".join(main.itertext())
    strange = {one.strip(".") for one in re.findall(r"\d+(?:\.\d+)?", text)} - allowed
    assert not strange, text


# Numbers of the sentences themselves: five answers, where bands start, both ends, and the level of the interval.
STATIC = {*"0123456", "20", "40", "60", "80", "90", "95", "100"}
