"""The page of figures: findings in sentences, the numbers they rest on, and a curve that Plotly knows."""

import re
from http import HTTPStatus

import plotly.graph_objects as go
import pytest

from tests.experiments.conftest import HEADER, Register, ago
from tests.fixtures.pages import CheckingClient, Page, words
from webapp.domain import register
from webapp.domain.register import Wait
from webapp.experiments import telling

PATH = "/o/acme/experiments/figures"
LIST = "unit,title,idea_on,first_user_on\n"


def tables(page: Page) -> dict[str, list[list[str]]]:
    """The rows of each table, by its caption."""
    found = {}
    for table in page.all("table"):
        rows = [[words(cell) for cell in row] for row in table.iter("tr")]
        found[words(next(table.iter("caption")))] = rows[1:]
    return found


def test_the_headline_is_a_finding_and_the_lede_counts(filled: Register, owner: CheckingClient) -> None:
    page = owner.page(PATH)
    assert words(page.all("h1")[0]) == "Half of the ideas reach a first user within 31 days"
    text = page.text()
    assert "Of 7 ideas 5 have had a first user and 3 went live." in text
    assert "Use cases went live in 1 of 4 teams." in text
    assert "1 use case that went live stands on a unit above the teams, and counts for none of them." in text
    del filled


def test_the_pipeline_counts_who_came_and_what_became_of_them(
    filled: Register, owner: CheckingClient
) -> None:
    rows = tables(owner.page(PATH))["How far experiments came"]
    assert [[cell for cell in row if cell] for row in rows] == [
        ["An idea", "7", "there now: 1", "ended: 1 1 faded"],
        ["A first user", "5", "there now: 1", "ended: 1 1 stopped"],
        ["Live", "3", "there now: 2", "ended: 1 1 scaled"],
    ]
    del filled


def test_the_curve_is_a_figure_that_plotly_knows_and_the_table_reads_from_it(
    filled: Register, owner: CheckingClient
) -> None:
    page = owner.page(PATH)
    [address] = [one.get("data-figure", "") for one in page.all("div") if one.get("data-figure")]
    found = owner.get(address)
    assert found.mimetype == "application/json"
    go.Figure(found.json)  # refuses what it does not know
    staircase = found.json["data"][2]
    assert staircase["x"][0] == 0
    assert staircase["line"]["shape"] == "hv"
    assert "<" not in found.text.replace("<extra></extra>", "")
    rows = tables(page)["Share of ideas that had a first user by then"]
    for (name, share, *_more), day in zip(rows, (0, 7, 30, 90), strict=False):
        last = max(place for place, x in enumerate(staircase["x"]) if x <= day)
        assert share.startswith(f"{round(staircase['y'][last])} %"), name
    assert rows[-1][0] == "within 90 days"
    del filled


def test_teams_without_one_are_told_their_next_step_kindly(filled: Register, owner: CheckingClient) -> None:
    text = owner.page(PATH).text()
    assert "Shipped in 1 of 4 teams Platform 2" in text
    assert "Mobile: 1 is with its first users." in text
    assert "Sales: 1 idea waits for a first user; a rough version will do." in text
    assert "Support: no idea is open; a first one is logged in seconds." in text
    del filled


def test_the_mix_the_money_and_the_habits(filled: Register, owner: CheckingClient) -> None:
    page = owner.page(PATH)
    mix = {row[0]: row[1:] for row in tables(page)["Use cases by type"]}
    assert mix["Text"] == ["2", "1", "1"]
    assert mix["Images"] == ["1", "0", "0"]
    assert mix["Other, or not said"] == ["2", "2", "1"]
    areas = {row[0]: row[1:] for row in tables(page)["Use cases by problem area"]}
    assert areas["Fine-tuning"] == ["1", "1", "0"]
    text = page.text()
    assert "2 do not say." in text
    assert "Of 3 use cases that went live 1 has a number for its value." in text
    assert "from 40 to 12 hours a month −28" in text
    assert "1 of 5 had a rule before the start" in text
    assert "4 of 5 started on a ready-made model" in text
    assert "1 of 2 have saved tests" in text
    del filled


