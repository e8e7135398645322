"""What people wrote is data: whatever a unit is called, its document is set, and says the name as it is."""

import re
import threading
from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fixtures.documents import Document
from webapp.results.documents import one_page, report, typesetting
from webapp.results.documents.pieces import Plain
from webapp.results.reading import Reading

HOSTILE = (
    '#import "@preview/x:1.0.0": *',
    '#read("/etc/passwd")',
    "$ x^2 $",
    "\\ #panic()",
    "*bold* _it_ `raw` @ref <label>",
    "= heading",
    "[a] {b} ](c)",
    "// comment /* */",
    "a--b ... ~ 'q' \"q\"",
    "{{ x }} {% y %}",
    "A" * 120,
    "x" * 60 + " " + "y" * 59,
)
DAY = date(2026, 11, 28)


@pytest.fixture
def content(reading: Reading, kestrel: SimpleNamespace) -> Plain:
    from flask import g  # noqa: PLC0415 - inside of the reading's request

    g.actor = SimpleNamespace(organization=SimpleNamespace(id=kestrel.id, demo=False, slug="kestrel"))
    return one_page.content(reading, 16, None)


def named(content: Plain, name: str) -> Plain:
    """The same document with a name in every place that holds one."""
    rows = [row | {"title": name} for row in content["practices"]["rows"][:2]]
    clear = content["clear"] | {"sentences": [[(name, True), (" is ", False), (name, False)]]}
    return content | {
        "title": name,
        "organization": name,
        "headline": name,
        "steps": None,
        "clear": clear,
        "practices": content["practices"] | {"rows": rows},
    }


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_stays_text(content: Plain, name: str) -> None:
    found = Document(typesetting.pdf("one_page", named(content, name), created=DAY))
    bare = re.sub(r"\s", "", name)
    assert len(found.pages) == 1
    assert re.sub(r"[\s\u200b]", "", found.title) == bare
    assert re.sub(r"\s", "", found.text).count(bare) >= 5, "head, headline, a sentence and two rows"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.text(min_size=1, max_size=120))
def test_whatever_is_written_can_be_set(content: Plain, name: str) -> None:
    made = typesetting.pdf("one_page", named(content, name), created=DAY)
    assert made.startswith(b"%PDF-")
    assert made == typesetting.pdf("one_page", named(content, name), created=DAY)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    name=st.text(
        st.sampled_from("#$\\*_`@<>[]{}()=-+/~'\"%&!?.;:^|, aéß\u0301ΩЖ漢🚀א\u200d"), min_size=1, max_size=60
    )
)
def test_marks_of_typst_stay_text(content: Plain, name: str) -> None:
    found = Document(typesetting.pdf("one_page", named(content, f"x{name}x"), created=DAY))
    told = "".join(one if typesetting.displayed(one) else typesetting.SQUARE for one in name)
    assert re.sub(r"[\s\u200b]", "", found.title) == re.sub(r"\s", "", f"x{told}x")


@pytest.mark.parametrize("name", ["Zürich ÄÖÜß", "Ελληνικά", "Привет", "Łódź ğ Ş"])
def test_names_of_many_alphabets_are_read_back(content: Plain, name: str) -> None:
    found = Document(typesetting.pdf("one_page", named(content, name), created=DAY))
    assert name in found.text
    assert "A square stands for" not in found.text


def test_a_character_without_a_font_is_a_square_and_the_page_says_so(content: Plain) -> None:
    found = Document(typesetting.pdf("one_page", named(content, "Team \U0010ffff"), created=DAY))
    assert f"Team {typesetting.SQUARE}" in found.text
    assert "A square stands for a character that the fonts of this document do not have." in found.text


def test_nothing_is_fetched_and_no_file_is_read() -> None:
    """The templates name no package, and only one another."""
    for path in typesetting.TEMPLATES.glob("*.typ"):
        text = path.read_text(encoding="utf-8")
        assert re.findall(r'#(?:import|include) "([^"]+)"', text) in ([], ["frame.typ"]), path.name
        assert not re.search(r"\b(read|eval|plugin|image|csv|yaml|toml|cbor)\(", text), path.name


def test_no_word_for_people_stands_in_a_template() -> None:
    for path in typesetting.TEMPLATES.glob("*.typ"):
        text = re.sub(r"//.*", "", path.read_text(encoding="utf-8"))
        assert not re.search(r"\[[^\]#]*[a-z]{3,}[^\]]*\]", text), path.name


def test_several_at_once_give_the_same(content: Plain) -> None:
    found: list[bytes] = []

    def make() -> None:
        found.append(typesetting.pdf("one_page", content, created=DAY))

    threads = [threading.Thread(target=make) for _one in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 6
    assert len(set(found)) == 1


def test_a_report_of_very_many_units_stays_bounded(
    reading: Reading, kestrel: SimpleNamespace, content: Plain
) -> None:
    told = report.content(reading, 0, None)
    row = told["teams"]["rows"][1]
    rows = [row | {"name": f"Team {number}"} for number in range(report.MOST_UNITS)]
    many = told | {"teams": told["teams"] | {"rows": rows, "more": "Not all fit here."}}
    found = Document(typesetting.pdf("report", many, created=DAY))
    assert content
    assert kestrel
    assert len(found.pages) <= 8
    assert "Not all fit here." in found.text
