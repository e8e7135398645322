"""Six special people, or everybody?"""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import plotly.graph_objects as go
import pytest
from hypothesis import HealthCheck, Phase, given, settings

from tests.results.test_blind_spots import ODD, seen_by
from tests.results.test_surfaces import ASKED, Series, series
from webapp.domain.publication import Publication, UnitResult
from webapp.domain.spread import Silo
from webapp.results.reading import Reading
from webapp.results.spread import cells, charts, figures, words

OWN = ("solidify", "simplify", "room_to_try")
DATA_PLATFORM = 11


def address(kestrel: SimpleNamespace, more: str = "", end: str = "") -> str:
    return f"/o/kestrel/results/{kestrel.waves[-1]}/spread{end}{more}"


def changed_to(reading: Reading, **values: Any) -> Reading:
    publication = replace(reading.publication, **values)
    return Reading(reading.slug, publication, reading.questionnaire, reading.span)


def with_figures(reading: Reading, key: str, **values: Any) -> Reading:
    spread = dict(reading.publication.spread)
    spread[key] = replace(spread[key], **values)
    return changed_to(reading, spread=spread)


def index_of(low: float, high: float) -> Silo:
    return Silo(silo=(low + high) / 2, low=low, high=high, raw=0.2, tau2=100.0, F=3.0, n0=9.0)


def test_the_page_names_the_islands_and_tells_three_figures(kestrel: SimpleNamespace) -> None:
    text = kestrel.owner.page(address(kestrel)).text()
    assert "Islands: practice lives in a few teams" in text
    assert "Of 100 people, 18 score 60 or more. Which team people are in explains" in text
    assert "Data platform is clearly above the rest in all 3 practices." in text
    assert "18 % reach" in text
    assert "silo index, likely 0." in text
    assert "19 % of all practice" in text
    assert "“treating six special people in a thousand-person company as the AI people while everyone" in text


def test_one_practice_by_choice(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, "?practice=simplify"))
    assert "A few people" in page.text()
    named = [one.get("data-figure", "") for one in page.all("div")]
    assert any(one.endswith("spread.json?practice=simplify") for one in named)
    for unknown in (
        "decentralize",
        "index",
        "P6.B1",
        "nothing",
        ODD,
    ):  # of the team, no practice, an item, unknown
        for end in ("", ".json"):
            answer = kestrel.owner.get(address(kestrel, end=end), query_string={"practice": unknown})
            assert answer.status_code == 404


