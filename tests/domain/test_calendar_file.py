"""The calendar file, read back by the rules of RFC 5545."""

import re
from datetime import date, datetime

from hypothesis import example, given
from hypothesis import strategies as st

from webapp.domain.calendar_file import LONGEST_LINE, Day, calendar, escaped, folded

MADE = datetime(2026, 11, 2, 9, 5, 7)  # noqa: DTZ001 - UTC, as the clock gives it


def unfolded(data: bytes) -> list[str]:
    assert data.endswith(b"\r\n")
    return data.decode().replace("\r\n ", "").split("\r\n")[:-1]


def read(escaped_text: str) -> str:
    return re.sub(
        r"\\(.)", lambda found: "\n" if found[1] in "nN" else found[1], escaped_text, flags=re.DOTALL
    )


def test_an_entry_is_a_day_with_a_title() -> None:
    day = Day(
        "wave-3-closes", date(2026, 11, 15), "Last day; of “A, B”", "https://g.example.org/o/acme/waves/3"
    )
    lines = unfolded(calendar([day], name="Acme", host="g.example.org", made=MADE))
    assert lines == [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Groundswell//Groundswell//EN",
        "CALSCALE:GREGORIAN",
        "X-WR-CALNAME:Acme",
        "BEGIN:VEVENT",
        "UID:wave-3-closes@g.example.org",
        "DTSTAMP:20261102T090507Z",
        "DTSTART;VALUE=DATE:20261115",
        "SUMMARY:Last day\\; of “A\\, B”",
        "URL:https://g.example.org/o/acme/waves/3",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]


@given(st.text())
@example("x\r\nEND:VCALENDAR\r\nBEGIN:VEVENT")
@example("a\rb\nc\\n;,")
@example("日本語" * 60)
@example("👩‍👩‍👧" * 20)
@example("\ud800")
def test_whatever_a_title_holds_it_stays_one_value_of_short_lines(title: str) -> None:
    data = folded(f"SUMMARY:{escaped(title)}")
    for line in data.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= LONGEST_LINE
        line.decode()  # no character is cut
    (line,) = unfolded(data)
    assert "\n" not in line
    assert "\r" not in line
    kept = "".join(one for one in read(line.removeprefix("SUMMARY:")))
    plain = title.replace("\r\n", "\n").replace("\r", "\n")
    assert kept == "".join(
        one for one in plain if one == "\n" or not re.match(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]", one)
    )
