"""Taking the register over from a file, and giving it away: by page, by command line, and in the archive."""

import csv
import io
import os
import zipfile
from collections.abc import Callable
from http import HTTPStatus
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from openpyxl import load_workbook

from config import Settings
from tests.experiments.conftest import Register, ago, register_of
from tests.fixtures.organizations import UNITS
from tests.fixtures.pages import CheckingClient, Page
from webapp import cli, slots
from webapp.domain.csv_table import MAX_BYTES
from webapp.domain.experiment_list import COLUMNS
from webapp.experiments import queries

PATH = "/o/acme/experiments/import"
LIST = f"unit,title,idea_on\nPlatform,One,{ago(9)}\nSales,Two,{ago(8)}\n"


def test_a_check_changes_nothing_and_the_list_can_then_be_taken(
    acme: Register, owner: CheckingClient
) -> None:
    reply = owner.send(PATH, {"text": LIST, "step": "check"})
    text = Page(reply.text).text()
    assert "This list is good" in text
    assert "add 2 experiments" in text
    assert acme.count() == 0
    reply = owner.send(PATH, {"text": LIST, "step": "apply"})
    assert (reply.status_code, reply.location) == (303, "/o/acme/experiments")
    assert "Imported: 2 added, 0 changed." in owner.page("/o/acme/experiments").text()
    assert acme.count() == 2


def test_every_column_is_explained_on_the_page(owner: CheckingClient) -> None:
    from webapp.domain.experiment_list import COLUMNS  # noqa: PLC0415 - for this one test

    told = {words for code in owner.page(PATH).all("code") for words in (code.text or "").split()}
    assert set(COLUMNS) <= told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "list: The file is empty"),
        ("unit,title\nSales,One\n", "list:1: The column “idea_on” is missing."),
        ("unit,title,idea_on\nSales,One\n", "list:2: This line has 2 fields, the header has 3."),
        ("unit,title,idea_on\nNowhere,One,2026-01-01\n", "list:2, column unit: There is no unit “Nowhere”."),
        ('unit,title,idea_on\nSales,"One,2026-01-01\n', "A quotation mark is opened and not closed"),
        ("unit,title,idea_on\nSales,=1+1,2026-01-01\n", "list:2, column title: The name “=1+1” begins like"),
        ("unit,title,idea_on\nSales,A,x\nSales,B,y\n", "list:3, column idea_on: “y” is not a day"),
        ("unit,title,idea_on\nSales,<script>alert(1)</script>,x\n", "“x” is not a day"),
    ],
)
def test_a_fault_is_named_with_its_line_and_column(
    acme: Register, owner: CheckingClient, text: str, told: str
) -> None:
    for step in ("check", "apply"):
        reply = owner.send(PATH, {"text": text, "step": step})
        assert reply.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
        assert told in Page(reply.text).text()
    assert acme.count() == 0


def test_bytes_that_are_no_text_are_refused(acme: Register, owner: CheckingClient) -> None:
    for data in (
        b"\xff\xfe\x00",
        b"unit,title,idea_on\nSales,\x00,2026-01-01\n",
        b"PK\x03\x04" + b"\x90" * 99,
    ):
        reply = owner.send(PATH, {"step": "apply", "file": (io.BytesIO(data), "list.csv")})
        assert reply.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert acme.count() == 0


def test_ten_megabytes_may_come_here_and_a_quarter_elsewhere(acme: Register, owner: CheckingClient) -> None:
    token = owner.page(PATH).form(None)
    large = "unit,title,idea_on\n" + "".join(f"Sales,Idea {n},{ago(9)}{' ' * 60}\n" for n in range(9000))
    assert 256 * 1024 < len(large) < MAX_BYTES
    assert owner.post(PATH, data=token | {"text": large, "step": "check"}).status_code == HTTPStatus.OK
    too_large = token | {"text": "x" * 11_000_000}
    assert owner.post(PATH, data=too_large).status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    for path in ("", "/figures.json"):
        reply = owner.post(f"/o/acme/experiments{path}", data=token | {"title": "x" * 300_000})
        assert reply.status_code in {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.METHOD_NOT_ALLOWED}
    assert owner.post("/o/acme/experiments", data=token | {"title": "x" * 300_000}).status_code == 413
    assert acme.count() == 0


def test_a_leader_takes_over_what_is_theirs_alone(
    acme: Register, leader: CheckingClient, viewer: CheckingClient
) -> None:
    reply = leader.send(PATH, {"text": LIST, "step": "apply"})
    assert "list:3, column unit: There is no unit “Sales”." in Page(reply.text).text()
    assert leader.send(PATH, {"text": LIST.rpartition("Sales")[0], "step": "apply"}).status_code == 303
    assert viewer.get(PATH).status_code == HTTPStatus.FORBIDDEN
    assert acme.count() == 1


