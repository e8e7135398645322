"""One publication as one member reads it: rows outside the member's units are left out, the whole always stays."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from webapp.domain.publication import INDEX, Cell, Publication, Residual, UnitResult
from webapp.domain.questionnaire import Practice, Questionnaire, Variable

DIRECT = "d"  # the key of a unit's direct staff is the unit's own key and this letter


class Group(NamedTuple):
    """A residual group: the hidden `units` below the shown node `below`, with a cell a variable."""

    below: int
    units: tuple[int, ...]
    cells: Mapping[str, Cell]


def unit_id(key: str) -> int | None:
    """The id of the unit that a publication's key names, None for the root."""
    digits = key.removeprefix("u").removesuffix(DIRECT)
    return int(digits) if digits.isdigit() else None


@dataclass(frozen=True)
class Reading:
    """A publication, the questionnaire of its wave in the reader's language, and what of it the reader may see.

    `span`: ids of the units on which the reader may read results, None for all.
    `questionnaire`: in the words that hold for results of the wave's form.
    """

    slug: str
    publication: Publication
    questionnaire: Questionnaire
    span: frozenset[int] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "questionnaire", self.questionnaire.told_of(self.publication.form))

    @cached_property
    def visible(self) -> tuple[int, ...]:
        """Positions of the units that the reader may see, in tree order, the root first."""
        if self.span is None:
            return tuple(range(len(self.publication.units)))
        return tuple(
            place
            for place, unit in enumerate(self.publication.units)
            if place == 0 or unit_id(unit.key) in self.span
        )

    @cached_property
    def _seen(self) -> frozenset[int]:
        return frozenset(self.visible)

    def sees(self, position: int) -> bool:
        return self.span is None or position in self._seen

    @cached_property
    def children(self) -> dict[int, tuple[int, ...]]:
        """The visible units directly below each visible one; units whose parent is not visible hang below the root."""
        found: dict[int, list[int]] = {}
        for place in self.visible[1:]:
            parent = self.publication.units[place].parent or 0
            found.setdefault(parent if self.sees(parent) else 0, []).append(place)
        return {parent: tuple(places) for parent, places in found.items()}

    @cached_property
    def teams(self) -> tuple[int, ...]:
        """The visible leaf units."""
        units = self.publication.units
        return tuple(place for place in self.visible if units[place].leaf)

    @cached_property
    def shown_teams(self) -> tuple[int, ...]:
        units = self.publication.units
        return tuple(place for place in self.teams if units[place].shown)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of the visible units."""
        return frozenset(self.publication.units[place].name for place in self.visible)

    @cached_property
    def groups(self) -> dict[int, tuple[Group, ...]]:
        """The residual groups of the visible nodes, by node."""
        found: dict[tuple[int, tuple[int, ...]], dict[str, Cell]] = {}
        for residual in self.publication.residuals:
            if self._offered(residual):
                cells = found.setdefault((residual.below, residual.units), {})
                cells[residual.variable] = residual.cell
        by_node: dict[int, list[Group]] = {}
        for (below, units), cells in found.items():
            by_node.setdefault(below, []).append(Group(below, units, cells))
        return {below: tuple(groups) for below, groups in by_node.items()}

    def _offered(self, residual: Residual) -> bool:
        return self.span is None or (
            self.sees(residual.below) and all(self.sees(unit) for unit in residual.units)
        )

    def group_of(self, position: int, variable: str = INDEX) -> Group | None:
        """The residual group that a hidden unit is part of, if one is offered for the variable."""
        place: int | None = position
        while place is not None:
            for group in self.groups.get(self.publication.units[place].parent or 0, ()):
                if place in group.units and variable in group.cells:
                    return group
            place = self.publication.units[place].parent
        return None

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """What the form measures and scores: its practices, in the questionnaire's order."""
        return tuple(one for one in self.questionnaire.variables(self.publication.form) if one.scored)

    def variable(self, practice: str) -> Variable | None:
        """The practice with its questions of this form; None when the form asks nothing of it."""
        return next((one for one in self.variables if one.key == practice), None)

    @property
    def banded(self) -> bool:
        """Whether its scores have bands; a pulse has none, and so no advice by practice either."""
        return self.questionnaire.form(self.publication.form).banded

    @cached_property
    def practices(self) -> tuple[Practice, ...]:
        return tuple(one.practice for one in self.variables)

    def title(self, variable: str) -> str:
        """The name of a practice, or of an unscored item its text."""
        for one in self.questionnaire.variables(self.publication.form):
            if one.key == variable:
                return one.practice.title if one.scored else one.items[0].text
        return variable

    def band_name(self, cell: Cell, variable: str) -> str:
        band = self.questionnaire.bands[cell.band]
        return band.name if variable == INDEX else band.practice_name

    def beside_score(self, cell: Cell, variable: str) -> str:
        """The name of the band to stand beside a large score: of a plain stretch only where no score may be told."""
        named = self.questionnaire.bands[cell.band].named
        return self.band_name(cell, variable) if named or cell.score is None else ""

    def cells(self, position: int) -> Iterator[tuple[Practice, Cell]]:
        """The shown practices of a unit with their cells."""
        teams = self.publication.units[position].teams
        for practice in self.practices:
            if practice.key in teams:
                yield practice, teams[practice.key]

    def ancestors(self, position: int) -> list[int]:
        """The visible units above, the root first; not the unit itself."""
        found = []
        parent = self.publication.units[position].parent
        while parent is not None:
            if self.sees(parent):
                found.append(parent)
            parent = self.publication.units[parent].parent
        return found[::-1]

    def unit(self, position: int) -> UnitResult:
        return self.publication.units[position]
