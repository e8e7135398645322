from datetime import date, timedelta

import pytest

from webapp.domain.recurring import LONGEST, MONTHS, Rhythm, check
from webapp.domain.refusal import Refused


def test_the_last_day_of_a_month_comes_back_after_a_shorter_one() -> None:
    rhythm = Rhythm("month", date(2027, 1, 31), 14)
    assert [rhythm.day(number).isoformat() for number in range(4)] == [
        "2027-01-31",
        "2027-02-28",
        "2027-03-31",
        "2027-04-30",
    ]
    assert Rhythm("year", date(2028, 2, 29), 14).day(4) == date(2032, 2, 29)
    assert Rhythm("quarter", date(2026, 11, 30), 14).day(1) == date(2027, 2, 28)
    assert Rhythm("half-year", date(2026, 8, 31), 14).day(1) == date(2027, 2, 28)


@pytest.mark.parametrize("every", MONTHS)
def test_a_wave_of_the_longest_allowed_time_ends_before_the_next_one_opens(every: str) -> None:
    start = date(2027, 1, 1)
    for first in (start + timedelta(days=after) for after in range(366)):
        rhythm = Rhythm(every, first, LONGEST[every])
        assert all(rhythm.last_day(rhythm.day(number)) < rhythm.day(number + 1) for number in range(13)), (
            first
        )


def test_of_openings_that_were_missed_the_latest_alone_is_due() -> None:
    rhythm = Rhythm("month", date(2027, 1, 10), 14)
    assert rhythm.due(0, date(2027, 1, 9)) is None
    assert rhythm.due(0, date(2027, 1, 10)) == 0
    assert rhythm.due(0, date(2027, 4, 9)) == 2
    assert rhythm.due(3, date(2027, 4, 9)) is None


@pytest.mark.parametrize(
    ("every", "after", "days_open", "reminders", "place"),
    [
        ("week", 0, 5, [], "every"),
        ("month", -1, 5, [], "first_day"),
        ("month", 400, 5, [], "first_day"),
        ("month", 0, 29, [], "days_open"),
        ("month", 0, 0, [], "days_open"),
        ("month", 0, 10, [10], "days"),
        ("month", 0, 10, [0], "days"),
        ("month", 0, 10, [1, 2, 3, 4, 5, 6], "days"),
    ],
)
def test_a_rhythm_that_cannot_be_kept_is_refused(
    every: str, after: int, days_open: int, reminders: list[int], place: str
) -> None:
    today = date(2027, 1, 31)
    with pytest.raises(Refused) as refused:
        check(Rhythm(every, today + timedelta(days=after), days_open), reminders, today)
    assert refused.value.place == place
