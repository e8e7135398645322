"""Waves end by themselves: answering at the end of the last day, closing and publishing by the worker, whatever happens."""

import os
import signal
import subprocess
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests.fixtures.browser import ROOT
from tests.fixtures.organizations import again, open_one
from tests.fixtures.pages import CheckingClient
from tests.waves.conftest import Acme, at_once
from webapp import clock, publications, worker
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import Organization, Publishing, Wave
from webapp.respond import commands as respond
from webapp.respond import queries as links
from webapp.transaction import transaction
from webapp.waves import ballots, closing, ending
from webapp.waves import queries as waves

ANSWERS = {"T1": "3", "T2": "4", "S1": "5"}


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> "Moved":
    return Moved(monkeypatch)


class Moved:
    """The clock, put to a UTC time."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.patch = patch

    def to(self, at: datetime) -> None:
        self.patch.setattr(clock, "now", lambda: at)
        self.patch.setattr(links, "now", lambda: at)


def in_days(days: int) -> date:
    return datetime.now(UTC).date() + timedelta(days=days)


def end_of(acme: Acme, wave: int) -> datetime:
    with acme.inside():
        found = db.session.get_one(Wave, wave).ends_at
    assert found is not None
    return found


def status(acme: Acme, wave: int) -> str:
    return str(acme.rows("SELECT status FROM wave WHERE id = :id", id=wave)[0][0])


def chores(acme: Acme) -> None:
    with acme.inside():
        ending.close_ended()
        ending.publish_closed()


def let_it_be_over(acme: Acme, wave: int) -> None:
    with acme.inside(), transaction() as session:
        session.execute(sa.update(Wave).where(Wave.id == wave).values(ends_at=clock.now()))


def answer(acme: Acme, wave: int, unit: str = "Platform") -> str | None:
    """Answer by the first link of a unit, as somebody does who has the sheet open already."""
    link = min(link for name, link in acme.call(ballots.issue, wave) if name == unit)
    with acme.inside():
        ballot = links.ballot(link.rpartition("/")[2])
        assert ballot is not None
        return respond.submit_response(ballot=ballot, items=links.sheet(ballot, "en").items, answers=ANSWERS)


@pytest.mark.parametrize(
    ("day", "zone", "end"),
    [
        ("2026-06-30", "UTC", "2026-07-01T00:00"),
        ("2026-12-31", "Pacific/Kiritimati", "2026-12-31T10:00"),
        ("2026-12-31", "America/Los_Angeles", "2027-01-01T08:00"),
        ("2026-03-08", "America/Los_Angeles", "2026-03-09T07:00"),  # this day has 23 hours
        ("2026-11-01", "America/Los_Angeles", "2026-11-02T08:00"),  # this day has 25 hours
        ("2026-03-28", "Europe/Berlin", "2026-03-28T23:00"),
        ("2026-10-25", "Europe/Berlin", "2026-10-25T23:00"),
        (
            "2026-04-23",
            "Africa/Cairo",
            "2026-04-23T22:00",
        ),  # midnight does not exist: clocks jump from it to one
        ("2026-10-29", "Africa/Cairo", "2026-10-29T22:00"),  # and here the last hour comes twice
        ("2026-03-07", "America/Havana", "2026-03-08T05:00"),
        (
            "2026-10-31",
            "America/Havana",
            "2026-11-01T04:00",
        ),  # midnight comes twice, and the first one ends the day
        ("2011-12-29", "Pacific/Apia", "2011-12-30T10:00"),  # the next day did not exist
    ],
)
def test_a_day_ends_at_midnight_of_its_time_zone(day: str, zone: str, end: str) -> None:
    found = clock.end_of(date.fromisoformat(day), zone)
    assert found == datetime.fromisoformat(end)
    assert clock.day_in(found - timedelta(microseconds=1), zone) == date.fromisoformat(day)
    assert clock.day_in(found, zone) > date.fromisoformat(day)


def test_the_last_day_ends_where_the_organization_is_as_it_was_when_the_wave_opened(lite: Acme) -> None:
    with lite.inside(), transaction() as session:
        session.execute(sa.update(Organization).values(timezone="Pacific/Kiritimati"))
    day = in_days(3)
    wave = lite.open(closes_on=day)
    ended = datetime(day.year, day.month, day.day, 10)  # noqa: DTZ001 - as stored
    assert end_of(lite, wave) == ended
    with lite.inside(), transaction() as session:
        session.execute(sa.update(Organization).values(timezone="America/Los_Angeles"))
    assert end_of(lite, wave) == ended


def test_nobody_can_answer_after_the_last_day_though_nobody_has_closed_the_wave(
    acme: Acme, moved: Moved
) -> None:
    wave = acme.open(closes_on=in_days(3))
    end = end_of(acme, wave)
    moved.to(end - timedelta(microseconds=1))
    assert answer(acme, wave) == "345"
    sales = [link for name, link in acme.call(ballots.issue, wave) if name == "Sales"]
    moved.to(end)
    with acme.inside():
        for link in sales:
            ballot = links.ballot(link.rpartition("/")[2])
            assert ballot is not None
            assert ballot.stage == "closed"
            with pytest.raises(respond.TooLate, match="closed while you were answering"):
                respond.submit_response(ballot=ballot, items=links.sheet(ballot, "en").items, answers=ANSWERS)
    assert status(acme, wave) == "open"
    assert acme.count("response") == 1
    assert acme.rows("SELECT sum(spent) FROM wave_unit") == [(1,)]


def test_an_open_link_ends_with_the_last_day_and_a_repeated_click_is_still_thanked(
    acme: Acme, moved: Moved
) -> None:
    wave = acme.open(closes_on=in_days(3))
    place = next(unit.position for unit in acme.tree(wave) if unit.name == "Support")
    token = acme.call(ballots.open_link, wave, position=place).rpartition("/")[2]
    with acme.inside():
        early, late = links.ballot(token, "a" * 24), links.ballot(token, "b" * 24)
        assert early is not None
        assert late is not None
        items = links.sheet(early, "en").items
        assert respond.submit_response(ballot=early, items=items, answers=ANSWERS) == "345"
        moved.to(end_of(acme, wave))
        assert respond.submit_response(ballot=early, items=items, answers=ANSWERS) is None
        with pytest.raises(respond.TooLate):
            respond.submit_response(ballot=late, items=items, answers=ANSWERS)
    assert acme.count("response") == 1


def test_links_are_not_handed_out_any_more_after_the_last_day(lite: Acme, moved: Moved) -> None:
    wave = lite.open(closes_on=in_days(3))
    moved.to(end_of(lite, wave))
    with pytest.raises(Refused, match="is over, so nothing more is taken"):
        lite.call(ballots.issue, wave)


def test_the_worker_closes_and_publishes_once_the_last_day_is_over(acme: Acme, moved: Moved) -> None:
    wave = acme.open(closes_on=in_days(3))
    acme.answer(wave, ["Platform,2,2,2"] * 10)
    moved.to(end_of(acme, wave) - timedelta(microseconds=1))
    chores(acme)
    assert status(acme, wave) == "open"
    moved.to(end_of(acme, wave))
    with acme.inside():
        worker.do_chores()
    assert status(acme, wave) == "published"
    chores(acme)
    assert acme.count("publication") == 1
    assert acme.count("publishing") == 0
    rows = acme.rows("SELECT action, account_id FROM audit_event ORDER BY sequence DESC LIMIT 2")
    assert rows == [("wave.published", None), ("wave.closed", None)]


def test_a_wave_without_a_last_day_and_one_entered_afterwards_wait_for_somebody(
    lite: Acme, moved: Moved
) -> None:
    open_end = lite.open("Open end")
    past = lite.open("Past", form="team", text=OTHER, closes_on=in_days(-9), opened_on=in_days(-20))
    moved.to(datetime.combine(in_days(4000), datetime.min.time()))
    chores(lite)
    assert [status(lite, wave) for wave in (open_end, past)] == ["open", "open"]


def test_two_workers_at_once_close_and_compute_once(acme: Acme, monkeypatch: pytest.MonkeyPatch) -> None:
    wave = acme.open(closes_on=in_days(3))
    acme.answer(wave, ["Platform,2,2,2"] * 10)
    let_it_be_over(acme, wave)
    computed: list[int] = []
    compute = closing._computed

    def counting(wave: Wave) -> object:
        computed.append(wave.id)
        time.sleep(0.3)
        return compute(wave)

    monkeypatch.setattr(closing, "_computed", counting)
    assert at_once(*[lambda: chores(acme)] * 4) == [None] * 4
    assert computed == [wave]
    assert status(acme, wave) == "published"
    actions = [action for (action,) in acme.rows("SELECT action FROM audit_event")]
    assert (actions.count("wave.closed"), actions.count("wave.published")) == (1, 1)


def test_a_publication_that_fails_keeps_no_other_and_is_tried_again_later(
    acme: Acme, moved: Moved, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = acme.open(closes_on=in_days(3)), acme.open("Other", text=OTHER, closes_on=in_days(3))
    compute, tries = closing._computed, []

    def failing(wave: Wave) -> object:
        if wave.id == first:
            tries.append(wave.id)
            raise MemoryError
        return compute(wave)

    monkeypatch.setattr(closing, "_computed", failing)
    at = end_of(acme, first)
    for minutes, count in ((0, 1), (4, 1), (5, 2), (14, 2), (15, 3)):
        moved.to(at + timedelta(minutes=minutes))
        chores(acme)
        assert len(tries) == count, minutes
    assert [status(acme, wave) for wave in (first, second)] == ["closed", "published"]
    assert acme.rows("SELECT tries, fault FROM publishing") == [(3, "MemoryError")]
    moved.to(at + timedelta(days=1))
    monkeypatch.setattr(closing, "_computed", compute)
    chores(acme)
    assert status(acme, first) == "published"
    assert acme.count("publishing") == 0


OTHER = """key: other
version: 1
title: Other
practices:
  - key: trust
    title: Trust
    items:
      - {key: T1, forms: [team], text: Do people help?, levels: [Never, Seldom, Sometimes, Often, Always]}
