"""How far the data of a wave can be trusted: errors, warnings and notes, from the publication alone."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from webapp.domain.comparison import common_items
from webapp.domain.publication import INDEX, Publication
from webapp.domain.questionnaire import Questionnaire

Grade = Literal["error", "warning", "note"]

FEWEST_ITEMS = 10  # the same answer to fewer questions may well be meant
STRAIGHT_FROM = 5  # percent; a smaller share could be a few people
LOW_PERCENT = 60
LOW_ALPHA = 0.6
PRACTISING = 60
MANY_UNKNOWN = 30
MOST_NAMES = 8  # units in one sentence
OTHER_TEAM, FEWEST_OTHER = 0.5, 3  # share of the people, and people, by which a team is no longer the same


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
    publication: Publication,
    questionnaire: Questionnaire,
    earlier: Sequence[Publication],
    asked_before: Questionnaire | None = None,
) -> Iterable[Remark]:
    """What to know, the gravest first; asked_before: the questionnaire of the last of the earlier ones."""
    found = [
        *_nothing(publication),
        *_response(publication),
        *_straight(publication),
        *_alphas(publication, questionnaire),
        *_unknown(publication, questionnaire),
        *_leaders(publication),
        *_versions(publication, questionnaire, earlier, asked_before),
        *_people(publication, earlier),
    ]
    order = {"error": 0, "warning": 1, "note": 2}
    return sorted(found, key=lambda remark: order[remark.grade])


def _nothing(publication: Publication) -> Iterator[Remark]:
    if not publication.root.shown:
        yield Remark("error", "nothing_shown", {"smallest": publication.smallest_group})


def _response(publication: Publication) -> Iterator[Remark]:
    if publication.participation is not None and publication.participation < LOW_PERCENT:
        yield Remark("warning", "low_response", {"percent": publication.participation})
    elif publication.participation is None and publication.root.shown and publication.root.low_response:
        yield Remark("warning", "low_whole", {"least": LOW_PERCENT})
    units = publication.units
    yield from _of_units(
        "low_units", [one.name for one in units if one.leaf and one.shown and one.low_response]
    )
    yield from _of_units(
        "silent_units", [one.name for one in units if one.leaf and one.participation == "under a quarter"]
    )
    yield from _of_units("uneven", [one.name for one in units if one.uneven])


def _of_units(code: str, names: Sequence[str]) -> Iterator[Remark]:
    """A note about some units, of which the first are named."""
    if names:
        named = names if len(names) <= MOST_NAMES + 1 else names[:MOST_NAMES]
        values: dict[str, int | str | float] = {
            "units": ", ".join(named),
            "count": len(names),
            "more": len(names) - len(named),
        }
        yield Remark("note", code, values)


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


def _versions(
    publication: Publication,
    questionnaire: Questionnaire,
    earlier: Sequence[Publication],
    asked_before: Questionnaire | None,
) -> Iterator[Remark]:
    """The questions changed since the wave before; and in which practices so much that no change can be told."""
    if earlier and earlier[-1].questionnaire != publication.questionnaire:
        yield Remark(
            "note", "new_version", {"before": earlier[-1].questionnaire, "now": publication.questionnaire}
        )
    if not earlier or asked_before is None:
        return
    old = _asked(asked_before, earlier[-1].form)
    new = _asked(questionnaire, publication.form)
    both = [key for key in new if key in old]
    broken = [
        key for key in both if set(old[key]) != set(new[key]) and common_items(old[key], new[key]) is None
    ]
    if broken and len(broken) < len(new):
        yield Remark("note", "broken", {"practices": ",".join(broken)})
    elif broken:
        yield Remark("note", "all_broken", {})


def _asked(questionnaire: Questionnaire, form: str) -> dict[str, list[str]]:
    return {
        one.key: [f"{item.revision} {item.key}" for item in one.items]
        for one in questionnaire.variables(form)
        if one.scored
    }


def _people(publication: Publication, earlier: Sequence[Publication]) -> Iterator[Remark]:
    """Teams that are by half others than before: a change of their score may be one of people."""
    if not earlier:
        return
    before = {unit.key: unit.headcount for unit in earlier[-1].units if unit.leaf}
    yield from _of_units(
        "other_people",
        [
            unit.name
            for unit in publication.units
            if unit.leaf
            and unit.key in before
            and abs(unit.headcount - before[unit.key]) >= max(FEWEST_OTHER, OTHER_TEAM * before[unit.key])
        ],
    )
