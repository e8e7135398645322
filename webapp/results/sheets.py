"""A publication as the sheets of one file, as far as its reader may see it. Columns are only ever added."""

from collections.abc import Iterable, Iterator
from datetime import date

from webapp.domain.publication import INDEX, Cell
from webapp.domain.spreadsheet import Sheet, Value, xlsx
from webapp.results import exports, sentences
from webapp.results.reading import Reading

MORE = ("quarter", "guarded", "deviation", "unknown")


def workbook(reading: Reading) -> bytes:
    publication = reading.publication
    return xlsx(
        sheets(reading),
        title=f"{publication.root.name}, {publication.name}",
        created=date.fromisoformat(publication.closed_on),
    )


def sheets(reading: Reading) -> list[Sheet]:
    """Scores, what is safe in place of hidden units, people by band where published, findings, and what was asked."""
    found = [Sheet("scores", (*exports.COLUMNS, *MORE), _scores(reading))]
    if reading.groups:
        found.append(Sheet("other teams", ("below", "units", *exports.COLUMNS[3:9]), _groups(reading)))
    people = list(_histograms(reading))
    if people:
        names = [band.practice_name for band in reading.questionnaire.bands]
        found.append(Sheet("people by band", ("unit", "practice", *names), people))
    return [
        *found,
        Sheet("findings", ("code", "unit", "practice", "text"), _findings(reading)),
        Sheet("about", ("what", "value"), _about(reading)),
    ]


def _variables(reading: Reading) -> tuple[str, ...]:
    return (INDEX, *(practice.key for practice in reading.practices))


def _cells(reading: Reading) -> Iterator[tuple[int, str, Cell]]:
    """Each shown figure with its unit and practice, in tree order."""
    for place in reading.visible:
        for variable in _variables(reading):
            cell = reading.unit(place).teams.get(variable)
            if cell is not None:
                yield place, variable, cell


def _scores(reading: Reading) -> Iterator[tuple[Value, ...]]:
    for place, variable, cell in _cells(reading):
        unit = reading.unit(place)
        parent = "" if unit.parent is None else reading.unit(unit.parent).name
        told: tuple[Value, ...] = (None, None, None, None, None, None)
        if cell.score is not None:
            agreement = cell.agreement
            told = (
                agreement.word if agreement else None,
                cell.tier,
                cell.quarter,
                cell.guarded,
                agreement.ad if agreement else None,
                cell.unknown,
            )
        yield (unit.name, parent, unit.headcount, variable, *_figures(reading, cell, variable), *told)


def _figures(reading: Reading, cell: Cell, variable: str) -> tuple[Value, ...]:
    """n, score, low, high and the band; under the strict guard the band alone."""
    band = reading.band_name(cell, variable)
    if cell.score is None:
        return None, None, None, None, band
    return cell.n, cell.score, cell.low, cell.high, band


def _groups(reading: Reading) -> Iterator[tuple[Value, ...]]:
    for groups in reading.groups.values():
        for group in groups:
            units = ", ".join(reading.unit(place).name for place in group.units)
            for variable in _variables(reading):
                if variable in group.cells:
                    figures = _figures(reading, group.cells[variable], variable)
                    yield (reading.unit(group.below).name, units, variable, *figures)


def _histograms(reading: Reading) -> Iterator[tuple[Value, ...]]:
    for place, variable, cell in _cells(reading):
        if cell.histogram is not None:
            yield (reading.unit(place).name, variable, *cell.histogram)


def _findings(reading: Reading) -> Iterator[tuple[Value, ...]]:
    for finding in reading.publication.findings:
        text = sentences.plain(sentences.sentence(reading, finding))
        if text and sentences.seen(reading, finding):
            yield finding.code, reading.unit(finding.unit).name, finding.practice, text


def _about(reading: Reading) -> Iterable[tuple[Value, ...]]:
    publication = reading.publication
    return (
        ("organization", publication.root.name),
        ("wave", publication.name),
        ("closed", date.fromisoformat(publication.closed_on)),
        ("questionnaire", publication.questionnaire),
        ("form", publication.form),
        ("smallest_group", publication.smallest_group),
        ("time_guard", publication.time_guard),
        ("confidence", publication.confidence),
        ("format", publication.format),
    )
