"""What an experiment is and may say: an entry in the register of fire, ready, aim. A person is never part of it.

Its words are the talk's: four killer use cases (text, image, coding, chat), six problem areas, 0→1 and 1→n. The reasons
of an end are the decisions after first use: stop it, fix it (it goes on in another form), scale it; or nobody decided.
"""

import math
import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from webapp.domain.csv_table import check_name, unseen
from webapp.domain.refusal import Refused

EARLIEST = date(2000, 1, 1)
LONGEST_TEXT = 400
LONGEST_UNIT = 40
LARGEST = 1e12
NUMBER = re.compile(r"[-−]?[0-9]{1,13}([.,][0-9]{1,2})?")


class Type(StrEnum):
    TEXT = "text"
    IMAGE = "image"
    CODING = "coding"
    CHAT = "chat"
    OTHER = "other"


class Area(StrEnum):
    AI_UX = "ai_ux"
    TOOLING = "tooling_and_evals"
    PRODUCTIVITY = "productivity"
    HOSTING = "hosting"
    FINE_TUNING = "fine_tuning"
    AGENTS = "agents"


class Phase(StrEnum):
    ZERO_TO_ONE = "0-1"
    ONE_TO_N = "1-n"


class Reason(StrEnum):
    STOPPED = "stopped"
    FIXED = "fixed"
    SCALED = "scaled"
    FADED = "faded"


class State(StrEnum):
    """How far an experiment has come."""

    IDEA = "idea"
    FIRST_USER = "first_user"
    LIVE = "live"
    ENDED = "ended"


