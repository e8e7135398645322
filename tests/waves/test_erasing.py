"""What is forgotten of a wave with time, by itself: links, then answers; what was published stays."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.waves.conftest import Acme
from webapp import clock, slots
from webapp.access import attempts, sessions
from webapp.extensions import db
from webapp.models import Account, Attempts, BrowserSession, HalfSession, Organization, SignInLink
from webapp.organizations import erasing as keeping
from webapp.transaction import transaction
from webapp.waves import ballots, erasing

DAY = timedelta(days=1)


def later(monkeypatch: pytest.MonkeyPatch, distance: timedelta) -> None:
    at = clock.now() + distance
    monkeypatch.setattr(clock, "now", lambda: at)


def published(acme: Acme) -> int:
    wave = acme.open()
    acme.call(ballots.issue, wave)
    acme.answer(wave, ["Sales,5,2,4"] * 8)
    acme.close(wave)
    return wave


def forget(acme: Acme) -> None:
    with acme.inside():
        erasing.forget_answers()


def keep(acme: Acme, months: int) -> None:
    with acme.inside():
        organization = db.session.get_one(Organization, acme.organization.id)
        keeping.change_retention(organization=organization, months_kept=months, contact="", by=None)


def test_answers_go_when_their_time_is_over_and_what_was_published_stays(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = published(acme)
    shown = acme.rows("SELECT digest, header FROM publication")
    keep(acme, 2)
    forget(acme)
    assert acme.count("response") == 8
    later(monkeypatch, 58 * DAY)
    forget(acme)
    assert acme.count("response") == 8
    later(monkeypatch, 5 * DAY)
    forget(acme)
    assert acme.count("response") == 0
    assert acme.rows("SELECT digest, header FROM publication") == shown
    assert acme.rows("SELECT sum(spent) FROM wave_unit") == [(8,)]
    events = acme.rows("SELECT account_id, changes FROM audit_event WHERE action = 'wave.answers_erased'")
    assert events == [(None, f'{{"months": 2, "wave": {wave}}}')]
    forget(acme)
    assert len(acme.rows("SELECT 1 FROM audit_event WHERE action = 'wave.answers_erased'")) == 1


def test_a_wave_that_is_open_or_of_another_organization_keeps_its_answers(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    published(acme)
    running = acme.open("Second wave")
    acme.answer(running, ["Sales,1,1,1"] * 3)
    keep(acme, 1)
    later(monkeypatch, 400 * DAY)
    forget(acme)
    assert acme.rows("SELECT DISTINCT wave_id FROM response") == [(running,)]


def test_no_byte_of_an_erased_answer_is_left(lite: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    published(lite)
    ids = [bytes(found) for (found,) in lite.rows("SELECT id FROM response")]
    with lite.inside():
        file = Path(lite.app.extensions["groundswell"].settings.data) / "groundswell.sqlite"
    assert all(one in file.read_bytes() for one in ids)
    keep(lite, 1)
    later(monkeypatch, 40 * DAY)
    forget(lite)
    raw = file.read_bytes() + Path(f"{file}-wal").read_bytes()
    assert not any(one in raw for one in ids)


def test_the_page_of_the_wave_says_so(lite: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.fixtures.organizations import sign_in  # noqa: PLC0415 - for this test alone

    wave = published(lite)
    path = f"/o/acme/waves/{wave}"
    words = "have been erased, as Acme has set"
    assert words not in sign_in(lite.app, lite.organization, "owner@acme.example").page(path).text()
    keep(lite, 1)
    later(monkeypatch, 40 * DAY)
    forget(lite)
    owner = sign_in(lite.app, lite.organization, "owner@acme.example")
    assert words in owner.page(path).text()
    assert owner.get(f"/o/acme/results/{wave}/heatmap").status_code == 200
    log = owner.page("/o/acme/audit").text()
    assert "the server, by itself" in log
    assert "Erased the answers of “First wave”, 1 months after its publication" in log


def test_all_of_it_is_the_worker_s_chore(lite: Acme) -> None:
    with lite.inside():
        chores = {chore.__name__ for chore in slots.offered("chores")}
    assert {
        "forget_addresses",
        "forget_ballots",
        "forget_answers",
        "forget_ended",
        "forget_old",
    } <= chores


def test_sessions_links_and_counters_go_although_nobody_signs_in(acme: Acme) -> None:
    at = clock.now()
    with acme.inside(), transaction() as session:
        account = session.scalars(sa.select(Account.id).limit(1)).one()
        for number, ends in enumerate((at - DAY, at + DAY)):
            key = bytes([number]) * 32
            session.add_all(
                [
                    BrowserSession(
                        secret_hash=key,
                        account_id=account,
                        how="link",
                        started=at,
                        proved=at,
                        seen=at,
                        ends=ends,
                    ),
                    SignInLink(secret_hash=key, account_id=account, ends=ends),
                    HalfSession(secret_hash=key, account_id=account, how="link", ends=ends),
                    Attempts(name=key, since=ends - DAY, tries=1),
                ]
            )
    with acme.inside():
        sessions.forget_ended()
        attempts.forget_old()
    for table in ("browser_session", "half_session", "attempts"):
        assert acme.count(table) == 1, table
    ends = [ends for (ends,) in acme.rows("SELECT ends FROM sign_in_link")]
    assert all(datetime.fromisoformat(str(one)) > at for one in ends)


@pytest.mark.parametrize(
    ("at", "months", "wanted"),
    [
        ("2026-03-31", 1, "2026-02-28"),
        ("2024-03-31", 1, "2024-02-29"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-12-31", 12, "2025-12-31"),
        ("2024-02-29", 36, "2021-02-28"),
        ("2026-05-05", 120, "2016-05-05"),
    ],
)
def test_months_are_those_of_the_calendar(
    monkeypatch: pytest.MonkeyPatch, at: str, months: int, wanted: str
) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime.fromisoformat(at))
    assert clock.months_ago(months) == datetime.fromisoformat(wanted)