def test_a_download_holds_what_its_reader_may_see_and_leaves_an_event(
    filled: Register, owner: CheckingClient, viewer: CheckingClient
) -> None:
    reply = owner.get("/o/acme/experiments/register.csv")
    assert reply.headers["Content-Disposition"] == 'attachment; filename="experiments-acme.csv"'
    assert reply.content_type == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    assert [row["title"] for row in rows] == [one.entry.title for one in filled.all()]
    assert filled.events()[-1] == "experiments.exported"
    own = list(csv.DictReader(io.StringIO(viewer.get("/o/acme/experiments/register.csv").text)))
    assert {row["unit"] for row in own} == {"Sales"}


def test_the_spreadsheet_says_what_the_csv_says_and_runs_nothing(
    filled: Register, owner: CheckingClient, viewer: CheckingClient
) -> None:
    content = owner.get("/o/acme/experiments/register.xlsx").data
    (sheet,) = load_workbook(io.BytesIO(content)).worksheets
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert tuple(head) == COLUMNS
    listed = filled.all()
    assert [row[:2] for row in rows] == [[one.unit, one.entry.title] for one in listed]
    days = [row[head.index("idea_on")] for row in rows]
    assert [day.date() for day in days] == [one.entry.idea_on for one in listed]
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    own = load_workbook(io.BytesIO(viewer.get("/o/acme/experiments/register.xlsx").data)).worksheets[0]
    assert {row[0] for row in own.iter_rows(min_row=2, values_only=True)} == {"Sales"}
    assert filled.events()[-1] == "experiments.exported"


def test_what_goes_out_comes_in_elsewhere_the_same(filled: Register, owner: CheckingClient) -> None:
    text = owner.get("/o/acme/experiments/register.csv").text
    assert filled.take(text).same == 7
    other = register_of(filled.app, "elsewhere")
    assert other.take(text).added == 7
    assert [(one.unit, one.entry) for one in other.all()] == [(one.unit, one.entry) for one in filled.all()]


def test_the_archive_of_the_organization_holds_the_register(filled: Register, owner: CheckingClient) -> None:
    def names() -> list[str]:
        reply = owner.get("/o/acme/settings/results.zip")
        return zipfile.ZipFile(io.BytesIO(reply.data)).namelist()

    assert "experiments.csv" in names()
    for one in filled.all():
        from webapp.experiments import commands  # noqa: PLC0415 - for this one test

        filled.call(commands.remove, experiment_id=one.id)
    assert "experiments.csv" not in names()


def test_other_features_ask_by_slots_for_what_shipped_and_what_waits(filled: Register) -> None:
    units = filled.units
    with filled.app.app_context():
        ask = slots.ask
        assert ask("shipped", filled.organization.id, ago(0)) == [
            {units["Platform"]: 2, units["Engineering"]: 1}
        ]
        assert ask("shipped", filled.organization.id, ago(100)) == [{units["Platform"]: 1}]
        assert ask("shipped", 10**6, ago(0)) == [{}]
        assert ask("ideas_open", filled.organization.id, ago(0)) == [{units["Sales"]: 1}]
    assert queries.A_PAGE == 50


Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run a command line in this process, on a data folder of the test's own, in an empty folder."""
    for name in list(os.environ):
        if name.startswith(("GROUNDSWELL_", "DATABASE_")) or name in {"PORT", "HOST"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("GROUNDSWELL_DATA", str(settings.data))
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner(catch_exceptions=False).invoke(
        cli.fill(), [str(word) for word in words], prog_name="groundswell"
    )


def test_by_the_command_line_there_and_back(run: Run) -> None:
    Path("units.csv").write_text(UNITS)
    Path("list.csv").write_text(LIST)
    assert run("organization", "create", "acme", "--name", "Acme", "--owner", "o@acme.example").exit_code == 0
    assert run("units", "import", "acme", "units.csv").exit_code == 0
    checked = run("experiments", "import", "acme", "list.csv", "--check")
    assert checked.stdout == "2 experiments would be added, 0 would be changed, 0 as they are.\n"
    done = run("experiments", "import", "acme", "list.csv")
    assert (done.exit_code, done.stdout) == (0, "2 experiments added, 0 changed, 0 as they are.\n")
    out = run("experiments", "export", "acme")
    Path("out.csv").write_bytes(out.stdout_bytes)
    again = run("experiments", "import", "acme", "out.csv")
    assert again.stdout == "0 experiments added, 0 changed, 2 as they are.\n"
    assert run("experiments", "export", "acme").stdout_bytes == out.stdout_bytes


def test_the_command_line_names_what_is_wrong(run: Run) -> None:
    run("organization", "create", "acme", "--name", "Acme", "--owner", "o@acme.example")
    Path("list.csv").write_text("unit,title,idea_on\nNowhere,One,2026-01-01\nNowhere,Two,2026-01-01\n")
    failed = run("experiments", "import", "acme", "list.csv")
    assert failed.exit_code == 1
    assert "list.csv:2, column unit: There is no unit “Nowhere”." in failed.stderr
    assert "list.csv:3, column unit" in failed.stderr
    assert "There is no organization" in run("experiments", "export", "nobody").stderr
    assert "missing.csv" in run("experiments", "import", "acme", "missing.csv").stderr
