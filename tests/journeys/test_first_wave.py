"""The story of a first wave, from an empty folder to the results: as a new user would, in a real browser."""

import csv
import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from tests.fixtures.browser import LiveServer
from tests.journeys import answering
from webapp import questionnaires
from webapp.extensions import db
from webapp.models import Response, WaveUnit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page

pytestmark = pytest.mark.browser

UNITS = """unit,parent,headcount,leader_email
Making,,,making@mill.example
Bakery,Making,7,
Mill,Making,6,
Selling,,,
Shop,Selling,9,
Van,Selling,4,
"""
DESK = {"width": 1280, "height": 900}
TOUCHED = {"viewport": answering.PHONE, "has_touch": True, "is_mobile": True}

# Who answers for the bakery, how, and which level in each of the nine practices.
Way = Callable[["Page", str, list[int]], str]
SIX: tuple[tuple[Way, dict[str, Any], list[int]], ...] = (
    (answering.by_taps, TOUCHED, [3, 4, 2, 3, 1, 4, 3, 2, 3]),
    (answering.by_keyboard, {"viewport": answering.PHONE}, [4, 4, 3, 3, 2, 5, 3, 3, 4]),
    (answering.without_scripts, {**TOUCHED, "java_script_enabled": False}, [2, 3, 2, 4, 1, 4, 2, 2, 3]),
    (answering.by_double_click, TOUCHED, [3, 5, 2, 3, 2, 4, 4, 3, 3]),
    (answering.after_a_reload, TOUCHED, [4, 4, 1, 3, 1, 3, 3, 2, 2]),
    (answering.here_and_there, TOUCHED, [3, 3, 2, 2, 2, 4, 3, 1, 3]),
)


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """Of an empty folder; started by the journey itself."""
    data = tmp_path_factory.mktemp("first") / "not made yet"
    made = LiveServer(data)
    yield made
    made.stop()


def test_a_new_user_goes_from_an_empty_folder_to_results(
    server: LiveServer, new_page: Callable[..., "Page"], browser: "Browser"
) -> None:
    owner = new_page(viewport=DESK)
    sign_in(server, owner)
    import_units(owner)
    wave = open_wave(owner)
    links = download_links(owner)

    bakery = [answer(way, new_page(**options), links["Bakery"].pop(), levels) for way, options, levels in SIX]
    with server.app.app_context():
        assert bakery[:5] == [row(levels) for _way, _options, levels in SIX[:5]]
    assert "?" in bakery[5]
    assert bakery[5].endswith("--")
    replayed, kept = links["Mill"][0], links["Shop"][-1]
    others = browser.new_context()
    for unit, people in (("Mill", 6), ("Shop", 8), ("Van", 4)):
        for person in range(people):
            levels = [1 + (person * 3 + place) % 5 for place in range(7)]
            answering.by_http(others, links[unit][person], levels)
    others.close()
    assert stored(server, wave, "Bakery") == sorted(bakery)

    replay(new_page(**TOUCHED), replayed)
    nobody_sees_a_result_yet(server, owner, wave)
    close(owner)

    results = json.loads(server.run("results", "mill", str(wave), "--json").stdout)
    units = {unit["unit"]: unit for unit in results["units"]}
    assert [unit for unit, found in units.items() if "index" in found] >= [
        "The Mill",
        "Making",
        "Bakery",
        "Mill",
    ]
    assert "index" not in units["Van"], "four people stay hidden"
    read_overview(owner, units["The Mill"])
    read_heatmap(owner, units)
    read_unit(owner, units["Bakery"], units["The Mill"])
    for link in (replayed, kept):  # one that has answered, one that has not
        unit = units["Mill" if link is replayed else "Shop"]
        read_by_link(new_page(**TOUCHED), link, unit, units["The Mill"])


def sign_in(server: LiveServer, page: "Page") -> None:
    """By the link that the command line prints; it works once."""
    words = ("organization", "create", "mill", "--name", "The Mill", "--owner", "owner@mill.example")
    link = server.run(*words).stdout.strip()
    server.start()
    page.goto(link)
    press(page, "Sign in")
    page.wait_for_url("**/organizations")
    follow(page, "The Mill")
    page.wait_for_selector("h1 >> text=Three steps to the first results of The Mill")


def press(page: "Page", button: str) -> None:
    page.locator("main").get_by_role("button", name=button).click()


def follow(page: "Page", link: str) -> None:
    page.get_by_role("link", name=link, exact=True).first.click()


def import_units(page: "Page") -> None:
    follow(page, "Import units")
    page.set_input_files(
        "input[type=file]", {"name": "own.csv", "mimeType": "text/csv", "buffer": UNITS.encode()}
    )
    press(page, "Check the list")
    page.wait_for_selector("li >> text=add 6 units")
    page.wait_for_selector("li >> text=count 26 people in all")
    press(page, "Import this list")
    page.wait_for_url("**/units")
    page.wait_for_selector(".flash >> text=6 added")


def open_wave(page: "Page") -> int:
    follow(page, "Waves")
    follow(page, "Open a wave")
    page.select_option("[name=form]", "ai-adoption@1/team-core")
    page.fill("[name=name]", "Our first")
    press(page, "Open it")
    page.wait_for_selector(".flash >> text=“Our first” is open.")
    return int(page.url.rpartition("/")[2])


