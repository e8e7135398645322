"""The demo's register: one team ships a lot, a department gets faster wave by wave, another has ideas that reach no user.

The story stands in `experiments.csv`, a line an experiment: the wave before which the idea came up (0 to 3), and after how
many days there was a first user, it was live (from the first user on), and it ended (from its last step on). `rule` is
written before the start, after it, or never. It goes the real way in, and is the same each time for a seed.
"""

import csv
import random
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from webapp import clock
from webapp.domain import experiment_list
from webapp.domain.experiments import Area, Entry, Phase, Reason, Type
from webapp.experiments import commands
from webapp.models import Organization

STORY = Path(__file__).with_name("experiments.csv")
WAVE_DAYS, LAST_CLOSED, WAVES_TOLD = 91, 4, 4
IDEAS_COME = range(8, 70)  # days before the end of their wave
RULES = (
    "We stop when fewer than five people use it in the second week.",
    "It goes on when half of the drafts are sent unchanged.",
    "We stop when checking takes longer than doing it by hand.",
    "It goes live when three people ask for it after the trial.",
)
YES_NO = {"yes": True, "no": False, "": None}

Line = dict[str, str]


@cache
def story() -> dict[str, list[Line]]:
    """The lines of each team."""
    found: dict[str, list[Line]] = {}
    with STORY.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            found.setdefault(line["team"], []).append(line)
    return found


def add(organization: Organization, teams: Mapping[str, str], *, waves: int, seed: int) -> None:
    """Fill the register. teams: name -> the story's team that it is like."""
    today = clock.today(organization.timezone)
    entries = [
        (team, entry)
        for place, (team, like) in enumerate(teams.items())
        for entry in _entries(story().get(like, []), today, waves, random.Random(f"{seed} {place}"))
    ]
    if entries:
        data = experiment_list.as_csv(entries).encode()
        commands.import_register(organization=organization, data=data, file="demo.csv", by=None)


def _entries(lines: list[Line], today: date, waves: int, chance: random.Random) -> Iterator[Entry]:
    """The story's last waves, as many as the demo has; ideas of a wave come up before it ends."""
    for line in lines:
        waves_ago = WAVES_TOLD - 1 - int(line["wave"])
        if waves_ago < waves:
            ends = today - timedelta(days=LAST_CLOSED + WAVE_DAYS * waves_ago)
            yield _entry(line, ends - timedelta(days=chance.choice(IDEAS_COME)), today, chance)


def _entry(line: Line, idea_on: date, today: date, chance: random.Random) -> Entry:
    """What had happened by today; the rest is still to come."""

    def after(start: date | None, column: str) -> date | None:
        if start is None or not line[column]:
            return None
        days = int(line[column])
        found = start + timedelta(days=days + chance.randint(-days // 6, days // 6))
        return found if found <= today else None

    first = after(idea_on, "first_user_after")
    live = after(first, "live_after")
    last = (
        live
        or (first if not line["live_after"] else None)
        or (idea_on if not line["first_user_after"] else None)
    )
    ended = after(last, "ended_after")
    written = {"before": idea_on, "after": live or first}.get(line["rule"])
    counted = live is not None and line["value"]
    return Entry(
        title=line["title"],
        idea_on=idea_on,
        type=Type(line["type"]),
        problem_area=Area(line["problem_area"]),
        phase=Phase(line["phase"]),
        first_user_on=first,
        live_on=live,
        ended_on=ended,
        end_reason=Reason(line["end_reason"]) if ended else None,
        rule=chance.choice(RULES) if written else "",
        rule_written_on=written,
        value=float(line["value"]) if counted else None,
        value_unit=line["value_unit"] if counted else "",
        baseline=float(line["baseline"]) if counted else None,
        ready_made_model=YES_NO[line["ready_made_model"]],
        saved_tests=YES_NO[line["saved_tests"]],
    )
