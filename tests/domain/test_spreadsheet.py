"""A spreadsheet in which nothing runs, and which says nothing of who made it and when."""

import io
import re
import zipfile
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from webapp.domain.csv_table import safe, starts_a_formula
from webapp.domain.spreadsheet import Sheet, xlsx

DAY = date(2026, 11, 28)
STARTS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    " =1",
    "\u00a0=1",
    "\u3000＝1",
    "\n=1",
]
LINKS = [
    "http://evil.example/",
    "mailto:a@evil.example",
    "internal:Sheet1!A1",
    "external:c:\\x.xlsx",
    "{=1+1}",
    "12",
    "1e3",
    "TRUE",
]
texts = st.text(st.characters(blacklist_categories=["Cs", "Cc", "Cn"]), min_size=1, max_size=40)


def made(*rows: tuple[object, ...], columns: tuple[str, ...] = ("a",)) -> bytes:
    return xlsx([Sheet("one", columns, rows)], title="A title", created=DAY)  # type: ignore[arg-type]  # plain values


def read(content: bytes) -> list[tuple[object, ...]]:
    (sheet,) = load_workbook(io.BytesIO(content)).worksheets
    return [tuple(cell.value for cell in row) for row in sheet.iter_rows(min_row=2)]


def kinds(content: bytes) -> set[str]:
    (sheet,) = load_workbook(io.BytesIO(content)).worksheets
    return {cell.data_type for row in sheet.iter_rows(min_row=2) for cell in row}


@pytest.mark.parametrize("text", STARTS + LINKS)
def test_text_stays_text_whatever_it_looks_like(text: str) -> None:
    content = made((text,))
    assert kinds(content) == {"s"}
    (told,) = read(content)[0]
    assert str(told).replace("_x000D_", "\r").replace("\n", "\r") == text.replace("\n", "\r")
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        inside = b"".join(packed.read(name) for name in packed.namelist())
    assert b"<f>" not in inside
    assert b"<hyperlink " not in inside


@pytest.mark.parametrize("text", STARTS)
def test_what_looks_like_a_formula_stays_text_when_somebody_edits_it(text: str) -> None:
    (sheet,) = load_workbook(io.BytesIO(made((text,)))).worksheets
    assert sheet["A2"].quotePrefix
    assert starts_a_formula(text)
    assert safe(text).startswith("'"), "and so it does in a CSV"


@pytest.mark.parametrize("text", ["Dispatch", "3 = 3", "a@b", "Team -1", "", " ", "−3"])
def test_other_text_is_left_alone(text: str) -> None:
    assert not starts_a_formula(text)
    assert safe(text) == text


@settings(max_examples=60, deadline=None)
@given(st.lists(texts, min_size=1, max_size=5))
def test_what_is_written_is_read_back(found: list[str]) -> None:
    content = made(*((one,) for one in found))
    assert kinds(content) == {"s"}
    assert [str(row[0]) for row in read(content)] == found


def test_numbers_days_and_nothing_keep_their_kind() -> None:
    content = made((1, 0.5, True, DAY, None, "x"), columns=tuple("abcdef"))
    assert read(content) == [(1, 0.5, True, datetime(2026, 11, 28), None, "x")]  # noqa: DTZ001 - as the format has it


def test_it_says_nothing_of_who_and_when_and_is_always_the_same() -> None:
    first, second = made(("x",)), made(("x",))
    assert first == second
    book = load_workbook(io.BytesIO(first))
    assert not book.properties.creator
    assert not book.properties.lastModifiedBy
    assert book.properties.created == datetime(2026, 11, 28)  # noqa: DTZ001 - likewise
    assert book.properties.modified == datetime(2026, 11, 28)  # noqa: DTZ001 - likewise
    with zipfile.ZipFile(io.BytesIO(first)) as packed:
        assert {one.date_time[0] for one in packed.infolist()} == {1980}
        assert not re.search(rb"<Company>.+</Company>", packed.read("docProps/app.xml"))
