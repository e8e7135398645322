"""Figures from outside for the demo: what the tools say of the story that the answers tell.

Data platform uses AI a lot, Engineering more each month, Operations hardly. Support North has licences for everybody and
expects much, and few of its people use them.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from webapp.domain.csv_table import Row
from webapp.evidence import commands
from webapp.models import Organization

MONTHS_A_WAVE = 3
CURRENCY = "EUR"
PRICE, PER_DAY = 19.0, 0.35  # of a licence in a month, and of a person's day of use


@dataclass(frozen=True)
class Habit:
    """Shares of a team's people in the first month and the last, and days of use of an active person."""

    active: tuple[float, float]
    seats: tuple[float, float]
    trained: tuple[float, float]
    days: tuple[float, float]


HABITS = {  # of a department, or of a team that goes its own way
    "Customer": Habit((0.28, 0.36), (0.50, 0.60), (0.15, 0.50), (4, 5)),
    "Corporate": Habit((0.25, 0.33), (0.40, 0.60), (0.10, 0.40), (3, 4)),
    "Engineering": Habit((0.25, 0.70), (0.60, 1.00), (0.20, 0.70), (5, 11)),
    "Operations": Habit((0.10, 0.13), (0.20, 0.30), (0.05, 0.20), (2, 2)),
    "Data platform": Habit((0.90, 0.95), (1.00, 1.00), (0.70, 1.00), (14, 17)),
    "Support North": Habit((0.12, 0.16), (0.90, 1.00), (0.50, 0.90), (2, 2)),
}


def add(
    organization: Organization, teams: dict[str, tuple[str, int]], last: dt.date, *, waves: int, seed: int
) -> None:
    """Three months for each wave, up to the last one's, of every team that is large enough; the same for a seed.

    teams: team -> (department, people)
    """
    months = [_month(last, MONTHS_A_WAVE * waves - 1 - number) for number in range(MONTHS_A_WAVE * waves)]
    rows = list(_rows(teams, months, organization.smallest_group, seed))
    if rows:
        commands.put_figures(organization=organization, rows=rows, currency=CURRENCY, by=None)


def _month(day: dt.date, before: int) -> str:
    years, months = divmod(day.year * 12 + day.month - 1 - before, 12)
    return f"{years:04}-{months + 1:02}"


def _rows(teams: dict[str, tuple[str, int]], months: list[str], least: int, seed: int) -> Iterator[Row]:
    import numpy as np  # noqa: PLC0415 - not needed to serve

    random = np.random.default_rng([seed, 99])
    for team, (department, people) in teams.items():
        habit = HABITS.get(team.rstrip("0123456789 ")) or HABITS[department.rstrip("0123456789 ")]
        wobble = random.normal(0, 0.02, len(months))
        trained = 0
        for number, month in enumerate(months):
            at = number / max(1, len(months) - 1)
            share = min(1.0, max(0.0, _between(habit.active, at) + wobble[number]))
            active, seats = round(share * people), round(_between(habit.seats, at) * people)
            days = round(max(1.0, _between(habit.days, at) + 10 * wobble[number]), 1)
            trained = max(trained, round(_between(habit.trained, at) * people))
            if people >= least:
                yield Row(
                    "demo",
                    number,
                    {
                        "unit": team,
                        "month": month,
                        "active": str(active),
                        "seats": str(max(seats, active)),
                        "active_days": str(days) if active else "",
                        "spend": f"{PRICE * max(seats, active) + PER_DAY * active * days:.2f}",
                        "trained": str(trained),
                    },
                )


def _between(ends: tuple[float, float], at: float) -> float:
    return ends[0] + (ends[1] - ends[0]) * at
