"""How small a difference between units with so many answers can be recognised at all."""

from collections.abc import Mapping

from flask_babel import gettext as _

from webapp.domain.publication import INDEX, Cell
from webapp.results import changes
from webapp.results.compare.boards import Boards
from webapp.results.compare.choice import apart
from webapp.results.reading import Reading

Side = tuple[int, int]  # answers and people asked


def between(reading: Reading, boards: Boards) -> str:
    """Of two of the units, in one practice."""
    from webapp.domain.comparison import smallest_difference  # noqa: PLC0415 - NumPy stays out of start-up

    answers = [_answers(cells) for cells in boards.cells]
    sides = [
        (one, other)
        for place, one in enumerate(answers)
        for spot, other in enumerate(answers[:place])
        if one and other and apart(reading, boards.places[place], boards.places[spot])
    ]
    if not sides or not boards.tests:
        return ""
    (n, invited), (other_n, other_invited) = (
        list(zip(*(pair[side] for pair in sides), strict=True)) for side in (1, 0)
    )
    alone, first = smallest_difference(
        n, invited, *changes.typical(reading), tests=boards.tests, other=(other_n, other_invited)
    )
    points = _points(int(alone.min()), int(first.max()))
    if len(sides) > 1:
        return _(
            "With these answers only differences of %(points)s in one practice can be recognised, depending on the pair.",
            points=points,
        )
    return _(
        "With %(one)s and %(other)s answers only differences of %(points)s in one practice can be recognised.",
        one=_of(sides[0][1]),
        other=_of(sides[0][0]),
        points=points,
    )


def beside_rest(reading: Reading, position: int, rest: Cell | None) -> str:
    """Of a unit and the rest, in one practice."""
    from webapp.domain.comparison import smallest_difference  # noqa: PLC0415 - NumPy stays out of start-up

    unit = reading.unit(position)
    own = _answers(unit.teams)
    if own is None or rest is None:
        return ""
    family = (
        sum(one.leaf and one.shown for one in reading.publication.units)
        if unit.leaf
        else len(reading.practices)
    )
    alone, first = smallest_difference(
        *own, *changes.typical(reading), tests=max(family, 1), other=(rest.n, rest.invited)
    )
    return _(
        "With %(answers)s answers only differences of %(points)s from the rest can be recognised in one practice.",
        answers=_of(own),
        points=_points(int(alone), int(first)),
    )


def _answers(cells: Mapping[str, Cell]) -> Side | None:
    """The answers that count in the index, else in the practice with the fewest; None where no number is shown."""
    numbers = [cell for cell in cells.values() if cell.score is not None]
    if not numbers:
        return None
    cell = cells.get(INDEX) or min(numbers, key=lambda one: one.n)
    return cell.n, cell.invited


def _of(side: Side) -> str:
    return _("%(n)s of %(invited)s", n=side[0], invited=side[1])


def _points(least: int, most: int) -> str:
    if least == most:
        return _("%(points)s points or more", points=least)
    return _("%(least)s to %(most)s points", least=least, most=most)
