"""The heat map's table, joined from escaped strings: a template's loop over the cells costs three times as much."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import quote

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from webapp.domain.publication import INDEX, Cell
from webapp.results.reading import Group, Reading

TREE, ANSWERS = "tree", "n"
STEP = 10  # points that one shade covers
SHADES = 10
BAND = 20  # points of a band, where only the band is told

SORTABLE_EXTRA = (TREE, ANSWERS, INDEX)


@dataclass(frozen=True, slots=True)
class Order:
    """How the rows stand: by the tree, or teams by one column."""

    column: str = TREE
    descending: bool = True


@dataclass(frozen=True, slots=True)
class Words:
    """What every row says, in the reader's language."""

    hidden: str
    above: str
    below: str
    about: str
    of: str
    low: str


class Table:
    """The rows of one publication as one reader sees them."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.columns = (INDEX, *(practice.key for practice in reading.practices))
        self.bands = {
            key: [reading.band_name(_band_cell(place), key) for place in range(5)] for key in self.columns
        }
        self.words = Words(
            hidden=str(escape(_("Not shown, to protect anonymity"))),
            above=str(escape(_("clearly above"))),
            below=str(escape(_("clearly below"))),
            about=str(escape(_("about"))),
            of=str(escape(_("of %(people)s", people="\0"))),
            low=str(escape(_("low"))),
        )
        address = url_for("results.unit", slug=reading.slug, wave_id=reading.publication.wave, key="KEY")
        self.address = str(escape(address)).split("KEY")
        self.opening = {key: self._opening(key) for key in self.columns}

    def _opening(self, column: str) -> tuple[str, str]:
        """What leads from a figure to how it was made, around the key of its unit; relative, for there are many.

        For the mouse and the finger: a stop of the keyboard at each of hundreds of figures would be a wall, and the
        unit's own link leads to the same places.
        """
        address = "units/KEY#index" if column == INDEX else f"practices/{quote(column)}?unit=KEY"
        before, _key, after = f'<a href="{address}" tabindex="-1">'.rpartition("KEY")
        return before, after

    def body(self, top: int, order: Order) -> Markup:
        """All rows of the part of the tree at `top`, by the tree or as teams in the order of one column."""
        if order.column == TREE:
            return self._by_tree(top)
        return self._by_column(top, order)

    def _by_tree(self, top: int) -> Markup:
        parts: list[str] = []
        if top == 0:
            parts.append(f"<tbody>{self._row(0, depth=0)}</tbody>")
            for child in self.reading.children.get(0, ()):
                parts.append("<tbody>")
                self._branch(child, 0, parts)
                parts.append("</tbody>")
            parts.append(self._group_rows(0, depth=1, body=True))
        else:
            parts.append(f"<tbody>{self._row(0, depth=0)}</tbody><tbody>")
            self._branch(top, 0, parts)
            parts.append("</tbody>")
        return Markup("").join(map(Markup, parts))

    def _branch(self, top: int, depth: int, parts: list[str]) -> None:
        """A unit and all below it; without recursion, for a tree may be deep."""
        waiting: list[tuple[int, int, bool]] = [(top, depth, False)]
        while waiting:
            place, level, done = waiting.pop()
            if done:
                parts.append(self._group_rows(place, level + 1))
                continue
            parts.append(self._row(place, level))
            below = self.reading.children.get(place, ())
            if below:
                waiting.append((place, level, True))
                waiting.extend((child, level + 1, False) for child in reversed(below))

    def _by_column(self, top: int, order: Order) -> Markup:
        """The whole first, then teams and residual groups by one column; what has no figure there comes last."""
        places = set(self._below(top))
        lines = [
            (self._value(self.reading.unit(place).teams, order), self._row(place, 1))
            for place in places_in(self.reading.teams, places)
        ]
        for place in places_in(self.reading.groups, places):
            lines += [
                (self._value(group.cells, order), self._group_row(group, 1))
                for group in self.reading.groups[place]
            ]
        known = sorted(
            (line for line in lines if line[0] is not None),
            key=lambda line: line[0] or 0,
            reverse=order.descending,
        )
        rest = [line for line in lines if line[0] is None]
        rows = "".join(row for _value, row in (*known, *rest))
        return Markup(f"<tbody>{self._row(0, 0)}</tbody><tbody>{rows}</tbody>")  # noqa: S704 - likewise

    def _below(self, top: int) -> Iterable[int]:
        waiting = [top]
        while waiting:
            place = waiting.pop()
            yield place
            waiting.extend(self.reading.children.get(place, ()))

    def _value(self, cells: Mapping[str, Cell], order: Order) -> float | None:
        cell = cells.get(INDEX if order.column == ANSWERS else order.column)
        if cell is None:
            return None
        if order.column == ANSWERS:
            return cell.n
        return cell.band * BAND if cell.score is None else cell.score

    def _row(self, place: int, depth: int) -> str:
        unit = self.reading.unit(place)
        name = f'<a href="{unit.key.join(self.address)}">{escape(unit.name)}</a>'
        if not unit.shown:
            kind = "calm" if unit.leaf else "calm dep"
            return (
                f'<tr class="{kind}">{head(name, depth)}<td colspan="{len(self.columns) + 1}">'
                f"<span>{self.words.hidden}</span></td></tr>"
            )
        kind = "" if unit.leaf and depth else ' class="dep"'
        return f"<tr{kind}>{head(name, depth)}{self._cells(unit.teams, unit.key, low=unit.low_response)}</tr>"

    def _group_rows(self, below: int, depth: int, *, body: bool = False) -> str:
        rows = "".join(self._group_row(group, depth) for group in self.reading.groups.get(below, ()))
        return f"<tbody>{rows}</tbody>" if body and rows else rows

    def _group_row(self, group: Group, depth: int) -> str:
        name = _("Other teams of %(unit)s", unit=self.reading.unit(group.below).name)
        members = ""
        if len(self.reading.groups[group.below]) > 1:
            members = (
                f" <small>{escape(', '.join(self.reading.unit(unit).name for unit in group.units))}</small>"
            )
        return f"<tr>{head(f'<i>{escape(name)}</i>{members}', depth)}{self._cells(group.cells, '', low=False)}</tr>"

    def _cells(self, cells: Mapping[str, Cell], unit: str, *, low: bool) -> str:
        """All figures of a unit, each with its link, or of a residual group, which has no page."""
        return self._answers(cells.get(INDEX), low=low) + "".join(
            [
                self._cell(cells.get(key), key, unit.join(self.opening[key]) if unit else "")
                for key in self.columns
            ]
        )

    def _answers(self, cell: Cell | None, *, low: bool) -> str:
        if cell is None or cell.score is None:
            return "<td></td>"
        tail = f", {self.words.low}" if low else ""
        return f"<td>{cell.n}<small>{self.words.of.replace(chr(0), str(cell.invited))}{tail}</small></td>"

    def _cell(self, cell: Cell | None, key: str, opening: str = "") -> str:
        if cell is None:
            return f'<td><span role="img" aria-label="{self.words.hidden}">–</span></td>'
        closing = "</a>" if opening else ""
        if cell.score is None:
            band = escape(self.bands[key][cell.band])
            return f'<td class="h{2 * cell.band}">{opening}{band}{closing}</td>'
        number = f"{self.words.about} {cell.score}" if cell.guarded else str(cell.score)
        if cell.tier == "above":
            number = f'<b><span role="img" aria-label="{self.words.above}">▲</span> {number}</b>'
        elif cell.tier == "below":
            number = f'<b><span role="img" aria-label="{self.words.below}">▼</span> {number}</b>'
        shade = min(cell.score // STEP, SHADES - 1)
        return f'<td class="h{shade}">{opening}{number}<small>{cell.low}–{cell.high}</small>{closing}</td>'


def places_in(candidates: Iterable[int], places: set[int]) -> list[int]:
    return [place for place in candidates if place in places]


def head(name: str, depth: int) -> str:
    """The row's head; units deeper than the second level stand further in."""
    deeper = f' class="deep{min(depth, 5)}"' if depth > 1 else ""
    return f'<th scope="row"{deeper}>{name}</th>'


def _band_cell(band: int) -> Cell:
    return Cell(0, 0, None, None, None, band)
