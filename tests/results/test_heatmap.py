"""Teams by practices."""

from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any
from urllib.parse import urljoin
from xml.etree.ElementTree import Element

import pytest

from tests.fixtures.pages import words
from webapp.domain.publication import INDEX, Residual
from webapp.results.heatmap import figures
from webapp.results.heatmap.table import Order, Table
from webapp.results.reading import Reading

Changed = Callable[..., Reading]


def rows(page: object) -> list[list[str]]:
    found: list[list[str]] = []
    for row in page.all("tr"):  # type: ignore[attr-defined]
        cells = [one for one in row if isinstance(one.tag, str)]
        found.append([words(cell) for cell in cells])
    return found


def names(page: object) -> list[str]:
    return [row[0] for row in rows(page)[1:]]


def head(page: object, label: str) -> Element:
    return next(one for one in page.all("th") if words(one) == label)  # type: ignore[attr-defined,no-any-return]


def address(kestrel: SimpleNamespace, query: str = "") -> str:
    return f"/o/kestrel/results/{kestrel.waves[-1]}/heatmap{query}"


def test_it_is_a_table_in_tree_order_with_the_whole_first(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel))
    assert names(page)[:5] == ["Kestrel Freight", "Customer", "Onboarding", "Support North", "Support South"]
    assert len(rows(page)[0]) == 12
    assert rows(page)[1][1:4] == ["120of 171", "4140–42", "4947–51"]


def test_hidden_teams_say_so_with_neither_number_nor_reason(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel))
    hidden = [row for row in rows(page) if row[0] in {"Legal", "People", "Fleet"}]
    assert [row[1:] for row in hidden] == [["Not shown, to protect anonymity"]] * 3


def test_the_residual_group_stands_at_the_end_of_its_part(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel))
    place = names(page).index("Other teams of Corporate")
    assert names(page)[place - 1 : place + 2] == ["People", "Other teams of Corporate", "Engineering"]
    assert rows(page)[place + 1][1:3] == ["10of 14", "3329–37"]


def test_a_triangle_stands_only_where_the_cell_says_so(reading: Reading, changed: Changed) -> None:
    plain = changed(reading, 11, "amplify", tier="within")
    table = Table(plain)
    assert "▲" not in table._cell(plain.unit(11).teams["amplify"], "amplify")
    assert "▲" in table._cell(plain.unit(11).teams["simplify"], "simplify")
    assert "▼" in table._cell(plain.unit(16).teams["simplify"], "simplify")
    untold = changed(reading, 11, "amplify", tier=None)
    assert "▲" not in table._cell(untold.unit(11).teams["amplify"], "amplify")


def test_a_column_sorts_and_says_so(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, "?sort=index&order=descending"))
    assert names(page)[:4] == ["Kestrel Freight", "Data platform", "Booking", "Support North"]
    assert names(page)[-3:] == ["Legal", "People", "Fleet"]
    assert "Corporate" not in names(page)
    column = head(page, "Index")
    assert column.get("aria-sort") == "descending"
    link = next(iter(column))
    assert "order=ascending" in link.get("href", "")
    again = kestrel.owner.page(link.get("href", ""))
    assert names(again)[1] == "Warehouse"
    assert names(again)[-3:] == ["Legal", "People", "Fleet"]
    assert head(again, "Index").get("aria-sort") == "ascending"


def test_by_default_the_tree_is_the_order(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel, "?sort=nonsense"))
    assert head(page, "Team").get("aria-sort") == "ascending"
    assert names(page)[1] == "Customer"


def test_a_part_of_the_tree_can_be_looked_at_alone(kestrel: SimpleNamespace) -> None:
    key = kestrel.last.units[14].key
    page = kestrel.owner.page(address(kestrel, f"?below={key}"))
    assert names(page) == ["Kestrel Freight", "Operations", "Customs", "Dispatch", "Fleet", "Warehouse"]
    sorted_page = kestrel.owner.page(address(kestrel, f"?below={key}&sort=n&order=ascending"))
    assert names(sorted_page) == ["Kestrel Freight", "Customs", "Dispatch", "Warehouse", "Fleet"]


@pytest.mark.parametrize("query", ["?below=u1", "?below=nonsense"])
def test_a_part_that_is_not_the_readers_is_not_found(kestrel: SimpleNamespace, query: Any) -> None:
    foreign = query.replace("u1", kestrel.last.units[1].key)
    assert kestrel.leader.get(address(kestrel, foreign)).status_code == 404


