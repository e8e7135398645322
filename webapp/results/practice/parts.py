"""A unit and its parts in the order of the tree, each with its score in one practice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask_babel import gettext as _

from webapp.domain.publication import Cell
from webapp.results import addresses, wording
from webapp.results.reading import Group, Reading

MOST_LINES = 60  # of a whole subtree; a larger unit shows its direct parts, and each leads further down


@dataclass(frozen=True, slots=True)
class Line:
    """A unit, or a residual group (without a place and an address), with its cell if it is shown.

    depth: levels below the unit of the page, which stands at 0; inner: that unit, and each that has parts of its own
    """

    name: str
    href: str
    place: int | None
    depth: int
    inner: bool
    cell: Cell | None
    second: str
    tier: str


def lines(reading: Reading, practice: str, position: int) -> list[Line]:
    """The unit itself, then everything below it if that fits, else its direct parts."""
    steps = list(_walk(reading, position, deepest=None))
    if sum(not done for _place, _depth, done in steps) > MOST_LINES:
        steps = list(_walk(reading, position, deepest=1))
    found: list[Line] = []
    for place, depth, done in steps:
        if done:
            groups = reading.groups.get(place, ())
            found += [_of_group(reading, one, practice, depth + 1) for one in groups if practice in one.cells]
        else:
            found.append(_line(reading, practice, place, depth))
    return found


def _walk(reading: Reading, top: int, *, deepest: int | None) -> Iterator[tuple[int, int, bool]]:
    """(place, depth, whether all below it was met) in the order of the tree; without recursion, for it may be deep."""
    waiting: list[tuple[int, int, bool]] = [(top, 0, False)]
    while waiting:
        place, depth, done = waiting.pop()
        yield place, depth, done
        if not done and (deepest is None or depth < deepest):
            waiting.append((place, depth, True))
            below = reading.children.get(place, ())
            waiting.extend((child, depth + 1, False) for child in reversed(below))


def everyone(reading: Reading, practice: str) -> Line:
    """The whole organization, for a page about a part of it."""
    name = _("Everyone at %(name)s", name=reading.publication.root.name)
    return replace(_line(reading, practice, 0, 1), name=name)


def _line(reading: Reading, practice: str, place: int, depth: int) -> Line:
    unit = reading.unit(place)
    cell = unit.teams.get(practice)
    return Line(
        name=unit.name,
        href=addresses.of_practice(reading, practice, place),
        place=place,
        depth=depth,
        inner=not depth or not unit.leaf,
        cell=cell,
        second=_second(cell, low=unit.low_response) if cell else "",
        tier=wording.tier_words(cell.tier) if cell else "",
    )


def _second(cell: Cell, *, low: bool) -> str:
    """What stands below the name: how many are counted, how much they agree, whether many did not know."""
    counted = ""
    if cell.score is not None:
        counted = _("%(n)s of %(invited)s", n=cell.n, invited=cell.invited)
        counted = _("%(words)s, low", words=counted) if low else counted
    agreed = wording.agreement_words(cell.agreement.word) if cell.agreement else ""
    unknown = _("%(share)s\u00a0%% don’t know", share=cell.unknown) if wording.many_unknown(cell) else ""
    return " · ".join(text for text in (counted, agreed, unknown) if text)


def _of_group(reading: Reading, group: Group, practice: str, depth: int) -> Line:
    name = _("Other teams of %(unit)s", unit=reading.unit(group.below).name)
    cell = group.cells[practice]
    return Line(name, "", None, depth, inner=False, cell=cell, second=_second(cell, low=False), tier="")


def instead(reading: Reading, practice: str, position: int) -> Line | None:
    """What is safe to show in place of a hidden unit."""
    group = reading.group_of(position, practice)
    return _of_group(reading, group, practice, 0) if group else None
