"""What an entry of the register may say."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain.experiments import (
    Entry,
    Reason,
    State,
    Type,
    checked,
    moved_on,
    number,
    number_text,
    one_line,
    with_rule_day,
)
from webapp.domain.refusal import Refused

TODAY = date(2026, 3, 10)
IDEA = date(2026, 1, 5)
SIMPLE = Entry(title="Draft replies", idea_on=IDEA)


def refused(entry: Entry) -> tuple[str, str]:
    with pytest.raises(Refused) as caught:
        checked(entry, today=TODAY)
    return caught.value.place, str(caught.value).partition(": ")[2]


def test_a_title_and_a_day_are_enough() -> None:
    assert checked(SIMPLE, today=TODAY) == SIMPLE
    assert (SIMPLE.type, SIMPLE.state, SIMPLE.since) == (Type.OTHER, State.IDEA, IDEA)


@pytest.mark.parametrize(
    ("changes", "place", "told"),
    [
        ({"title": " "}, "title", "A name is missing."),
        ({"title": "=HYPERLINK(1)"}, "title", "begins like a formula"),
        ({"title": "x" * 121}, "title", "longer than 120"),
        ({"title": "a\u202eb"}, "title", "cannot be seen"),
        ({"note": "x" * 401}, "note", "longer than 400"),
        ({"rule": "a\u200bb"}, "rule", "cannot be seen"),
        ({"idea_on": TODAY + timedelta(days=1)}, "idea_on", "still to come"),
        ({"idea_on": date(1999, 12, 31)}, "idea_on", "before the year 2000"),
        ({"first_user_on": IDEA - timedelta(days=1)}, "first_user_on", "before the idea"),
        ({"live_on": TODAY}, "first_user_on", "has had a first user"),
        (
            {"first_user_on": TODAY, "live_on": TODAY - timedelta(days=1)},
            "live_on",
            "before its first user",
        ),
        ({"ended_on": TODAY}, "end_reason", "why it ended"),
        ({"end_reason": Reason.FADED}, "ended_on", "on which day"),
        (
            {"first_user_on": TODAY, "ended_on": IDEA, "end_reason": Reason.FADED},
            "ended_on",
            "before its last step",
        ),
        ({"rule_written_on": IDEA}, "rule", "no rule"),
        ({"value": 3.0}, "value_unit", "what the number counts"),
        ({"value_unit": "hours"}, "value", "missing"),
        ({"baseline": 3.0}, "value", "missing"),
        ({"value": 1e12, "value_unit": "EUR"}, "value", "too large"),
        ({"value": float("nan"), "value_unit": "EUR"}, "value", "too large"),
    ],
)
def test_a_rule_names_the_field_that_it_is_about(changes: dict[str, object], place: str, told: str) -> None:
    found = refused(replace(SIMPLE, **changes))
    assert found[0] == place
    assert told in found[1]


def test_all_may_happen_on_one_day() -> None:
    entry = replace(
        SIMPLE,
        idea_on=TODAY,
        first_user_on=TODAY,
        live_on=TODAY,
        ended_on=TODAY,
        end_reason=Reason.SCALED,
        rule="r",
        rule_written_on=TODAY,
    )
    assert checked(entry, today=TODAY) == entry
    assert (entry.state, entry.stage, entry.rule_before_start) == (State.ENDED, State.LIVE, True)


def test_texts_become_one_line_each_and_numbers_get_two_places() -> None:
    found = checked(
        replace(
            SIMPLE, title=" A\u0308  b ", note="one\r\n two", value=1.234, value_unit="h", baseline=-0.001
        ),
        today=TODAY,
    )
    assert (found.title, found.note, found.value) == ("Ä b", "one two", 1.23)
    assert str(found.baseline) == "0.0"


@given(st.text(max_size=60))
def test_one_line_stays_as_it_is(text: str) -> None:
    try:
        line = one_line(text, place="note")
    except Refused:
        return
    assert one_line(line, place="note") == line
    assert "\n" not in line


def test_a_new_or_changed_rule_was_written_today() -> None:
    early = replace(SIMPLE, rule="Stop", rule_written_on=IDEA)
    same = replace(early, title="Another", rule_written_on=None)
    assert with_rule_day(same, early, today=TODAY).rule_written_on == IDEA
    assert with_rule_day(replace(same, rule="Go"), early, today=TODAY).rule_written_on == TODAY
    assert with_rule_day(replace(same, rule=""), early, today=TODAY).rule_written_on is None
    assert with_rule_day(same, None, today=TODAY).rule_written_on == TODAY
    assert with_rule_day(SIMPLE, None, today=TODAY).rule_written_on is None


def test_steps_are_taken_once() -> None:
    tried = moved_on(SIMPLE, State.FIRST_USER, on=TODAY)
    assert tried.first_user_on == TODAY
    assert moved_on(tried, State.FIRST_USER, on=TODAY + timedelta(days=1)) == tried
    live = moved_on(SIMPLE, State.LIVE, on=TODAY)
    assert (live.first_user_on, live.live_on) == (TODAY, TODAY)
    assert moved_on(live, State.FIRST_USER, on=TODAY) == live
    gone = moved_on(tried, State.ENDED, on=TODAY, reason=Reason.STOPPED)
    assert (gone.ended_on, gone.end_reason) == (TODAY, Reason.STOPPED)
    assert moved_on(gone, State.ENDED, on=TODAY, reason=Reason.FADED) == gone
    with pytest.raises(Refused, match="ended already"):
        moved_on(gone, State.LIVE, on=TODAY)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        (" 12 ", 12.0),
        ("12,5", 12.5),
        ("-3.25", -3.25),
        ("−3", -3.0),
        ("0", 0.0),
        ("999999999999", 999999999999.0),
    ],
)
def test_a_number_is_read_with_point_or_comma(text: str, value: float | None) -> None:
    assert number(text, place="value") == value


@pytest.mark.parametrize(
    "text", ["1.234", "1,234", "1 000", "1e3", "nan", "inf", "0x1", "٣", "1.", "--1", "1" * 14]
)
def test_what_could_mean_two_numbers_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="is not a number"):
        number(text, place="value")


@given(st.integers(-(10**14) + 1, 10**14 - 1))
def test_a_number_survives_its_text(hundredths: int) -> None:
    value = hundredths / 100
    assert number(number_text(value), place="value") == value
