"""One page and the report as PDF: what they say, who can read them, and that nothing else is in them."""

import re
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import pytest

from tests.fixtures.documents import Document
from tests.results.conftest import Changed
from webapp.domain.publication import INDEX
from webapp.results.reading import Reading

KINDS = ("one-page", "report")
every_kind = pytest.mark.parametrize("kind", KINDS)


def address(kestrel: SimpleNamespace, kind: str, place: int, wave: int = -1) -> str:
    return f"/o/kestrel/results/{kestrel.waves[wave]}/{kind}/{kestrel.made[wave].units[place].key}.pdf"


def document(client: Any, path: str, language: str = "en") -> Document:
    answer = client.get(path, headers={"Accept-Language": language})
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    return Document(answer.data)


@every_kind
@pytest.mark.parametrize("language", ["en", "de"])
def test_a_screen_reader_finds_its_way(kestrel: SimpleNamespace, kind: str, language: str) -> None:
    found = document(kestrel.owner, address(kestrel, kind, 0), language)
    assert found.marked
    assert found.language == language
    assert found.title.startswith("Kestrel Freight" if kind == "one-page" else ("Report on", "Bericht über"))
    assert found.shows_title
    assert "pdfuaid:part>1<" in found.xmp
    headings = found.roles("H1", "H2", "H3", "H4")
    assert headings[0] == "H1"
    assert headings.count("H1") == 1
    levels = [int(one[1]) for one in headings]
    assert all(below <= above + 1 for above, below in pairwise(levels)), headings
    pictures = [node for node in found.structure if node.role == "Figure"]
    assert pictures
    assert all(re.search(r"\d", node.alt) for node in pictures), "a picture says what it shows"


@every_kind
def test_tables_have_heads(kestrel: SimpleNamespace, kind: str) -> None:
    found = document(kestrel.owner, address(kestrel, kind, 0))
    tables = found.roles("Table").count("Table")
    assert tables >= (1 if kind == "one-page" else 4)
    assert found.roles("THead").count("THead") == tables
    assert found.roles("TH").count("TH") >= 3 * tables
    assert found.roles("L"), "sentences are lists"


def test_the_page_reads_in_the_order_of_the_overview(kestrel: SimpleNamespace) -> None:
    text = document(kestrel.owner, address(kestrel, "one-page", 0)).text
    order = [
        "Kestrel Freight November 2025 · wave 4",
        "41 likely 40 to 42 Ship",
        "What is clear",
        "What is not clear",
        "The practices, one by one",
        "Three things to do next",
        "Next week:",
        "The dot is the score",
        "no compliance, data or security assessment",
    ]
    places = [text.index(one) for one in order]
    assert places == sorted(places), dict(zip(order, places, strict=True))


def test_numbers_of_the_page_are_those_of_the_publication(kestrel: SimpleNamespace) -> None:
    text = document(kestrel.owner, address(kestrel, "one-page", 0)).text
    root = kestrel.last.root
    for key, cell in root.teams.items():
        if key != INDEX:
            told = f"{cell.score} {cell.low}–{cell.high} {root.leaders[key].score} {root.leaders[key].low}–{root.leaders[key].high}"
            assert told in text, key
    assert "Not shown" not in text, "every practice of the whole is shown here"
    assert "Legal, People and Fleet: not shown, to protect anonymity." in text


@pytest.mark.parametrize("place", [0, 1, 5, 9, 11, 14, 16])
def test_the_page_is_one_page(kestrel: SimpleNamespace, place: int) -> None:
    for language in ("en", "de"):
        assert len(document(kestrel.owner, address(kestrel, "one-page", place), language).reader.pages) == 1


@pytest.mark.parametrize("place", [0, 14, 16])
def test_the_report_has_about_six_pages_and_its_chapters(kestrel: SimpleNamespace, place: int) -> None:
    found = document(kestrel.owner, address(kestrel, "report", place))
    assert len(found.pages) == (5 if place == 16 else 6), "a team alone has no page of units"
    for chapter in (
        "The practices, one by one",
        "Leaders beside teams",
        "What changed since August 2025",
        "Units and teams",
        "Three things to do next",
        "How scores are made",
        "The talk, ",
        "Why first: ",
    ):
        assert chapter in found.text, chapter
    assert "page 2" in found.pages[1]


def test_the_report_of_a_first_wave_says_that_nothing_compares_yet(kestrel: SimpleNamespace) -> None:
    text = document(kestrel.owner, address(kestrel, "report", 0, wave=0)).text
    assert "This is the first wave: there is nothing to compare with yet." in text


@every_kind
def test_the_same_publication_gives_the_same_bytes(kestrel: SimpleNamespace, kind: str) -> None:
    path = address(kestrel, kind, 16)
    first, second = (kestrel.owner.get(path).data for _twice in (1, 2))
    assert first == second
    created = Document(first).created
    assert created is not None
    assert f"{created:%Y-%m-%d}" == kestrel.last.closed_on


@every_kind
def test_a_download_leaves_an_audit_row_and_has_a_name(kestrel: SimpleNamespace, kind: str) -> None:
    answer = kestrel.owner.get(address(kestrel, kind, 16))
    name = f"kestrel-november-2025-dispatch-{kind}.pdf"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert kestrel.actions()[-1] == "results.exported"


@every_kind
def test_a_leader_reads_the_own_units_and_nobody_else_does(kestrel: SimpleNamespace, kind: str) -> None:
    for place, status in ((0, 200), (14, 200), (16, 200), (11, 404), (1, 404)):
        assert kestrel.leader.get(address(kestrel, kind, place)).status_code == status, place
    assert kestrel.owner.get(address(kestrel, kind, 7)).status_code == 404, "hidden: there is no document"
    assert kestrel.stranger.get(address(kestrel, kind, 0)).status_code == 404
    assert kestrel.auditor.get(address(kestrel, kind, 0)).status_code == 403
    text = document(kestrel.leader, address(kestrel, kind, 0)).text
    others = {
        unit.name for place, unit in enumerate(kestrel.last.units) if place not in {0, 14, 15, 16, 17, 18}
    }
    assert not [name for name in others - {"Customer", "People"} if name in text]


@every_kind
def test_under_the_strict_guard_bands_stand_in_place_of_numbers(
    kestrel: SimpleNamespace, reading: Reading, changed: Changed, kind: str
) -> None:
    from webapp.results.documents import one_page, report  # noqa: PLC0415 - beside what they import

    strict = reading
    for key in reading.unit(16).teams:
        strict = changed(
            strict, 16, key, score=None, low=None, high=None, agreement=None, histogram=None, item_means=None
        )
    make = {"one-page": one_page, "report": report}[kind].content
    with_actor(kestrel)
    told = make(strict, 16, None)
    assert told["picture"] == {}
    assert told["index"] == {"band": 1, "name": "Try"}
    assert all("score" not in row["people"] for row in told["practices"]["rows"])


def with_actor(kestrel: SimpleNamespace) -> None:
    from flask import g  # noqa: PLC0415 - only here

    g.actor = SimpleNamespace(organization=SimpleNamespace(id=kestrel.id, demo=False, slug="kestrel"))
