"""The command line: results alone on stdout, one clear line on stderr, exit code 0 only on success."""

import csv
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask

from config import Settings
from tests.fixtures.organizations import UNITS
from webapp import cli
from webapp.extensions import db
from webapp.models import Model

ROOT = Path(__file__).parents[1]
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


@pytest.fixture
def acme(run: Run) -> str:
    found = run("organization", "create", "acme", "--name", "Acme", "--owner", "owner@acme.example")
    assert found.exit_code == 0, found.stderr
    return "acme"


@pytest.fixture
def stored(app: Flask) -> Callable[[], dict[str, list[str]]]:
    """Every row of every table, as text."""

    def read() -> dict[str, list[str]]:
        with app.app_context():
            return {
                table.name: sorted(repr(tuple(row)) for row in db.session.execute(sa.select(table)))
                for table in Model.metadata.sorted_tables
            }

    return read


def refused(result: Result, *parts: str) -> None:
    """One line on stderr that says all that, nothing on stdout, an exit code that is not 0."""
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert result.stderr.startswith("Error: ")
    assert result.stderr.count("\n") == 1, result.stderr
    for part in parts:
        assert part in result.stderr


# --- organizations and members -------------------------------------------------------------------------------


def test_creating_an_organization_prints_the_link_alone(run: Run) -> None:
    result = run("organization", "create", "acme", "--name", "Acme", "--owner", "owner@acme.example")
    assert result.exit_code == 0
    assert result.stderr == ""
    assert result.stdout.startswith("http://127.0.0.1:8000/sign-in/")
    assert result.stdout.count("\n") == 1


@pytest.mark.parametrize(
    ("changes", "part"),
    [
        ({"slug": "Acme Corp"}, "cannot stand in an address"),
        ({"slug": "-acme"}, "cannot stand in an address"),
        ({"slug": "a" * 61}, "cannot stand in an address"),
        ({"slug": "café"}, "cannot stand in an address"),
        ({"--name": ""}, "name is missing"),
        ({"--name": "=1+1"}, "formula"),
        ({"--name": "x" * 121}, "longer than 120"),
        ({"--name": "Ac\u202eme"}, "cannot be seen"),
        ({"--owner": "owner"}, "not an e-mail address"),
        ({"--owner": "a@b.example, c@d.example"}, "not an e-mail address"),
        ({"--smallest-group": "2"}, "3 to 50"),
        ({"--smallest-group": "1000"}, "3 to 50"),
        ({"--timezone": "Mars/Olympus"}, "no time zone"),
    ],
)
def test_a_bad_organization_is_refused_and_nothing_is_stored(
    run: Run, stored: Callable[[], object], changes: dict[str, str], part: str
) -> None:
    before = stored()
    given = {"slug": "acme", "--name": "Acme", "--owner": "owner@acme.example"} | changes
    slug = given.pop("slug")
    words = [word for pair in given.items() for word in pair]
    refused(run("organization", "create", *words, "--", slug), part)
    assert stored() == before


def test_a_second_organization_of_the_same_slug_is_refused(
    run: Run, acme: str, stored: Callable[[], object]
) -> None:
    before = stored()
    result = run("organization", "create", acme, "--name", "Other", "--owner", "other@acme.example")
    refused(result, "already an organization “acme”")
    assert stored() == before


def test_members_get_links_and_unknown_ones_do_not(run: Run, acme: str) -> None:
    added = run("member", "add", acme, "Auditor@Acme.Example", "--role", "auditor")
    assert added.stdout.startswith("http://127.0.0.1:8000/sign-in/")
    again = run("member", "link", acme, "auditor@acme.example")
    assert again.exit_code == 0
    assert again.stdout != added.stdout
    refused(run("member", "link", acme, "nobody@acme.example"), "not a member")
    refused(run("member", "add", acme, "x@acme.example", "--role", "king"), "no role “king”")
    refused(
        run("member", "add", acme, "x@acme.example", "--role", "viewer", "--unit", "Moon"), "no unit “Moon”"
    )
    refused(
        run("member", "add", "nowhere", "x@acme.example", "--role", "viewer"), "no organization “nowhere”"
    )


