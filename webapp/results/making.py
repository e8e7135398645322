"""How a score was made: its questions, weights, version, answers and range."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.domain.publication import INDEX, Cell
from webapp.filters import decimal
from webapp.results import arithmetic, sentences, wording
from webapp.results.arithmetic import Sum
from webapp.results.reading import Reading

STONES = 20  # stones that stand for everybody in a distribution
ENDS = (5, 95)  # what these stand for lies at or beyond them


@dataclass(frozen=True, slots=True)
class Part:
    """What a score is made of: a question or a practice, its mean or score if it may be told, a practice's weight."""

    text: str
    value: int | None
    weight: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """People in one band, and the stones that draw them."""

    band: str
    people: int
    stones: int


@dataclass(frozen=True, slots=True)
class Making:
    """The inputs of one score."""

    key: str
    title: str
    cell: Cell
    meaning: str
    parts: tuple[Part, ...]
    sums: tuple[Sum, ...]
    notes: tuple[str, ...]
    distribution: tuple[Stretch, ...]


def made(reading: Reading, cells: Mapping[str, Cell], variable: str) -> Making:
    """How the score of one variable was made, from all shown cells of a unit or a residual group."""
    cell = cells[variable]
    whole = variable == INDEX
    return Making(
        key=variable,
        title=_("the index") if whole else reading.title(variable),
        cell=cell,
        meaning=""
        if whole
        else reading.questionnaire.bar(reading.questionnaire.practice(variable), cell.score or 0),
        parts=_practices(reading, cells) if whole else _questions(reading, cell, variable),
        sums=tuple(_sums(reading, cells, variable)),
        notes=tuple(_notes(reading, cell, variable)),
        distribution=_distribution(reading, cell, variable),
    )


def all_made(reading: Reading, cells: Mapping[str, Cell]) -> list[Making]:
    """How each score of a unit or residual group was made, the index first."""
    keys = [INDEX, *(practice.key for practice in reading.practices)]
    return [made(reading, cells, key) for key in keys if key in cells and cells[key].score is not None]


def _practices(reading: Reading, cells: Mapping[str, Cell]) -> tuple[Part, ...]:
    return tuple(
        Part(
            practice.title,
            cells[practice.key].score if practice.key in cells else None,
            decimal(f"{practice.weight:g}"),
        )
        for practice in reading.practices
    )


def _means(reading: Reading, cell: Cell, variable: str) -> list[int]:
    return [part.value for part in _questions(reading, cell, variable) if part.value is not None]


def _questions(reading: Reading, cell: Cell, variable: str) -> tuple[Part, ...]:
    items = next(one.items for one in reading.variables if one.key == variable)
    means = cell.item_means or {}
    return tuple(Part(item.text, means.get(item.key)) for item in items)


def _sums(reading: Reading, cells: Mapping[str, Cell], variable: str) -> Iterator[Sum]:
    """The arithmetic: of the score where its inputs are published, and of its range."""
    cell, known = cells[variable], reading.publication.constants.get(variable)
    if variable == INDEX:
        there = [(cells.get(practice.key), practice.weight) for practice in reading.practices]
        parts = [(one.score, weight) for one, weight in there if one is not None and one.score is not None]
        yield arithmetic.of_practices(cell, parts)
    elif cell.item_means:
        yield arithmetic.of_questions(cell, _means(reading, cell, variable))
    if known is not None:
        yield from arithmetic.of_range(cell, known)


def _notes(reading: Reading, cell: Cell, variable: str) -> list[str]:
    found = [_interval(reading, cell, variable)]
    if cell.guarded:
        found.append(
            _("Rounded to a multiple of 5, to protect anonymity over time; no change is told from it.")
        )
    if cell.score in ENDS:
        found.append(
            _(
                "5 stands for everything down to 0, 95 for everything up to 100, so the range goes on to there."
            )
        )
    if variable != INDEX:
        if cell.item_means is None:
            found.append(_("Means of single questions: not shown, to protect anonymity."))
        else:
            found.append(
                _(
                    "Each mean is rounded and stays within 5 to 95, so the sum may miss the score by a point or so."
                )
            )
        found += [text for text in (wording.unknown(cell), wording.agreement(cell)) if text]
        found.append(
            _(
                "A skipped question is filled with that person’s own average, allowing for how hard the question is"
                " in this organization."
            )
        )
    return [sentences.plain(text) for text in found]


def _interval(reading: Reading, cell: Cell, variable: str) -> str:
    known = reading.publication.constants.get(variable)
    key, _at, version = reading.publication.questionnaire.partition("@")
    values = {
        "n": cell.n,
        "invited": cell.invited,
        "low": cell.low,
        "high": cell.high,
        "key": key,
        "version": version,
        "phi": decimal(f"{known.phi:g}") if known else "–",
        "r": decimal(f"{known.r:g}") if known else "–",
    }
    if variable == INDEX:
        return _(
            "Weighted mean of the practices’ scores. Likely range %(low)s to %(high)s: 90\u00a0%% Wilson interval for"
            " %(n)s of %(invited)s people, dispersion %(phi)s, reliability %(r)s. Questionnaire %(key)s, version"
            " %(version)s.",
            **values,
        )
    return _(
        "Mean of %(n)s people’s scores, questions weighted alike. Likely range %(low)s to %(high)s: 90\u00a0%% Wilson interval for %(n)s of"
        " %(invited)s people, dispersion %(phi)s, reliability %(r)s. Questionnaire %(key)s, version %(version)s.",
        **values,
    )


def _distribution(reading: Reading, cell: Cell, variable: str) -> tuple[Stretch, ...]:
    if cell.histogram is None:
        return ()
    total = max(sum(cell.histogram), 1)
    bands = reading.questionnaire.bands
    return tuple(
        Stretch(
            band.name if variable == INDEX else band.practice_name, people, round(STONES * people / total)
        )
        for band, people in zip(bands, cell.histogram, strict=True)
    )
