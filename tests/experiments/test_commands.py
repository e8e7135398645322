"""What changes the register, on both databases: once each, told when overtaken, and all or nothing."""

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.experiments.conftest import Register, ago, register_of, today
from tests.waves.conftest import at_once
from webapp import clock
from webapp.domain.experiments import Area, Phase, Reason, State, Type
from webapp.domain.refusal import Refused
from webapp.experiments import commands
from webapp.models import Experiment, Unit
from webapp.transaction import transaction

LIST = "unit,title,idea_on\n"


def test_a_title_a_unit_and_a_type_are_an_idea_of_today(register: Register) -> None:
    made = register.log(type=Type.TEXT)
    found = register.one(made)
    assert (found.unit, found.entry.type, found.entry.idea_on, found.entry.state) == (
        "Platform",
        Type.TEXT,
        today(),
        State.IDEA,
    )
    assert register.events() == ["experiment.logged"]


def test_a_form_sent_fifty_times_at_once_makes_one(register: Register) -> None:
    made = at_once(*[lambda: register.log(nonce="same")] * 50)
    assert set(made) == {register.all()[0].id}
    assert register.count() == 1
    assert register.events() == ["experiment.logged"]


def test_a_form_that_somebody_went_back_to_and_wrote_anew_makes_another(register: Register) -> None:
    first = register.log("One", nonce="same")
    assert register.log("one ", nonce="same") == first
    second = register.log("Two", nonce="same")
    assert second != first
    assert register.log("One", "Mobile", nonce="same") not in {first, second}
    with pytest.raises(Refused, match="title already"):
        register.log("Two", nonce="same")
    assert register.count() == 3


def test_a_title_stands_once_in_a_unit(register: Register) -> None:
    register.log("Draft replies")
    outcomes = at_once(
        *(lambda place=place: register.log(" draft  REPLIES", nonce=f"n{place}") for place in range(8))
    )
    assert all(isinstance(one, Refused) and one.place == "title" for one in outcomes)
    register.log("Draft replies", "Mobile")
    assert register.count() == 2


def test_a_unit_must_be_there_open_and_within_reach(register: Register) -> None:
    other = register_of(register.app, "elsewhere")
    for unit_id, within in (
        (0, None),
        (2**31 - 1, None),
        (other.units["Sales"], None),
        (register.units["Sales"], frozenset({register.units["Mobile"]})),
    ):
        with pytest.raises(Refused, match="Choose the unit"):
            register.call(commands.log, title="x", unit_id=unit_id, within=within)
    with register.app.app_context(), transaction() as session:
        session.execute(sa.update(Unit).where(Unit.id == register.units["Sales"]).values(closed=True))
    with pytest.raises(Refused, match="closed"):
        register.log("x", "Sales")
    assert register.count() == 0


def test_steps_are_taken_once_however_often_they_are_pressed(register: Register) -> None:
    made = register.log()
    outcomes = at_once(
        *[lambda: register.call(commands.take_step, experiment_id=made, to=State.FIRST_USER)] * 8
    )
    assert outcomes == [None] * 8
    assert register.events() == ["experiment.logged", "experiment.moved_on"]
    register.call(commands.take_step, experiment_id=made, to=State.LIVE)
    register.call(commands.take_step, experiment_id=made, to=State.ENDED, reason=Reason.SCALED)
    found = register.one(made)
    assert (found.entry.first_user_on, found.entry.live_on, found.entry.ended_on) == (today(),) * 3
    assert (found.entry.end_reason, found.version) == (Reason.SCALED, 4)
    register.call(commands.take_step, experiment_id=made, to=State.ENDED, reason=Reason.FADED)
    assert register.one(made) == found