def test_habits_of_which_nothing_is_known_are_left_out(acme: Register, owner: CheckingClient) -> None:
    acme.take(f"{LIST}Sales,Draft replies,{ago(3)},\n")
    text = owner.page(PATH).text()
    assert "1 experiment so far" in text
    assert "0 of 0" not in text
    assert "How they are made" not in text


def test_a_part_of_the_tree_has_figures_of_its_own(filled: Register, owner: CheckingClient) -> None:
    text = owner.page(f"{PATH}?unit={filled.units['Engineering']}").text()
    assert "Of 5 ideas 5 have had a first user and 3 went live." in text
    assert "20 people" in text
    assert "Sales:" not in text


def test_a_reader_sees_the_figures_of_their_units_alone(
    filled: Register, viewer: CheckingClient, leader: CheckingClient
) -> None:
    assert "2 experiments so far" in viewer.page(PATH).text()
    assert "Platform" not in viewer.page(PATH).text()
    assert "Of 5 ideas" in leader.page(PATH).text()
    del filled


def test_quarters_begin_when_something_happened_and_count_on_ten_people(
    acme: Register, owner: CheckingClient
) -> None:
    acme.take(LIST + "".join(f"Sales,Idea {place},{ago(0)},\n" for place in range(5)))
    [row] = tables(owner.page(PATH))["Quarter by quarter"]
    assert row[0].endswith("so far")
    assert row[1:5] == ["5 1.4", "0 0.0", "0 0.0", "0 0.0"], "36 people"
    assert row[5] == "not reached yet"
    assert (telling.ten(1, 6000), telling.ten(0, 0)) == ("<0.1", "")


def test_what_is_older_than_five_quarters_has_no_table_of_them(acme: Register, owner: CheckingClient) -> None:
    acme.take(LIST + "".join(f"Sales,Idea {place},{ago(900)},\n" for place in range(5)))
    assert "Quarter by quarter" not in tables(owner.page(PATH))


@pytest.mark.parametrize("count", [0, 1, 4])
def test_few_are_told_without_a_curve(acme: Register, owner: CheckingClient, count: int) -> None:
    if count:
        acme.take(LIST + "".join(f"Sales,Idea {place},{ago(9)},\n" for place in range(count)))
    page = owner.page(PATH)
    assert f"{count} experiment" in words(page.all("h1")[0])
    assert "From five on, this page shows how fast ideas reach a first user." in page.text()
    assert not [one for one in page.all("div") if one.get("data-figure")]
    assert "Quarter by quarter" not in tables(page)
    assert owner.get(f"{PATH}.json").status_code == HTTPStatus.NOT_FOUND
    assert ("Log the first one" in page.text()) == (count == 0)


def test_five_without_a_user_are_told_as_such(acme: Register, owner: CheckingClient) -> None:
    acme.take(LIST + "".join(f"Sales,Idea {place},{ago(9)},\n" for place in range(5)))
    page = owner.page(PATH)
    assert words(page.all("h1")[0]) == "0 of 5 ideas have reached a first user"
    assert "Fewer than half of the ideas have reached a first user so far." in page.text()
    go.Figure(owner.get(f"{PATH}.json").json)
    assert "No use case has gone live yet, so there is nothing to count." in page.text()


def test_five_of_one_day_draw_a_curve_too(acme: Register, owner: CheckingClient) -> None:
    acme.take(LIST + "".join(f"Sales,Idea {place},{ago(0)},{ago(0)}\n" for place in range(5)))
    page = owner.page(PATH)
    assert words(page.all("h1")[0]) == "Half of the ideas reach a first user on the same day"
    go.Figure(owner.get(f"{PATH}.json").json)


