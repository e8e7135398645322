"""Reading a CSV that a person made: the place of every fault, and nothing read wrongly in silence."""

import csv
import io
import time
import unicodedata
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain import csv_table
from webapp.domain.refusal import Refused


def read(text: str | bytes, optional: list[str] | None = None) -> list[tuple[int, dict[str, str]]]:
    data = text.encode() if isinstance(text, str) else text
    rows = csv_table.read(data, file="a.csv", required=["unit"], optional=optional or [])
    return [(row.line, row.fields) for row in rows]


def test_lines_are_counted_as_an_editor_counts_them() -> None:
    assert read("unit\n\n A \n\nB\n") == [(3, {"unit": "A"}), (5, {"unit": "B"})]
    assert read('unit,n\n"two\nlines",1\nB,2', ["n"]) == [
        (2, {"unit": "two\nlines", "n": "1"}),
        (4, {"unit": "B", "n": "2"}),
    ]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_all_line_ends_semicolons_and_a_byte_order_mark_are_read(end: str) -> None:
    text = "\ufeff" + end.join(["unit;n", "A;1", "B;2"])
    assert [fields for _line, fields in read(text, ["n"])] == [
        {"unit": "A", "n": "1"},
        {"unit": "B", "n": "2"},
    ]


def test_letters_are_composed() -> None:
    assert read("unit\nCafe\u0301\n") == [(2, {"unit": "Café"})]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", r"a.csv: The file is empty; its first line must name the columns “unit”"),
        (b"team\nA\n", r"a.csv:1: The column “unit” is missing"),
        (b"unit,unit\nA,A\n", r"a.csv:1: The column “unit” stands there twice"),
        (b"unit,size\nA,1\n", r"a.csv:1: The column “size” is not known; known are “unit”"),
        (b"unit\nA\nB,1\n", r"a.csv:3: This line has 2 fields, the header has 1"),
        (b'unit\nA\n"B\n', r"a.csv:3: A quotation mark is opened and not closed"),
        (b'unit\n"A"B\n', r"a.csv:2: A quotation mark"),
        (b"unit\nA\n\xff\n", r"a.csv:3: This is not UTF-8 text"),
        ("unit\nA\n".encode("utf-16"), r"a.csv:1: This is not UTF-8 text"),
        (b"unit\nA\nB\0\n", r"a.csv:3: There is a NUL character"),
        (b"unit\n" + b"A" * 10_001, r"a.csv:2, column unit: The field is longer than 10000 characters"),
        (b"unit\n" + b"A\n" * (5 * 2**20), r"a.csv: The file is larger than 10 MB"),
    ],
)
def test_a_fault_is_named_with_its_place(data: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        read(data)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"unit," + b",".join(b"%x" % number for number in range(1_400_000)), "names more than 1000 columns"),
        (b"unit\n" + b"A\n" * 5_000_000, "has more than 200000 lines"),
        (b'unit\n"' + b"A" * 10_000_000, "a quotation mark is opened and not closed"),
        (b"unit\n" + b'"' * 9_999_999, "a quotation mark is opened and not closed"),
    ],
    ids=["columns", "lines", "a quotation that never ends", "quotation marks"],
)
def test_ten_megabytes_of_nonsense_are_refused_in_seconds(data: bytes, sentence: str) -> None:
    """A header of so many columns once took hours: each name was looked for among all the others."""
    began = time.process_time()
    with pytest.raises(Refused, match=sentence):
        read(data)
    assert time.process_time() - began < 10


def test_a_sentence_about_many_columns_stays_one() -> None:
    names = ",".join(f"{'x' * 5000}{number}" for number in range(900))
    with pytest.raises(Refused, match="is not known") as refused:
        read(f"unit,{names}\n")
    assert len(str(refused.value)) < 800
    assert ", …" in str(refused.value)


def test_any_columns_are_taken_where_all_are_allowed() -> None:
    rows = csv_table.read(b"unit,x,y\nA,1,2\n", file="a.csv", required=["unit"], optional=None)
    assert rows[0].fields == {"unit": "A", "x": "1", "y": "2"}


TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufeff"), max_size=20)


@given(st.lists(st.tuples(TEXT, TEXT), max_size=8))
def test_what_a_program_wrote_is_read_as_it_was(rows: list[tuple[str, str]]) -> None:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("unit", "n"), *rows])
    found = [(fields["unit"], fields["n"]) for _line, fields in read(out.getvalue(), ["n"])]
    kept = [row for row in rows if any(field.strip() for field in row)]
    assert found == [tuple(nfc(field) for field in row) for row in kept]


def test_an_apostrophe_that_keeps_text_from_being_run_is_no_part_of_it() -> None:
    assert read("unit,n\n'=A,'＝B\n''+C,'D\n", ["n"]) == [
        (2, {"unit": "=A", "n": "＝B"}),
        (3, {"unit": "'+C", "n": "'D"}),
    ]


def nfc(text: str) -> str:
    return csv_table.bare(unicodedata.normalize("NFC", text.strip())).strip()


@given(st.binary(max_size=60))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(Refused):
        assert all(set(fields) == {"unit"} for _line, fields in read(b"unit\n" + data))


@pytest.mark.parametrize(
    "name",
    ["=1", "+1", "-1", "@x", "a\u202eb", "a\u0007b", "a\ue000b", "a\u2028b", "", " ", "ﬃ" * 120, "x" * 121],
)
def test_names_that_cannot_be_shown_or_exported_are_refused(name: str) -> None:
    with pytest.raises(Refused, match=r"^a\.csv:2"):
        csv_table.check_name(name, place="a.csv:2")


@pytest.mark.parametrize("name", ["Über uns", "研究開発", "Ärzte (Nord)", "R&D <b>", "क्‍ष", "1-2", "👩‍🔬 Lab"])
def test_names_of_all_languages_are_taken(name: str) -> None:
    assert csv_table.check_name(f" {name} ", place="") == name


def test_names_are_the_same_without_case_and_with_other_blanks() -> None:
    assert csv_table.name_key(" Sales  NORTH ") == csv_table.name_key("sales north")
    assert csv_table.name_key("Straße") == csv_table.name_key("STRASSE")
    assert csv_table.name_key("Cafe\u0301") == csv_table.name_key("CAFÉ")
