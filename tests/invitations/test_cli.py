import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from config import Settings
from tests.fixtures.organizations import create, import_units, open_one
from webapp import cli

Run = Callable[..., Result]


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    for name in list(os.environ):
        if name.startswith(("GROUNDSWELL_", "DATABASE_")) or name in {"PORT", "HOST"}:
            monkeypatch.delenv(name)
    monkeypatch.setenv("GROUNDSWELL_DATA", str(settings.data))
    monkeypatch.chdir(tmp_path)
    return lambda *words: CliRunner().invoke(cli.fill(), [str(word) for word in words])


@pytest.fixture
def wave(app: Flask) -> int:
    organization = create(app)
    import_units(app, organization)
    return open_one(app, organization).id


def test_it_invites_and_reminds_and_says_that_mail_waits(run: Run, wave: int, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("unit,email,name\nSales,a@example.org,Ada\nMobile,b@example.org,\n")
    sent = run("invitations", "send", "acme", wave, people)
    assert (sent.exit_code, sent.stdout) == (0, "2\n")
    assert "GROUNDSWELL_SMTP_URL" in sent.stderr
    again = run("invitations", "send", "acme", wave, people)
    assert (again.exit_code, again.stdout) == (0, "0\n")
    assert again.stderr.startswith("2 were invited before.\n")
    reminded = run("invitations", "remind", "acme", wave)
    assert (reminded.exit_code, reminded.stdout) == (0, "")
    refused = run("invitations", "remind", "acme", wave)
    assert refused.exit_code == 1
    assert "today already" in refused.stderr


def test_every_fault_is_told_and_nothing_done(run: Run, wave: int, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("unit,email\nNobody,a@example.org\nMobile,b\n")
    refused = run("invitations", "send", "acme", wave, people)
    assert refused.exit_code == 1
    assert refused.stdout == ""
    assert "people.csv:2, column unit" in refused.stderr
    assert "people.csv:3, column email" in refused.stderr
    assert run("invitations", "send", "acme", wave + 1, people).exit_code == 1
    assert run("invitations", "remind", "nobody", wave).exit_code == 1
    assert "Nobody was invited" in run("invitations", "remind", "acme", wave).stderr