# --- units ------------------------------------------------------------------------------------------------------


def import_units(run: Run, acme: str, data: str | bytes, *options: str) -> Result:
    Path("units.csv").write_bytes(data.encode() if isinstance(data, str) else data)
    return run("units", "import", acme, "units.csv", *options)


BAD = {
    "unknown parent": ("unit,parent,headcount\nA,,5\nB,Moon,5\n", ":3", "parent “Moon” is not known"),
    "cyclic tree": ("unit,parent,headcount\nA,B,\nB,C,\nC,A,\n", ":2", "A → B → C → A"),
    "its own parent": ("unit,parent,headcount\nA,A,5\n", ":2", "circle"),
    "duplicate name": (
        "unit,parent,headcount\nSales,,5\n SALES ,,5\n",
        ":3",
        "stands twice: first in line 2",
    ),
    "duplicate after normalizing": ("unit,parent,headcount\nCaf\u00e9,,5\nCafe\u0301,,5\n", ":3", "twice"),
    "leaf without people": ("unit,parent,headcount\nA,,5\nB,,0\n", ":3", "no people"),
    "leaf with a blank": ("unit,parent,headcount\nA,,\n", ":2", "no people"),
    "negative people": ("unit,parent,headcount\nA,,-3\n", ":2", "not a whole number"),
    "half a person": ("unit,parent,headcount\nA,,4.5\n", ":2", "not a whole number"),
    "too many people": ("unit,parent,headcount\nA,,9999999\n", ":2", "above 1000000"),
    "half a CSV": ('unit,parent,headcount\nA,,5\n"B,,5\n', ":3", "quotation mark"),
    "a short line": ("unit,parent,headcount\nA,,5\nB,\n", ":3", "2 fields, the header has 3"),
    "a long line": ("unit,parent,headcount\nA,,5,6\n", ":2", "4 fields, the header has 3"),
    "wrong encoding": ("unit,parent,headcount\nA,,5\nB\xfcro,,5\n".encode("latin-1"), ":3", "not UTF-8"),
    "two bytes a letter": ("unit,parent,headcount\nA,,5\n".encode("utf-16"), ":1", "not UTF-8"),
    "formula in a name": ("unit,parent,headcount\n=HYPERLINK(1),,5\n", ":2", "formula"),
    "formula behind a blank": ("unit,parent,headcount\n @SUM(1),,5\n", ":2", "formula"),
    "NUL": ("unit,parent,headcount\nA,,5\nB\0,,5\n", ":3", "NUL"),
    "an unseen letter": ("unit,parent,headcount\nA\u202eB,,5\n", ":2", "cannot be seen"),
    "missing column": ("unit,headcount\nA,5\n", ":1", "column “parent” is missing"),
    "unknown column": ("unit,parent,headcount,colour\nA,,5,red\n", ":1", "“colour” is not known"),
    "column twice": ("unit,parent,headcount,unit\nA,,5,B\n", ":1", "there twice"),
    "no name": ("unit,parent,headcount\n,,5\n", ":2", "name is missing"),
    "a name of ours": ("unit,parent,headcount\nSales (direct),,5\n", ":2", "(direct)"),
    "a long name": (f"unit,parent,headcount\n{'x' * 121},,5\n", ":2", "longer than 120"),
    "bad address": ("unit,parent,headcount,leader_email\nA,,5,somebody\n", ":2", "not an e-mail address"),
    "unknown old name": ("unit,parent,headcount,renamed_from\nA,,5,Moon\n", ":2", "no unit “Moon” to rename"),
    "too deep": (
        "unit,parent,headcount\n" + "".join(f"u{n},{f'u{n - 1}' if n else ''},1\n" for n in range(25)),
        ":",
        "deeper than 20",
    ),
    "no units": ("unit,parent,headcount\n", "", "no units"),
    "empty file": ("", "", "empty"),
}


