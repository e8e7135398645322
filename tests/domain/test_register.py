"""What the register tells, against values worked out by hand and against lifelines."""

import itertools
import math
import random
from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter, KaplanMeierFitter
from lifelines.utils import median_survival_times

from webapp.domain import register
from webapp.domain.experiments import Entry, Phase, Reason, State, Type
from webapp.domain.register import Wait

TODAY = date(2026, 3, 10)
Z = 1.6448536269514722


def entry(ago: int = 100, first: int | None = None, live: int | None = None, **values: object) -> Entry:
    """An idea of so many days ago, with a first user and live so many days after it."""
    idea = TODAY - timedelta(days=ago)
    return Entry(
        **{
            "title": "One",
            "idea_on": idea,
            "first_user_on": None if first is None else idea + timedelta(days=first),
            "live_on": None if live is None else idea + timedelta(days=live),
            **values,
        }
    )


def ended(reason: Reason, ago: int = 100, first: int | None = None, live: int | None = None) -> Entry:
    return entry(ago, first, live, ended_on=TODAY, end_reason=reason)


def test_a_stage_counts_who_came_is_there_went_on_or_ended() -> None:
    entries = [
        entry(),
        ended(Reason.FADED),
        ended(Reason.STOPPED),
        entry(first=3),
        ended(Reason.STOPPED, first=3),
        entry(first=3, live=9),
        ended(Reason.SCALED, first=3, live=9),
    ]
    idea, first_user, live = register.pipeline(entries)
    assert (idea.reached, idea.here, idea.moved_on, dict(idea.ended)) == (
        7,
        1,
        4,
        {Reason.STOPPED: 1, Reason.FADED: 1},
    )
    assert (first_user.reached, first_user.here, first_user.moved_on, first_user.ended_here) == (4, 1, 2, 1)
    assert (live.state, live.reached, live.here, live.moved_on) == (State.LIVE, 2, 1, 0)
    assert live.ended == {Reason.SCALED: 1}


@given(
    st.lists(
        st.tuples(
            st.integers(0, 60),
            st.none() | st.integers(0, 60),
            st.none() | st.integers(0, 60),
            st.none() | st.sampled_from(Reason),
        )
    )
)
def test_nothing_gets_lost_between_the_stages(
    rows: list[tuple[int, int | None, int | None, Reason | None]],
) -> None:
    entries = [
        entry(200, first, None if first is None or later is None else first + later)
        if reason is None
        else ended(reason, 200, first, None if first is None or later is None else first + later)
        for _ago, first, later, reason in rows
    ]
    stages = register.pipeline(entries)
    assert stages[0].reached == len(entries)
    for stage, following in itertools.pairwise(stages):
        assert stage.moved_on == following.reached
    for stage in stages:
        assert stage.reached == stage.here + stage.moved_on + stage.ended_here


def test_a_curve_by_hand() -> None:
    """Five ideas: users after 2 and 5 (two at once); two still wait after 3 and 9 days."""
    found = register.curve(
        [
            Wait(2, reached=True),
            Wait(3, reached=False),
            Wait(5, reached=True),
            Wait(5, reached=True),
            Wait(9, reached=False),
        ]
    )
    one, two = found.steps
    assert (one.day, one.watched, one.reached) == (2, 5, 1)
    assert one.share == pytest.approx(1 / 5)
    assert (two.day, two.watched, two.reached) == (5, 3, 2)
    assert two.share == pytest.approx(1 - 4 / 5 * 1 / 3)
    spread = Z * math.sqrt(1 / 20 + 2 / 3) / abs(math.log(4 / 15))
    assert two.low == pytest.approx(1 - (4 / 15) ** math.exp(-spread))
    assert two.high == pytest.approx(1 - (4 / 15) ** math.exp(spread))
    assert (found.reached, found.median, found.soonest, found.latest) == (3, 5, 2, None)
    at = found.by(4)
    assert (at.day, at.watched, at.share) == (4, 3, one.share)
    assert found.by(1).share == 0


def test_half_counts_although_shares_are_rounded_on_the_way() -> None:
    """3/4 × 2/3 is a half, which floats may miss by a hair."""
    waits = [Wait(day, reached=True) for day in range(1, 7)]
    assert register.curve(waits).median == 3


def test_when_all_have_a_user_the_band_ends_where_it_was() -> None:
    found = register.curve([Wait(0, reached=True), Wait(4, reached=True)])
    first, last = found.steps
    assert (last.share, last.high) == (1.0, 1.0)
    assert last.low == first.low
    assert found.median == 0


def test_a_median_is_not_reached_when_less_than_half_have_a_user() -> None:
    found = register.curve([Wait(4, reached=True), *[Wait(9, reached=False)] * 4])
    assert (found.median, found.latest) == (None, None)
    with pytest.raises(ValueError, match="a wait"):
        register.curve([])


