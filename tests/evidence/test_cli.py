"""`evidence import` on the command line."""

from pathlib import Path

import pytest

from tests.fixtures.organizations import UNITS
from tests.test_cli import Run, acme, refused, run  # the command line in this process

__all__ = ["acme", "run"]
GOOD = "unit,month,active,seats,spend\nPlatform,2025-01,2,12,90\nPlatform,2025-02,11,9,95\n"


@pytest.fixture
def tree(run: Run, acme: str, tmp_path: Path) -> str:
    (tmp_path / "units.csv").write_text(UNITS)
    assert run("units", "import", acme, tmp_path / "units.csv").exit_code == 0
    return acme


def test_it_says_what_it_did_and_what_is_odd(run: Run, tree: str, tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text(GOOD)
    command = ("evidence", "import", tree, tmp_path / "figures.csv", "--currency", "EUR")
    result = run(*command, "--check")
    assert result.exit_code == 0
    assert result.stdout == "2 lines would be added, 0 would be changed, 0 would be removed.\n"
    assert (
        "Odd, please look: figures.csv:3: Platform, February 2025: 11 are active, and there are fewer"
        in result.stderr
    )
    assert run(*command).stdout == "2 lines added, 0 changed, 0 removed.\n"
    assert run(*command).stdout == "0 lines added, 0 changed, 0 removed.\n"


def test_what_is_wrong_is_one_clear_line(run: Run, tree: str, tmp_path: Path) -> None:
    (tmp_path / "figures.csv").write_text(GOOD)
    refused(run("evidence", "import", tree, tmp_path / "figures.csv"), "currency", "such as EUR")
    (tmp_path / "bad.csv").write_text("unit,month,active\nNobody,2025-01,2\n")
    refused(run("evidence", "import", tree, tmp_path / "bad.csv"), "bad.csv:2, column unit", "“Nobody”")
    refused(run("evidence", "import", "nowhere", tmp_path / "bad.csv"), "There is no organization")
    refused(run("evidence", "import", tree, tmp_path / "missing.csv"), "missing.csv")
