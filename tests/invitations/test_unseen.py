"""Who has answered is nobody's business: with the database, its log and the outbox in hand, but without the key, nothing tells."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag

from config import Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.post_office import PostOffice
from tests.invitations.conftest import Mailing, passes, with_mail
from webapp import outbox
from webapp.ballots import token, token_hash
from webapp.extensions import db
from webapp.invitations.queries import serial
from webapp.models import Invitation, Model

Later = Callable[..., None]
# What answering and the command itself change, whoever was reminded.
BESIDE = ("outbox", "ballot", "response", "wave_unit", "reminder_day", "audit_event", "audit_head")


def files_of(acme: Mailing) -> bytes:
    folder = Path(acme.app.extensions["groundswell"].settings.data)
    return b"".join(path.read_bytes() for path in sorted(folder.glob("groundswell.sqlite*")))


def everything(acme: Mailing, without: tuple[str, ...] = ()) -> dict[str, list[tuple[object, ...]]]:
    with acme.inside():
        return {
            name: sorted((tuple(row) for row in db.session.execute(sa.select(table))), key=repr)
            for name, table in Model.metadata.tables.items()
            if name not in without
        }


def test_without_the_key_no_invitation_leads_to_a_ballot(
    lite: Mailing, make_app: MakeApp, settings: Settings, post_office: PostOffice
) -> None:
    """A thief has every file but the key: neither serials nor tokens can be made, and no file holds them."""
    wave = lite.open()
    lite.invite(wave)
    lite.deliver()
    links = lite.links()
    stolen = files_of(lite)
    for text in links.values():
        assert text.encode() not in stolen
    for thief in (b"another key, which is not ours, 32", b"\0" * 32):
        app = make_app(with_mail(replace(settings, ballot_key=thief), post_office))
        with app.app_context():
            for invitation in db.session.scalars(sa.select(Invitation)):
                with pytest.raises(InvalidTag):
                    serial(invitation)
            known = {bytes(held) for (held,) in db.session.execute(sa.text("SELECT token_hash FROM ballot"))}
            guesses = {token_hash(token(wave, place, str(n))) for place in range(6) for n in range(20)}
            assert not guesses & known


def test_sealed_serials_do_not_tell_what_they_hold_and_open_in_their_own_row_alone(lite: Mailing) -> None:
    wave = lite.open()
    lite.invite(wave, "unit,email\n" + "".join(f"Platform,p{n}@example.org\n" for n in range(12)))
    with lite.inside():
        found = list(db.session.scalars(sa.select(Invitation).order_by(Invitation.id)))
        assert len({len(one.sealed_serial) for one in found}) == 1
        assert len({one.sealed_serial for one in found}) == len(found)
        numbers = [serial(one) for one in found if one.position == found[0].position]
        assert sorted(numbers) == list(range(12))
        assert numbers != sorted(numbers), (
            "in the order of the list they would be guessed (1 in 479 million by chance)"
        )
        found[0].sealed_serial = found[1].sealed_serial
        with pytest.raises(InvalidTag):
            serial(found[0])
        db.session.rollback()


def test_ballots_stand_in_the_order_of_their_hashes_and_all_in_one_transaction(acme: Mailing) -> None:
    wave = acme.open()
    acme.invite(wave)
    if acme.app.extensions["groundswell"].settings.database_url.startswith("sqlite"):
        (sql,) = acme.rows("SELECT sql FROM sqlite_master WHERE name = 'ballot'")[0]
        assert "WITHOUT ROWID" in sql
        return
    assert acme.rows("SELECT count(DISTINCT xmin::text) FROM ballot") == [(1,)]
    others = "SELECT xmin::text FROM invitation UNION SELECT xmin::text FROM outbox UNION SELECT xmin::text FROM wave_unit"
    assert acme.rows(f"SELECT count(*) FROM ballot WHERE xmin::text IN ({others})") == [(0,)]  # noqa: S608 - ours
    for position in (2, 3, 4):
        stored = acme.rows("SELECT token_hash FROM ballot WHERE position = :p ORDER BY ctid", p=position)
        assert stored == sorted(stored)


def test_a_reminder_leaves_the_same_rows_whoever_has_answered(
    acme: Mailing, post_office: PostOffice, later: Later
) -> None:
    """After each pass the rows of those who answered and of those who did not differ in nothing but the sealed bytes."""
    wave = acme.open()
    acme.invite(wave)
    acme.deliver()
    links = acme.links()
    people = dict(acme.rows("SELECT email, id FROM invitation"))
    answered = set(sorted(links)[::2])
    for email in answered:
        acme.answer_by(links[email])
    before = everything(acme, without=BESIDE)
    post_office.answers = dict.fromkeys(sorted(set(links) - answered)[:3], "451 Later") | dict.fromkeys(
        sorted(set(links) - answered)[3:5], "550 Never"
    )
    acme.remind(wave)
    post_office.letters.clear()
    for attempt in range(1, outbox.SILENT_PASSES):
        acme.deliver()
        found = acme.rows("SELECT payload, state, due, attempts, error, length(sealed) FROM outbox")
        assert len(found) == len(people)
        assert len({row[1:] for row in found}) == 1, attempt
        later(minutes=25)
    assert len(post_office.letters) == len(links) - len(answered) - 5
    passes(acme, later)
    assert acme.count("outbox") == 0
    after = everything(acme, without=BESIDE)
    assert before == after, "a failed reminder would tell that its reader had not answered"


def test_the_log_on_disk_tells_of_everybody_the_same(lite: Mailing, later: Later) -> None:
    """Every version of every row that the write-ahead log still holds: the same states and times for each person."""
    wave = lite.open()
    lite.invite(wave, "unit,email\n" + "".join(f"Sales,p{number}@example.org\n" for number in range(10)))
    lite.deliver()
    links = lite.links()
    for email in sorted(links)[:4]:
        lite.answer_by(links[email])
    with lite.inside():
        pooled = db.engine.raw_connection()
        pooled.driver_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()  # type: ignore[union-attr]
        pooled.close()
    lite.remind(wave)
    passes(lite, later)
    found: dict[bytes, set[bytes]] = {}
    for person, version in re.findall(
        rb'"invitation": (\d+)}((?:waiting|sending)[\d-]{10} [\d:]{8})', files_of(lite)
    ):
        found.setdefault(person, set()).add(version)
    assert len(found) == 10
    (versions,) = {frozenset(one) for one in found.values()}
    assert len(versions) == 2 * outbox.SILENT_PASSES


def test_no_line_of_any_log_names_an_address_a_link_or_a_count(
    lite: Mailing,
    post_office: PostOffice,
    later: Later,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    wave = lite.open()
    post_office.answers = {
        "sales1@example.org": "451 sales1@example.org later",
        "sales2@example.org": "550 no",
    }
    lite.invite(wave)
    lite.deliver()
    lite.answer_by(lite.links()["sales0@example.org"])
    lite.remind(wave)
    passes(lite, later)
    out, err = capfd.readouterr()
    ours = [
        record for record in caplog.records if record.name.startswith(("groundswell", "webapp", "smtplib"))
    ]
    said = "\n".join([out, err, *(record.getMessage() for record in ours)])
    assert "@example.org" not in said
    for text in lite.links().values():
        assert text not in said
