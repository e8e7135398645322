"""Reading a CSV that a person made: every fault is named with its line and column, or the whole is taken."""

import csv
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.domain.refusal import Refused

MAX_BYTES = 10 * 1024 * 1024
MAX_FIELD = 10_000
MOST_COLUMNS = 1_000
MOST_ROWS = 200_000  # of which each costs memory, and each page that takes a list has its own lower limit where it needs one
SHOWN_NAMES, SHOWN_LETTERS = 8, 60  # of columns in a sentence about them
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
WIDE_STARTS = ("\uff1d", "\uff0b", "\uff0d", "\uff20")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: where it stands, and its fields by column name (`bare`, NFC, without surrounding blanks)."""

    file: str
    line: int
    fields: dict[str, str]

    def place(self, column: str = "") -> str:
        return f"{self.file}:{self.line}" + (f", column {column}" if column else "")


def read(
    data: bytes, *, file: str, required: Sequence[str], optional: Sequence[str] | None = ()
) -> list[Row]:
    """Read all rows of a UTF-8 CSV with a header line; commas or semicolons.

    optional: further columns that may stand there; None allows any. Raises Refused with the place of the first fault.
    """
    text = _decoded(data, file)
    first_line = text.partition("\n")[0]
    delimiter = ";" if ";" in first_line and "," not in first_line else ","
    lines = _lines(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), file)
    header = next(lines, None)
    if header is None:
        raise Refused(
            "The file is empty; its first line must name the columns {columns}.",
            place=file,
            columns=_list(required),
        )
    names = _columns(header[1], file, required, optional)
    rows: list[Row] = []
    for line, values in lines:
        if len(rows) == MOST_ROWS:
            raise Refused("The file has more than {limit} lines.", place=file, limit=MOST_ROWS)
        rows.append(_row(file, line, names, values))
    return rows


def _decoded(data: bytes, file: str) -> str:
    if len(data) > MAX_BYTES:
        raise Refused("The file is larger than {limit} MB.", place=file, limit=MAX_BYTES // 2**20)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise Refused(
            "This is not UTF-8 text. In a spreadsheet program save as “CSV UTF-8”.", place=f"{file}:{line}"
        ) from None
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        raise Refused("There is a NUL character in the file.", place=f"{file}:{line}")
    return text


def _lines(reader: "Iterator[list[str]]", file: str) -> Iterator[tuple[int, list[str]]]:
    start = 1
    while True:
        try:
            values = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "field limit" in str(error):
                raise Refused(
                    "A field is longer than {limit} characters, or a quotation mark is opened and not closed.",
                    place=f"{file}:{start}",
                    limit=MAX_FIELD,
                ) from None
            raise Refused(
                "A quotation mark is opened and not closed, or stands inside a field.",
                place=f"{file}:{start}",
            ) from None
        if any(value.strip() for value in values):
            yield start, values
        start = reader.line_num + 1  # type: ignore[attr-defined]  # csv's reader counts lines


def _columns(
    header: list[str], file: str, required: Sequence[str], optional: Sequence[str] | None
) -> list[str]:
    place = f"{file}:1"
    if len(header) > MOST_COLUMNS:
        raise Refused("The first line names more than {limit} columns.", place=place, limit=MOST_COLUMNS)
    names = [name.strip() for name in header]
    if missing := [name for name in required if name not in names]:
        raise Refused("The column {columns} is missing.", place=place, columns=_list(missing))
    if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
        raise Refused("The column {columns} stands there twice.", place=place, columns=_list(twice))
    if optional is not None:
        known = {*required, *optional}
        if unknown := [name for name in names if name not in known]:
            raise Refused(
                "The column {columns} is not known; known are {known}.",
                place=place,
                columns=_list(unknown),
                known=_list([*required, *optional]),
            )
    return names


def _row(file: str, line: int, names: list[str], values: list[str]) -> Row:
    place = f"{file}:{line}"
    if len(values) != len(names):
        raise Refused(
            "This line has {found} fields, the header has {wanted}.",
            place=place,
            found=len(values),
            wanted=len(names),
        )
    fields = {}
    for name, value in zip(names, values, strict=True):
        if len(value) > MAX_FIELD:
            raise Refused(
                "The field is longer than {limit} characters.",
                place=f"{place}, column {name}",
                limit=MAX_FIELD,
            )
        fields[name] = bare(unicodedata.normalize("NFC", value.strip())).strip()
    return Row(file, line, fields)


def _list(names: Sequence[str]) -> str:
    shown = ", ".join(f"“{name[:SHOWN_LETTERS]}”" for name in names[:SHOWN_NAMES])
    return f"{shown}, …" if len(names) > SHOWN_NAMES else shown


def check_name(name: str, *, place: str, limit: int = 120) -> str:
    """Refuse a name that cannot be shown or exported safely; returns it in NFC without surrounding blanks."""
    name = unicodedata.normalize("NFC", name).strip()
    if not name:
        raise Refused("A name is missing.", place=place)
    if len(name) > limit or len(name_key(name)) > 2 * limit:  # a few letters fold to three
        raise Refused("The name is longer than {limit} characters.", place=place, limit=limit)
    if name.startswith(FORMULA_STARTS):
        raise Refused(
            "The name {name} begins like a formula; a spreadsheet program would run it.",
            place=place,
            name=f"“{name}”",
        )
    if any(unseen(character) for character in name):
        raise Refused(
            "The name has a character that cannot be seen or changes the direction of text.", place=place
        )
    return name


def unseen(character: str) -> bool:
    """Whether a character cannot be seen, or changes the direction of text."""
    # Zero-width joiners stand inside words of some scripts and inside emoji.
    return (
        unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        and character not in "\u200c\u200d"
    )


def safe(value: str) -> str:
    """Text that a spreadsheet takes as one cell of text: what could start a formula gets an apostrophe before it.

    So does what has apostrophes before it already, that `bare` may give back just what was there.
    """
    line = value.replace("\r", " ").replace("\n", " ")
    return f"'{line}" if starts_a_formula(value.lstrip("'")) else line


def starts_a_formula(value: str) -> bool:
    """Whether a spreadsheet program could run it; some take the wide forms of East Asian scripts for the narrow ones."""
    begin = value.lstrip(" \u00a0\u3000\n")[:1]
    return begin in FORMULA_STARTS or begin in WIDE_STARTS


def bare(cell: str) -> str:
    """The text that `safe` made a cell of: without the apostrophe before what could start a formula."""
    return cell[1:] if cell.startswith("'") and starts_a_formula(cell.lstrip("'")) else cell


def name_key(name: str) -> str:
    """What makes two names the same: NFC, case-folded, single blanks."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())
