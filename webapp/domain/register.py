"""What the register of experiments tells: how far, how fast, how many, what for. All of it is arithmetic on entries.

Nothing here is a sample of something larger: the register is all that there is, so counts and shares stand as they are.
Only the days to a first user carry a band, because ideas that still wait leave open what becomes of them.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from statistics import NormalDist
from typing import TypeVar

from webapp.domain.experiments import STAGES, Entry, Reason, State

FEWEST = 5  # experiments from which on a curve says more than a list
CONFIDENCE = 0.9
HALF = 0.5
TINY = 1e-12  # below which two shares of whole numbers are the same

Word = TypeVar("Word")


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the pipeline: how many came so far, are there now, went on, or ended there and why."""

    state: State
    reached: int
    here: int
    moved_on: int
    ended: Mapping[Reason, int]

    @property
    def ended_here(self) -> int:
        return sum(self.ended.values())


def pipeline(entries: Sequence[Entry]) -> tuple[Stage, ...]:
    """Idea, first user, live: of each stage `reached` = `here` + `moved_on` + those that ended there."""
    stages = []
    for place, state in enumerate(STAGES):
        furthest = [entry for entry in entries if entry.stage is state]
        later = sum(entry.stage in STAGES[place + 1 :] for entry in entries)
        reasons = Counter(entry.end_reason for entry in furthest if entry.end_reason is not None)
        stages.append(
            Stage(
                state=state,
                reached=len(furthest) + later,
                here=sum(entry.state is state for entry in furthest),
                moved_on=later,
                ended={reason: reasons[reason] for reason in Reason if reasons[reason]},
            )
        )
    return tuple(stages)


@dataclass(frozen=True, slots=True)
class Wait:
    """Days from an idea to its first user, or (`reached` false) days for which it is known to have had none."""

    days: int
    reached: bool


def waits(entries: Iterable[Entry], *, today: date) -> list[Wait]:
    """A wait for each idea. One that ended without a user is watched on until today, and never reaches one.

    An end competes with a first user. Censoring it at its end would tell how soon ideas reach a user if none were ever
    given up, which is not what half of the ideas do. How long each idea could have been watched is known even of those
    that ended (until today), and then the product-limit estimate over these waits is that of the cumulative incidence
    of a first user among all ideas. Source: Fine & Gray 1999, J. Am. Stat. Assoc. 94, section 3 (censoring complete).
    """
    return [
        Wait((today - entry.idea_on).days, reached=False)
        if entry.first_user_on is None
        else Wait((entry.first_user_on - entry.idea_on).days, reached=True)
        for entry in entries
    ]


@dataclass(frozen=True, slots=True)
class Step:
    """At a day on which ideas reached a user: how many were watched just before, reached it, and the share so far."""

    day: int
    watched: int
    reached: int
    share: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Curve:
    """The share of ideas that have reached a first user by each day, from the `days` of all waits, ascending.

    reached: how many have
    median: the first day by which half have; `soonest`, `latest` the days between which it likely lies. None where the
    share, or an end of its band, does not get to a half yet.
    """

    steps: tuple[Step, ...]
    days: tuple[int, ...]
    reached: int
    median: int | None
    soonest: int | None
    latest: int | None

    def by(self, day: int) -> Step:
        """The curve at the end of a day, with how many are still watched after it."""
        after = sum(wait > day for wait in self.days)
        for step in reversed(self.steps):
            if step.day <= day:
                return replace(step, day=day, watched=after)
        return Step(day, after, 0, 0.0, 0.0, 0.0)


def curve(found: Sequence[Wait], *, confidence: float = CONFIDENCE) -> Curve:
    """The product-limit estimate with a pointwise band of Greenwood's variance on the log-log scale.

    S(t) = Π (1 − d/n) over days up to t; V = Σ d/(n(n − d)); with u = z √V / |ln S| the band is S^exp(±u), and the share
    told is 1 − S. Sources: Kaplan & Meier 1958, J. Am. Stat. Assoc. 53; Kalbfleisch & Prentice 2002, The Statistical
    Analysis of Failure Time Data, section 1.4. Where nobody is left (S = 0) V has no value, and the band's lower end stays
    where it was. The band of the median is where that of the curve crosses a half (Brookmeyer & Crowley 1982, Biometrics 38).

    Raises ValueError without a wait.
    """
    if not found:
        msg = "a curve needs a wait"
        raise ValueError(msg)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    events = Counter(wait.days for wait in found if wait.reached)
    ended = Counter(wait.days for wait in found)
    watched, alive, variance, before = len(found), 1.0, 0.0, 0.0
    steps: list[Step] = []
    for day in sorted(ended):
        if reached := events[day]:
            alive *= 1 - reached / watched
            if watched > reached:
                variance += reached / (watched * (watched - reached))
                low, high = _band(alive, variance, z)
            else:
                low, high = before, 1.0
            before = low
            steps.append(Step(day, watched, reached, 1 - alive, low, high))
        watched -= ended[day]
    return Curve(
        steps=tuple(steps),
        days=tuple(sorted(wait.days for wait in found)),
        reached=sum(events.values()),
        median=_first(steps, lambda step: step.share),
        soonest=_first(steps, lambda step: step.high),
        latest=_first(steps, lambda step: step.low),
    )


