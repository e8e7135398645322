"""`results SLUG WAVE` on the command line."""

import json
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from webapp.domain.refusal import Refused
from webapp.results.cli import results


def run(kestrel: SimpleNamespace, *words: str) -> Result:
    with kestrel.app.app_context():
        return CliRunner().invoke(results, list(words))


def test_without_a_flag_it_is_a_table_to_read(kestrel: SimpleNamespace) -> None:
    done = run(kestrel, "kestrel", str(kestrel.waves[-1]))
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == "November 2025 · ai-adoption@2, team-core"
    assert lines[3].split()[:4] == ["Kestrel", "Freight", "41", "[40-42]"]
    assert any(line.startswith("    Dispatch ") for line in lines)
    assert any(line.startswith("(other teams of Corporate)") for line in lines)


def test_json_alone_is_on_stdout(kestrel: SimpleNamespace) -> None:
    done = run(kestrel, "kestrel", str(kestrel.waves[-1]), "--json")
    assert done.exit_code == 0
    assert json.loads(done.stdout)["wave"] == kestrel.waves[-1]


def test_csv_alone_is_on_stdout(kestrel: SimpleNamespace) -> None:
    done = run(kestrel, "kestrel", str(kestrel.waves[-1]), "--csv")
    assert (
        done.stdout.splitlines()[0] == "unit,parent,headcount,practice,n,score,low,high,band,agreement,tier"
    )
    assert len(done.stdout.splitlines()) == 161


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["nobody", "1"], "There is no organization"),
        (["kestrel", "999"], "There is no wave"),
        (["kestrel", "1", "--json", "--csv"], "Choose one of --json and --csv."),
    ],
)
def test_what_is_not_there_is_refused_in_a_sentence(
    kestrel: SimpleNamespace, words: Any, sentence: Any
) -> None:
    done = run(kestrel, *words)
    assert done.exit_code != 0
    assert isinstance(done.exception, Refused)
    assert sentence in str(done.exception)


def test_a_wave_that_is_still_open_has_no_results(app: Flask, open_wave: Any) -> None:
    with app.app_context():
        done = CliRunner().invoke(results, ["acme", str(open_wave.id)])
    assert isinstance(done.exception, Refused)
    assert "has no results: it is open." in str(done.exception)
