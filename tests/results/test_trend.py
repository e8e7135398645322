"""The waves beside each other."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace

import plotly.graph_objects as go
import pytest

from webapp.domain.publication import INDEX
from webapp.results.reading import Reading
from webapp.results.trend import charts, figures
from webapp.results.trend.parts import parts, sentence

Changed = Callable[..., Reading]


@pytest.fixture
def series(kestrel: SimpleNamespace) -> Iterator[list[Reading]]:
    with kestrel.app.test_request_context():
        yield [
            Reading("kestrel", publication, asked)
            for publication, asked in zip(kestrel.made, kestrel.questionnaires, strict=True)
        ]


def test_the_page_tells_what_moved_and_shows_all_numbers(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page("/o/kestrel/results/trend")
    text = page.text()
    assert "Kestrel Freight is up 10 points since February 2025" in text
    assert "Room to try, safely rose 19 points since February 2025" in text
    assert "Rose 12 since February 2025, likely 9 to 15" in text
    assert "In 2 practices the questions changed, so their lines break." in text
    rows = [" ".join("".join(row.itertext()).split()) for row in page.all("tr")]
    assert any(row.startswith("Room to try, safely32 30–3439 37–4142 40–4451 49–53") for row in rows)


def test_a_line_breaks_where_the_questions_changed(series: list[Reading]) -> None:
    told = figures.since(series, "root", "follow_value")
    panel = figures.panel(series, "root", "follow_value", told, (20, 80))
    assert panel.breaks == [55.0]
    assert len(panel.lines) == 2
    assert len(panel.points) == 4
    whole = figures.panel(series, "root", "amplify", figures.since(series, "root", "amplify"), (20, 80))
    assert whole.breaks == []
    assert len(whole.lines) == 3


def test_no_line_joins_two_indices_that_are_made_of_other_practices(series: list[Reading]) -> None:
    """An index is compared over common practices alone, and a line between two points compares them."""
    publication = series[2].publication
    fewer = tuple(
        replace(unit, teams={key: cell for key, cell in unit.teams.items() if key != "solidify"})
        if unit.name in {"Kestrel Freight", "Customer"}
        else unit
        for unit in publication.units
    )
    history = [*series[:2], replace(series[2], publication=replace(publication, units=fewer)), series[3]]

    def lines(waves: list[Reading], variable: str) -> int:
        told = figures.since(waves, "root", variable)
        panel = figures.panel(waves, "root", variable, told, (20, 80))
        assert len(panel.points) == 4
        return len(panel.lines)

    # New questions part the second wave from the third in any case.
    assert (lines(series, INDEX), lines(history, INDEX)) == (2, 1)
    assert lines(series, "amplify") == lines(history, "amplify") == 3

    def gaps(waves: list[Reading]) -> int:
        (trace,) = [one for one in charts.figure(waves, parts(waves, 0))["data"] if one["name"] == "Customer"]
        return int(sum(value is None for value in trace["y"]))

    assert (gaps(series), gaps(history)) == (1, 2)


def test_a_change_is_told_from_the_first_wave_with_the_same_questions(series: list[Reading]) -> None:
    assert figures.since(series, "root", "amplify").wave == "February 2025"
    assert figures.since(series, "root", "follow_value").wave == "August 2025"
    assert figures.since(series, "root", "follow_value").renewed == "August 2025"


def test_with_new_questions_in_the_last_wave_no_change_is_told(series: list[Reading]) -> None:
    told = figures.since(series[:3], "root", "follow_value")
    assert told.change is None
    panel = figures.panel(series[:3], "root", "follow_value", told, (20, 80))
    assert panel.told == "New questions in August 2025: the line starts anew."


def test_the_index_says_on_how_many_practices_it_was_measured(series: list[Reading]) -> None:
    panel = figures.panel(series, "root", INDEX, figures.since(series, "root", INDEX), (20, 80))
    assert "measured on 7 of 9 practices; the others do not compare." in panel.told


def test_a_change_on_what_both_waves_asked_says_so(series: list[Reading]) -> None:
    """The scores above the sentence rest on more."""
    change = replace(figures.since(series, "root", "amplify").change, whole=False, common=2, asked=4)  # type: ignore[type-var]  # there is one
    told = replace(figures.since(series, "root", "amplify"), change=change)
    panel = figures.panel(series, "root", "amplify", told, (20, 80))
    assert panel.told.endswith(", measured on 2 of 4 questions; the others were not asked in both.")
    whole = replace(told, change=replace(change, common=9, asked=9))
    panel = figures.panel(series, "root", INDEX, whole, (20, 80))
    assert panel.told.endswith(", measured on the questions that both waves asked.")


def test_a_guarded_figure_shows_no_change(series: list[Reading], changed: Changed) -> None:
    guarded = [*series[:3], changed(series[3], 0, "amplify", score=30, guarded=True)]
    told = figures.since(guarded, "root", "amplify")
    assert told.change is None
    panel = figures.panel(guarded, "root", "amplify", told, (20, 80))
    assert panel.told == "No change can be told: a figure was rounded or left out, to protect anonymity."


def test_a_wave_without_a_figure_leaves_a_gap(series: list[Reading]) -> None:
    units = list(series[1].publication.units)
    units[0] = replace(units[0], teams={INDEX: units[0].teams[INDEX]})
    gap = Reading("kestrel", replace(series[1].publication, units=tuple(units)), series[1].questionnaire)
    history = [series[0], gap, series[2], series[3]]
    panel = figures.panel(history, "root", "amplify", figures.since(history, "root", "amplify"), (20, 80))
    assert len(panel.points) == 3
    assert len(panel.lines) == 1


def test_one_wave_says_that_a_trend_needs_two(series: list[Reading]) -> None:
    shown = figures.of(series[:1], "root")
    assert "A trend needs two" in shown.lede
    assert shown.headline == "Kestrel Freight over the waves"
    assert all(panel.told == "" for panel in shown.panels)


def test_all_pictures_share_one_scale(reading: Reading, changed: Changed) -> None:
    cell = reading.unit(0).teams["amplify"]
    assert figures.window([cell]) == (20, 80)
    assert figures.window([replace(cell, low=10)]) == (0, 60)
    assert figures.window([replace(cell, low=45, high=90)]) == (40, 100)
    assert figures.window([replace(cell, low=10, high=90)]) == (0, 99)
    assert changed is not None


def test_the_chart_is_a_figure_that_plotly_knows(series: list[Reading]) -> None:
    found = charts.figure(series, parts(series, 0))
    go.Figure(found)  # refuses what it does not know
    assert [trace["name"] for trace in found["data"]] == [
        "Customer",
        "Corporate",
        "Engineering",
        "Operations",
    ]
    assert found["data"][0]["y"] == [35, 37, None, 39, 41]
    assert len(found["data"][0]["error_y"]["array"]) == 5
    assert found["layout"]["shapes"][0]["x0"] == 1.5
    assert found["layout"]["xaxis"]["fixedrange"] is True
    assert found["layout"]["showlegend"] is False


def test_nothing_in_the_chart_becomes_markup(series: list[Reading]) -> None:
    units = list(series[3].publication.units)
    units[1] = replace(units[1], name="<b>Customer</b> & more")
    odd = Reading("kestrel", replace(series[3].publication, units=tuple(units)), series[3].questionnaire)
    history = [*series[:3], odd]
    text = str(charts.figure(history, parts(history, 0)))
    assert "<b>" not in text
    assert "<i>" not in text
    assert "&lt;b&gt;Customer" in text


def test_labels_of_close_lines_stand_apart(series: list[Reading]) -> None:
    labels = charts.figure(series, parts(series, 0))["layout"]["annotations"]
    heights = [one["y"] for one in labels]
    assert heights == sorted(heights)
    gaps = [later - one for one, later in pairwise(heights)]
    assert min(gaps) >= 2


def test_very_many_parts_are_cut_in_the_chart_only(series: list[Reading]) -> None:
    last = series[-1]
    one = parts(series, 0)[0]
    assert len(charts.figure(series, [one] * 30)["data"]) == charts.MOST_LINES
    assert last.publication.wave


def test_parts_are_told_in_one_sentence(series: list[Reading]) -> None:
    assert sentence(parts(series, 0)) == "Customer, Corporate, Engineering and Operations rose clearly."


def test_the_figure_comes_as_json(kestrel: SimpleNamespace) -> None:
    answer = kestrel.owner.get("/o/kestrel/results/trend.json")
    assert answer.status_code == 200
    assert answer.mimetype == "application/json"
    assert {"data", "layout"} == set(answer.json)


def test_a_leader_sees_the_own_part_only(kestrel: SimpleNamespace) -> None:
    text = kestrel.leader.page("/o/kestrel/results/trend").text()
    assert "Engineering" not in text
    assert "Operations" in text
    names = [trace["name"] for trace in kestrel.leader.get("/o/kestrel/results/trend.json").json["data"]]
    assert names == ["Operations"]
    foreign = kestrel.last.units[9].key
    assert kestrel.leader.get(f"/o/kestrel/results/trend.json?unit={foreign}").status_code == 404
    assert kestrel.leader.get(f"/o/kestrel/results/trend?unit={foreign}").status_code == 404


def test_the_trend_of_a_team_has_no_parts(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(f"/o/kestrel/results/trend?unit={kestrel.last.units[16].key}")
    assert "Dispatch" in page.text()
    assert "by part" not in page.text()


def test_before_the_first_publication_it_says_what_comes_first(kestrel: SimpleNamespace) -> None:
    assert "Nothing to show yet" in kestrel.stranger.page("/o/heron/results/trend").text()
    assert kestrel.stranger.get("/o/heron/results/trend.json").status_code == 404


def test_many_waves_are_named_at_their_ends_only(series: list[Reading]) -> None:
    history = [
        Reading(
            "kestrel",
            replace(series[0].publication, closed_on=f"2025-{month:02}-28"),
            series[0].questionnaire,
        )
        for month in range(1, 8)
    ]
    assert figures.ticks(history) == ["Jan", "", "", "", "", "", "Jul"]
    twice = [history[0], history[0]]
    assert figures.ticks(twice) == ["28 Jan", "28 Jan"]