"""

DYING = """
import os, signal, sys
from webapp import create_app
from webapp.waves import closing, ending
def die(*args, **values):
    os.kill(os.getpid(), signal.SIGKILL)
name, when = sys.argv[1:]
kept = getattr(closing, name)
def before(*args, **values):
    die()
def after(*args, **values):
    kept(*args, **values)
    die()
setattr(closing, name, before if when == "before" else after)
with create_app().app_context():
    ending.close_ended()
    ending.publish_closed()
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
@pytest.mark.parametrize(
    ("name", "when", "found"),
    [
        ("close", "after", "closed"),
        ("_begin", "after", "closed"),
        ("_computed", "after", "closed"),
        ("rewrite", "after", "closed"),
        ("compact", "before", "published"),
        ("compact", "after", "published"),
    ],
)
def test_a_worker_that_is_killed_anywhere_is_followed_by_one_that_finishes(
    lite: Acme, settings: Settings, moved: Moved, name: str, when: str, found: str
) -> None:
    wave = lite.open(closes_on=in_days(3))
    lite.answer(wave, ["Platform,2,2,2"] * 10 + ["Sales,4,4,4"] * 9)
    let_it_be_over(lite, wave)
    outside = {name: text for name, text in os.environ.items() if not name.startswith("GROUNDSWELL_")}
    died = subprocess.run(
        [sys.executable, "-c", DYING, name, when],
        env=outside | {"GROUNDSWELL_DATA": str(settings.data), "PYTHONPATH": str(ROOT)},
        cwd=Path(ROOT),
        check=False,
        timeout=60,
    )
    assert died.returncode == -signal.SIGKILL
    assert status(lite, wave) == found
    moved.to(clock.now() + timedelta(minutes=6))
    chores(lite)
    assert status(lite, wave) == "published"
    assert (lite.count("publication"), lite.count("publishing"), lite.count("response")) == (1, 0, 19)
    actions = [action for (action,) in lite.rows("SELECT action FROM audit_event")]
    assert (actions.count("wave.closed"), actions.count("wave.published")) == (1, 1)
    with lite.inside():
        publication = publications.of_wave(lite.organization.id, wave)
        assert publication is not None
        assert lite.rows("PRAGMA integrity_check") == [("ok",)]


