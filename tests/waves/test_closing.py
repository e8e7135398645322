import json
from threading import Event

import numpy as np
import pytest
from sqlalchemy import select

from tests.waves.conftest import SMALL, Acme, at_once
from webapp import publications
from webapp.domain import disclosure, publication_json
from webapp.domain import publish as domain
from webapp.domain.publication import Publication
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import Account, Assessment, Member, StoredPublication, Wave
from webapp.organizations import commands as organizations
from webapp.waves import closing

PLATFORM, SALES, SUPPORT = ["Platform,2,2,2"] * 10, ["Sales,4,4,4"] * 9, ["Support,1,1,1"] * 5


def status(acme: Acme, wave: int) -> str:
    return str(acme.rows("SELECT status FROM wave WHERE id = :id", id=wave)[0][0])


def actions(acme: Acme) -> list[str]:
    rows = acme.rows("SELECT action FROM audit_event ORDER BY sequence")
    return [action for (action,) in rows if action.startswith("wave.")]


def answered(acme: Acme, name: str = "First wave") -> int:
    wave = acme.open(name)
    acme.answer(wave, [*PLATFORM, *SALES, *SUPPORT])
    return wave


def test_what_is_stored_is_what_was_computed_and_what_is_read(acme: Acme) -> None:
    wave = answered(acme)
    found = acme.close(wave)
    assert found.root.teams["trust"].n == 24
    assert found.name == "First wave"
    (header,) = acme.rows("SELECT header FROM publication")
    rows = acme.rows("SELECT figures FROM publication_row ORDER BY position")
    read = publication_json.load(json.loads(header[0]), [json.loads(row) for (row,) in rows])
    assert read == found
    with acme.inside():
        assert publications.of_wave(acme.organization.id, wave) == found
        stored = db.session.scalars(select(StoredPublication)).one()
        assert publications.intact(db.session, stored)
        assert (
            stored.digest
            in acme.rows("SELECT changes FROM audit_event WHERE action = 'wave.published'")[0][0]
        )


def test_closing_and_publishing_twice_changes_nothing(acme: Acme) -> None:
    wave = answered(acme)
    first = acme.close(wave)
    before = acme.rows("SELECT closed_at, published_at FROM wave")
    assert acme.close(wave) == first
    assert acme.call(closing.publish, wave) == first
    assert acme.rows("SELECT closed_at, published_at FROM wave") == before
    assert acme.count("publication") == 1
    assert actions(acme) == ["wave.opened", "wave.closed", "wave.published"]


def test_of_four_who_close_at_once_all_get_the_one_publication(acme: Acme) -> None:
    wave = answered(acme)
    found = at_once(*[lambda: acme.close(wave)] * 4)
    assert all(isinstance(one, Publication) for one in found), found
    assert all(one == found[0] for one in found)
    assert acme.count("publication") == 1
    assert actions(acme) == ["wave.opened", "wave.closed", "wave.published"]


def test_an_open_wave_is_not_published(acme: Acme) -> None:
    wave = answered(acme)
    with pytest.raises(Refused, match="“First wave” is not closed yet"):
        acme.call(closing.publish, wave)
    assert (status(acme, wave), acme.count("publication")) == ("open", 0)


