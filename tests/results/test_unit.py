"""The page of one unit."""

from dataclasses import replace
from types import SimpleNamespace

from tests.results.conftest import Changed, Retold
from webapp.domain.publication import Agreement, NamedLeader
from webapp.results.making import made
from webapp.results.reading import Reading
from webapp.results.unit import figures, findings


def address(kestrel: SimpleNamespace, place: int) -> str:
    return f"/o/kestrel/results/{kestrel.waves[-1]}/units/{kestrel.last.units[place].key}"


def test_a_team_stands_beside_the_organization(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, 16))
    text = page.text()
    assert text.startswith("Kestrel FreightOperationsDispatch · November 2025 · 12 of 15 answered")
    assert "Dispatch is clearly below the rest in every practice" in text
    assert "27 likely 24 to 31" in text
    assert "everyone 49 · answers mixed" in text
    assert "Whether any of the 9 practices moved since August 2025." in text
    assert "With 12 of 15 answers only changes of 10 to 16 points in one practice can be recognised." in text


def test_a_lead_who_chose_so_stands_beside_the_team_without_a_name(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page(address(kestrel, 16)).text()
    assert "the lead’s own view" in text
    assert "◆ 66" in text
    assert "The leader of Dispatch sees more than its people: 59 against 33 on what both were asked." in text


def test_leaders_average_stands_beside_the_whole(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page(address(kestrel, 0)).text()
    assert "what leaders answer, on average" in text
    assert "◆ 58 50–66" in text
    assert "The parts of Kestrel Freight" in text


def test_each_score_opens_to_its_inputs(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, 16))
    inside = {one: [part.get("id") for part in one if part.get("id")] for one in page.all("details")}
    assert [ids for ids in inside.values() if ids][:2] == [["index"], ["decentralize"]]
    assert not [ids for one, ids in inside.items() if one.get("open") is not None], (
        "arithmetic waits to be asked"
    )
    text = page.text()
    assert "How the 12 for Simplify the flood was made" in text
    assert (
        "Likely range 8 to 17: 90 % Wilson interval for 12 of 15 people, dispersion 0.19, reliability 0.65."
        in text
    )
    assert "Questionnaire ai-adoption, version 2." in text
    assert "where did you mostly get your picture of what is new in AI?" in text


def test_details_outside_the_plan_are_not_shown(reading: Reading) -> None:
    shown = made(reading, reading.unit(2).teams, "simplify")
    assert {part.value for part in shown.parts} == {None}
    assert shown.distribution == ()
    assert "Means of single questions: not shown, to protect anonymity." in shown.notes


def test_a_distribution_counts_people_in_bands(reading: Reading) -> None:
    shown = made(reading, reading.unit(16).teams, "simplify")
    assert (shown.distribution[0].band, shown.distribution[0].people) == ("Not yet", 6)
    assert sum(one.people for one in shown.distribution) == 12


def test_a_unanimous_team_is_told_under_a_floor(reading: Reading, changed: Changed) -> None:
    alike = changed(reading, 16, "amplify", agreement=Agreement("close", 0.3))
    assert "Answers lie 0.3 of a level or less from their mean" in " ".join(
        made(alike, alike.unit(16).teams, "amplify").notes
    )


def test_a_rounded_score_says_why_no_change_is_told(reading: Reading, changed: Changed) -> None:
    guarded = changed(reading, 16, "amplify", score=20, guarded=True)
    assert "no change is told from it" in " ".join(made(guarded, guarded.unit(16).teams, "amplify").notes)


def test_a_part_shows_its_units_and_the_residual_group(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page(address(kestrel, 5)).text()
    below = text.partition("The parts of Corporate")[2]
    assert "Finance" in below
    assert "LegalNot shown, to protect anonymity" in below.replace(" Not", "Not").replace("Legal ", "Legal")
    assert "Other teams of Corporate 10 answers" in below


def test_a_hidden_unit_is_a_sentence_and_its_group(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page(address(kestrel, 7)).text()
    assert "Not shown, to protect anonymity." in text
    assert "Other teams of Corporate 10 answers 33 29–37" in text
    assert "7" not in text.partition("Not shown")[0].partition("Legal")[2].replace("2025", "")


def test_a_hidden_unit_without_a_group_is_a_sentence_alone(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page(address(kestrel, 17)).text()
    assert "Not shown, to protect anonymity." in text
    assert "What is safe to show" not in text


def test_a_unit_out_of_sight_is_not_found(kestrel: SimpleNamespace) -> None:
    assert kestrel.leader.get(address(kestrel, 11)).status_code == 404
    assert kestrel.leader.get(address(kestrel, 16)).status_code == 200
    assert kestrel.leader.get(address(kestrel, 0)).status_code == 200
    wave = kestrel.waves[-1]
    assert kestrel.owner.get(f"/o/kestrel/results/{wave}/units/u99999").status_code == 404


def test_a_leader_does_not_see_the_other_parts_on_the_page_of_the_whole(kestrel: SimpleNamespace) -> None:
    text = kestrel.leader.page(address(kestrel, 0)).text()
    assert "Operations" in text
    assert "Engineering" not in text
    assert "Data platform" not in text


def test_a_unit_with_bands_only_has_a_page_without_numbers(reading: Reading, changed: Changed) -> None:
    bands = reading
    for key in reading.unit(16).teams:
        bands = changed(bands, 16, key, score=None, low=None, high=None)
    page = figures.of(bands, 16, None)
    assert page.headline == "Dispatch is clearly below the rest in every practice" or "bands" in page.headline
    assert page.steps == []
    assert page.making == []
    assert page.lede == "Only bands are shown, to protect anonymity."


def test_a_leads_view_within_noise_is_not_called(reading: Reading, retold: Retold) -> None:
    units = list(reading.publication.units)
    near = {"index": replace(units[16].named[0].cells["index"], score=30)}
    units[16] = replace(units[16], named=(NamedLeader(1, near),))
    other = retold(replace(reading, publication=replace(reading.publication, units=tuple(units))))
    told = " ".join(findings.clear(other, 16, {}, ""))
    assert "lead" not in told


def test_what_is_uneven_low_or_partly_hidden_is_said(reading: Reading, retold: Retold) -> None:
    units = list(reading.publication.units)
    teams = {key: cell for key, cell in units[14].teams.items() if key != "solidify"}
    units[14] = replace(units[14], uneven=True, low_response=True, teams=teams)
    other = retold(replace(reading, publication=replace(reading.publication, units=tuple(units))))
    told = " ".join(findings.still_open(other, 14, {}, ""))
    assert "answered very unequally" in told
    assert "fewer than 60\u00a0% did" in told
    assert "Solidify the basics: not shown, to protect anonymity." in told


def test_a_unit_that_stands_alike_in_all_practices_has_no_ends(reading: Reading, changed: Changed) -> None:
    """Not “from 50 in Spread the work to 50 in Spread the work”."""
    alike = reading
    for practice in reading.practices:
        alike = changed(alike, 15, practice.key, score=50, tier=None)
    name = reading.unit(15).name
    assert findings.headline(alike, 15, {}, "") == f"{name} stands at 50 in each of 9 practices"


def test_of_a_hidden_team_its_silence_is_told(reading: Reading) -> None:
    place = next(place for place in reading.teams if reading.unit(place).name == "Fleet")
    units = list(reading.publication.units)
    units[place] = replace(units[place], participation="under a quarter")
    quiet = replace(reading, publication=replace(reading.publication, units=tuple(units)))
    assert "what is thought there is not known" in str(
        figures.hidden_values(quiet, place, lambda: None)["silence"]
    )
    assert figures.hidden_values(reading, place, lambda: None)["silence"] == ""