def path(wave: Wave) -> str:
    return f"/o/acme/waves/{wave.id}"


def test_the_page_says_when_it_closes_by_itself_and_that_one_without_a_last_day_does_not(
    app: Flask, owner: CheckingClient, organization: Organization, open_wave: Wave
) -> None:
    assert "This wave ends when you close it, not by itself." in owner.page(path(open_wave)).text()
    wave = open_one(app, organization, "Pulse", "pulse", closes_on=in_days(5))
    text = owner.page(path(wave)).text()
    assert "the wave closes by itself and its results are published" in text
    assert "Close now, before its last day is over" in text


def test_the_page_of_a_wave_that_is_over_offers_no_links(
    app: Flask, owner: CheckingClient, organization: Organization, units: dict[str, int]
) -> None:
    del units
    wave = open_one(app, organization, closes_on=in_days(5))
    let_it_be_over(Acme(app, organization), wave.id)
    page = owner.page(path(wave))
    assert "First wave is over" in page.text()
    assert "nobody can answer any more" in page.text()
    assert "Download single links" not in page.text()


def test_the_page_says_what_keeps_the_results(
    app: Flask, owner: CheckingClient, viewer: CheckingClient, organization: Organization, open_wave: Wave
) -> None:
    with app.app_context():
        closing.close(wave=again(open_wave), by=None)
    assert "about to be made" in owner.page(path(open_wave)).text()
    now = clock.now()
    try_it(app, organization, open_wave, tries=1, due=now + timedelta(minutes=5))
    assert "are being made" in owner.page(path(open_wave)).text()
    try_it(app, organization, open_wave, tries=1, due=now - timedelta(minutes=1))
    assert (
        "was tried once and did not succeed. The last try ended without a word"
        in owner.page(path(open_wave)).text()
    )
    try_it(app, organization, open_wave, tries=3, due=datetime(2031, 5, 6, 7, 8), fault="MemoryError")  # noqa: DTZ001 - as stored
    text = owner.page(path(open_wave)).text()
    assert "was tried 3 times and did not succeed. The last fault was of the kind MemoryError" in text
    assert "tried again by itself at 6 May 2031, 07:08" in text
    assert "MemoryError" not in viewer.page(path(open_wave)).text()


