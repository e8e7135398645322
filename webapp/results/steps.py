"""Which practices of a unit to take up first, from its published scores, and the questionnaire's advice for them."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from webapp.domain.publication import Cell
from webapp.domain.questionnaire import Advice, Practice
from webapp.results.reading import Reading

if TYPE_CHECKING:
    from webapp.domain.comparison import Shrunken

GUARD_STEP = 5  # points to which a guarded score was rounded
MANY_LEAVES = 2


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do: the practice and its cell, the advice, and the factors of its place in the order.

    kind: "act", "check" (the target may be reached already) or "talk" (divided, or many did not know)
    points: about how far to `aim`; opens: names of the practices that build on this one and are below the aim
    """

    practice: Practice
    cell: Cell
    advice: Advice
    kind: str
    aim: int
    points: int
    leverage: float
    opens: tuple[str, ...]


def next_steps(reading: Reading, position: int) -> list[Step]:
    """What to do next in a unit, three to five; nothing where only bands are shown."""
    import numpy as np  # noqa: PLC0415 - stays out of start-up

    from webapp.domain import advice  # noqa: PLC0415 - likewise

    unit = reading.unit(position)
    practices = [(practice, cell) for practice, cell in reading.cells(position) if cell.score is not None]
    if not practices:
        return []
    scores = [cell.score for _practice, cell in practices]
    aim = advice.target(np.array(scores))
    drawn = [_drawn(reading, position, practice.key, leaf=unit.leaf) for practice, _cell in practices]
    theta, se = np.array([one[0] for one in drawn]), np.array([one[1] for one in drawn])
    keys = [practice.key for practice, _cell in practices]
    needs = np.array([[key in practice.unlocks for key in keys] for practice, _cell in practices])
    opened = advice.unlocked(np.array(scores), needs, aim)
    weight = np.array([practice.weight for practice, _cell in practices])
    values = advice.priority(theta, weight, opened, aim)
    steps = []
    for place in advice.shortlist(values, se, weight, opened):
        practice, cell = practices[place]
        found = practice.advice_for(cell.score or 0)
        if found is not None:
            steps.append(
                Step(
                    practice=practice,
                    cell=cell,
                    advice=found,
                    kind=_kind(practice, cell, aim),
                    aim=aim,
                    points=max(aim - (cell.score or 0), 0),
                    leverage=round(float(advice.leverage(opened[place])), 1),
                    opens=tuple(
                        reading.title(keys[other])
                        for other in np.flatnonzero(needs[place])
                        if scores[other] is not None and (scores[other] or 0) < aim
                    ),
                )
            )
    return steps


def _kind(practice: Practice, cell: Cell, aim: int) -> str:
    from webapp.domain import advice  # noqa: PLC0415 - NumPy stays out of start-up

    word = cell.agreement.word if cell.agreement else ""
    return str(
        advice.kind(
            word,
            cell.unknown,
            cell.low or 0,
            cell.high or 100,
            aim,
            team_referent=practice.referent == "team",
        )
    )


def _drawn(reading: Reading, position: int, variable: str, *, leaf: bool) -> tuple[float, float]:
    """The score drawn towards that of all teams by what noise explains (leaf units), and its standard error."""
    cell = reading.unit(position).teams[variable]
    cells = _leaf_cells(reading, variable) if leaf else {position: cell}
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
    from webapp.domain.comparison import product_shrink  # noqa: PLC0415 - NumPy stays out of start-up
    from webapp.domain.intervals import Scores  # noqa: PLC0415 - likewise

    known = reading.publication.constants[variable]
    scores = Scores(
        [float(cell.score or 0) for cell in cells],
        [cell.n for cell in cells],
        [cell.invited for cell in cells],
        known.phi,
        known.r,
    )
    return product_shrink(scores)