def download_links(page: "Page") -> dict[str, list[str]]:
    with page.expect_download() as download:
        press(page, "Download single links")
    found: dict[str, list[str]] = {}
    with download.value.path().open(newline="") as file:
        for line in csv.DictReader(file):
            found.setdefault(line["unit"], []).append(line["link"])
    assert {unit: len(links) for unit, links in found.items()} == {
        "Bakery": 7,
        "Mill": 6,
        "Shop": 9,
        "Van": 4,
    }
    return found


def answer(way: Way, page: "Page", link: str, levels: list[int]) -> str:
    answered = way(page, link, levels)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, way.__name__
    assert page.evaluate("Object.keys(localStorage)") == [], f"{way.__name__} leaves no draft behind"
    return answered


def row(levels: list[int]) -> str:
    """What is to be stored of somebody who gives all questions of a practice one level."""
    asked = questionnaires.available().find("ai-adoption").questionnaire
    practices = asked.practices_of("team-core")
    sizes = [sum("team-core" in item.forms for item in practice.items) for practice in practices]
    return "".join(str(level) * size for level, size in zip(levels, sizes, strict=True))


def stored(server: LiveServer, wave: int, unit: str) -> list[str]:
    """The rows of a unit in the database."""
    asked = (
        select(Response.answers)
        .join(WaveUnit, (WaveUnit.wave_id == Response.wave_id) & (WaveUnit.position == Response.position))
        .where(Response.wave_id == wave, WaveUnit.name == unit)
    )
    with server.app.app_context():
        return sorted(db.session.scalars(asked))


def replay(page: "Page", link: str) -> None:
    page.goto(link)
    page.wait_for_selector(f"h1 >> text={answering.THANKS}")
    assert not page.locator("main form").count()


def nobody_sees_a_result_yet(server: LiveServer, page: "Page", wave: int) -> None:
    refused = server.run("results", "mill", str(wave), check=False)
    assert refused.returncode != 0
    assert "it is open" in refused.stderr
    follow(page, "Overview")
    assert not re.search(r"\d", page.locator("main").inner_text())
    page.goto(f"{server.url}/o/mill/waves/{wave}")
    assert re.match("Open: ", page.locator("h1").inner_text())


def close(page: "Page") -> None:
    """Takes one more click and a tick."""
    page.click("summary >> text=Close now")
    press(page, "Close and publish")
    assert page.locator("[name=sure]").evaluate("box => box.validity.valueMissing")
    page.check("[name=sure]")
    press(page, "Close and publish")
    page.wait_for_selector(".flash >> text=“Our first” is closed, and its results are there.")


def numbers(cell: dict[str, int] | None) -> list[int]:
    return [] if cell is None else [cell["score"], cell["low"], cell["high"]]


def told(part: "Locator") -> list[int]:
    return [int(one) for one in re.findall(r"\d+", part.inner_text())]


def read_overview(page: "Page", root: dict[str, Any]) -> None:
    follow(page, "See the results")
    page.wait_for_selector(".big")
    assert told(page.locator(".big")) == numbers(root["index"])
    rows = page.locator("table", has_text="Practices: teams and leaders").locator("tbody tr")
    assert [told(line.locator("td .num").first) for line in rows.all()] == [
        numbers(cell) for cell in root["practices"].values()
    ]


def read_heatmap(page: "Page", units: dict[str, Any]) -> None:
    follow(page, "Heat map")
    page.wait_for_selector(".heat")
    order = list(units["The Mill"]["practices"])
    seen = set()
    for line in page.locator(".heat tbody tr").all():
        name = line.locator("th").inner_text()
        if name not in units:
            continue  # a group that is safe to show in place of hidden teams
        unit = units[name]
        seen.add(name)
        shown = [found for cell in line.locator("td").all()[1:] if (found := told(cell))]
        practices = [unit["practices"][key] for key in order if key in unit["practices"]]
        assert shown == [numbers(cell) for cell in [unit.get("index"), *practices] if cell], name
    assert seen == set(units)


def read_unit(page: "Page", unit: dict[str, Any], root: dict[str, Any]) -> None:
    page.locator(".heat").get_by_role("link", name=unit["unit"], exact=True).click()
    page.wait_for_selector(f".crumbs [aria-current] >> text={unit['unit']}")
    assert told(page.locator(".big")) == numbers(unit["index"])
    rows = page.locator("table", has_text=f"Practices of {unit['unit']}").locator("tbody tr")
    assert rows.count() == len(root["practices"])
    for line, key in zip(rows.all(), root["practices"], strict=True):
        assert told(line.locator("td").first) == numbers(unit["practices"].get(key)), key
        assert f"everyone {root['practices'][key]['score']}" in line.locator("th").inner_text()


def read_by_link(page: "Page", link: str, unit: dict[str, Any], root: dict[str, Any]) -> None:
    """The results of the respondent's own unit, beside everybody's."""
    page.goto(link)
    press(page, "Show the results")
    page.wait_for_url("**/respond/results")
    assert page.locator("h1").inner_text().startswith(f"{unit['unit']}: ")
    if "index" in unit:
        assert told(page.locator(".big")) == numbers(unit["index"])
    for line, key in zip(page.locator("table tbody tr").all(), root["practices"], strict=True):
        own, everyone = line.locator("td").first, line.locator("td").last
        assert told(own) == numbers(unit["practices"].get(key)), key
        assert told(everyone) == numbers(root["practices"][key]), key
