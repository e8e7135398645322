"""What stands around the heat map: its headline, its columns with their links, and the parts of the tree to choose from."""

from collections import Counter
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.domain.publication import INDEX
from webapp.results import sentences, wording
from webapp.results.heatmap.table import ANSWERS, SORTABLE_EXTRA, TREE, Order
from webapp.results.reading import Reading


@dataclass(frozen=True, slots=True)
class Column:
    """A heading that sorts."""

    label: str
    href: str
    sort: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the organization to look at alone."""

    label: str
    href: str
    current: bool


def order_of(reading: Reading, column: str, direction: str) -> Order:
    """The order asked for; what is no column stands for the tree."""
    known = {*SORTABLE_EXTRA, *(practice.key for practice in reading.practices)}
    return Order(column if column in known else TREE, direction != "ascending")


def columns(reading: Reading, order: Order, below: str | None) -> list[Column]:
    titles = {TREE: _("Team"), ANSWERS: _("Answers"), INDEX: _("Index")}
    titles |= {practice.key: wording.short(practice.title) for practice in reading.practices}
    return [_column(reading, key, title, order, below) for key, title in titles.items()]


def _column(reading: Reading, key: str, title: str, order: Order, below: str | None) -> Column:
    current = key == order.column
    if key == TREE:
        return Column(title, _address(reading, below), "ascending" if current else "")
    turned = "ascending" if current and order.descending else "descending"
    sort = ("descending" if order.descending else "ascending") if current else ""
    return Column(title, _address(reading, below, key, turned), sort)


def parts(reading: Reading, top: int, order: Order) -> list[Part]:
    """The whole, the parts of the first level, and around a chosen part its ancestors and its own parts."""
    path = [*reading.ancestors(top), top] if top else [0]
    inner = [place for place in reading.children.get(0, ()) if reading.children.get(place)]
    for place in path[1:]:
        if place not in inner:
            inner.append(place)
        inner += [
            child
            for child in reading.children.get(place, ())
            if reading.children.get(child) and child not in inner
        ]
    found = [Part(_("Whole organization"), _sorted_address(reading, None, order), top == 0)]
    for place in inner:
        unit = reading.unit(place)
        found.append(Part(unit.name, _sorted_address(reading, unit.key, order), place == top))
    return found


def _sorted_address(reading: Reading, below: str | None, order: Order) -> str:
    if order.column == TREE:
        return _address(reading, below)
    return _address(reading, below, order.column, "descending" if order.descending else "ascending")


def _address(reading: Reading, below: str | None, sort: str | None = None, order: str | None = None) -> str:
    return url_for(
        "results.heatmap",
        slug=reading.slug,
        wave_id=reading.publication.wave,
        below=below,
        sort=sort,
        order=order,
    )


def headline(reading: Reading) -> str:
    """Who stands apart in most practices."""
    if not reading.shown_teams:
        return _("No team is shown by itself, to protect anonymity")
    above, below = (_most(reading, tier) for tier in ("above", "below"))
    parts = []
    if above:
        names, count = above
        parts.append(_("%(teams)s clearly above in %(count)s", teams=_are(names), count=_in(reading, count)))
    if below:
        names, count = below
        place = _in(reading, count, again=above is not None and above[1] == count)
        parts.append(_("%(teams)s clearly below in %(count)s", teams=_are(names), count=place))
    return "; ".join(parts) or _("No team stands clearly apart from the rest in any practice")


def _are(names: list[str]) -> str:
    return ngettext("%(names)s is", "%(names)s are", len(names), names=sentences.listed(names, 2))


def _in(reading: Reading, count: int, *, again: bool = False) -> str:
    """How many practices; `again`: the sentence has said the same number before."""
    if count == len(reading.practices):
        return _("every one") if again else _("every practice")
    if again:
        return _("as many")
    return _("%(count)s of %(all)s practices", count=count, all=len(reading.practices))


def _most(reading: Reading, tier: str) -> tuple[list[str], int] | None:
    """The teams with the most practices in a tier, and how many these are."""
    counts: Counter[int] = Counter()
    for place in reading.shown_teams:
        teams = reading.unit(place).teams
        counts[place] = sum(teams[one.key].tier == tier for one in reading.practices if one.key in teams)
    most = max(counts.values(), default=0)
    names = [reading.unit(place).name for place, count in counts.items() if count == most]
    return (names, most) if most else None


def example(reading: Reading) -> tuple[str, int] | None:
    """A residual group to explain what is shown in place of hidden teams: its name and its answers."""
    for below, groups in reading.groups.items():
        for group in groups:
            if INDEX in group.cells and group.cells[INDEX].score is not None:
                return _("Other teams of %(unit)s", unit=reading.unit(below).name), group.cells[INDEX].n
    return None
