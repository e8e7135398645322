"""What an action may be called, where it may go, and when somebody is reminded of it."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain import action
from webapp.domain.action import MOVES, Reminder, State
from webapp.domain.refusal import Refused

TODAY = date(2026, 3, 2)
days = st.integers(-400, 400).map(lambda number: TODAY + timedelta(days=number))


def test_every_state_leads_somewhere_and_what_ended_can_be_taken_up_again() -> None:
    assert set(MOVES) == set(State)
    for state, others in MOVES.items():
        assert state not in others
        assert state.open or all(other.open for other in others)
        for other in State:
            if other in others:
                action.check_move(state, other)
            else:
                with pytest.raises(Refused):
                    action.check_move(state, other)


@pytest.mark.parametrize(
    "text", ["", "  \n ", "x" * 201, "turn \u202e around", "nothing\u200bthere", "a\0b", "\ud800"]
)
def test_words_that_cannot_be_shown_are_no_title(text: str) -> None:
    with pytest.raises(Refused):
        action.title(text)


def test_a_title_is_one_line_and_a_note_keeps_its_lines() -> None:
    assert action.title("  Show\n what \t works ") == "Show what works"
    assert action.title("−5 meetings 👩‍👩‍👧 e\u0301") == "−5 meetings 👩‍👩‍👧 é"
    assert action.note(" one\r\ntwo\rthree\tfour \n") == "one\ntwo\nthree\tfour"
    assert action.note("") == ""
    with pytest.raises(Refused):
        action.note("x" * 2001)


def test_dropping_needs_a_reason_and_what_goes_on_has_none() -> None:
    with pytest.raises(Refused):
        action.reason("  ", State.DROPPED)
    assert action.reason(" no\ntime ", State.DROPPED) == "no time"
    assert action.reason("", State.DONE) == ""
    assert action.reason("whatever", State.DOING) == ""


@pytest.mark.parametrize("day", [TODAY - timedelta(days=1), date.max, TODAY + timedelta(days=3700)])
def test_a_day_in_the_past_or_in_another_age_is_refused(day: date) -> None:
    with pytest.raises(Refused):
        action.due(day, TODAY)
    assert action.due(None, TODAY) is None
    assert action.due(TODAY, TODAY) == TODAY


def letters(
    made: date, due: date | None, until: date, state: State = State.DOING
) -> list[tuple[date, Reminder]]:
    """What a worker that looks each day sends."""
    told = action.reminded_at_first(due, made)
    found = []
    for number in range((until - made).days + 1):
        today = made + timedelta(days=number)
        one = action.reminder(state, due, told, today)
        if one is not None:
            found.append((today, one))
            told = one
    return found


@given(due=days)
def test_a_worker_that_looks_each_day_sends_one_letter_a_week_before_and_one_on_the_day(due: date) -> None:
    sent = letters(TODAY, due, TODAY + timedelta(days=500))
    wanted = [(due - timedelta(days=7), Reminder.WEEK)] if due - TODAY > timedelta(days=7) else []
    wanted += [(due, Reminder.DAY)] if due > TODAY else []
    assert sent == wanted


@given(due=days, state=st.sampled_from([State.DONE, State.DROPPED]))
def test_nobody_is_reminded_of_what_has_ended_or_has_no_day(due: date, state: State) -> None:
    assert letters(TODAY, due, TODAY + timedelta(days=500), state) == []
    assert letters(TODAY, None, TODAY + timedelta(days=500)) == []


@given(due=days, looked=st.lists(st.integers(0, 500), unique=True))
def test_however_seldom_a_worker_looks_no_letter_goes_twice(due: date, looked: list[int]) -> None:
    told = action.reminded_at_first(due, TODAY)
    sent = []
    for number in sorted(looked):
        one = action.reminder(State.PLANNED, due, told, TODAY + timedelta(days=number))
        if one is not None:
            sent.append(one)
            told = one
    assert sent in ([], [Reminder.WEEK], [Reminder.DAY], [Reminder.WEEK, Reminder.DAY])


def test_a_letter_that_comes_days_late_is_not_sent() -> None:
    assert not action.too_late(TODAY, TODAY + timedelta(days=2))
    assert action.too_late(TODAY, TODAY + timedelta(days=3))
