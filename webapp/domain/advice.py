"""Do this next: which practice is worth most now, and whether to act, to check or to talk first."""

from enum import StrEnum

import numpy as np
import numpy.typing as npt

from webapp.domain.quantiles import BoolArray, FloatArray, normal_cdf

TARGET, HIGHER_TARGET = 60, 80
SHOWN, SHOWN_AT_MOST = 3, 5
UNLOCKS_COUNTED = 3
MANY_DONT_KNOW = 30  # percent


class Kind(StrEnum):
    """What to do about a practice."""

    TALK = "talk"
    CHECK = "check"
    ACT = "act"


def target(scores: npt.ArrayLike) -> int:
    """The score to aim at in all practices of a unit: 60, or 80 once all its shown practices (P,) have 60."""
    given = np.asarray(scores, dtype=np.float64)
    shown = given[~np.isnan(given)]
    return HIGHER_TARGET if shown.size and bool(np.all(shown >= TARGET)) else TARGET


def unlocked(scores: npt.ArrayLike, needs: BoolArray, aim: float) -> npt.NDArray[np.int64]:
    """How many practices below the target each practice (P,) opens up; needs[p, q]: q needs p first.

    A practice that is not shown (NaN) is not counted.
    """
    below = np.asarray(scores, dtype=np.float64) < aim
    return np.asarray(needs.astype(np.int64) @ below.astype(np.int64))


def leverage(unlocks: npt.ArrayLike) -> FloatArray:
    """L = 1 + .5 min(unlocks, 3) / 3: a practice that others build on comes sooner."""
    return 1 + 0.5 * np.minimum(np.asarray(unlocks, dtype=np.float64), UNLOCKS_COUNTED) / UNLOCKS_COUNTED


def priority(
    theta: npt.ArrayLike, weight: npt.ArrayLike, unlocks: npt.ArrayLike, aim: npt.ArrayLike = TARGET
) -> FloatArray:
    """Points to the target times weight times leverage, of shrunken scores theta; NaN where theta is NaN."""
    points = np.maximum(np.asarray(aim) - np.asarray(theta, dtype=np.float64), 0.0)
    return np.asarray(points * np.asarray(weight) * leverage(unlocks))


def shortlist(
    values: npt.ArrayLike, se: npt.ArrayLike, weight: npt.ArrayLike, unlocks: npt.ArrayLike
) -> tuple[int, ...]:
    """Positions of the practices (P,) to show, by value and then in the questionnaire's order; none of value 0.

    Three, and the 4th and 5th where they lie within one standard error of the first (se times its weight and leverage).
    """
    given = np.nan_to_num(np.asarray(values, dtype=np.float64))
    order = [int(p) for p in np.argsort(-given, kind="stable") if given[p] > 0]
    if not order:
        return ()
    noise = np.broadcast_to(np.asarray(se) * np.asarray(weight) * leverage(unlocks), given.shape)
    line = given[order[0]] - noise[order[0]]
    return tuple(p for rank, p in enumerate(order[:SHOWN_AT_MOST]) if rank < SHOWN or given[p] >= line)


def kind(word: str, dont_know: int | None, high: float, aim: float, *, team_referent: bool = True) -> Kind:
    """Talk first where the team is divided or over 30 % did not know; check where the target may be reached; else act.

    `word` of agreement ("" where none is said), `dont_know` in percent, `high` the upper end of the score's range. People
    who differ about *themselves* are no reason to talk first: only a practice that asks about the team can divide it.
    """
    if (word == "divided" and team_referent) or (dont_know is not None and dont_know > MANY_DONT_KNOW):
        return Kind.TALK
    return Kind.CHECK if high >= aim else Kind.ACT


def p_at_least(score: npt.ArrayLike, se: npt.ArrayLike, cut: npt.ArrayLike) -> FloatArray:
    """Probability that the true score reaches `cut`: Phi((score - cut) / se)."""
    return normal_cdf((np.asarray(score, dtype=np.float64) - np.asarray(cut)) / np.asarray(se))


def dont_know_share(dont_knows: npt.ArrayLike, J: int, people: npt.ArrayLike) -> FloatArray:
    """Percent of a practice's J items times people that were answered "don't know"; whole-valued, NaN without people."""
    asked = J * np.asarray(people, dtype=np.float64)
    return np.floor(100 * np.asarray(dont_knows) / np.where(asked > 0, asked, np.nan) + 0.5)
