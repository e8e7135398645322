import time
from datetime import timedelta
from threading import Event

import pytest
import sqlalchemy as sa

from tests.waves.conftest import Acme, at_once
from webapp import clock
from webapp.domain.refusal import Refused
from webapp.models import Wave
from webapp.transaction import locked, transaction
from webapp.waves import closing

GOOD = ["Platform,1,2,3", "platform ,4,,5", "Sales,,,1"]


def test_rows_become_responses_and_spend_seats(acme: Acme) -> None:
    wave = acme.open()
    assert acme.answer(wave, GOOD) == 3
    assert sorted(acme.rows("SELECT position, answers FROM response")) == [
        (2, "123"),
        (2, "4-5"),
        (4, "--1"),
    ]
    assert {row.name: row.spent for row in acme.tree(wave) if row.spent} == {"Platform": 2, "Sales": 1}
    assert acme.rows("SELECT changes FROM audit_event WHERE action = 'responses.imported'") == [
        (f'{{"responses": 3, "wave": {wave}}}',)
    ]


def test_ids_are_random_and_columns_may_stand_in_any_order(acme: Acme) -> None:
    wave = acme.open()
    acme.answer(wave, ["5,Sales,1"] * 10, "S1,unit,T1")
    rows = acme.rows("SELECT id, answers FROM response")
    assert len({bytes(found) for found, _answers in rows}) == 10
    assert {answers for _id, answers in rows} == {"1-5"}


def test_imports_add_up_until_the_head_count(acme: Acme) -> None:
    wave = acme.open()
    acme.answer(wave, ["Support,1,1,1"] * 4)
    acme.answer(wave, ["Support,1,1,1"] * 2)
    with pytest.raises(Refused, match=r"old\.csv:2, column unit: “Support” has 6 people"):
        acme.answer(wave, ["Support,1,1,1"])
    assert acme.count("response") == 6


BAD = {
    "unknown unit": (["Platform,1,1,1", "Nowhere,1,1,1"], "old.csv:3, column unit: In this wave nobody"),
    "inner unit": (["Engineering,1,1,1"], "old.csv:2, column unit: In this wave nobody"),
    "the root": (["Acme,1,1,1"], "In this wave nobody"),
    "no unit": ([",1,1,1"], "In this wave nobody"),
    "level 6": (["Platform,1,1,1", "Platform,1,6,1"], "old.csv:3, column T2: “6” is no level"),
    "level 0": (["Platform,0,1,1"], "old.csv:2, column T1: “0” is no level"),
    "half a level": (["Platform,2.5,1,1"], "“2.5” is no level"),
    "a word": (["Platform,often,1,1"], "“often” is no level"),
    "another digit": (["Platform,٣,1,1"], "is no level"),
    "no answer at all": (["Platform,1,1,1", "Platform,,,"], "old.csv:3: This row has no answer at all"),
    "more rows than heads": (["Support,1,1,1"] * 7, "old.csv:8, column unit: “Support” has 6 people"),
    "a field too few": (["Platform,1,1,1", "Platform,1,1"], "old.csv:3: This line has 3 fields"),
    "half a file": (["Platform,1,1,1", 'Platform,"1'], "old.csv:3: A quotation mark"),
    "no row": ([], "a header line and no responses"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_fault_and_nothing_is_stored(acme: Acme, name: str) -> None:
    wave = acme.open()
    rows, sentence = BAD[name]
    with pytest.raises(Refused, match=sentence):
        acme.answer(wave, rows)
    assert acme.count("response") == 0
    assert not any(row.spent for row in acme.tree(wave))
    assert acme.answer(wave, GOOD) == 3


@pytest.mark.parametrize(
    ("columns", "sentence"),
    [
        ("unit,T1,T9", "The column “T9” is not known"),
        ("unit,T1,T1_lead", "“T1_lead” is not known"),
        ("unit,T1,T1", "“T1” stands there twice"),
        ("team,T1,T2", "“unit” is missing"),
    ],
)
def test_unknown_columns_are_refused(lite: Acme, columns: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        lite.answer(lite.open(), ["Platform,1,1"], columns)
    assert lite.count("response") == 0


def test_a_wave_that_is_not_open_takes_nothing(acme: Acme) -> None:
    wave = acme.open()
    acme.call(closing.close, wave)
    with pytest.raises(Refused, match="“First wave” is not open"):
        acme.answer(wave, GOOD)
    assert acme.count("response") == 0


def test_an_import_that_waited_while_the_wave_closed_stores_nothing(acme: Acme) -> None:
    wave = acme.open()
    waiting = Event()

    def close_slowly() -> None:
        with acme.inside(), transaction() as session:
            locked(session, Wave, wave).status = "closed"
            session.flush()
            waiting.set()
            time.sleep(0.3)

    def late() -> int:
        assert waiting.wait(10)
        return acme.answer(wave, GOOD)

    _closed, found = at_once(close_slowly, late)
    assert isinstance(found, Refused), found
    assert acme.count("response") == 0


def test_nothing_is_taken_once_the_last_day_is_over_although_nobody_has_closed_the_wave(acme: Acme) -> None:
    """The same moment for an import as for whoever answers by link."""
    wave = acme.open(closes_on=clock.today("UTC") + timedelta(days=5))
    acme.answer(wave, ["Platform,1,1,1"])
    with acme.inside(), transaction() as session:
        session.execute(sa.update(Wave).where(Wave.id == wave).values(ends_at=clock.now()))
    with pytest.raises(Refused, match=r"The last day of “First wave” is over.*Its results are on their way"):
        acme.answer(wave, ["Platform,1,1,1"])
    assert acme.count("response") == 1
    assert acme.rows("SELECT status FROM wave") == [("open",)]
