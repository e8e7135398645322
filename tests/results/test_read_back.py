"""Every file of a publication, read back, is the publication: no figure more, none less, none other."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import load_workbook

from webapp.domain.csv_table import bare
from webapp.domain.publication import INDEX, Cell
from webapp.results import exports, sheets
from webapp.results.reading import Reading

Figures = dict[tuple[str, str], tuple[Any, ...]]


def readings(kestrel: SimpleNamespace) -> Iterator[Reading]:
    """All waves as an owner reads them, the last one as a leader does, and with each kind of guarded figure."""
    pairs = list(zip(kestrel.made, kestrel.questionnaires, strict=True))
    for publication, asked in pairs:
        yield Reading("kestrel", publication, asked)
    publication, asked = pairs[-1]
    yield Reading("kestrel", publication, asked, frozenset(kestrel.id * 100 + spot for spot in range(14, 19)))
    for values in ({"score": None, "low": None, "high": None}, {"guarded": True, "score": 45}):
        units = list(publication.units)
        teams = {key: replace(cell, **values) for key, cell in units[3].teams.items()}
        units[3] = replace(units[3], teams=teams, name="＝1+1")
        yield Reading("kestrel", replace(publication, units=tuple(units)), asked)


def published(reading: Reading) -> Figures:
    """What the publication holds of the units that the reader sees, by unit and practice."""
    known = {INDEX, *(one.key for one in reading.practices)}
    found = {}
    for place in reading.visible:
        unit = reading.unit(place)
        above = None if unit.parent is None else reading.unit(unit.parent).name
        for key, cell in unit.teams.items():
            if key in known:
                found[unit.name, key] = (above, unit.headcount, *_figures(reading, key, cell))
    return found


def _figures(reading: Reading, key: str, cell: Cell) -> tuple[Any, ...]:
    band = reading.questionnaire.bands[cell.band]
    name = band.name if key == INDEX else band.practice_name
    if cell.score is None:
        return (None, None, None, None, name, None, None)
    word = cell.agreement.word if cell.agreement else None
    return (cell.n, cell.score, cell.low, cell.high, name, word, cell.tier)


def from_csv(reading: Reading) -> Figures:
    lines = csv.DictReader(io.StringIO(exports.reading_as_csv(reading), newline=""))
    found = {}
    for line in lines:
        told = {name: bare(value) or None for name, value in line.items()}
        numbers = [int(value) if (value := told[name]) else None for name in ("n", "score", "low", "high")]
        key = (told["unit"] or "", told["practice"] or "")
        assert key not in found
        found[key] = (
            told["parent"],
            int(told["headcount"] or -1),
            *numbers,
            told["band"],
            told["agreement"],
            told["tier"],
        )
    return found


def from_json(reading: Reading) -> Figures:
    plain = json.loads(json.dumps(exports.reading_as_json(reading)))
    found = {}
    for unit in plain["units"]:
        whole = {INDEX: unit["index"]} if "index" in unit else {}
        for key, cell in (whole | unit["practices"]).items():
            numbers = [cell.get(name) for name in ("n", "score", "low", "high", "band")]
            word = (cell.get("agreement") or {}).get("word")
            found[unit["unit"], key] = (
                unit["parent"],
                unit["headcount"],
                *numbers,
                word,
                cell.get("tier"),
            )
    return found


def from_xlsx(reading: Reading) -> Figures:
    sheet = load_workbook(io.BytesIO(sheets.workbook(reading)))["scores"]
    head, *rows = sheet.iter_rows(values_only=True)
    found = {}
    for row in rows:
        told = dict(zip(head, row, strict=True))
        key = (str(told["unit"]), str(told["practice"]))
        assert key not in found
        names = ("parent", "headcount", "n", "score", "low", "high", "band", "agreement", "tier")
        found[key] = tuple(told[name] if told[name] != "" else None for name in names)
    return found


@pytest.mark.usefixtures("reading")  # an English request
@pytest.mark.parametrize("read", [from_csv, from_json, from_xlsx])
def test_what_a_file_says_is_what_was_published(kestrel: SimpleNamespace, read: Any) -> None:
    count = 0
    for reading in readings(kestrel):
        wanted = published(reading)
        assert read(reading) == wanted
        count += len(wanted)
    assert count > 500
