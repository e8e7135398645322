"""All that a thief could carry off at once, but the keys: database, log of writes, outbox, audit log, what the server said,
and two backups of different moments. Nothing in it joins a person to an answer, and no secret stands in it."""

import itertools
import logging
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.fixtures import organizations as made
from tests.waves.conftest import Acme
from tests.waves.test_unlinkable import ITEMS, submit
from webapp import ballots as links
from webapp import keeping
from webapp.domain.answers import unpack
from webapp.invitations import commands as invitations
from webapp.models import Model
from webapp.sqlite import driver

PEOPLE = 9
ANSWERED = 5
CANARY = "5?1"


@dataclass
class Loot:
    """files: every file but the keys, as it was carried off; `truth`: (address, ballot, packed answers), which it must hide."""

    files: dict[str, bytes]
    said: str
    truth: list[tuple[str, bytes, str]]
    secrets: list[str]
    folder: Path

    def bytes(self) -> bytes:
        return b"\0".join([*self.files.values(), self.said.encode()])

    def databases(self) -> Iterator[Path]:
        return (path for path in sorted(self.folder.iterdir()) if path.suffix in {".sqlite", ".backup"})


@pytest.fixture
def loot(lite: Acme, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> Loot:
    caplog.set_level(logging.DEBUG)
    data = Path(lite.app.extensions["groundswell"].settings.data)
    folder = tmp_path / "loot"
    folder.mkdir()
    owner = made.sign_in(lite.app, lite.organization, "owner@acme.example")
    made.set_password(owner)
    cookie = owner.get_cookie("sid")
    wave = lite.open()
    people = [f"person{number}@example.org" for number in range(PEOPLE)]
    listed = "unit,email\n" + "".join(f"Sales,{one}\n" for one in people)
    lite.call(invitations.invite, wave, data=listed.encode(), file="people.csv")
    backup(lite, folder / "before.backup")
    (sales,) = lite.rows("SELECT position FROM wave_unit WHERE name = 'Sales'")[0]
    with lite.inside():
        tokens = [links.token(wave, sales, str(serial)) for serial in range(PEOPLE)]
    truth = []
    for number, token in enumerate(tokens[:ANSWERED]):
        packed = CANARY if number == 0 else f"{1 + number}{1 + number % 3}2"
        submit(lite, token, packed)
        truth.append((people[number], links.token_hash(token), packed))
    backup(lite, folder / "after.backup")
    for path in data.glob("groundswell.sqlite*"):
        shutil.copyfile(path, folder / path.name)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    said = "\n".join(record.getMessage() for record in caplog.records)
    secrets = [*tokens, made.PASSWORD, cookie.value if cookie else ""]
    return Loot(files, said, truth, secrets, folder)


def backup(acme: Acme, file: Path) -> None:
    with acme.inside():
        keeping.backup(acme.app, file)


def rows(file: Path, statement: str) -> list[tuple[object, ...]]:
    connection = driver().connect(file)
    try:
        return [tuple(row) for row in connection.execute(statement)]
    finally:
        connection.close()


def test_no_link_no_password_and_no_session_stands_in_any_of_it(loot: Loot) -> None:
    everything = loot.bytes()
    assert len(loot.files) >= 4
    for secret in loot.secrets:
        assert len(secret) > 20
        assert secret.encode() not in everything


def test_answers_stand_in_the_table_of_answers_and_nowhere_else(loot: Loot) -> None:
    tables = [name for name in Model.metadata.tables if name != "response"]
    for file in loot.databases():
        for table in tables:
            kept = repr(rows(file, f'SELECT * FROM "{table}"'))  # noqa: S608 - names of ours
            assert CANARY not in kept, table
    assert CANARY not in loot.said


def test_no_column_that_people_and_answers_share_tells_one_from_another(loot: Loot) -> None:
    """What both tables have is the wave, the unit and the organization: the same for all who could be meant."""
    for file in loot.databases():
        shared = rows(file, "SELECT DISTINCT organization_id, wave_id, position FROM response")
        assert len(shared) <= 1
        invited = rows(file, "SELECT email, sealed_serial FROM invitation")
        assert len(invited) == PEOPLE
        for ballot, _spent in rows(file, "SELECT token_hash, spent FROM ballot"):
            assert not any(bytes(ballot) in bytes(sealed) for _email, sealed in invited)  # type: ignore[call-overload]


def test_two_backups_tell_who_answered_between_them_only_as_a_crowd(loot: Loot) -> None:
    """Between the two, as many ballots are spent as answers were added, each list in the order of its random key."""
    before, after = loot.folder / "before.backup", loot.folder / "after.backup"
    spent = "SELECT token_hash FROM ballot WHERE spent"
    answers = "SELECT id FROM response"
    assert rows(before, spent) == rows(before, answers) == []
    for statement in (spent, answers):
        keys = [bytes(key) for (key,) in rows(after, statement)]  # type: ignore[call-overload]
        assert len(keys) == ANSWERED
        assert keys == sorted(keys)
        raw = loot.files["after.backup"]
        assert all(raw.count(key) == 1 for key in keys)
    held = [bytes(key) for (key,) in rows(after, spent)]  # type: ignore[call-overload]
    packed = [text for (text,) in rows(after, "SELECT answers FROM response ORDER BY id")]
    assert sorted(held) == sorted(ballot for _who, ballot, _answers in loot.truth)
    assert sorted(map(str, packed)) == sorted(answers for _who, _ballot, answers in loot.truth)


def test_nobody_without_the_key_learns_which_link_is_whose(loot: Loot) -> None:
    """Sealing the same serial twice gives different bytes of one length: neither equal nor in an order."""
    for file in loot.databases():
        sealed = [bytes(one) for (one,) in rows(file, "SELECT sealed_serial FROM invitation")]  # type: ignore[call-overload]
        assert len({len(one) for one in sealed}) == 1
        assert len(set(sealed)) == PEOPLE
        for one, other in itertools.combinations(sealed, 2):
            assert one[:12] != other[:12]


def test_the_audit_log_and_the_outbox_hold_no_person_and_no_answer(loot: Loot) -> None:
    for file in loot.databases():
        kept = repr(rows(file, "SELECT action, changes FROM audit_event")) + repr(
            rows(file, "SELECT kind, payload, error FROM outbox")
        )
        assert "person" not in kept
        assert "example.org" not in kept
        assert not any(ballot.hex() in kept for _who, ballot, _answers in loot.truth)


def test_the_canaries_are_readable_answers(lite: Acme) -> None:
    assert lite.organization.id
    assert unpack(ITEMS, CANARY)
