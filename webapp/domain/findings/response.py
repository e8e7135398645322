"""Who was silent, and whether those who answered may stand for the rest."""

from collections.abc import Iterator

from webapp.domain.publication import Finding, Publication
from webapp.domain.questionnaire import Questionnaire

LOW_PERCENT = 60


def silent(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Teams of 2k people or more of whom under a quarter answered."""
    del questionnaire
    for place, unit in enumerate(publication.units):
        if unit.leaf and unit.participation == "under a quarter":
            yield Finding("silent", place, None, {})


def low(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Under 60 % of the whole organization answered."""
    del questionnaire
    if publication.participation is not None and publication.participation < LOW_PERCENT:
        yield Finding("participation_low", 0, None, {"percent": publication.participation})