def test_a_leader_sees_the_own_rows_and_the_whole(kestrel: SimpleNamespace) -> None:
    page = kestrel.leader.page(address(kestrel))
    assert names(page) == ["Kestrel Freight", "Operations", "Customs", "Dispatch", "Fleet", "Warehouse"]


def test_a_wave_of_another_organization_is_not_found(kestrel: SimpleNamespace) -> None:
    assert kestrel.stranger.get(f"/o/heron/results/{kestrel.waves[-1]}/heatmap").status_code == 404


def test_one_hidden_practice_of_a_shown_team_is_named_as_hidden(reading: Reading) -> None:
    units = list(reading.publication.units)
    units[6] = replace(
        units[6], teams={key: cell for key, cell in units[6].teams.items() if key != "solidify"}
    )
    partly = Reading("kestrel", replace(reading.publication, units=tuple(units)), reading.questionnaire)
    body = Table(partly).body(0, Order())
    assert body.count('aria-label="Not shown, to protect anonymity"') == 1


def test_where_only_the_band_is_told_it_is_told_as_a_word(reading: Reading, changed: Changed) -> None:
    strict = changed(reading, 6, "solidify", score=None, low=None, high=None)
    cell = Table(strict)._cell(strict.unit(6).teams["solidify"], "solidify")
    assert cell == '<td class="h4">In part</td>'


def test_a_rounded_score_says_about(reading: Reading, changed: Changed) -> None:
    guarded = changed(reading, 6, "solidify", score=40, guarded=True)
    assert "about 40" in Table(guarded)._cell(guarded.unit(6).teams["solidify"], "solidify")


def test_names_are_escaped(reading: Reading) -> None:
    units = list(reading.publication.units)
    units[5] = replace(units[5], name="<b>&</b>")
    odd = Reading("kestrel", replace(reading.publication, units=tuple(units)), reading.questionnaire)
    body = Table(odd).body(0, Order())
    assert "<b>&</b>" not in body
    assert "Other teams of &lt;b&gt;&amp;&lt;/b&gt;" in body


def test_two_residual_groups_of_one_part_say_whom_they_hold(reading: Reading) -> None:
    more = Residual(5, (6, 7, 8), "amplify", reading.publication.residuals[0].cell)
    publication = replace(reading.publication, residuals=(*reading.publication.residuals, more))
    body = Table(Reading("kestrel", publication, reading.questionnaire)).body(0, Order())
    assert "<small>Legal, People</small>" in body
    assert "<small>Finance, Legal, People</small>" in body


def test_the_headline_tells_who_stands_apart(reading: Reading, changed: Changed) -> None:
    assert figures.headline(reading).startswith("Data platform is clearly above in every practice")
    calm = reading
    for place in reading.shown_teams:
        for practice in reading.practices:
            calm = changed(calm, place, practice.key, tier="within")
    assert figures.headline(calm) == "No team stands clearly apart from the rest in any practice"


def test_a_deep_tree_is_walked_without_recursion(reading: Reading) -> None:
    team = reading.unit(16)
    chain = [replace(team, key="u5000", parent=0, leaf=False)]
    chain += [replace(team, key=f"u{5001 + spot}", parent=spot + 1, leaf=False) for spot in range(3000)]
    publication = replace(reading.publication, units=(reading.publication.root, *chain), residuals=())
    body = Table(Reading("kestrel", publication, reading.questionnaire)).body(0, Order())
    assert body.count("<tr") == 3002


def test_the_answers_column_says_low_where_few_answered(kestrel: SimpleNamespace) -> None:
    page = kestrel.owner.page(address(kestrel))
    assert next(row for row in rows(page) if row[0] == "Warehouse")[1] == "13of 22, low"
    assert INDEX not in words(page.root)


def test_each_figure_of_a_unit_leads_to_how_it_was_made(kestrel: SimpleNamespace) -> None:
    address = f"/o/kestrel/results/{kestrel.waves[-1]}/heatmap"
    page = kestrel.owner.page(address)
    figures = [one for one in page.all("td") if str(one.get("class", "")).startswith("h")]
    groups = len(kestrel.last.residuals)
    led = [link.get("href", "") for one in figures for link in one.iter("a")]
    assert len(figures) == len(led) + groups
    for href in dict.fromkeys(href.partition("#")[0] for href in led[:30]):
        assert "How the " in kestrel.owner.page(urljoin(address, href)).text()
    assert all(one.get("tabindex") == "-1" for cell in figures for one in cell.iter("a"))
