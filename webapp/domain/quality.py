"""How far the data of a wave can be trusted: errors, warnings and notes, from the publication alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from webapp.domain.publication import INDEX, Publication
from webapp.domain.questionnaire import Questionnaire

Grade = Literal["error", "warning", "note"]

FEWEST_ITEMS = 10  # the same answer to fewer questions may well be meant
STRAIGHT_FROM = 5  # percent; a smaller share could be a few people
LOW_PERCENT = 60
LOW_ALPHA = 0.6
PRACTISING = 60
MANY_UNKNOWN = 30


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to know before reading the results; the words are made when it is read."""

    grade: Grade
    code: str
    values: dict[str, int | str | float]


def straight_lined(levels: npt.NDArray[np.uint8], k: int) -> int | None:
    """Percent of the people (R, J) who gave one and the same level to all of ten or more questions.

    None for fewer than 10 k people, and where the share is below 5 %: it could tell of a few.
    """
    if len(levels) < 10 * k or levels.shape[1] < FEWEST_ITEMS:
        return None
    answered = levels > 0
    counted = answered.sum(axis=1) >= FEWEST_ITEMS
    highest = levels.max(axis=1)
    lowest = np.where(answered, levels, np.uint8(9)).min(axis=1)
    share = int(100 * np.count_nonzero(counted & (highest == lowest)) / len(levels) + 0.5)
    return share if share >= STRAIGHT_FROM else None


def remarks(
    publication: Publication, questionnaire: Questionnaire, earlier: Sequence[Publication]
) -> Iterable[Remark]:
    """What to know, the gravest first."""
    found = [
        *_nothing(publication),
        *_response(publication),
        *_straight(publication),
        *_alphas(publication, questionnaire),
        *_unknown(publication, questionnaire),
        *_leaders(publication),
        *_versions(publication, earlier),
    ]
    order = {"error": 0, "warning": 1, "note": 2}
    return sorted(found, key=lambda remark: order[remark.grade])


def _nothing(publication: Publication) -> Iterator[Remark]:
    if not publication.root.shown:
        yield Remark("error", "nothing_shown", {"smallest": publication.smallest_group})


def _response(publication: Publication) -> Iterator[Remark]:
    if publication.participation is not None and publication.participation < LOW_PERCENT:
        yield Remark("warning", "low_response", {"percent": publication.participation})
    if low := [unit.name for unit in publication.units if unit.leaf and unit.shown and unit.low_response]:
        yield Remark("note", "low_units", {"units": ", ".join(low), "count": len(low)})
    if silent := [
        unit.name for unit in publication.units if unit.leaf and unit.participation == "under a quarter"
    ]:
        yield Remark("note", "silent_units", {"units": ", ".join(silent), "count": len(silent)})
    if uneven := [unit.name for unit in publication.units if unit.uneven]:
        yield Remark("note", "uneven", {"units": ", ".join(uneven), "count": len(uneven)})


def _straight(publication: Publication) -> Iterator[Remark]:
    if publication.straight_lined is not None:
        yield Remark("warning", "straight_lining", {"percent": publication.straight_lined})


def _alphas(publication: Publication, questionnaire: Questionnaire) -> Iterator[Remark]:
    """Only where the questions reflect one thing: those that make up a practice together need not hang together."""
    for practice in questionnaire.practices:
        alpha = publication.alphas.get(practice.key)
        if practice.measurement == "reflective" and alpha is not None and alpha < LOW_ALPHA:
            yield Remark("warning", "low_alpha", {"practice": practice.key, "alpha": alpha})


def _unknown(publication: Publication, questionnaire: Questionnaire) -> Iterator[Remark]:
    for practice in questionnaire.practices:
        cell = publication.root.teams.get(practice.key)
        if cell is not None and cell.unknown is not None and cell.unknown > MANY_UNKNOWN:
            yield Remark("warning", "many_unknown", {"practice": practice.key, "percent": cell.unknown})


def _leaders(publication: Publication) -> Iterator[Remark]:
    """A leader by name who says 60 or more of a unit whose people are not shown: nobody can check it."""
    for unit in publication.units:
        views = [named.cells[INDEX].score for named in unit.named if INDEX in named.cells]
        high = [score for score in views if score is not None and score >= PRACTISING]
        if high and not unit.shown:
            yield Remark("note", "leader_alone", {"unit": unit.name, "score": max(high)})


def _versions(publication: Publication, earlier: Sequence[Publication]) -> Iterator[Remark]:
    if earlier and earlier[-1].questionnaire != publication.questionnaire:
        yield Remark(
            "note", "new_version", {"before": earlier[-1].questionnaire, "now": publication.questionnaire}
        )