def try_it(
    app: Flask, organization: Organization, wave: Wave, *, tries: int, due: datetime, fault: str = ""
) -> None:
    with app.app_context(), transaction() as session:
        session.merge(
            Publishing(
                wave_id=wave.id,
                organization_id=organization.id,
                tries=tries,
                tried=clock.now(),
                due=due,
                fault=fault,
            )
        )


def test_a_leader_is_shown_no_form_and_changes_nothing_after_the_last_day(
    app: Flask, leader: CheckingClient, organization: Organization, units: dict[str, int]
) -> None:
    wave = open_one(app, organization, closes_on=in_days(5))
    let_it_be_over(Acme(app, organization), wave.id)
    page = f"{path(wave)}/assessments/{units['Engineering']}"
    with app.app_context():
        item = waves.questionnaire(again(wave)).items("leader-core")[0].key
    shown = leader.page(page)
    assert "The wave is over, and you gave no assessment." in shown.text()
    assert not [one for one in shown.all("input") if one.get("type") == "radio"]
    sent = shown.form("/sign-out") | {item: "3", "shown": "average"}
    reply = leader.post(page, data=sent)
    assert reply.status_code == 422
    assert "The last day of “First wave” is over" in reply.text
    assert page not in [link.get("href") for link in leader.page("/o/acme/waves").all("a")]
    assert Acme(app, organization).count("assessment") == 0
