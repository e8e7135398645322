"""Taking an organization's results along and deleting it, on the command line as on its pages."""

import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from config import Settings
from tests.fixtures.pages import CheckingClient
from tests.organizations.test_delete import furnished, rows
from webapp import cli, slots
from webapp.models import Organization

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings) -> Run:
    environment = {"GROUNDSWELL_DATA": str(settings.data), "GROUNDSWELL_SECRET_KEY": settings.secret_key}
    return lambda *words: CliRunner().invoke(cli.fill(), [str(word) for word in words], env=environment)


@pytest.fixture
def acme(app: Flask) -> Organization:
    return furnished(app)


@pytest.fixture
def owner_of(app: Flask, acme: Organization) -> CheckingClient:
    from tests.fixtures.organizations import sign_in  # noqa: PLC0415 - beside the fixture of the same name

    return sign_in(app, acme, "owner@acme.example")


def test_results_go_to_a_new_file_that_nobody_else_may_read_and_the_log_says_so(
    run: Run, owner_of: CheckingClient, tmp_path: Path
) -> None:
    file = tmp_path / "kept.zip"
    done = run("organization", "export", "acme", file)
    assert (done.exit_code, done.output) == (0, "")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as packed:
        assert {"evidence.csv", "experiments.csv", "wave-1.csv", "wave-1.json"} == set(packed.namelist())
        assert json.loads(packed.read("wave-1.json"))["organization"] == "acme"
    assert "the command line" in owner_of.page("/o/acme/audit?action=results.archived").text()
    again = run("organization", "export", "acme", file)
    assert again.exit_code == 1
    assert "File exists" in again.stderr


def test_page_and_command_line_give_the_same_files_whatever_the_reader_speaks(
    run: Run, owner_of: CheckingClient, tmp_path: Path
) -> None:
    run("organization", "export", "acme", tmp_path / "kept.zip")
    owner_of.set_cookie("language", "de")
    (tmp_path / "page.zip").write_bytes(owner_of.get("/o/acme/settings/results.zip").data)
    with zipfile.ZipFile(tmp_path / "kept.zip") as one, zipfile.ZipFile(tmp_path / "page.zip") as other:
        assert {name: one.read(name) for name in one.namelist()} == {
            name: other.read(name) for name in other.namelist()
        }


def test_half_a_file_is_not_left_behind(
    run: Run, acme: Organization, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise OSError(28, "No space left on device")

    assert acme.slug
    monkeypatch.setattr(slots, "ask", failing)
    done = run("organization", "export", "acme", tmp_path / "kept.zip")
    assert done.exit_code == 1
    assert "No space left" in done.stderr
    assert not (tmp_path / "kept.zip").exists()


def test_deleting_takes_the_word_twice_and_then_everything(run: Run, app: Flask, acme: Organization) -> None:
    before = rows(app)
    for words in (
        ["acme"],
        ["acme", "--confirm", "acne"],
        ["acme", "--confirm", ""],
        ["other", "--confirm", "other"],
    ):
        done = run("organization", "delete", *words)
        assert done.exit_code != 0, words
        assert done.stdout == ""
    assert "There is no organization “other”" in done.stderr
    assert rows(app) == before
    done = run("organization", "delete", acme.slug, "--confirm", "acme")
    assert (done.exit_code, done.stdout) == (0, "")
    assert rows(app) == {}
    assert run("organization", "delete", "acme", "--confirm", "acme").exit_code == 1
