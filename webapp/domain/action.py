"""What a unit decided to do: the states of an action, how it goes from one to the next, and when somebody is reminded."""

import unicodedata
from datetime import date, timedelta
from enum import StrEnum

from webapp.domain.csv_table import unseen
from webapp.domain.refusal import Refused

LONGEST_TITLE, LONGEST_NOTE, LONGEST_REASON = 200, 2000, 200
FURTHEST = timedelta(days=3653)  # a day in ten years is a wish
WEEK = timedelta(days=7)
LATE = timedelta(days=2)  # after which a reminder that no worker sent would only be a reproach


class State(StrEnum):
    """How far an action is."""

    PLANNED = "planned"
    DOING = "doing"
    DONE = "done"
    DROPPED = "dropped"

    @property
    def open(self) -> bool:
        return self in OPEN


OPEN = (State.PLANNED, State.DOING)
ENDED = (State.DONE, State.DROPPED)
# From each state the ones that a button leads to; what has ended may be taken up again.
MOVES = {
    State.PLANNED: (State.DOING, State.DONE, State.DROPPED),
    State.DOING: (State.DONE, State.PLANNED, State.DROPPED),
    State.DONE: (State.DOING,),
    State.DROPPED: (State.PLANNED,),
}


class Reminder(StrEnum):
    """The last letter that went out about a due day: none, the one a week before, the one of the day itself."""

    NONE = ""
    WEEK = "week"
    DAY = "day"


def title(text: str) -> str:
    """What is to be done, in one line; refused where it is missing, too long or cannot be seen."""
    found = _line(text, place="title", limit=LONGEST_TITLE)
    if not found:
        raise Refused("Write what is to be done.", place="title")
    return found


def note(text: str) -> str:
    """More about it, in as many lines as wanted."""
    found = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    return _checked(found, place="note", limit=LONGEST_NOTE, kept="\n\t")


def reason(text: str, to: State) -> str:
    """Why it ended, or what came of it, in one line; needed where it was dropped, and only kept of what has ended."""
    if to.open:
        return ""
    found = _line(text, place="reason", limit=LONGEST_REASON)
    if to is State.DROPPED and not found:
        raise Refused("Say in one line why it was dropped.", place="reason")
    return found


def due(day: date | None, today: date) -> date | None:
    """The day until which it is to be done; a new one lies ahead, within ten years."""
    if day is not None and not today <= day <= today + FURTHEST:
        raise Refused("Choose today or a day within the next ten years.", place="due")
    return day


def check_move(now: State, to: State) -> None:
    """Refuse a step that no button leads to."""
    if to not in MOVES[now]:
        raise Refused("It cannot be moved there from where it is now.")


def reminded_at_first(day: date | None, today: date) -> Reminder:
    """What counts as said when the day is set: whoever sets one within a week needs no letter about that week."""
    if day is None or day - today > WEEK:
        return Reminder.NONE
    return Reminder.DAY if day <= today else Reminder.WEEK


def reminder(state: State, day: date | None, told: Reminder, today: date) -> Reminder | None:
    """The letter to send today about an open action, None where there is none: each is sent once, and none late."""
    if day is None or not state.open or told is Reminder.DAY:
        return None
    if day <= today:
        return Reminder.DAY
    return Reminder.WEEK if told is Reminder.NONE and day - today <= WEEK else None


def too_late(day: date, today: date) -> bool:
    """Whether a letter about that day would come so late that it is not sent any more."""
    return today - day > LATE


def _line(text: str, *, place: str, limit: int) -> str:
    return _checked(" ".join(unicodedata.normalize("NFC", text).split()), place=place, limit=limit, kept="")


def _checked(text: str, *, place: str, limit: int, kept: str) -> str:
    if len(text) > limit:
        raise Refused("At most {limit} characters.", place=place, limit=limit)
    if any(unseen(character) and character not in kept for character in text):
        raise Refused(
            "There is a character that cannot be seen or changes the direction of text.", place=place
        )
    return text
