"""A calendar as a file (iCalendar, RFC 5545): whole days with a title and an address, nothing else."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

LONGEST_LINE = 75  # octets without the line break (RFC 5545, 3.1)
_ESCAPED = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"}


@dataclass(frozen=True, slots=True)
class Day:
    """One entry: `key` stays the same for the same thing, so that a calendar that reads the file again doubles nothing."""

    key: str
    day: date
    title: str
    url: str


def calendar(days: Iterable[Day], *, name: str, host: str, made: datetime) -> bytes:
    """The file in UTF-8, each entry a day long; `made` in UTC."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Groundswell//Groundswell//EN",
        "CALSCALE:GREGORIAN",
        f"X-WR-CALNAME:{escaped(name)}",
    ]
    for one in days:
        lines += [
            "BEGIN:VEVENT",
            f"UID:{one.key}@{host}",
            f"DTSTAMP:{made:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}",
            f"SUMMARY:{escaped(one.title)}",
            f"URL:{one.url}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def escaped(text: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11), without characters that cannot be seen."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = (one for one in plain if one == "\n" or unicodedata.category(one) not in {"Cc", "Cs"})
    return "".join(_ESCAPED.get(one, one) for one in kept)


def folded(line: str) -> bytes:
    """A line with its end, cut into pieces of 75 octets at most, none of them inside a character."""
    pieces, piece = [], b""
    for one in line:
        octets = one.encode()
        if len(piece) + len(octets) > LONGEST_LINE:
            pieces.append(piece)
            piece = b" "  # what goes on begins with a blank, which is none of the value
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