def test_after_a_crash_between_closing_and_publishing_it_goes_on(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = answered(acme)

    def crash(*_args: object, **_values: object) -> None:
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(domain, "publish", crash)
        with pytest.raises(MemoryError):
            acme.close(wave)
    assert (status(acme, wave), acme.count("publication")) == ("closed", 0)
    with pytest.raises(Refused, match="is not open"):
        acme.answer(wave, ["Sales,1,1,1"])
    assert acme.close(wave).root.teams["trust"].n == 24
    assert status(acme, wave) == "published"


@pytest.mark.parametrize("step", ["store", "rewrite", "record"])
def test_after_a_crash_while_storing_nothing_is_half_there(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    wave = answered(acme)
    acme.call(closing.close, wave)
    before = sorted(acme.rows("SELECT id, position, answers FROM response"))
    owner = {"store": closing.publications, "rewrite": closing, "record": closing.audit}[step]
    original = getattr(owner, step)

    def crash(*args: object, **values: object) -> None:
        original(*args, **values)
        raise MemoryError

    with monkeypatch.context() as broken:
        broken.setattr(owner, step, crash)
        with pytest.raises(MemoryError):
            acme.call(closing.publish, wave)
    assert (status(acme, wave), acme.count("publication"), acme.count("publication_row")) == ("closed", 0, 0)
    acme.call(closing.publish, wave)
    assert acme.count("publication") == 1
    assert sorted(acme.rows("SELECT id, position, answers FROM response")) == before


def test_a_plan_that_leaks_leaves_the_wave_closed_and_unpublished(
    lite: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = lite.open()
    lite.answer(wave, [*PLATFORM, "Mobile,1,1,1"])
    monkeypatch.setattr(
        disclosure,
        "suppress",
        lambda tree, counts, *, k, **_rest: np.asarray(tree.rolled_up(counts) >= k),
    )
    with pytest.raises(Refused, match="Nothing was published"):
        lite.close(wave)
    assert (status(lite, wave), lite.count("publication")) == ("closed", 0)


def test_a_wave_without_responses_is_published(acme: Acme) -> None:
    found = acme.close(acme.open())
    assert not any(unit.shown for unit in found.units)
    assert found.invited == 36


def test_a_wave_in_which_everything_is_hidden_is_published(acme: Acme) -> None:
    wave = acme.open()
    acme.answer(wave, ["Sales,1,1,1"] * 4)
    found = acme.close(wave)
    assert not any(unit.shown for unit in found.units)
    text = " ".join(header for (header,) in acme.rows("SELECT header FROM publication"))
    assert '"n":' not in text


def test_a_wave_of_one_unit_is_published(lite: Acme) -> None:
    lite.import_units()
    with lite.inside():
        from webapp.units import commands as units  # noqa: PLC0415 - for this test alone

        units.import_units(
            organization=lite.organization,
            data=b"unit,parent,headcount\nAll of us,,9\n",
            file="one.csv",
            close_missing=True,
            by=None,
        )
    wave = lite.open()
    lite.answer(wave, ["All of us,3,3,3"] * 7)
    assert [unit.teams["speed"].score for unit in lite.close(wave).units] == [50, 50]


def test_a_wave_that_was_published_meanwhile_is_taken_into_account(
    acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two waves of a questionnaire are published at the same moment: the second must know the first."""
    first = acme.open()
    acme.answer(first, PLATFORM + SALES)
    acme.call(closing.close, first)
    second = acme.open("Second wave")
    acme.answer(second, PLATFORM + SALES)
    acme.call(closing.close, second)
    computing, go_on = Event(), Event()
    original = domain.publish
    knew: list[int] = []

    def slow(*args: object) -> Publication:
        wave, earlier = args[0], args[-1]
        computed = original(*args)  # type: ignore[arg-type]
        if wave.id == second:  # type: ignore[attr-defined]
            knew.append(len(earlier))  # type: ignore[arg-type]
            computing.set()
            assert go_on.wait(20)
        return computed

    monkeypatch.setattr(domain, "publish", slow)

    def overtake() -> None:
        assert computing.wait(20)
        acme.call(closing.publish, first)
        go_on.set()

    found, overtaken = at_once(lambda: acme.call(closing.publish, second), overtake)
    assert overtaken is None, overtaken
    assert isinstance(found, Publication), found
    assert knew == [0, 1]
    assert acme.count("publication") == 2


def lead(acme: Acme, wave: int, email: str, unit: str, position: int, *, by_name: bool = False) -> None:
    with acme.inside():
        organizations.add_member(
            organization=acme.organization, email=email, role="leader", unit_id=acme.units[unit], by=None
        )
        member = db.session.scalars(select(Member).join(Account).where(Account.email == email)).one()
        db.session.add(
            Assessment(
                organization_id=acme.organization.id,
                wave_id=wave,
                position=position,
                member_id=member.id,
                shown_by_name=by_name,
                answers="5",
            )
        )
        db.session.commit()


def test_one_leader_of_five_units_is_no_average(acme: Acme) -> None:
    wave = answered(acme)
    for unit, position in (("Engineering", 1), ("Platform", 2), ("Mobile", 3), ("Sales", 4), ("Support", 5)):
        lead(acme, wave, "same@acme.example", unit, position)
    found = acme.close(wave)
    assert not any(unit.leaders for unit in found.units)
    assert found.leaders_answered is None


def test_who_stands_by_name_anywhere_is_in_no_average(acme: Acme) -> None:
    wave = answered(acme)
    places = {"Engineering": 1, "Platform": 2, "Mobile": 3, "Sales": 4, "Support": 5}
    for unit, position in places.items():
        lead(acme, wave, f"{unit.lower()}@acme.example", unit, position)
    lead(acme, wave, "support@acme.example", "Sales", 4, by_name=True)
    found = acme.close(wave)
    assert found.leaders_answered is None  # four are left
    assert len(found.units[4].named) == 1


def test_the_closing_day_is_that_of_the_organizations_clock(
    lite: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datetime as dt  # noqa: PLC0415 - for this test alone

    with lite.inside():
        organizations.change_settings(
            organization=lite.organization,
            name="Acme",
            smallest_group=5,
            timezone="Pacific/Auckland",
            time_guard="standard",
            language="en",
            by=None,
        )
    wave = lite.open()
    monkeypatch.setattr(closing.clock, "now", lambda: dt.datetime(2026, 3, 31, 20, 0))  # noqa: DTZ001 - as stored
    assert lite.close(wave).closed_on == "2026-04-01"


def test_the_questionnaire_is_the_copy_of_the_wave(lite: Acme) -> None:
    wave = answered(lite)
    with lite.inside():
        stored = db.session.get_one(Wave, wave)
        assert stored.copy.text == SMALL
    assert lite.close(wave).questionnaire == "small@1"
