"""Three lamps beside a practice: do its own people, its leaders and figures from outside bear its score out?

They stand beside a score and never enter it. Each agrees, disagrees, or has nothing to say: there is no figure, or what
there is reaches over both. A lamp that is not sure stays dark.

- *Team*: agrees where the answers are close, disagrees where they are divided (`agreement`; "mixed" is neither).
- *Leaders*: disagree where a gap is called (`mirrors`: ten points, a range without zero, the family's test). They agree
  where the whole 90 % range of the gap stays within 20 points, the width of a band, to both sides: an equivalence test
  by two one-sided ones at 5 % each (Schuirmann 1987), because "no gap was called" says nothing about few answers.
- *Evidence*: a practice may have a sign, a figure from outside that should be low, middling or high where the score is.
  A low one fits scores of the two lowest bands, one in the middle the three middle bands, a high one the three highest.
  It disagrees where the whole likely range of the score lies outside of what fits, agrees where all of it lies inside;
  where it is not sure which of the three a figure is, it may disagree and cannot agree. Which figure is a sign of
  which practice, and where low ends and high begins, is our rule of thumb: nobody has measured it yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from webapp.domain.publication import Cell

if TYPE_CHECKING:
    from webapp.domain.mirrors import Gap

State = Literal["agree", "disagree", "none"]
Outside = Literal["active", "trained", "shipped"]

WITHIN = 20  # points that leaders and teams may lie apart and still agree
FITS = ((0, 40), (20, 80), (40, 100))  # scores that a low, a middling and a high figure fit


@dataclass(frozen=True, slots=True)
class Sign:
    """A figure from outside and where it is low and high: percent of the people, or a number per ten people.

    low_below: from there on it is no longer low; high_from: from there on it is high
    """

    figure: Outside
    low_below: float
    high_from: float


# Practices of the built-in questionnaire; the others have none, and other questionnaires neither.
SIGNS: Mapping[str, Sign] = {
    "decentralize": Sign(
        "active", 25, 60
    ),  # where work with AI lives everywhere, most people use it in a week
    "room_to_try": Sign("active", 25, 60),  # who does tasks in a new way with AI uses it in a week
    "solidify": Sign("trained", 25, 60),  # the basics are what training is about
    "fire_ready_aim": Sign("shipped", 0.5, 2.0),  # ideas that get to users are in use; per ten people
}


@dataclass(frozen=True, slots=True)
class Reach:
    """From where to where a figure from outside may lie, in the unit of its sign."""

    low: float
    high: float


def team(cell: Cell | None) -> State:
    """Whether the people of a unit agree with each other; "none" too where the word for it is not told."""
    word = cell.agreement.word if cell is not None and cell.agreement is not None else ""
    return {"close": "agree", "divided": "disagree"}.get(word, "none")  # type: ignore[return-value]  # its values


def leaders(gaps: Sequence["Gap"]) -> State:
    """Whether the views of a unit's leaders, one gap each or that of their average, are those of its people."""
    if any(gap.called for gap in gaps):
        return "disagree"
    near = [gap.low > -WITHIN and gap.high < WITHIN for gap in gaps]
    return "agree" if near and all(near) else "none"


def evidence(cell: Cell | None, sign: Sign | None, reach: Reach | None) -> State:
    """Whether a figure from outside fits the likely range of a score."""
    if cell is None or cell.low is None or cell.high is None or sign is None or reach is None:
        return "none"
    levels = _levels(sign, reach)
    low, high = FITS[levels[0]][0], FITS[levels[-1]][1]
    if cell.high < low or cell.low > high:
        return "disagree"
    return "agree" if len(levels) == 1 and low <= cell.low and cell.high <= high else "none"


def _levels(sign: Sign, reach: Reach) -> list[int]:
    """Which of low, middling and high a figure may be: 0, 1, 2."""
    found = [
        reach.low < sign.low_below,
        reach.high > sign.low_below and reach.low < sign.high_from,
        reach.high > sign.high_from or reach.low >= sign.high_from,
    ]
    return [level for level, there in enumerate(found) if there] or [1]
