"""The cells that the page on spread is made of: of one practice, or of all that ask people about themselves together."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from webapp.domain.publication import INDEX, Cell, Constants
from webapp.domain.questionnaire import Practice
from webapp.results.reading import Reading

if TYPE_CHECKING:
    from webapp.domain.spread import Silo

TOGETHER = "self"  # the publication's own word for these practices taken together

Board = Mapping[str, Cell]


def practices(reading: Reading) -> tuple[Practice, ...]:
    """The practices of the form that ask people about themselves and have figures in the publication.

    Those that ask about the team would make every small team look like an island.
    """
    found = reading.publication.spread
    return tuple(one for one in reading.practices if one.referent == "self" and one.key in found)


def of_boards(reading: Reading, boards: list[Board], variable: str) -> list[Cell | None]:
    """The cell of each board; taken together as the index is, from the published scores, at two thirds of the weight."""
    if variable != TOGETHER:
        return [board.get(variable) for board in boards]
    from webapp.domain.cells import indices  # noqa: PLC0415 - NumPy stays out of start-up

    weights = {one.key: one.weight for one in practices(reading)}
    cuts = tuple(band.start for band in reading.questionnaire.bands)
    return indices(boards, weights, constants(reading), cuts)


def of_units(reading: Reading, variable: str) -> dict[int, Cell]:
    """The cells of the whole and of all shown leaf units, whoever reads, by position."""
    units = reading.publication.units
    places = [place for place, unit in enumerate(units) if unit.shown and (unit.leaf or place == 0)]
    found = of_boards(reading, [units[place].teams for place in places], variable)
    return {place: cell for place, cell in zip(places, found, strict=True) if cell is not None}


def of_groups(reading: Reading, variable: str) -> list[Cell]:
    """The cells of all residual groups, for the silo index alone."""
    groups: dict[tuple[int, tuple[int, ...]], dict[str, Cell]] = {}
    for residual in reading.publication.residuals:
        groups.setdefault((residual.below, residual.units), {})[residual.variable] = residual.cell
    found = of_boards(reading, list(groups.values()), variable)
    return [cell for cell in found if cell is not None]


def constants(reading: Reading) -> Constants:
    """Phi and r of the practices taken together, from what the publication holds.

    Phi is the variance within teams over the largest possible at the organization's score; where it is not published,
    the mean of the practices' own, which is never less. r is the index's, for so many practices.
    """
    from webapp.domain.comparison import common_reliability  # noqa: PLC0415 - NumPy stays out of start-up

    publication, own = reading.publication, practices(reading)
    within = publication.spread[TOGETHER].mean_square_within
    scores = [cell.score for key in own if (cell := publication.root.teams.get(key.key)) and cell.score]
    most = sum(score * (100 - score) for score in scores)
    phi = sum(publication.constants[one.key].phi for one in own) / len(own)
    if within is not None and most:
        phi = min(phi, max(0.02, within * len(scores) / most))
    r = common_reliability(publication.constants[INDEX].r, len(reading.practices), len(own))
    return Constants(phi, r)


def silo(reading: Reading, variable: str) -> "Silo | None":
    """The silo index with its interval: how much of what differs lies between teams. None where it cannot be told.

    It is of the whole organization, so all published units count in it, whoever reads.
    """
    from webapp.domain import spread  # noqa: PLC0415 - NumPy stays out of start-up
    from webapp.domain.findings import spreading  # noqa: PLC0415 - likewise

    if variable != TOGETHER:
        return spreading.silo(reading.publication, variable)
    within = reading.publication.spread[variable].mean_square_within
    units = of_units(reading, variable)
    cells = [cell for place, cell in units.items() if reading.unit(place).leaf] + of_groups(reading, variable)
    told = [(cell.n, cell.score) for cell in cells if cell.score is not None]
    if within is None or not told:
        return None
    return spread.silo([n for n, _score in told], [score for _n, score in told], within)
