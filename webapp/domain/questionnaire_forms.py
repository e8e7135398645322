"""The forms of a questionnaire: which items are asked, of whom."""

from dataclasses import dataclass
from typing import Literal

from webapp.domain.questionnaire_types import Entry, Flag, FormName, Line

Audience = Literal["unit", "leader"]


class FormEntry(Entry):
    """What the file says about a form; its name is the key."""

    title: Line = ""
    """Its title for people; by default made of the name."""
    audience: Audience | None = None
    """`unit` for the people of a unit, `leader` for leaders. Default: `leader` when the name starts with it."""
    mirror: FormName | None = None
    """Of a unit's form: the leaders' form that is opened with it. Default for `team…`: the form `leader…`, if any."""
    default: Flag = False
    """Whether a new wave proposes this form; of one form at most."""
    banded: Flag | None = None
    """Whether its scores stand in the named bands. Default: not those of a form whose name starts with `pulse`."""


@dataclass(frozen=True, slots=True)
class Form:
    """Which items are asked, of whom. `mirror` names the leaders' form that a unit's form is opened with.

    banded: the names of the bands, and what they mean, hold for its scores
    """

    name: str
    title: str
    audience: Audience
    mirror: str | None = None
    default: bool = False
    banded: bool = True


def form_of(name: str, entry: FormEntry, names: list[str]) -> Form:
    """A form complete with its defaults; `names` are those of all forms."""
    audience = entry.audience or ("leader" if name.startswith("leader") else "unit")
    mirror = entry.mirror
    if mirror is None and name.startswith("team"):
        namesake = "leader" + name.removeprefix("team")
        mirror = namesake if namesake in names else None
    title = entry.title or name.replace("-", " ").replace("_", " ").capitalize()
    banded = not name.startswith("pulse") if entry.banded is None else entry.banded
    return Form(name, title, audience, mirror, entry.default, banded)
