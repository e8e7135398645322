"""What an owner takes along: all actions in a file that no spreadsheet runs."""

import csv
import io
import zipfile

from tests.actions.conftest import Acme
from webapp.actions import archive


def test_the_zip_of_an_organization_holds_its_actions(lite: Acme) -> None:
    wave = lite.publish()
    lite.adopt(
        "Platform",
        "=cmd|' /C calc'!A0",
        note="one\n@two",
        wave_id=wave,
        practice="amplify",
        member_id=lite.member("leader@acme.example"),
    )
    lite.adopt("", "Für alle, «auch»")
    owner = lite.client("owner@acme.example")
    with zipfile.ZipFile(io.BytesIO(owner.get("/o/acme/settings/results.zip").data)) as packed:
        lines = list(csv.DictReader(io.StringIO(packed.read("actions.csv").decode())))
    assert [line["unit"] for line in lines] == ["Platform", "Acme"]
    assert lines[0]["action"] == "'=cmd|' /C calc'!A0"
    assert lines[0]["note"] == "one @two"
    assert (lines[0]["who"], lines[0]["wave"], lines[0]["practice"]) == (
        "leader@acme.example",
        str(wave),
        "amplify",
    )
    assert (lines[1]["action"], lines[1]["due"], lines[1]["who"]) == ("Für alle, «auch»", "", "")


def test_where_nothing_was_decided_there_is_no_file(lite: Acme) -> None:
    with lite.inside():
        assert list(archive.files(lite.organization)) == []
