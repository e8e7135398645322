"""Which practice stands highest, which lowest, and where the teams lie furthest apart."""

from collections.abc import Iterator

from webapp.domain.publication import Cell, Finding, Publication
from webapp.domain.questionnaire import Questionnaire


def _scored(publication: Publication, questionnaire: Questionnaire) -> list[tuple[str, Cell]]:
    cells = publication.root.teams
    return [
        (practice.key, cells[practice.key])
        for practice in questionnaire.practices
        if practice.key in cells and cells[practice.key].score is not None
    ]


def _of(code: str, key: str, cell: Cell) -> Finding:
    return Finding(code, 0, key, {"score": cell.score or 0, "low": cell.low or 0, "high": cell.high or 0})


def highest(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """The practice with the highest score of the organization, where its range leaves the lowest one's behind."""
    found = _scored(publication, questionnaire)
    if len(found) > 1:
        top = max(found, key=lambda one: one[1].score or 0)
        bottom = min(found, key=lambda one: one[1].score or 0)
        if (top[1].low or 0) > (bottom[1].high or 0):
            yield _of("highest", *top)


def lowest(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """The practice with the lowest score, under the same condition."""
    found = _scored(publication, questionnaire)
    if len(found) > 1:
        top = max(found, key=lambda one: one[1].score or 0)
        bottom = min(found, key=lambda one: one[1].score or 0)
        if (top[1].low or 0) > (bottom[1].high or 0):
            yield _of("lowest", *bottom)


def widest(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """The practice in which the shown teams lie furthest apart, if the two ends' ranges do not touch."""
    best: tuple[int, str, int, int] | None = None
    for practice in questionnaire.practices:
        places = [
            (place, unit.teams[practice.key])
            for place, unit in enumerate(publication.units)
            if unit.leaf and practice.key in unit.teams and unit.teams[practice.key].score is not None
        ]
        if len(places) > 1:
            top = max(places, key=lambda one: one[1].score or 0)
            bottom = min(places, key=lambda one: one[1].score or 0)
            apart = (top[1].score or 0) - (bottom[1].score or 0)
            if (top[1].low or 0) > (bottom[1].high or 0) and (best is None or apart > best[0]):
                best = (apart, practice.key, top[0], bottom[0])
    if best:
        apart, key, top_place, bottom_place = best
        upper, lower = publication.units[top_place], publication.units[bottom_place]
        values: dict[str, int | str] = {
            "points": apart,
            "upper": upper.name,
            "upper_score": upper.teams[key].score or 0,
            "lower": lower.name,
            "lower_score": lower.teams[key].score or 0,
        }
        yield Finding("widest", 0, key, values)