waits_of_many = st.lists(st.builds(Wait, st.integers(0, 40), reached=st.booleans()), min_size=1, max_size=60)


@given(waits_of_many)
def test_a_curve_and_its_band_are_those_of_lifelines(waits: list[Wait]) -> None:
    days, events = [wait.days for wait in waits], [wait.reached for wait in waits]
    fitted = KaplanMeierFitter(alpha=0.1).fit(days, events)
    found = register.curve(waits)
    for step in found.steps:
        assert step.share == pytest.approx(1 - fitted.predict(step.day))
        row = fitted.confidence_interval_survival_function_.loc[float(step.day)]
        if step.share < 1:
            assert step.high == pytest.approx(1 - row.iloc[0], abs=1e-9)
            assert step.low == pytest.approx(1 - row.iloc[1], abs=1e-9)
        assert step.low <= step.share + 1e-12
        assert step.share <= step.high + 1e-12
    alive = fitted.survival_function_.iloc[:, 0]  # whose own median misses a half by a rounding error
    reaches = [int(day) for day, share in alive.items() if share <= 0.5 + 1e-9]
    assert found.median == (reaches[0] if reaches else None)


def test_the_range_of_the_median_is_that_of_lifelines() -> None:
    chance = random.Random(4)
    for _round in range(20):
        waits = [Wait(int(chance.expovariate(1 / 20)), reached=chance.random() < 0.7) for _ in range(40)]
        fitted = KaplanMeierFitter(alpha=0.1).fit(
            [wait.days for wait in waits], [wait.reached for wait in waits]
        )
        ends = median_survival_times(fitted.confidence_interval_survival_function_)
        found = register.curve(waits)
        soonest, latest = sorted(ends.to_numpy().ravel())
        assert (found.soonest, found.latest) == (
            None if math.isinf(soonest) else soonest,
            None if math.isinf(latest) else latest,
        )


def test_the_band_holds_the_true_share_in_nine_of_ten_registers() -> None:
    """Ideas whose wait is exponential, watched for 60 days at most: at 20 days the true share is 1 − 1/e."""
    chance = random.Random(11)
    truth, rounds = 1 - math.exp(-1), 600
    inside = 0
    for _round in range(rounds):
        waits = []
        for _idea in range(40):
            wait, watched = chance.expovariate(1 / 20), chance.uniform(10, 60)
            waits.append(Wait(int(min(wait, watched)), reached=wait <= watched))
        at = register.curve(waits).by(19)  # whole days: 19 stands for waits below 20
        inside += at.low <= truth <= at.high
    assert 0.87 <= inside / rounds <= 0.94


def test_an_idea_that_ended_without_a_user_is_watched_on() -> None:
    waits = register.waits([entry(30), entry(30, first=4), ended(Reason.STOPPED, ago=30)], today=TODAY)
    assert waits == [Wait(30, reached=False), Wait(4, reached=True), Wait(30, reached=False)]


def test_an_end_competes_with_a_first_user() -> None:
    """Where all were watched equally long, the curve is the plain share of ideas; Aalen and Johansen's is the same curve."""
    chance = random.Random(3)
    entries, days, kinds = [], [], []
    for _idea in range(200):
        user, end = int(chance.expovariate(1 / 25)) + 1, int(chance.expovariate(1 / 40)) + 1
        if user <= end and user <= 60:
            entries.append(entry(60, first=user))
            days.append(user)
            kinds.append(1)
        elif end <= 60:
            stopped = TODAY - timedelta(days=60 - end)
            entries.append(entry(60, ended_on=stopped, end_reason=Reason.STOPPED))
            days.append(end)
            kinds.append(2)
        else:
            entries.append(entry(60))
            days.append(60)
            kinds.append(0)
    found = register.curve(register.waits(entries, today=TODAY))
    for day in (5, 20, 40, 59):
        plain = sum(
            one.first_user_on is not None and (one.first_user_on - one.idea_on).days <= day for one in entries
        )
        assert found.by(day).share == pytest.approx(plain / 200)
    import numpy as np  # noqa: PLC0415 - for lifelines alone
    import pandas as pd  # noqa: PLC0415 - likewise

    jittered = np.asarray(days) + np.linspace(0, 0.4, 200)  # lifelines wants no ties
    fitted = AalenJohansenFitter(calculate_variance=False).fit(
        pd.Series(jittered), pd.Series(kinds), event_of_interest=1
    )
    reached = fitted.cumulative_density_
    assert found.by(40).share == pytest.approx(float(reached[reached.index < 40.5].iloc[-1, 0]), abs=1e-9)