def test_the_line_is_a_figure_that_plotly_knows_and_stands_in_the_table(kestrel: SimpleNamespace) -> None:
    found = kestrel.owner.get(address(kestrel, "?practice=simplify", ".json"))
    assert found.mimetype == "application/json"
    go.Figure(found.json)  # refuses what it does not know
    curve = found.json["data"][1]
    table = kestrel.owner.page(address(kestrel, "?practice=simplify")).all("table")[-1]
    rows = [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")][1:]
    assert rows == [[f"{x}\u00a0%", f"{y}\u00a0%"] for x, y in zip(curve["x"], curve["y"], strict=True)]
    assert curve["y"] == list(kestrel.last.spread["simplify"].lorenz)
    assert found.json["layout"]["xaxis"]["fixedrange"] is True
    assert "<" not in found.text.replace("<extra></extra>", "")


def test_without_a_line_the_figure_is_empty_and_still_a_figure(reading: Reading) -> None:
    untold = with_figures(reading, "self", lorenz=None)
    found = charts.figure(list(figures.lorenz(untold.publication.spread["self"])))
    go.Figure(found)
    assert found["data"][1]["x"] == []


@pytest.mark.parametrize(
    ("reach", "found", "expected"),
    [
        (9, index_of(0.5, 0.9), "A few people"),  # few people come first, however they sit
        (5, None, "A few people"),
        (10, index_of(0.16, 0.5), "Islands"),
        (95, index_of(0.16, 0.5), "Islands"),
        (10, index_of(0.15, 0.5), "Spreading"),
        (39, index_of(0.0, 0.1), "Spreading"),
        (40, index_of(0.0, 0.15), "Spreading"),
        (40, index_of(0.0, 0.14), "Broad"),
        (40, None, ""),  # nobody knows what lies between teams
        (None, index_of(0.0, 0.1), ""),
    ],
)
def test_the_verdict_follows_its_thresholds_and_says_so_in_the_table(
    reading: Reading, monkeypatch: pytest.MonkeyPatch, reach: int | None, found: Silo | None, expected: str
) -> None:
    monkeypatch.setattr(cells, "silo", lambda *_given: found)  # its own test is below
    told = with_figures(reading, "self", reach=reach)
    shown = figures.of(told, "self")
    assert [one.name for one in shown.verdicts if one.here] == ([expected] if expected else [])
    assert shown.headline.startswith(expected or "How widely practice is spread cannot be told yet")


@pytest.mark.usefixtures("reading")
def test_a_doubt_is_told_where_the_range_lies_across_the_threshold() -> None:
    across, beyond = index_of(0.07, 0.43), index_of(0.0, 0.1)
    assert "0.07 to 0.43, on both sides of 0.15" in words.doubt("spreading", across)
    assert words.doubt("spreading", beyond) == ""
    assert words.doubt("islands", across) == ""


def test_figures_that_the_publication_lacks_are_kindly_not_told(reading: Reading) -> None:
    untold = with_figures(reading, "self", reach=None, top_share=None, gini=None, lorenz=None)
    shown = figures.of(untold, "self")
    index = cells.silo(untold, "self")
    assert index is not None
    assert [one.value for one in shown.big] == ["", words.fraction(index.silo), ""]
    assert "Told from 50 answers on" in shown.big[0].sentence
    assert shown.lorenz == []


def test_the_same_words_stand_for_few_answers_and_for_a_rounded_score(reading: Reading) -> None:
    """Which of the two it is would say something that the publication does not."""
    few = with_figures(reading, "simplify", reach=None, top_share=None, lorenz=None)
    units = list(few.publication.units)
    teams = dict(units[0].teams)
    teams["simplify"] = replace(teams["simplify"], guarded=True, score=40)
    units[0] = replace(units[0], teams=teams)
    rounded = changed_to(few, units=tuple(units))
    one, other = figures.of(few, "simplify"), figures.of(rounded, "simplify")
    assert (one.big, one.headline, one.untold) == (other.big, other.headline, other.untold)


def test_the_ends_of_reach_are_open(reading: Reading) -> None:
    for reach, value, told in ((5, "≤ 5\u00a0%", "5 or fewer"), (95, "≥ 95\u00a0%", "95 or more")):
        shown = figures.of(with_figures(reading, "self", reach=reach), "self")
        assert shown.big[0].value == value
        assert told in shown.lede


def test_the_silo_index_comes_from_shown_teams_and_residual_groups(reading: Reading) -> None:
    """By hand, with the sums of the definition."""
    publication = reading.publication
    board = [unit.teams["simplify"] for unit in publication.units if unit.leaf and unit.teams]
    board += [one.cell for one in publication.residuals if one.variable == "simplify"]
    n, m = np.array([one.n for one in board]), np.array([one.score for one in board], dtype=float)
    assert n.sum() == 120  # everybody who answered
    mean = (n * m).sum() / n.sum()
    between = (n * (m - mean) ** 2).sum() / (len(n) - 1)
    n0 = (n.sum() - (n**2).sum() / n.sum()) / (len(n) - 1)
    tau2 = (between - 430) / n0
    found = cells.silo(reading, "simplify")
    assert found is not None
    assert found.silo == pytest.approx(tau2 / (tau2 + 430))


def test_all_together_is_the_mean_of_the_published_practices(reading: Reading) -> None:
    together = cells.of_units(reading, "self")
    for place, cell in together.items():
        scores = [reading.unit(place).teams[key].score or 0 for key in OWN]
        assert abs((cell.score or 0) - sum(scores) / 3) <= 0.5
        assert (cell.low or 0) <= (cell.score or 0) <= (cell.high or 0)
    practice = reading.unit(DATA_PLATFORM).teams["simplify"]
    assert (together[DATA_PLATFORM].high or 0) - (together[DATA_PLATFORM].low or 0) < (practice.high or 0) - (
        practice.low or 0
    )


def test_a_leader_of_one_part_sees_its_teams_and_the_figures_of_the_whole(
    kestrel: SimpleNamespace, reading: Reading
) -> None:
    text = kestrel.leader.page(address(kestrel)).text()
    assert "Data platform" not in text
    assert "Dispatch" in text
    narrow = seen_by(reading, 14)
    assert figures.of(narrow, "self").big == figures.of(reading, "self").big
    assert kestrel.stranger.get(address(kestrel)).status_code == 404
    assert kestrel.stranger.get(address(kestrel, end=".json")).status_code == 404
    assert kestrel.auditor.get(address(kestrel)).status_code in {403, 404}


def test_bands_alone_leave_no_hill_and_no_index(reading: Reading) -> None:
    """As the strict setting publishes most teams."""

    def bands(unit: UnitResult) -> UnitResult:
        return replace(
            unit,
            teams={key: replace(one, score=None, low=None, high=None) for key, one in unit.teams.items()},
        )

    units = tuple(unit if place == 0 else bands(unit) for place, unit in enumerate(reading.publication.units))
    strict = changed_to(reading, units=units, residuals=())
    for variable in ("self", "simplify"):
        shown = figures.of(strict, variable)
        assert cells.silo(strict, variable) is None
        assert shown.ground == []
        assert "Told from" not in shown.big[1].sentence
        assert shown.big[1].value == ""
    assert [one["name"] for one in figures.of(strict, "simplify").shore]


def test_one_team_has_no_silo_index_and_no_verdict(reading: Reading) -> None:
    root = replace(reading.publication.root, leaf=False)
    team = replace(reading.unit(DATA_PLATFORM), parent=0)
    alone = changed_to(reading, units=(root, team), residuals=())
    shown = figures.of(alone, "self")
    assert shown.headline == "How widely practice is spread cannot be told yet"
    assert "in two teams or more that are shown" in shown.big[1].sentence


def test_four_hundred_teams_are_drawn_once_where_they_are_the_same(reading: Reading) -> None:
    team = reading.unit(DATA_PLATFORM)
    units = [
        *reading.publication.units,
        *(replace(team, key=f"u{9000 + one}", name=f"Crew {one}") for one in range(400)),
    ]
    shown = figures.of(changed_to(reading, units=tuple(units)), "self")
    assert len(shown.ground) < 60
    assert len(shown.shore) == 411
    assert "and 395 more are <b>clearly above</b>" in str(shown.apart[0])


def test_names_are_text(reading: Reading) -> None:
    units = list(reading.publication.units)
    units[DATA_PLATFORM] = replace(units[DATA_PLATFORM], name=ODD)
    shown = figures.of(changed_to(reading, units=tuple(units)), "self")
    assert "&lt;b&gt;Ops&lt;/b&gt;" in str(shown.apart)


def test_a_wave_whose_publication_lacks_these_figures_has_a_kind_page(
    kestrel: SimpleNamespace, reading: Reading
) -> None:
    assert cells.practices(changed_to(reading, spread={})) == ()
    texts = kestrel.owner.page(address(kestrel)).text()
    assert "cannot be told in this wave" not in texts


def test_no_figure_stands_there_that_the_publication_does_not_hold(kestrel: SimpleNamespace) -> None:
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
                for variable in ("self", *(one.key for one in cells.practices(reading))):
                    _held(reading, publication, variable)
                    looked.append(variable)

    with kestrel.app.test_request_context():
        hold()
    assert {"self", "p", "q"} <= set(looked)
    assert "r" not in looked  # asks about the team


def _held(reading: Reading, publication: Publication, variable: str) -> None:
    known, shown = publication.spread[variable], figures.of(reading, variable)
    reach, top = shown.big[0].value, shown.big[2].value
    assert reach.removeprefix("≤ ").removeprefix("≥ ") == (
        "" if known.reach is None else f"{known.reach}\u00a0%"
    )
    assert top == ("" if known.top_share is None else f"{known.top_share}\u00a0%")
    assert [share for _people, share in shown.lorenz] == list(known.lorenz or ())
    root = publication.root.teams.get(variable)
    if variable != "self" and (root is None or root.score is None or root.guarded):
        assert (reach, top, shown.lorenz) == ("", "", [])
    seen = {reading.unit(place).name for place in reading.shown_teams}
    assert {one["name"] for one in shown.shore} <= seen
    if variable != "self":
        told = {id(reading.unit(place).teams.get(variable)) for place in reading.shown_teams}
        assert {id(cell) for cell in shown.ground} <= told