def test_steps_are_of_the_day_where_the_organization_is(
    register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = register.log()
    monkeypatch.setattr(clock, "today", lambda _zone: today() + timedelta(days=1))
    register.call(commands.take_step, experiment_id=made, to=State.FIRST_USER)
    assert register.one(made).entry.first_user_on == today() + timedelta(days=1)


def save(register: Register, made: int, version: int, unit: str = "Platform", **changes: object) -> None:
    entry = replace(register.one(made).entry, **changes)
    register.call(
        commands.save, experiment_id=made, version=version, unit_id=register.units[unit], entry=entry
    )


def test_everything_can_be_changed(register: Register) -> None:
    made = register.log()
    changes = {
        "title": "Draft letters",
        "type": Type.CHAT,
        "problem_area": Area.AGENTS,
        "phase": Phase.ONE_TO_N,
        "idea_on": ago(30),
        "first_user_on": ago(20),
        "live_on": ago(10),
        "ended_on": ago(5),
        "end_reason": Reason.FIXED,
        "rule": "Stop when nobody asks",
        "value": 12.5,
        "value_unit": "hours a month",
        "baseline": 40.0,
        "ready_made_model": True,
        "saved_tests": False,
        "note": "Short",
    }
    save(register, made, 1, "Mobile", **changes)
    found = register.one(made)
    assert (found.unit, found.version) == ("Mobile", 2)
    assert {name: getattr(found.entry, name) for name in changes} == changes
    assert found.entry.rule_written_on == today()
    assert not found.entry.rule_before_start


def test_a_rule_keeps_its_day_until_it_says_something_else(register: Register) -> None:
    made = register.log()
    save(register, made, 1, rule="Stop", idea_on=ago(9))
    register.take(f"unit,title,idea_on,rule,rule_written_on\nPlatform,Draft replies,{ago(9)},Stop,{ago(8)}\n")
    save(register, made, 3, note="changed", rule_written_on=ago(300))
    assert register.one(made).entry.rule_written_on == ago(8)
    save(register, made, 4, rule="Go on")
    assert register.one(made).entry.rule_written_on == today()
    save(register, made, 5, rule="")
    assert register.one(made).entry.rule_written_on is None


def test_the_second_editor_is_told_and_nothing_is_lost(register: Register) -> None:
    made = register.log()
    entry = register.one(made).entry
    outcomes = at_once(
        *(
            lambda title=title: register.call(
                commands.save,
                experiment_id=made,
                version=1,
                unit_id=register.units["Platform"],
                entry=replace(entry, title=title),
            )
            for title in ("One", "Two")
        )
    )
    [overtaken] = [one for one in outcomes if one is not None]
    assert isinstance(overtaken, commands.Overtaken)
    stored = register.one(made)
    assert (overtaken.now, overtaken.version) == (stored.entry, 2)
    assert stored.entry.title in {"One", "Two"}
    save(register, made, 1)  # the same as it stands: no change, so nobody is overtaken
    assert register.one(made) == stored


def test_a_change_of_the_unit_stays_within_reach_and_titles_stay_apart(register: Register) -> None:
    made = register.log()
    register.log("Draft replies", "Sales")
    with pytest.raises(Refused, match="title already"):
        save(register, made, 1, "Sales")
    entry = register.one(made).entry
    with pytest.raises(Refused, match="Choose the unit"):
        register.call(
            commands.save,
            experiment_id=made,
            version=1,
            unit_id=register.units["Support"],
            entry=entry,
            within=frozenset({register.units["Platform"]}),
        )
    assert register.one(made).unit == "Platform"


def test_what_was_removed_is_gone_and_no_number_comes_again(register: Register) -> None:
    made = register.log()
    for _time in range(2):
        register.call(commands.remove, experiment_id=made)
    assert register.events() == ["experiment.logged", "experiment.removed"]
    for command, values in (
        (commands.take_step, {"to": State.LIVE}),
        (commands.save, {"version": 1, "unit_id": 1, "entry": None}),
    ):
        with pytest.raises(Refused, match="taken this experiment out"):
            register.call(command, experiment_id=made, **values)
    assert register.log() > made


def test_a_list_is_taken_whole_or_not_at_all(register: Register) -> None:
    done = register.take(f"{LIST}Platform,One,{ago(3)}\nSales,Two,{ago(2)}\n")
    assert (done.added, done.changed, done.same) == (2, 0, 0)
    with pytest.raises(Refused):
        register.take(f"{LIST}Platform,Three,{ago(3)}\nNowhere,Four,{ago(2)}\n")
    assert register.count() == 2
    done = register.take(f"{LIST}platform,ONE,{ago(3)}\nSales,Two,{ago(2)}\nSales,Three,{ago(1)}\n")
    assert (done.added, done.changed, done.same) == (1, 1, 1)
    assert register.all()[0].entry.title == "ONE"
    assert register.events() == ["experiments.imported"] * 2


def test_a_check_changes_nothing_and_a_list_of_what_is_there_leaves_no_trace(register: Register) -> None:
    text = f"{LIST}Platform,One,{ago(3)}\n"
    assert register.take(text, only_check=True).added == 1
    assert register.count() == 0
    register.take(text)
    before = register.one(register.all()[0].id)
    assert register.take(text).same == 1
    assert register.one(before.id) == before
    assert len(register.events()) == 1


def test_an_import_reaches_the_units_of_its_member_alone(register: Register) -> None:
    with pytest.raises(Refused, match="There is no unit “Sales”"):
        register.take(f"{LIST}Sales,One,{ago(3)}\n", within=frozenset({register.units["Platform"]}))


def test_a_closed_unit_keeps_its_past_and_takes_a_list_of_it(register: Register) -> None:
    register.log("Old", "Sales")
    with register.app.app_context(), transaction() as session:
        session.execute(sa.update(Unit).where(Unit.id == register.units["Sales"]).values(closed=True))
    [found] = register.all()
    assert found.closed
    assert register.take(f"{LIST}Sales,Old,{found.entry.idea_on}\n").same == 1


NEVER: tuple[dict[str, object], ...] = (
    {"type": "video"},
    {"phase": "2-n"},
    {"problem_area": "ethics"},
    {"end_reason": "won", "ended_on": today()},
    {"ended_on": today()},
    {"end_reason": "stopped"},
    {"first_user_on": ago(11)},
    {"live_on": ago(1)},
    {"first_user_on": ago(1), "live_on": ago(2)},
    {"first_user_on": ago(1), "ended_on": ago(2), "end_reason": "faded"},
    {"ended_on": ago(11), "end_reason": "faded"},
    {"rule_written_on": ago(1)},
    {"value": 1.0},
    {"value_unit": "hours"},
    {"value": 1e13, "value_unit": "EUR"},
    {"baseline": 1.0},
)


def test_the_table_refuses_what_must_never_be(register: Register) -> None:
    row = {
        "organization_id": register.organization.id,
        "unit_id": register.units["Sales"],
        "title": "x",
        "title_key": "x",
        "type": "text",
        "idea_on": ago(10),
    }
    with register.app.app_context():
        for values in NEVER:
            with pytest.raises(sa.exc.IntegrityError), transaction() as session:
                session.add(Experiment(**row | values))
    assert register.count() == 0


def test_the_table_refuses_a_unit_of_another_organization(register: Register) -> None:
    other = register_of(register.app, "elsewhere")
    with pytest.raises(sa.exc.IntegrityError), register.app.app_context(), transaction() as session:
        session.add(
            Experiment(
                organization_id=register.organization.id,
                unit_id=other.units["Sales"],
                title="x",
                title_key="x",
                type="text",
                idea_on=ago(1),
            )
        )
