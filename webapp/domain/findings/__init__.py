"""What can be said in sentences: one rule a function, each carried by a test or an exact count.

A rule takes the publication and the questionnaire and yields codes with values; the words are made when it is read.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from webapp.domain.findings import leaders, practices, response, units
from webapp.domain.publication import Finding, Publication
from webapp.domain.questionnaire import Questionnaire

Rule = Callable[[Publication, Questionnaire], Iterable[Finding]]

# In the order in which a reader should meet them.
RULES: tuple[Rule, ...] = (
    units.far_above,
    units.far_below,
    leaders.see_otherwise,
    practices.highest,
    practices.lowest,
    practices.widest,
    response.silent,
    response.low,
)


def added(publication: Publication, questionnaire: Questionnaire) -> Publication:
    """The publication with what its own figures say."""
    found = tuple(finding for rule in RULES for finding in rule(publication, questionnaire))
    return replace(publication, findings=found)
