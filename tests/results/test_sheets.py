"""The spreadsheet of a publication says what the publication says."""

import io
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from openpyxl import load_workbook

from webapp.domain.publication import INDEX
from webapp.domain.spreadsheet import XLSX
from webapp.results import exports, sheets
from webapp.results.reading import Reading

Changed = Callable[..., Reading]


def read(content: bytes) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for sheet in load_workbook(io.BytesIO(content)).worksheets:
        head, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = [dict(zip(map(str, head), row, strict=True)) for row in rows]
    return found


@pytest.fixture
def book(reading: Reading) -> dict[str, list[dict[str, Any]]]:
    return read(sheets.workbook(reading))


def test_scores_are_those_of_the_publication(book: Any, reading: Reading) -> None:
    wanted = {
        (unit.name, key): cell
        for unit in reading.publication.units
        for key, cell in unit.teams.items()
        if key == INDEX or reading.variable(key)
    }
    told = {(row["unit"], row["practice"]): row for row in book["scores"]}
    assert told.keys() == wanted.keys()
    for place, cell in wanted.items():
        row = told[place]
        assert [row[key] for key in ("n", "score", "low", "high")] == [
            cell.n,
            cell.score,
            cell.low,
            cell.high,
        ]
        assert [row["tier"], row["quarter"], row["guarded"], row["unknown"]] == [
            cell.tier,
            cell.quarter,
            False,
            cell.unknown,
        ]
        assert row["agreement"] == (cell.agreement.word if cell.agreement else None)
        assert row["deviation"] == (cell.agreement.ad if cell.agreement else None)
    assert "Legal" not in {row["unit"] for row in book["scores"]}


def test_people_by_band_stand_only_where_they_are_published(book: Any, reading: Reading) -> None:
    wanted = {
        (unit.name, key): list(cell.histogram)
        for unit in reading.publication.units
        for key, cell in unit.teams.items()
        if cell.histogram
    }
    told = {(row.pop("unit"), row.pop("practice")): list(row.values()) for row in book["people by band"]}
    assert told == wanted
    assert ("Onboarding", "simplify") not in told


def test_findings_and_other_teams_are_those_of_the_json(book: Any, reading: Reading) -> None:
    plain = exports.reading_as_json(reading)
    assert [row["text"] for row in book["findings"]] == [
        one["text"] for one in plain["findings"] if one["text"]
    ]
    told = [(row["below"], row["units"], row["practice"], row["score"]) for row in book["other teams"]]
    assert told == [
        (one["below"], ", ".join(one["units"]), one["practice"], one["score"]) for one in plain["residuals"]
    ]


def test_the_quarter_stands_in_the_json_too(reading: Reading) -> None:
    found = {unit["unit"]: unit for unit in exports.reading_as_json(reading)["units"]}
    cell = reading.unit(11).teams["simplify"]
    assert cell.quarter == "upper"
    assert found["Data platform"]["practices"]["simplify"]["quarter"] == "upper"
    assert found["Data platform"]["index"]["quarter"] == reading.unit(11).teams[INDEX].quarter


def test_under_the_strict_guard_only_the_band_stands(reading: Reading, changed: Changed) -> None:
    strict = changed(reading, 16, "simplify", score=None, low=None, high=None)
    (row,) = [
        one
        for one in read(sheets.workbook(strict))["scores"]
        if (one["unit"], one["practice"]) == ("Dispatch", "simplify")
    ]
    kept = {key: value for key, value in row.items() if value is not None}
    assert kept == {
        "unit": "Dispatch",
        "parent": "Operations",
        "headcount": 15,
        "practice": "simplify",
        "band": "Not yet",
    }


@pytest.mark.parametrize("name", ["=1+1", "+A", "-A", "@A", "\tA", " =A", "＝A", "＠A", "＋A", "－A"])
def test_a_name_that_could_start_a_formula_is_text_everywhere(reading: Reading, name: str) -> None:
    units = tuple(replace(unit, name=name) for unit in reading.publication.units)
    renamed = replace(reading, publication=replace(reading.publication, units=units))
    content = sheets.workbook(renamed)
    for sheet in load_workbook(io.BytesIO(content)).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                assert not str(cell.value or "").startswith(name) or cell.quotePrefix


def test_a_download_is_the_readers_file_and_leaves_an_audit_row(kestrel: SimpleNamespace) -> None:
    path = f"/o/kestrel/results/{kestrel.waves[-1]}/scores.xlsx"
    answer = kestrel.owner.get(path)
    assert (answer.status_code, answer.mimetype) == (200, XLSX)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="kestrel-november-2025.xlsx"'
    assert kestrel.actions()[-1] == "results.exported"
    assert answer.data == kestrel.owner.get(path).data, "of the same publication always the same bytes"
    names = {row["unit"] for row in read(kestrel.leader.get(path).data)["scores"]}
    assert names == {"Kestrel Freight", "Operations", "Customs", "Dispatch", "Warehouse"}
    assert "other teams" not in read(kestrel.leader.get(path).data)
