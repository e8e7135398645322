"""Six special people, or everybody?"""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import plotly.graph_objects as go

from webapp.results.reading import Reading
from webapp.results.spread import cells, figures, words

Changed = Callable[..., Reading]


def page_of(kestrel: SimpleNamespace, more: str = "", end: str = "") -> str:
    return f"/o/kestrel/results/{kestrel.waves[-1]}/spread{end}{more}"


def with_figures(reading: Reading, key: str, **values: Any) -> Reading:
    spread = dict(reading.publication.spread)
    spread[key] = replace(spread[key], **values)
    publication = replace(reading.publication, spread=spread)
    return Reading(reading.slug, publication, reading.questionnaire, reading.span)


def test_the_page_names_the_islands_and_tells_three_figures(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(page_of(kestrel))
    text = page.text()
    assert "Islands: practice lives in a few teams" in text
    assert "Of 100 people, 18 score 60 or more." in text
    assert "Data platform is clearly above the rest in all 3 practices." in text
    assert "18 % reach" in text
    assert "19 % of all practice" in text
    assert "treating six special people in a thousand-person company as the AI people" in text


def test_one_practice_by_choice(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(page_of(kestrel, "?practice=simplify"))
    assert "A few people" in page.text()
    figures_named = [one.get("data-figure", "") for one in page.all("div")]
    assert any(one.endswith("spread.json?practice=simplify") for one in figures_named)
    for unknown in (
        "decentralize",
        "index",
        "P6.B1",
        "nothing",
    ):  # of the team, no practice, an item, unknown
        assert kestrel.owner.get(page_of(kestrel, f"?practice={unknown}")).status_code == 404
        assert kestrel.owner.get(page_of(kestrel, f"?practice={unknown}", ".json")).status_code == 404


def test_the_line_is_a_figure_that_plotly_knows_and_stands_in_the_table(kestrel: SimpleNamespace) -> None:
    found = kestrel.owner.get(page_of(kestrel, "?practice=simplify", ".json"))
    assert found.mimetype == "application/json"
    go.Figure(found.json)  # refuses what it does not know
    curve = found.json["data"][1]
    table = kestrel.owner.page(page_of(kestrel, "?practice=simplify")).all("table")[-1]
    rows = [["".join(cell.itertext()) for cell in row] for row in table.iter("tr")][1:]
    assert rows == [[f"{x} %", f"{y} %"] for x, y in zip(curve["x"], curve["y"], strict=True)]
    assert curve["y"] == list(kestrel.last.spread["simplify"].lorenz)


def test_figures_that_the_publication_lacks_are_kindly_not_told(reading: Reading) -> None:
    untold = with_figures(reading, "self", reach=None, top_share=None, gini=None, lorenz=None)
    shown = figures.of(untold, "self")
    assert shown.headline == "How widely practice is spread cannot be told yet"
    assert [one.value for one in shown.big] == ["", words.fraction(cells.silo(untold, "self").silo), ""]
    assert "Told from 50 answers on" in shown.big[0].sentence
    assert not any(one.here for one in shown.verdicts)
    assert shown.lorenz == []
