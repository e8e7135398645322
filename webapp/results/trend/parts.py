"""The parts of a unit over the waves: rows of the table that stands under the chart."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _

from webapp.domain.publication import INDEX
from webapp.results import sentences
from webapp.results.changes import Verdict
from webapp.results.reading import Reading
from webapp.results.trend.figures import Line, Since, line, since


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the unit with its index over the waves."""

    key: str
    told: Since
    line: Line


def parts(history: list[Reading], position: int) -> list[Part]:
    """The units right below that were shown at least once."""
    last = history[-1]
    found = []
    for place in last.children.get(position, ()):
        unit = last.unit(place)
        told = since(history, unit.key, INDEX)
        href = url_for("results.trend", slug=last.slug, unit=unit.key)
        row = line(history, unit.key, INDEX, unit.name, href, told)
        if any(cell is not None for cell in row.cells):
            found.append(Part(unit.key, told, row))
    return found


def sentence(found: list[Part]) -> str:
    """Which parts moved, which are too close to call, which show no clear change."""
    groups = (
        (Verdict.ROSE, _("%(names)s rose clearly.")),
        (Verdict.FELL, _("%(names)s fell clearly.")),
        (Verdict.CLOSE, _("%(names)s: too close to call.")),
        (Verdict.NONE, _("%(names)s: no clear change.")),
    )
    told = []
    for verdict, text in groups:
        names = [part.line.name for part in found if part.told.change and part.told.change.verdict is verdict]
        if names:
            told.append(text % {"names": sentences.listed(names)})
    return " ".join(told)