@pytest.mark.parametrize("fault", BAD)
@pytest.mark.parametrize("filled", [False, True], ids=["first import", "second import"])
def test_a_bad_list_of_units_is_refused_with_its_place_and_nothing_is_stored(
    run: Run, acme: str, stored: Callable[[], object], fault: str, *, filled: bool
) -> None:
    if filled:
        assert import_units(run, acme, UNITS).exit_code == 0
    before = stored()
    data, place, part = BAD[fault]
    refused(import_units(run, acme, data), f"units.csv{place}" if place else "Error: ", part)
    assert stored() == before


def test_a_good_list_of_units_is_stored_once(
    run: Run, acme: str, stored: Callable[[], dict[str, list[str]]]
) -> None:
    result = import_units(run, acme, UNITS)
    assert result.exit_code == 0, result.stderr
    assert "5 units added, 0 changed; 36 people" in result.stdout
    first = stored()["unit"]
    again = import_units(run, acme, UNITS)
    assert "0 units added, 0 changed; 36 people" in again.stdout
    assert stored()["unit"] == first


def test_lists_of_spreadsheet_programs_are_read(run: Run, acme: str) -> None:
    data = "\ufeff" + UNITS.replace(",", ";").replace("\n", "\r\n")
    assert "5 units added" in import_units(run, acme, data).stdout


def test_checking_a_list_stores_nothing(run: Run, acme: str, stored: Callable[[], object]) -> None:
    before = stored()
    assert "5 units would be added" in import_units(run, acme, UNITS, "--check").stdout
    assert stored() == before


def test_units_that_a_second_list_lacks_are_named_and_closed_only_on_request(run: Run, acme: str) -> None:
    import_units(run, acme, UNITS)
    fewer = UNITS.replace("Support,,6,\n", "").replace("Sales,,10", "Sales,,11")
    left = import_units(run, acme, fewer)
    assert "0 units added, 1 changed; 37 people" in left.stdout
    assert "left as they are: Support" in left.stderr
    closed = import_units(run, acme, fewer, "--close-missing")
    assert "closed: Support" in closed.stderr
    assert "31 people" in closed.stdout


def test_a_unit_is_renamed_without_losing_its_place(
    run: Run, acme: str, stored: Callable[[], dict[str, list[str]]]
) -> None:
    import_units(run, acme, UNITS)
    renamed = "unit,parent,headcount,renamed_from\nRevenue,,10,Sales\n"
    assert "0 units added, 1 changed" in import_units(run, acme, renamed).stdout
    assert len(stored()["unit"]) == 5


def test_a_missing_file_is_one_line(run: Run, acme: str) -> None:
    refused(run("units", "import", acme, "nowhere.csv"), "nowhere.csv", "No such file")


# --- the whole story ----------------------------------------------------------------------------------------------


def test_from_an_empty_folder_to_results(run: Run, acme: str) -> None:
    import_units(run, acme, UNITS)
    opened = run(
        "wave", "open", acme, "--questionnaire", "ai-adoption", "--form", "team-core", "--name", "First"
    )
    assert opened.exit_code == 0, opened.stderr
    wave = opened.stdout.strip()
    assert wave.isdigit()
    refused(
        run(
            "wave", "open", acme, "--questionnaire", "ai-adoption", "--form", "team-core", "--name", "Second"
        ),
        "still open",
    )
    refused(run("results", acme, wave, "--json"), "no results")
    links = list(csv.DictReader(io.StringIO(run("ballots", "issue", acme, wave).stdout)))
    assert len(links) == 36
    assert len({row["link"] for row in links}) == 36
    people: dict[str, int] = {}
    for row in links:
        people[row["unit"]] = people.get(row["unit"], 0) + 1
    assert people == {"Platform": 12, "Mobile": 8, "Sales": 10, "Support": 6}
    rows = ["unit,P1.T1"] + [f"{unit},{1 + person % 5}" for unit, n in people.items() for person in range(n)]
    Path("responses.csv").write_text("\n".join(rows) + "\nSales,3\n")
    refused(run("responses", "import", acme, wave, "responses.csv"), "responses.csv:38", "10 people")
    Path("responses.csv").write_text("\n".join(rows) + "\n")
    assert run("responses", "import", acme, wave, "responses.csv").stdout == "36\n"
    closed = run("wave", "close", acme, wave)
    assert closed.exit_code == 0, closed.stderr
    assert closed.stdout.endswith("hidden\n")
    found = json.loads(run("results", acme, wave, "--json").stdout)
    assert (found["format"], found["organization"], found["wave"]) == (1, acme, int(wave))
    assert [unit["unit"] for unit in found["units"]][:2] == ["Acme", "Engineering"]
    assert run("wave", "close", acme, wave).exit_code == 0
    assert json.loads(run("results", acme, wave, "--json").stdout) == found


