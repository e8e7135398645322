"""The questions of a practice: what they ask, and where their means stand on the five anchored answers."""

from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.domain.publication import Cell
from webapp.domain.questionnaire import Item, Variable
from webapp.results.reading import Reading

STEP = 25  # points from one answer to the next


@dataclass(frozen=True, slots=True)
class Question:
    """One question; `mean` and `everyone` where the publication holds them, `told` says the mean in the answers' words."""

    item: Item
    mean: int | None
    everyone: int | None
    told: str


@dataclass(frozen=True, slots=True)
class Beside:
    """A question that counts in no practice, asked beside one that does."""

    item: Item
    cell: Cell


def of(reading: Reading, variable: Variable, position: int) -> list[Question]:
    """The questions of the practice in the order in which they are asked."""
    own = _means(reading.unit(position).teams.get(variable.key))
    everyone = _means(reading.publication.root.teams.get(variable.key)) if position else {}
    return [
        Question(
            item,
            own.get(item.key),
            everyone.get(item.key),
            told(item, own[item.key]) if item.key in own else "",
        )
        for item in variable.items
    ]


def _means(cell: Cell | None) -> dict[str, int]:
    return dict(cell.item_means or {}) if cell else {}


def told(item: Item, mean: int) -> str:
    """The mean between the answers on both sides of it, in their own words."""
    below, beyond = divmod(mean, STEP)
    lower = item.levels[below]
    if not beyond:
        return _("about at “%(level)s” (%(number)s)", level=lower, number=below + 1)
    return _(
        "between “%(lower)s” (%(number)s) and “%(upper)s” (%(next)s)",
        lower=lower,
        number=below + 1,
        upper=item.levels[below + 1],
        next=below + 2,
    )


def beside(reading: Reading, variable: Variable, position: int) -> list[Beside]:
    """The unscored questions of the same practice, where the unit's score of them is shown."""
    cells = reading.unit(position).teams
    return [
        Beside(one.items[0], cells[one.key])
        for one in reading.questionnaire.variables(reading.publication.form)
        if not one.scored and one.practice.key == variable.key and one.key in cells
    ]