def _band(alive: float, variance: float, z: float) -> tuple[float, float]:
    spread = z * math.sqrt(variance) / abs(math.log(alive))
    return 1 - alive ** math.exp(-spread), 1 - alive ** math.exp(spread)


def _first(steps: Iterable[Step], share: Callable[[Step], float]) -> int | None:
    return next((step.day for step in steps if share(step) >= HALF - TINY), None)


@dataclass(frozen=True, slots=True)
class Quarter:
    """A calendar quarter: `last` is its last day, or today in the quarter that is not over.

    ideas, started, shipped, stopped: how many ideas came up, had their first user, went live, were stopped by a decision
    curve: of the ideas that came up in it, None for fewer than five
    """

    first: date
    last: date
    over: bool
    ideas: int
    started: int
    shipped: int
    stopped: int
    curve: Curve | None


def quarters(entries: Sequence[Entry], *, today: date, count: int = 5) -> list[Quarter]:
    """The last quarters, the oldest first, the one of today last."""
    first = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    found = []
    for _quarter in range(count):
        found.append(_quarter_from(first, entries, today))
        first = _three_months_before(first)
    return found[::-1]


def _three_months_before(first: date) -> date:
    return date(first.year - 1, 10, 1) if first.month == 1 else date(first.year, first.month - 3, 1)


def _quarter_from(first: date, entries: Sequence[Entry], today: date) -> Quarter:
    next_one = date(first.year + 1, 1, 1) if first.month == 10 else date(first.year, first.month + 3, 1)  # noqa: PLR2004 - the last quarter
    last = min(next_one - timedelta(days=1), today)

    def falls(day: date | None) -> bool:
        return day is not None and first <= day <= last

    ideas = [entry for entry in entries if falls(entry.idea_on)]
    return Quarter(
        first=first,
        last=last,
        over=next_one <= today,
        ideas=len(ideas),
        started=sum(falls(entry.first_user_on) for entry in entries),
        shipped=sum(falls(entry.live_on) for entry in entries),
        stopped=sum(falls(entry.ended_on) and entry.end_reason is Reason.STOPPED for entry in entries),
        curve=curve(waits(ideas, today=today)) if len(ideas) >= FEWEST else None,
    )


def per_ten(count: int, people: int) -> float | None:
    """Of a count, how many come on ten people; None without people."""
    return 10 * count / people if people else None


def shipped_by(entries: Iterable[tuple[int, Entry]], on: date) -> dict[int, int]:
    """How many experiments of each unit had gone live by a day, whatever became of them later; units with none are left out."""
    return dict(Counter(unit for unit, entry in entries if entry.live_on is not None and entry.live_on <= on))


def ideas_open(entries: Iterable[tuple[int, Entry]], on: date) -> dict[int, int]:
    """How many ideas of each unit waited for a first user at the end of a day; units with none are left out."""
    return dict(
        Counter(
            unit
            for unit, entry in entries
            if entry.idea_on <= on
            and (entry.first_user_on is None or entry.first_user_on > on)
            and (entry.ended_on is None or entry.ended_on > on)
        )
    )


@dataclass(frozen=True, slots=True)
class Kind:
    """How many experiments of one kind there are, had a first user, and went live."""

    ideas: int
    started: int
    shipped: int


def kinds(entries: Sequence[Entry], of: Callable[[Entry], Word]) -> dict[Word, Kind]:
    """The mix: entries counted by what `of` says of each; kinds without any are left out."""
    groups: dict[Word, list[Entry]] = {}
    for entry in entries:
        groups.setdefault(of(entry), []).append(entry)
    return {
        kind: Kind(
            ideas=len(group),
            started=sum(entry.first_user_on is not None for entry in group),
            shipped=sum(entry.live_on is not None for entry in group),
        )
        for kind, group in groups.items()
    }


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`; `unsaid` are those that say nothing of it and do not count."""

    count: int
    of: int
    unsaid: int = 0


def rule_before_start(entries: Iterable[Entry]) -> Share:
    """Of the experiments that have had a first user, those whose rule was written by that day."""
    started = [entry for entry in entries if entry.first_user_on is not None]
    return Share(sum(entry.rule_before_start for entry in started), len(started))


def said_yes(entries: Sequence[Entry], of: Callable[[Entry], bool | None]) -> Share:
    """Of the experiments that answer yes or no, those that answer yes."""
    said = [answer for answer in map(of, entries) if answer is not None]
    return Share(sum(said), len(said), len(entries) - len(said))


def with_number(entries: Iterable[Entry]) -> Share:
    """Of the experiments that went live, those with a number for their value."""
    live = [entry for entry in entries if entry.live_on is not None]
    return Share(sum(entry.value is not None for entry in live), len(live))
