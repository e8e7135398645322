"""Which practices of a unit to take up first, from its published scores, and the questionnaire's advice for them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.domain.publication import Cell
from webapp.domain.questionnaire import Advice, Practice
from webapp.results.reading import Reading

if TYPE_CHECKING:
    from webapp.domain.comparison import Shrunken

GUARD_STEP = 5  # points to which a guarded score was rounded


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: the practice and its cell, the advice, and the factors of its place in the order.

    kind: "act", "check" (the target may be reached already) or "talk" (divided, or many did not know)
    points: about how far to `aim` from where the order counts it: a team's score is `drawn` towards those of all teams
    opens: names of the practices that build on this one and are below the aim
    """

    practice: Practice
    cell: Cell
    advice: Advice
    kind: str
    aim: int
    points: int
    drawn: bool
    leverage: float
    opens: tuple[str, ...]


def next_steps(reading: Reading, position: int) -> list[Step]:
    """What to do next in a unit, up to five; nothing where only bands are shown, and of a pulse, which has none.

    What is less than half a point from the target is there.
    Advice is for a band of the whole form: the two questions of a pulse on a practice do not say in which band it is.
    """
    import numpy as np  # noqa: PLC0415 - stays out of start-up

    from webapp.domain import advice  # noqa: PLC0415 - likewise
    from webapp.domain.scoring import whole  # noqa: PLC0415 - likewise

    shown = [(practice, cell) for practice, cell in reading.cells(position) if cell.score is not None]
    if not shown or not reading.banded:
        return []
    scores = np.array([cell.score for _practice, cell in shown])
    aim = advice.target(scores)
    theta, se = np.array([_drawn(reading, position, practice.key) for practice, _cell in shown]).T
    keys = [practice.key for practice, _cell in shown]
    needs = np.array([[key in practice.unlocks for key in keys] for practice, _cell in shown])
    opened = advice.unlocked(scores, needs, aim)
    weight = np.array([practice.weight for practice, _cell in shown])
    # Whole ones, so that the order is that of the factors as they are printed.
    points = np.maximum(whole(aim - theta), 0)
    order = advice.shortlist(advice.priority(aim - points, weight, opened, aim), se, weight, opened)
    steps = (
        _step(
            shown[place],
            aim,
            int(points[place]),
            float(advice.leverage(opened[place])),
            tuple(reading.title(keys[other]) for other in np.flatnonzero(needs[place] & (scores < aim))),
        )
        for place in order
    )
    return [step for step in steps if step is not None]


def _step(
    shown: tuple[Practice, Cell], aim: int, points: int, leverage: float, opens: tuple[str, ...]
) -> Step | None:
    """A practice as a thing to do, None where the questionnaire has no advice for its score."""
    practice, cell = shown
    score = cell.score or 0
    found = practice.advice_for(score)
    if found is None:
        return None
    drawn = points != aim - score
    return Step(
        practice, cell, found, _kind(practice, cell, aim), aim, points, drawn, round(leverage, 2), opens
    )


def _kind(practice: Practice, cell: Cell, aim: int) -> str:
    from webapp.domain import advice  # noqa: PLC0415 - NumPy stays out of start-up

    word = cell.agreement.word if cell.agreement else ""
    high = 100 if cell.high is None else cell.high
    return str(advice.kind(word, cell.unknown, high, aim, team_referent=practice.referent == "team"))


def _drawn(reading: Reading, position: int, variable: str) -> tuple[float, float]:
    """The score drawn towards that of all teams by what noise explains (leaf units), and its standard error."""
    unit = reading.unit(position)
    cells = _leaf_cells(reading, variable) if unit.leaf else {position: unit.teams[variable]}
    found = _shrunken(reading, variable, list(cells.values()))
    place = list(cells).index(position)
    return float(found.theta[place]), float(found.v[place]) ** 0.5


def _leaf_cells(reading: Reading, variable: str) -> dict[int, Cell]:
    """All published leaf units, also those that the reader does not see: they only steady the order."""
    return {
        place: unit.teams[variable]
        for place, unit in enumerate(reading.publication.units)
        if unit.leaf and variable in unit.teams and unit.teams[variable].score is not None
    }


def _shrunken(reading: Reading, variable: str, cells: list[Cell]) -> "Shrunken":
    import numpy as np  # noqa: PLC0415 - stays out of start-up

    from webapp.domain.comparison import product_shrink  # noqa: PLC0415 - likewise
    from webapp.domain.intervals import Scores  # noqa: PLC0415 - likewise

    known = reading.publication.constants[variable]
    scores = Scores(
        [float(cell.score or 0) for cell in cells],
        [cell.n for cell in cells],
        [cell.invited for cell in cells],
        known.phi,
        known.r,
    )
    step = np.array([GUARD_STEP if cell.guarded else 1 for cell in cells])
    return product_shrink(scores, step)