def test_quarters_are_those_of_the_calendar_and_the_last_one_is_not_over() -> None:
    entries = [
        entry(0),  # today, in the first quarter
        entry(69, first=1),  # idea and user on the last days of 2025 and the first of 2026
        Entry(
            title="Old", idea_on=date(2025, 1, 1), first_user_on=date(2025, 3, 31), live_on=date(2025, 4, 1)
        ),
        Entry(
            title="Stopped",
            idea_on=date(2025, 12, 31),
            ended_on=date(2026, 1, 1),
            end_reason=Reason.STOPPED,
        ),
        Entry(title="Faded", idea_on=date(2025, 12, 31), ended_on=date(2026, 1, 1), end_reason=Reason.FADED),
    ]
    found = register.quarters(entries, today=TODAY)
    assert [quarter.first for quarter in found] == [
        date(2025, 1, 1),
        date(2025, 4, 1),
        date(2025, 7, 1),
        date(2025, 10, 1),
        date(2026, 1, 1),
    ]
    assert [quarter.over for quarter in found] == [True, True, True, True, False]
    assert found[-1].last == TODAY
    assert found[0].last == date(2025, 3, 31)
    assert (found[0].ideas, found[0].started, found[0].shipped) == (1, 1, 0)
    assert found[1].shipped == 1
    assert (found[4].ideas, found[4].stopped) == (1, 1)
    assert found[3].ideas == 3
    assert found[4].started == 1
    assert {quarter.curve for quarter in found} == {None}


def test_a_quarter_with_five_ideas_has_a_curve_of_its_own() -> None:
    found = register.quarters([entry(10 + day, first=day) for day in range(5)], today=TODAY)
    assert found[-1].curve is not None
    assert found[-1].curve.median == 2


@given(st.lists(st.integers(0, 3000), max_size=40), st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_no_idea_is_counted_in_two_quarters(ages: list[int], today: date) -> None:
    entries = [Entry(title="x", idea_on=today - timedelta(days=age)) for age in ages]
    found = register.quarters(entries, today=today, count=8)
    since = found[0].first
    assert sum(quarter.ideas for quarter in found) == sum(one.idea_on >= since for one in entries)
    for before, after in itertools.pairwise(found):
        assert before.last + timedelta(days=1) == after.first


def test_ten_people() -> None:
    assert register.per_ten(8, 160) == 0.5
    assert register.per_ten(8, 0) is None


def test_units_with_something_shipped_and_with_open_ideas_on_a_day() -> None:
    entries = [
        (1, entry(100, first=3, live=9)),
        (1, ended(Reason.FADED, 50, first=3, live=9)),
        (2, entry(30)),
        (2, entry(30, first=20)),
        (3, ended(Reason.STOPPED, 30)),
    ]
    assert register.shipped_by(entries, TODAY) == {1: 2}
    assert register.shipped_by(entries, TODAY - timedelta(days=60)) == {1: 1}
    assert register.shipped_by(entries, TODAY - timedelta(days=92)) == {}
    assert register.ideas_open(entries, TODAY) == {2: 1}
    assert register.ideas_open(entries, TODAY - timedelta(days=20)) == {2: 2, 3: 1}
    assert register.ideas_open(entries, TODAY - timedelta(days=31)) == {}


def test_kinds_are_counted_by_how_far_they_came() -> None:
    entries = [
        entry(type=Type.TEXT),
        entry(first=2, type=Type.TEXT),
        entry(first=2, live=4, type=Type.CHAT, phase=Phase.ZERO_TO_ONE),
    ]
    assert register.kinds(entries, lambda one: one.type) == {
        Type.TEXT: register.Kind(2, 1, 0),
        Type.CHAT: register.Kind(1, 1, 1),
    }
    assert set(register.kinds(entries, lambda one: one.phase)) == {None, Phase.ZERO_TO_ONE}


def test_a_rule_counts_when_it_stood_on_the_day_of_the_first_user() -> None:
    idea = TODAY - timedelta(days=100)
    on_the_day = entry(first=5, rule="r", rule_written_on=idea + timedelta(days=5))
    too_late = entry(first=5, rule="r", rule_written_on=idea + timedelta(days=6))
    nobody_knows = entry(first=5, rule="r")
    no_user_yet = entry(rule="r", rule_written_on=TODAY)
    assert no_user_yet.rule_before_start
    share = register.rule_before_start([on_the_day, too_late, nobody_knows, no_user_yet, entry(first=1)])
    assert share == register.Share(1, 4)


def test_shares_leave_out_who_does_not_say() -> None:
    entries = [entry(saved_tests=True), entry(saved_tests=False), entry()]
    assert register.said_yes(entries, lambda one: one.saved_tests) == register.Share(1, 2, 1)
    live = [entry(first=1, live=2, value=3.0, value_unit="hours"), entry(first=1, live=2)]
    unshipped = entry(first=1, value=3.0, value_unit="hours")
    assert register.with_number([*live, unshipped]) == register.Share(1, 2)
    assert Counter(one.stage for one in live) == {State.LIVE: 2}