STAGES = (State.IDEA, State.FIRST_USER, State.LIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """All that the register holds of one experiment; None and "" where nothing is said.

    rule: what decides whether it goes on. It counts as written before the start when `rule_written_on` is not after the
        day of the first user
    value, baseline: a number now and before, both in `value_unit` (such as "hours a month")
    """

    title: str
    idea_on: date
    type: Type = Type.OTHER
    problem_area: Area | None = None
    phase: Phase | None = None
    first_user_on: date | None = None
    live_on: date | None = None
    ended_on: date | None = None
    end_reason: Reason | None = None
    rule: str = ""
    rule_written_on: date | None = None
    value: float | None = None
    value_unit: str = ""
    baseline: float | None = None
    ready_made_model: bool | None = None
    saved_tests: bool | None = None
    note: str = ""

    @property
    def stage(self) -> State:
        """The furthest that it came, whether it has ended or not."""
        if self.live_on is not None:
            return State.LIVE
        return State.IDEA if self.first_user_on is None else State.FIRST_USER

    @property
    def state(self) -> State:
        return self.stage if self.ended_on is None else State.ENDED

    @property
    def since(self) -> date:
        """The day of its last step."""
        return self.ended_on or self.live_on or self.first_user_on or self.idea_on

    @property
    def rule_before_start(self) -> bool:
        """Whether a rule stood before the first user, or stands while there is none."""
        return self.rule_written_on is not None and (
            self.first_user_on is None or self.rule_written_on <= self.first_user_on
        )


def checked(entry: Entry, *, today: date) -> Entry:
    """The entry with its texts in one line each; raises Refused with a field's name as place where a rule says no.

    today: the calendar day where the organization is
    """
    entry = replace(
        entry,
        title=check_name(one_line(entry.title, place="title"), place="title"),
        rule=one_line(entry.rule, place="rule"),
        note=one_line(entry.note, place="note"),
        value_unit=one_line(entry.value_unit, place="value_unit", limit=LONGEST_UNIT),
        value=_amount(entry.value, place="value"),
        baseline=_amount(entry.baseline, place="baseline"),
    )
    _check_days(entry, today)
    _check_order(entry)
    _check_value(entry)
    return entry


def one_line(text: str, *, place: str, limit: int = LONGEST_TEXT) -> str:
    """Text without line breaks and doubled blanks, so that it stays the same in a file: see `csv_table.safe` and `bare`."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    if len(line) > limit:
        raise Refused("The text is longer than {limit} characters.", place=place, limit=limit)
    if any(unseen(character) for character in line):
        raise Refused(
            "The text has a character that cannot be seen or changes the direction of text.", place=place
        )
    return line


def _check_days(entry: Entry, today: date) -> None:
    for name in ("idea_on", "first_user_on", "live_on", "ended_on", "rule_written_on"):
        day: date | None = getattr(entry, name)
        if day is not None and day > today:
            raise Refused("This day is still to come.", place=name)
        if day is not None and day < EARLIEST:
            raise Refused("This day is before the year {year}.", place=name, year=EARLIEST.year)


def _check_order(entry: Entry) -> None:
    if entry.first_user_on is not None and entry.first_user_on < entry.idea_on:
        raise Refused("The first user cannot come before the idea.", place="first_user_on")
    if entry.live_on is not None:
        if entry.first_user_on is None:
            raise Refused(
                "What is live has had a first user. Give that day too; it may be the same.",
                place="first_user_on",
            )
        if entry.live_on < entry.first_user_on:
            raise Refused("It cannot be live before its first user.", place="live_on")
    if entry.ended_on is not None:
        if entry.end_reason is None:
            raise Refused("Say why it ended.", place="end_reason")
        if entry.ended_on < replace(entry, ended_on=None).since:
            raise Refused("It cannot end before its last step.", place="ended_on")
    elif entry.end_reason is not None:
        raise Refused("Say on which day it ended, or take the reason away.", place="ended_on")
    if entry.rule_written_on is not None and not entry.rule:
        raise Refused("There is a day for the rule, but no rule.", place="rule")


def _amount(amount: float | None, *, place: str) -> float | None:
    """A number with two places, as all that is kept; raises Refused where it is out of all proportion."""
    if amount is None:
        return None
    if not (math.isfinite(amount) and abs(amount) < LARGEST):
        raise Refused("The number is too large.", place=place)
    return round(amount, 2) + 0.0  # no minus before a zero


def _check_value(entry: Entry) -> None:
    if entry.value is not None and not entry.value_unit:
        raise Refused("Say what the number counts, such as “hours a month”.", place="value_unit")
    if entry.value is None and (entry.value_unit or entry.baseline is not None):
        raise Refused("The number itself is missing.", place="value")


def with_rule_day(entry: Entry, before: Entry | None, *, today: date) -> Entry:
    """A rule that is new or says something else was written today; one that is as before keeps its day."""
    if before is not None and entry.rule == before.rule:
        return replace(entry, rule_written_on=before.rule_written_on)
    return replace(entry, rule_written_on=today if entry.rule else None)


def moved_on(entry: Entry, to: State, *, on: date, reason: Reason | None = None) -> Entry:
    """The entry after its next step on a day; the same entry where it has gone that far already."""
    if to is State.ENDED:
        return entry if entry.ended_on else replace(entry, ended_on=on, end_reason=reason)
    if entry.stage in STAGES[STAGES.index(to) :]:
        return entry
    if entry.ended_on is not None:
        raise Refused("It has ended already.")
    if to is State.LIVE:
        return replace(entry, first_user_on=entry.first_user_on or on, live_on=on)
    return replace(entry, first_user_on=on)


def number(text: str, *, place: str) -> float | None:
    """A typed number with a decimal point or comma and at most two places behind it; None for none."""
    text = text.strip()
    if not text:
        return None
    if not NUMBER.fullmatch(text):
        raise Refused(
            "{text} is not a number. Write it without spaces, with at most two places, such as 1250.50.",
            place=place,
            text=f"“{text}”",
        )
    return float(text.replace("−", "-").replace(",", "."))


def number_text(value: float | None) -> str:
    """A number as a file holds it: a decimal point, no more places than it needs."""
    return "" if value is None else f"{value:.2f}".rstrip("0").rstrip(".")
