"""What is computed from published scores once the responses have been added up: intervals, verdicts, shrinkage."""

import statistics
import time
from dataclasses import dataclass

import numpy as np

from tests.benchmarks.rows import Row
from webapp.domain import comparison, intervals
from webapp.domain.intervals import Scores

UNITS, PRACTICES = 2000, 9
MILLISECONDS = 50.0
LEADERS = 8


@dataclass(frozen=True)
class Wave:
    """Published scores of a wave by practice, and what the whole organization and its leaders say."""

    units: list[Scores]
    root: list[Scores]
    leaders: list[Scores]


def rows(*, rounds: int) -> list[Row]:
    random = np.random.default_rng(1)
    before, after = _wave(random), _wave(random)
    times = []
    for _ in range(rounds):
        started = time.process_time()
        _everything(before, after)
        times.append((time.process_time() - started) * 1000)
    median = statistics.median(times)
    return [
        Row(
            f"statistics of {UNITS:,} units × {PRACTICES} practices, after the pass over the responses",
            f"≤ {MILLISECONDS:.0f} ms",
            f"{median:.1f} ms",
            median <= MILLISECONDS,
            "intervals, tiers, shrinkage, chances of a place in a quarter, changes between two waves, blind spots, "
            "with their families; processor time, first round included",
        )
    ]


def _wave(random: np.random.Generator) -> Wave:
    found = Wave([], [], [])
    N = random.integers(6, 60, UNITS)
    for _ in range(PRACTICES):
        n = np.maximum(5, (N * random.uniform(0.5, 1, UNITS)).astype(int))
        s = np.clip(np.floor(random.normal(45, 15, UNITS)), 5, 95)
        total = int(n.sum())
        mean = round(float((n * s).sum() / total))
        found.units.append(Scores(s, np.minimum(n, N), N, 0.2, 0.65))
        found.root.append(Scores(mean, total, int(N.sum()), 0.2, 0.65))
        found.leaders.append(Scores(np.clip(s + 10, 5, 95), LEADERS, LEADERS + 2, 0.2, 0.65))
    return found


def _everything(before: Wave, after: Wave) -> None:
    changes = []
    for old, new, root, leaders in zip(before.units, after.units, after.root, after.leaders, strict=True):
        intervals.interval(*new)
        rest = comparison.against_rest(new, root, 5)
        comparison.tier(rest.p, rest.d)
        comparison.quartile_probabilities(comparison.product_shrink(new))
        comparison.leader_gap(leaders, new)
        changes.append(comparison.difference(old, new))
    p, d = np.stack([one.p for one in changes], axis=1), np.stack([one.d for one in changes], axis=1)
    comparison.flag(p, d)
