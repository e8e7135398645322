"""The files of actions: what a member may read of them, and all of it."""

import csv
import io
from datetime import date, timedelta
from typing import Any

from openpyxl import load_workbook

from tests.actions.conftest import Acme
from tests.fixtures.pages import CheckingClient
from webapp import clock
from webapp.actions import exports
from webapp.domain.csv_table import bare
from webapp.domain.spreadsheet import XLSX

CSV_PATH, XLSX_PATH = "/o/acme/actions/actions.csv", "/o/acme/actions/actions.xlsx"


def rows(client: CheckingClient, asked: str = "") -> list[dict[str, str]]:
    found = csv.DictReader(io.StringIO(client.get(CSV_PATH + asked).text, newline=""))
    return [{name: bare(cell) for name, cell in line.items()} for line in found]


def cells(client: CheckingClient, asked: str = "") -> list[dict[str, Any]]:
    (sheet,) = load_workbook(io.BytesIO(client.get(XLSX_PATH + asked).data)).worksheets
    head, *lines = sheet.iter_rows(values_only=True)
    return [dict(zip(map(str, head), line, strict=True)) for line in lines]


def test_both_files_say_what_the_board_says(lite: Acme) -> None:
    wave, due = lite.publish(), clock.today("UTC") + timedelta(days=20)
    number = lite.adopt(
        "Platform",
        "=1+1, or “more”",
        note="one\n@two",
        wave_id=wave,
        practice="amplify",
        due=due,
        advice="Show it",
        first_step="- next week",
        member_id=lite.member("leader@acme.example"),
    )
    lite.adopt("", "Für alle")
    owner = lite.client("owner@acme.example")
    first, second = rows(owner)
    today = clock.today("UTC").isoformat()
    assert first == {
        "number": str(number),
        "unit": "Platform",
        "action": "=1+1, or “more”",
        "state": "planned",
        "reason": "",
        "due": due.isoformat(),
        "who": "leader@acme.example",
        "practice": "amplify",
        "item": "",
        "wave": str(wave),
        "decided": today,
        "moved": today,
        "note": "one @two",
        "advice": "Show it",
        "first_step": "- next week",
        "wave_name": "First wave",
    }
    assert (second["unit"], second["action"], second["due"], second["who"]) == ("Acme", "Für alle", "", "")
    told = cells(owner)
    assert [line["number"] for line in told] == [int(first["number"]), int(second["number"])]
    assert told[0]["due"].date() == due
    assert told[0]["note"] == "one\n@two", "a cell may have lines"
    for line, row in zip((first, second), told, strict=True):
        for name in exports.COLUMNS:
            value = row[name].date() if hasattr(row[name], "date") else row[name]
            same = value.isoformat() if isinstance(value, date) else str("" if value is None else value)
            assert line[name] == same.replace("\n", " "), name


def test_a_file_holds_what_the_member_reads_and_the_filter_lets_through(lite: Acme) -> None:
    for unit in ("Platform", "Sales", ""):
        lite.adopt(unit, f"Of {unit or 'all'}")
    owner, leader = lite.client("owner@acme.example"), lite.client("leader@acme.example")
    assert [line["action"] for line in rows(owner)] == ["Of Platform", "Of Sales", "Of all"]
    assert [line["action"] for line in rows(leader)] == ["Of Platform"]
    assert [line["action"] for line in cells(leader)] == ["Of Platform"]
    assert [line["action"] for line in rows(owner, f"?unit={lite.units['Sales']}")] == ["Of Sales"]
    assert rows(leader, f"?unit={lite.units['Sales']}") == []
    page = owner.get(f"/o/acme/actions/list?unit={lite.units['Sales']}").text
    assert f"{CSV_PATH}?unit={lite.units['Sales']}" in page
    assert f"{XLSX_PATH}?unit={lite.units['Sales']}" in page


def test_a_download_is_a_file_and_leaves_an_event(lite: Acme) -> None:
    lite.adopt()
    owner = lite.client("owner@acme.example")
    for path, kind, ending in ((CSV_PATH, "text/csv", "csv"), (XLSX_PATH, XLSX, "xlsx")):
        reply = owner.get(path)
        assert reply.mimetype == kind
        assert reply.headers["Content-Disposition"] == f'attachment; filename="actions-acme.{ending}"'
    assert owner.page("/o/acme/audit").text().count("Downloaded the actions") == 2