def test_waves_that_cannot_be_are_refused(run: Run, acme: str, stored: Callable[[], object]) -> None:
    opening = ("wave", "open", acme, "--form", "team-core", "--name", "First", "--questionnaire")
    refused(run(*opening, "ai-adoption"), "no units")
    import_units(run, acme, UNITS)
    before = stored()
    refused(run(*opening, "nothing"), "no questionnaire “nothing”")
    refused(run(*opening, "ai-adoption@99"), "no questionnaire")
    refused(run(*opening, "ai-adoption", "--closes", "2020-01-01"), "has passed")
    refused(
        run(*opening[:3], "--form", "leader", "--name", "x", "--questionnaire", "ai-adoption"),
        "no form “leader”",
    )
    refused(run("wave", "close", acme, "99"), "no wave 99")
    assert stored() == before


# --- what goes wrong around it ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value", "part"),
    [
        ("PORT", "web", "PORT must be a number"),
        ("GROUNDSWELL_URL", "http://groundswell.example.org", "plain http on a public name"),
        ("GROUNDSWELL_SECRET_KEY", "short", "too weak"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL must look like"),
        ("DATABASE_URL", "mysql://127.0.0.1/none", "DATABASE_URL must look like"),
        ("DATABASE_URL", "postgresql://127.0.0.1:port/none", "DATABASE_URL must look like"),
        ("DATABASE_URL", "postgresql+psycopg://127.0.0.1:1/none", "database"),
        ("GROUNDSWELL_DATA", "/dev/null", "/dev/null"),
    ],
)
def test_a_bad_setting_is_one_line(
    run: Run, monkeypatch: pytest.MonkeyPatch, name: str, value: str, part: str
) -> None:
    monkeypatch.setenv(name, value)
    refused(run("questionnaire", "list"), part)


def test_help_needs_no_database(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql+psycopg://127.0.0.1:1/none")
    for words in ([], ["units"], ["units", "import"], ["wave", "open"]):
        result = run(*words, "--help")
        assert result.exit_code == 0, words
        assert result.stdout.startswith("Usage: groundswell")


def test_the_real_command_keeps_its_two_outputs_apart(settings: Settings) -> None:
    environment = os.environ | {"GROUNDSWELL_DATA": str(settings.data), "PYTHONPATH": str(ROOT)}
    words = [sys.executable, "-m", "webapp", "organization", "create", "acme", "--name", "Café", "--owner"]
    good = subprocess.run(
        [*words, "owner@acme.example"], env=environment, capture_output=True, check=False, timeout=60
    )
    assert (good.returncode, good.stderr) == (0, b"")
    assert good.stdout.count(b"\n") == 1
    bad = subprocess.run([*words, "owner"], env=environment, capture_output=True, check=False, timeout=60)
    assert (bad.returncode, bad.stdout) == (1, b"")
    assert bad.stderr.decode() == "Error: owner: “owner” is not an e-mail address.\n"
