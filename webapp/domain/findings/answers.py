"""Where a mean tells little: divided answers, and many who did not know."""

from collections.abc import Callable, Iterator

from webapp.domain.advice import MANY_DONT_KNOW
from webapp.domain.publication import Cell, Finding, Publication
from webapp.domain.questionnaire import Questionnaire


def divided(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Units whose answers are divided, and in which practices."""
    yield from _where(
        publication,
        questionnaire,
        "divided",
        lambda cell: cell.agreement is not None and cell.agreement.word == "divided",
    )


def unknown(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Units of which more than 30 % of the answers were “I don't know”, and in which practices."""
    yield from _where(
        publication,
        questionnaire,
        "unknown",
        lambda cell: cell.unknown is not None and cell.unknown > MANY_DONT_KNOW,
    )


def _where(
    publication: Publication, questionnaire: Questionnaire, code: str, holds: Callable[[Cell], bool]
) -> Iterator[Finding]:
    for place, unit in enumerate(publication.units):
        keys = [
            one.key for one in questionnaire.practices if one.key in unit.teams and holds(unit.teams[one.key])
        ]
        if keys:
            yield Finding(code, place, keys[0], {"practices": ",".join(keys)})
