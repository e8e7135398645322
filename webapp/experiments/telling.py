"""What the page of figures says: findings in sentences, and numbers as they are read."""

from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.domain import register
from webapp.domain.experiments import State
from webapp.domain.register import Curve, Quarter, Share, Stage
from webapp.experiments import words
from webapp.experiments.figures import Figures
from webapp.experiments.queries import Place
from webapp.filters import decimal

HALF = 0.5  # what rounds up
LEAST_TOLD = 0.1  # on ten people


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The share of ideas, in percent with its likely range, that reached a first user by then; how many are watched on."""

    name: str
    share: int
    low: int
    high: int
    watched: int


def facts(figures: Figures, demo: bool) -> list[str]:
    """The dateline: the day, and whom it is about."""
    told = [words.day(figures.today)]
    if figures.people:
        told.append(ngettext("%(num)s person", "%(num)s people", figures.people))
    return [*told, _("Demo data")] if demo else told


def headline(figures: Figures) -> str:
    """The finding: how soon half of the ideas reach a first user, else how many have."""
    ideas = len(figures.listed)
    if not figures.enough:
        return ngettext("%(num)s experiment so far", "%(num)s experiments so far", ideas)
    median = figures.curve.median
    if median is None:
        return _(
            "%(reached)s of %(ideas)s ideas have reached a first user",
            reached=figures.curve.reached,
            ideas=ideas,
        )
    if median == 0:
        return _("Half of the ideas reach a first user on the same day")
    return ngettext(
        "Half of the ideas reach a first user within %(num)s day",
        "Half of the ideas reach a first user within %(num)s days",
        median,
    )


def lede(figures: Figures) -> str:
    """How many are live, in how many teams; where there are few, that this is too few for a curve."""
    if not figures.enough:
        return _(
            "From five on, this page shows how fast ideas reach a first user. Until then the list says it all."
        )
    idea, first_user, live = figures.stages
    with_one, without = figures.teams
    told = [
        _(
            "Of %(ideas)s ideas %(started)s have had a first user and %(live)s went live.",
            ideas=idea.reached,
            started=first_user.reached,
            live=live.reached,
        )
    ]
    if with_one or without:
        told.append(
            ngettext(
                "Use cases went live in %(shipped)s of %(num)s team.",
                "Use cases went live in %(shipped)s of %(num)s teams.",
                len(with_one) + len(without),
                shipped=len(with_one),
            )
        )
    return " ".join(told)


def median_told(found: Curve) -> str:
    """The median with the days between which it likely lies."""
    if found.median is None:
        return _("Fewer than half of the ideas have reached a first user so far.")
    if found.median == 0:
        return _(
            "Half of the ideas reach a first user on the same day (likely, in days: %(range)s).",
            range=likely(found),
        )
    return ngettext(
        "Half of the ideas reach a first user within %(num)s day, likely %(range)s.",
        "Half of the ideas reach a first user within %(num)s days, likely %(range)s.",
        found.median,
        range=likely(found),
    )


def likely(found: Curve) -> str:
    """The days between which the median likely lies: "15 to 35", "15 or more", "0" where both are the same."""
    if found.latest is None:
        return _("%(low)s or more", low=found.soonest)
    if found.soonest == found.latest:
        return str(found.soonest)
    return _("%(low)s to %(high)s", low=found.soonest, high=found.latest)


def ended_told(stage: Stage) -> str:
    """Why experiments ended at a stage: "2 stopped, 1 faded"."""
    labels = words.reasons()
    return ", ".join(f"{count} {labels[reason]}" for reason, count in stage.ended.items())


def checkpoints(found: Curve) -> list[Checkpoint]:
    """The curve in numbers, at days that people think in, as far as any idea was watched."""
    names = {
        0: _("on the same day"),
        7: _("within a week"),
        30: _("within 30 days"),
        90: _("within 90 days"),
        180: _("within 180 days"),
        365: _("within a year"),
    }
    return [
        Checkpoint(name, percent(at.share), percent(at.low), percent(at.high), at.watched)
        for name, at in ((name, found.by(day)) for day, name in names.items() if day <= found.days[-1])
    ]


def percent(share: float) -> int:
    return int(100 * share + HALF)


def ten(count: int, people: int) -> str:
    """Of a count, how many come on ten people, with one place behind the point; empty without people."""
    found = register.per_ten(count, people)
    if found is None:
        return ""
    return decimal(f"{found:.1f}" if found >= LEAST_TOLD or not count else f"<{LEAST_TOLD}")


def quarter(found: Quarter) -> str:
    name = _("Q%(number)s %(year)s", number=(found.first.month + 2) // 3, year=found.first.year)
    return name if found.over else _("%(quarter)s, so far", quarter=name)


def half_within(found: Quarter) -> tuple[str, str]:
    """The median of the ideas of a quarter with its likely range, or why none is told."""
    if found.curve is None:
        return _("fewer than five ideas"), ""
    if found.curve.median is None:
        return _("not reached yet"), ""
    days = ngettext("%(num)s day", "%(num)s days", found.curve.median)
    return days, likely(found.curve)


def stage_words() -> dict[State, str]:
    return {State.IDEA: _("An idea"), State.FIRST_USER: _("A first user"), State.LIVE: _("Live")}


def nearest(figures: Figures, team: Place) -> str:
    """What a team without a use case that went live has, as the next step that it points to."""
    trying, ideas = figures.trying[team.id], figures.ideas_open.get(team.id, 0)
    if trying:
        return ngettext("%(num)s is with its first users.", "%(num)s are with their first users.", trying)
    if ideas:
        return ngettext(
            "%(num)s idea waits for a first user; a rough version will do.",
            "%(num)s ideas wait for a first user; a rough version will do.",
            ideas,
        )
    return _("no idea is open; a first one is logged in seconds.")


def money(figures: Figures) -> str:
    """How many use cases that went live have a number, and how many have none."""
    found = register.with_number(figures.entries)
    if not found.of:
        return _("No use case has gone live yet, so there is nothing to count.")
    if not found.count:
        return ngettext(
            "The %(num)s use case that went live has no number for its value yet.",
            "None of the %(num)s use cases that went live has a number for its value yet.",
            found.of,
        )
    return ngettext(
        "Of %(all)s use cases that went live %(num)s has a number for its value.",
        "Of %(all)s use cases that went live %(num)s have a number for their value.",
        found.count,
        all=found.of,
    )


def habits(figures: Figures) -> list[tuple[str, str, str]]:
    """(count, what it counts, the sentence behind it) of three ways in which the talk would make things.

    Of those ways of which anything is known: “0 of 0” would look like a finding.
    """
    rule = register.rule_before_start(figures.entries)
    made = register.said_yes(figures.entries, lambda entry: entry.ready_made_model)
    tested = register.said_yes(figures.entries, lambda entry: entry.saved_tests)
    found = (
        (
            rule,
            _("had a rule before the start"),
            _("Of those with a first user: what decides whether it goes on was written down by that day."),
        ),
        (made, _("started on a ready-made model"), _unsaid(made)),
        (tested, _("have saved tests"), _unsaid(tested)),
    )
    return [(_of(share), what, behind) for share, what, behind in found if share.of]


def _of(share: Share) -> str:
    return _("%(count)s of %(all)s", count=share.count, all=share.of)


def _unsaid(share: Share) -> str:
    if not share.unsaid:
        return _("All of them say yes or no.")
    return ngettext(
        "%(num)s does not say, and is left out.", "%(num)s do not say, and are left out.", share.unsaid
    )
