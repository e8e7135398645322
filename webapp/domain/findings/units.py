"""Which units are clearly above or below the rest, in how many practices."""

from collections.abc import Iterator

from webapp.domain.publication import INDEX, Finding, Publication, Tier
from webapp.domain.questionnaire import Questionnaire

MOST_NAMED = 3


def far_above(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Units whose index and at least a third of the practices are clearly above the rest."""
    yield from _far(publication, questionnaire, "above", "clearly_above")


def far_below(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Units whose index and at least a third of the practices are clearly below the rest."""
    yield from _far(publication, questionnaire, "below", "clearly_below")


def _far(publication: Publication, questionnaire: Questionnaire, tier: Tier, code: str) -> Iterator[Finding]:
    found = []
    for place, unit in enumerate(publication.units):
        index = unit.teams.get(INDEX)
        if index is None or index.tier != tier:
            continue
        practices = [unit.teams[one.key] for one in questionnaire.practices if one.key in unit.teams]
        flagged = sum(one.tier == tier for one in practices)
        if flagged * 3 >= len(practices):
            values = {"practices": flagged, "of": len(practices), "score": index.score or 0}
            found.append(Finding(code, place, None, values))
    found.sort(key=lambda finding: -int(finding.values["practices"]))
    yield from found[:MOST_NAMED]
