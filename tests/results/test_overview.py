"""The overview: the latest published wave on one page."""

from dataclasses import replace
from types import SimpleNamespace

from tests.fixtures.pages import CheckingClient
from tests.results.conftest import Changed, Retold
from webapp.domain.publication import INDEX, Finding
from webapp.models import Wave
from webapp.results.overview import figures
from webapp.results.reading import Reading


def test_the_latest_wave_is_shown_and_an_earlier_one_when_asked_for(kestrel: SimpleNamespace) -> None:
    latest = kestrel.owner.page("/o/kestrel/").text()
    assert latest.startswith(
        "November 2025 · wave 4 of 4 · about 70 % of 171 people answered · 11 of 14 teams shown"
    )
    earlier = kestrel.owner.page(f"/o/kestrel/?wave={kestrel.waves[0]}").text()
    assert earlier.startswith("February 2025 · wave 1 of 4")
    assert "since" not in earlier.partition("Three things")[0].lower()


def test_it_says_what_is_clear_and_what_is_not(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page("/o/kestrel/").text()
    clear, _, rest = text.partition("What is clear")[2].partition("What is not clear")
    assert "Room to try, safely rose 9 points since August 2025 (likely 6 to 12)." in clear
    assert "The leader of Dispatch sees more than its people: 59 against 33" in clear
    assert "Whether the other 8 practices moved since August 2025." in rest
    assert "How Legal, People and Fleet stand: not shown, to protect anonymity." in rest


def test_every_practice_stands_with_its_range_and_the_leaders(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page("/o/kestrel/")
    rows = [" ".join("".join(row.itertext()).split()) for row in page.all("tr")]
    practice = next(row for row in rows if row.startswith("Simplify the flood"))
    assert "34 32–36" in practice
    assert "◆ 58 50–66" in practice
    assert "No clear change" in practice
    assert len([row for row in rows if "◆" in row]) == 9


def test_three_things_to_do_have_a_reason_a_first_step_and_a_passage(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page("/o/kestrel/").text().partition("Three things to do next")[2]
    assert text.count("Next week:") == 3
    assert text.count("The talk, ") == 3
    assert "Why first: about 30 points to 60 × 1.17, because Spread the work builds on it." in text


def test_a_leader_sees_the_own_teams_beside_everyone(kestrel: SimpleNamespace) -> None:
    text = kestrel.leader.page("/o/kestrel/").text()
    assert "3 of 4 teams shown" in text
    assert "Dispatch" in text
    assert "41 likely 40 to 42" in text
    for foreign in ("Data platform", "Booking", "Support North", "Finance", "Legal", "Customer"):
        assert foreign not in text


def test_an_auditor_reads_no_results(kestrel: SimpleNamespace) -> None:
    assert kestrel.auditor.get("/o/kestrel/").status_code == 403


def test_a_stranger_finds_nothing(kestrel: SimpleNamespace) -> None:
    assert kestrel.stranger.get("/o/kestrel/").status_code == 404


def test_a_wave_that_is_not_published_here_is_not_found(kestrel: SimpleNamespace) -> None:
    assert kestrel.owner.get("/o/kestrel/?wave=999").status_code == 404


def test_before_the_first_publication_it_says_what_comes_first(kestrel: SimpleNamespace) -> None:
    page = kestrel.stranger.page("/o/heron/")
    assert "Nothing to show yet" in page.text()
    assert "Open a wave" in page.text()
    assert "/o/heron/first-steps" in [link.get("href") for link in page.all("a")]


def test_a_real_publication_has_its_page(owner: CheckingClient, published_wave: Wave) -> None:
    text = owner.page("/o/acme/").text()
    assert text.startswith(published_wave.name)
    assert "The practices, one by one" in text


def test_practices_that_stand_close_together_are_not_told_apart(reading: Reading, retold: Retold) -> None:
    units = list(reading.publication.units)
    teams = {key: replace(cell, score=40, low=38, high=42) for key, cell in units[0].teams.items()}
    teams["solidify"] = replace(teams["solidify"], score=41, high=43)
    units[0] = replace(units[0], teams=teams)
    close = retold(replace(reading, publication=replace(reading.publication, units=tuple(units))))
    assert figures.headline(close, None, "") == "The practices stand from 40 to 41, and none clearly apart"


def test_an_only_island_is_the_headline_and_is_not_said_twice(reading: Reading) -> None:
    team = next(place for place in reading.teams if reading.unit(place).name == "Data platform")
    values: dict[str, int | str] = {"practices": "simplify", "score": 88, "whole": 34}
    one = Finding("island", team, "simplify", values)

    def told(*findings: Finding) -> figures.Overview:
        publication = replace(reading.publication, findings=findings)
        return figures.of(replace(reading, publication=publication), None)

    alone = told(one)
    assert alone.headline == (
        "Data platform is an island: 88 in Simplify the flood, where all together stand at 34"
    )
    assert "island" not in str(alone.clear)
    two = told(one, replace(one, unit=team - 1))
    assert "island" not in two.headline
    assert "island" in str(two.clear)


def test_an_organization_without_any_shown_figure_says_so(reading: Reading) -> None:
    units = [replace(unit, teams={}, leaders={}) for unit in reading.publication.units]
    empty = replace(
        reading, publication=replace(reading.publication, units=tuple(units), residuals=(), findings=())
    )
    found = figures.of(empty, None)
    assert "not shown, to protect anonymity" in found.headline
    assert found.index is None
    assert found.steps == []


def test_very_many_teams_are_drawn_once_where_they_are_the_same(
    reading: Reading, kestrel: SimpleNamespace
) -> None:
    team = reading.unit(16)
    units = (*reading.publication.units, *(replace(team, key=f"u{9000 + spot}") for spot in range(200)))
    many = replace(reading, publication=replace(reading.publication, units=units))
    assert len(many.shown_teams) == 211
    assert len(figures.ground(many)) == 11
    assert kestrel.last.units[16].teams[INDEX] == team.teams[INDEX]


def test_practices_that_stand_alike_have_no_ends(reading: Reading, changed: Changed) -> None:
    """Not “from 50 to 50”; a questionnaire may have one practice alone."""
    reading = replace(reading, publication=replace(reading.publication, findings=()))
    alike = reading
    for practice in reading.practices:
        alike = changed(alike, 0, practice.key, score=50)
    assert figures.headline(alike, None, "") == "All 9 practices stand at 50"
    root = reading.publication.root
    one = replace(root, teams={"solidify": root.teams["solidify"]})
    publication = replace(reading.publication, units=(one, *reading.publication.units[1:]))
    alone = Reading(reading.slug, publication, reading.questionnaire)
    assert figures.headline(alone, None, "") == "Solidify the basics stands at 47"
