"""Storing an answer sheet on both engines: once, within the head count, and not after the wave has closed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError

from config import Settings
from webapp import clock
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import Ballot, Wave, WaveUnit
from webapp.respond import commands, queries
from webapp.transaction import transaction
from webapp.waves import ballots

NONCES = tuple(f"{number:024}" for number in range(100))
Submit = Callable[..., Any]


@pytest.fixture
def submit(either_house: Any) -> Submit:
    """Submit from a context of its own, as a request does; gives what is stored, None, or the kind of the refusal."""

    def send(token: str, nonce: str = "", level: str = "4") -> str | None:
        with either_house.app.app_context():
            ballot = queries.ballot(token, nonce)
            assert ballot
            items = queries.sheet(ballot, "en").items
            try:
                return commands.submit_response(ballot=ballot, items=items, answers={items[0].key: level})
            except Refused as refused:
                return type(refused).__name__

    return send


def at_once(number: int, send: Callable[[int], Any]) -> list[Any]:
    barrier = Barrier(number)

    def wait_and_send(place: int) -> Any:
        barrier.wait()
        return send(place)

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(wait_and_send, range(number)))


def test_a_single_link_is_stored_once_however_often_it_is_sent(either_house: Any, submit: Submit) -> None:
    wave = either_house.wave(headcount=3)
    token = either_house.link(wave)
    found = at_once(12, lambda _place: submit(token))
    assert sum(isinstance(one, str) and one.startswith("4") for one in found) == 1
    assert found.count(None) == 11
    assert len(either_house.responses(wave)) == 1


def test_one_opening_of_an_open_link_is_stored_once(either_house: Any, submit: Submit) -> None:
    wave = either_house.wave(headcount=3)
    token = either_house.link(wave, "open")
    found = at_once(12, lambda _place: submit(token, NONCES[0]))
    assert found.count(None) == 11
    assert len(either_house.responses(wave)) == 1
    assert either_house.everything()["wave_unit"][2][-2:] == (1, "open")


def test_the_last_seat_of_an_open_link_sent_twice_is_no_refusal(either_house: Any, submit: Submit) -> None:
    wave = either_house.wave(headcount=1)
    token = either_house.link(wave, "open")
    found = at_once(8, lambda _place: submit(token, NONCES[0]))
    assert found.count(None) == 7
    assert "TooLate" not in found


def test_an_open_link_never_takes_more_than_the_head_count(either_house: Any, submit: Submit) -> None:
    wave = either_house.wave(headcount=5)
    token = either_house.link(wave, "open")
    found = at_once(12, lambda place: submit(token, NONCES[place]))
    assert found.count("TooLate") == 7
    assert len(either_house.responses(wave)) == 5


def test_people_of_one_unit_do_not_stand_in_each_others_way(either_house: Any, submit: Submit) -> None:
    wave = either_house.wave(headcount=12)
    tokens = [either_house.link(wave, serial) for serial in range(12)]
    found = at_once(12, lambda place: submit(tokens[place]))
    assert all(one.startswith("4") for one in found)
    assert len(either_house.responses(wave)) == 12


def test_nothing_is_stored_after_the_wave_has_closed(either_house: Any, submit: Submit) -> None:
    """Close while people answer: who is thanked is stored, who is told that it closed is not, and nobody comes later."""
    wave = either_house.wave(headcount=40)
    tokens = [either_house.link(wave, serial) for serial in range(16)]

    def close() -> str:
        with either_house.app.app_context(), transaction() as session:
            session.scalars(select(Wave).where(Wave.id == wave).with_for_update()).one().status = "closed"
        return f"closed after {len(either_house.responses(wave))}"

    found = at_once(17, lambda place: submit(tokens[place]) if place < 16 else close())
    thanked = sum(one.startswith("4") for one in found)
    assert thanked + found.count("TooLate") == 16
    assert len(either_house.responses(wave)) == thanked
    assert f"closed after {thanked}" in found
    with either_house.app.app_context():
        assert len(db.session.scalars(select(Ballot).where(Ballot.spent)).all()) == thanked
        assert sum(db.session.scalars(select(WaveUnit.spent))) == thanked
    assert submit(tokens[0]) in {None, "TooLate"}


def test_a_refused_answer_leaves_the_ballot_unspent(either_house: Any, submit: Submit) -> None:
    wave = either_house.wave()
    token = either_house.link(wave)
    with either_house.app.app_context(), transaction() as session:
        session.execute(text("UPDATE wave_unit SET spent = headcount"))
    assert submit(token) == "TooLate"
    with either_house.app.app_context():
        assert not db.session.scalars(select(Ballot).where(Ballot.spent)).all()


def test_a_level_that_does_not_exist_and_an_empty_sheet_are_refused(
    either_house: Any, submit: Submit
) -> None:
    token = either_house.link(either_house.wave())
    assert submit(token, level="7") == "RefusedMany"
    assert submit(token, level="") == "Refused"
    assert submit(token, level="?").startswith("?")


@pytest.mark.postgresql
def test_closing_waits_for_whoever_is_being_stored(
    postgresql_url: str, settings: Settings, build: Callable[[Settings], Any]
) -> None:
    house = build(replace(settings, database_url=postgresql_url))
    wave = house.wave()
    held = ballots.token_hash(house.link(wave))
    with house.app.app_context(), db.engine.connect() as storing, db.engine.connect() as closing:
        spend = {"held": held, "wave": wave, "now": clock.now()}
        assert storing.execute(commands._SPEND_BALLOT, spend).rowcount == 1
        closing.execute(text("SET lock_timeout = '200ms'"))
        with pytest.raises(OperationalError):
            closing.execute(text("UPDATE wave SET status = 'closed'"))
        storing.rollback()
        closing.rollback()
        assert closing.execute(text("UPDATE wave SET status = 'closed'")).rowcount == 1
        closing.commit()
        assert storing.execute(commands._SPEND_BALLOT, spend).rowcount == 0
