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


def low_of_unit(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Shown units of which fewer than 60 % answered."""
    del questionnaire
    for place, unit in enumerate(publication.units):
        if unit.shown and unit.low_response and not (place == 0 and publication.participation is not None):
            yield Finding("low_response", place, None, {})


def uneven(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Shown units whose parts answered so unequally that their range holds for equal response only."""
    del questionnaire
    for place, unit in enumerate(publication.units):
        if unit.shown and unit.uneven:
            yield Finding("uneven", place, None, {})
