"""A publication as JSON and as CSV: contracts that scripts rely on. Keys and columns are only ever added."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

from webapp.domain.csv_table import safe
from webapp.domain.publication import INDEX, Cell, Constants, Finding, Publication
from webapp.domain.questionnaire import Questionnaire
from webapp.results import sentences
from webapp.results.reading import Group, Reading

# Of the CSV; a reader of the JSON and of the spreadsheet gets more.
COLUMNS = (
    "unit",
    "parent",
    "headcount",
    "practice",
    "n",
    "score",
    "low",
    "high",
    "band",
    "agreement",
    "tier",
)

Plain = dict[str, Any]


def as_json(publication: Publication, questionnaire: Questionnaire, slug: str) -> Plain:
    """The whole publication as plain values."""
    return reading_as_json(Reading(slug, publication, questionnaire))


def as_csv(publication: Publication, questionnaire: Questionnaire) -> str:
    """The whole publication as a table with a line a unit and practice; the index is the practice `index`."""
    return reading_as_csv(Reading("", publication, questionnaire))


def reading_as_json(reading: Reading) -> Plain:
    """As much of the publication as its reader may see, as plain values."""
    publication = reading.publication
    return {
        "format": publication.format,
        "organization": reading.slug,
        "wave": publication.wave,
        "questionnaire": publication.questionnaire,
        "form": publication.form,
        "smallest_group": publication.smallest_group,
        "confidence": publication.confidence,
        "constants": {key: _constants(found) for key, found in publication.constants.items()},
        "units": [_unit(reading, place) for place in reading.visible],
        "residuals": [
            line
            for groups in reading.groups.values()
            for group in groups
            for line in _residual(reading, group)
        ],
        "findings": [
            _finding(reading, finding) for finding in publication.findings if sentences.seen(reading, finding)
        ],
    }


def reading_as_csv(reading: Reading) -> str:
    """As much of the publication as its reader may see, as a table."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(reading))
    return text.getvalue()


def _constants(found: Constants) -> Plain:
    return {"phi": found.phi, "r": found.r}


def _parent(reading: Reading, place: int) -> str | None:
    parent = reading.unit(place).parent
    return None if parent is None else reading.unit(parent).name


def _unit(reading: Reading, place: int) -> Plain:
    unit = reading.unit(place)
    participation = reading.publication.participation if place == 0 else None
    plain: Plain = {
        "unit": unit.name,
        "parent": _parent(reading, place),
        "headcount": unit.headcount,
        "participation": unit.participation if participation is None else participation,
    }
    if INDEX in unit.teams:
        plain["index"] = _figures(reading, unit.teams[INDEX], INDEX) | _standing(unit.teams[INDEX])
    plain["practices"] = {
        practice.key: _figures(reading, cell, practice.key) | _nature(cell)
        for practice, cell in reading.cells(place)
    }
    return plain


def _figures(reading: Reading, cell: Cell, variable: str) -> Plain:
    band = reading.band_name(cell, variable)
    if cell.score is None:
        return {"band": band}
    plain: Plain = {"n": cell.n, "score": cell.score, "low": cell.low, "high": cell.high, "band": band}
    return plain | {"guarded": True} if cell.guarded else plain


def _nature(cell: Cell) -> Plain:
    if cell.score is None:
        return {}
    agreement = {"word": cell.agreement.word, "ad": cell.agreement.ad} if cell.agreement else None
    return {"agreement": agreement} | _standing(cell)


def _standing(cell: Cell) -> Plain:
    """Where a team stands among the others."""
    return {} if cell.score is None else {"tier": cell.tier, "quarter": cell.quarter}


def _residual(reading: Reading, group: Group) -> Iterator[Plain]:
    for variable in _variables(reading):
        if variable in group.cells:
            yield {
                "below": reading.unit(group.below).name,
                "units": [reading.unit(unit).name for unit in group.units],
                "practice": variable,
                **_figures(reading, group.cells[variable], variable),
            }


def _finding(reading: Reading, finding: Finding) -> Plain:
    return {
        "code": finding.code,
        "unit": reading.unit(finding.unit).name,
        "practice": finding.practice,
        "values": dict(finding.values),
        "text": sentences.plain(sentences.sentence(reading, finding)),
    }


def _variables(reading: Reading) -> tuple[str, ...]:
    return (INDEX, *(practice.key for practice in reading.practices))


def _rows(reading: Reading) -> Iterable[tuple[object, ...]]:
    variables = _variables(reading)
    bands = {
        key: [band.name if key == INDEX else band.practice_name for band in reading.questionnaire.bands]
        for key in variables
    }
    for place in reading.visible:
        unit = reading.unit(place)
        before = (safe(unit.name), safe(_parent(reading, place) or ""), unit.headcount)
        for variable in variables:
            cell = unit.teams.get(variable)
            if cell is not None:
                yield (*before, variable, *_columns(cell, safe(bands[variable][cell.band])))


def _columns(cell: Cell, band: str) -> tuple[object, ...]:
    if cell.score is None:
        return ("", "", "", "", band, "", "")
    return (
        cell.n,
        cell.score,
        cell.low,
        cell.high,
        band,
        cell.agreement.word if cell.agreement else "",
        cell.tier or "",
    )