def test_titles_and_units_are_text_wherever_they_stand(acme: Register, owner: CheckingClient) -> None:
    nasty = "<b>T</b> & “x” {0} %s %(a)s {{ 7*7 }}"
    acme.take(
        HEADER
        + "".join(
            f'Sales,"{nasty} {place}",{ago(9)},text,,,{ago(8)},{ago(7)},,,"{nasty}",,3,"{nasty[:30]}",,,\n'
            for place in range(5)
        )
    )
    for path in (PATH, "/o/acme/experiments", f"/o/acme/experiments/{acme.all()[0].id}"):
        page = owner.page(path)
        assert not [one for one in page.all("b") if words(one) == "T"]
        assert "<b>T</b> & “x” {0} %s %(a)s {{ 7*7 }}" in page.text()


ODD = {
    "all wait": ["{0},,,,", "{0},,,,", "{9},,,,", "{9},,,,", "{9},,,,"],
    "all on the same day": ["{9},{9},{9},,", "{9},{9},,,", "{8},{8},,,", "{7},{7},,,", "{0},{0},{0},,"],
    "all ended without a user": ["{9},,,{3},faded"] * 5,
    "all at once after a while": ["{9},{5},,,"] * 5,
    "from the first day that there may be": ["2000-01-01,2000-01-01,{0},,", *["2000-01-01,,,,"] * 4],
}


@pytest.mark.parametrize(
    ("lines", "headline", "told"),
    [
        (ODD["all wait"], "0 of 5 ideas have reached a first user", "Fewer than half of the ideas have"),
        (
            ODD["all on the same day"],
            "Half of the ideas reach a first user on the same day",
            "Half of the ideas reach a first user on the same day (likely, in days: 0 or more).",
        ),
        (
            ODD["all ended without a user"],
            "0 of 5 ideas have reached a first user",
            "Fewer than half of the ideas have",
        ),
        (
            ODD["all at once after a while"],
            "Half of the ideas reach a first user within 4 days",
            "within 4 days, likely 4 or more.",  # nobody is left, so the curve has no lower end
        ),
        (
            ODD["from the first day that there may be"],
            "1 of 5 ideas have reached a first user",
            "Fewer than half of the ideas have",
        ),
    ],
    ids=list(ODD),
)
def test_odd_registers_are_told_without_nonsense(
    acme: Register, owner: CheckingClient, lines: list[str], headline: str, told: str
) -> None:
    days = [ago(day).isoformat() for day in range(10)]
    head = "unit,title,idea_on,first_user_on,live_on,ended_on,end_reason\n"
    acme.take(head + "\n".join(f"Sales,T{n},{line.format(*days)}" for n, line in enumerate(lines)))
    page = owner.page(PATH)
    assert words(page.all("h1")[0]) == headline
    assert told in page.text()
    assert not re.search(r"\bNone\b(?! has| of)", page.text())
    found = owner.get(f"{PATH}.json").json
    go.Figure(found)
    for line in found["data"]:
        assert all(0 <= share <= 100 for share in line["y"])
        assert line["x"] == sorted(line["x"])


def test_a_range_of_one_day_is_one_day() -> None:
    waits = [Wait(4, reached=True)] * 60 + [Wait(9, reached=False)]
    assert telling.likely(register.curve(waits)) == "4"


def test_the_largest_numbers_stay_themselves_in_files_and_on_the_page(
    acme: Register, owner: CheckingClient
) -> None:
    day = ago(0)
    acme.take(
        "unit,title,idea_on,first_user_on,live_on,value,value_unit,baseline\n"
        f"Sales,Big,{day},{day},{day},999999999999.99,EUR,-999999999999.99\n"
    )
    text = owner.page(PATH).text()
    assert "from −999,999,999,999.99 to 999,999,999,999.99 EUR" in text
    assert "+1,999,999,999,999.98" in text
    again = owner.get("/o/acme/experiments/register.csv").text
    assert "999999999999.99,EUR,-999999999999.99" in again
    assert acme.take(again).same == 1
