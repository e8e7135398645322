"""What can be said in sentences: one rule a function, each carried by a test or an exact count.

A rule takes the publication and the questionnaire and yields codes with values; the words are made when it is read.
A rule that picks something out of many tests it among all of them (`chance`): with nothing different anywhere, the
chance that any comparing sentence is said stays about ten in a hundred (tests/domain/findings).
"""

from collections.abc import Callable, Iterable
from dataclasses import replace

from webapp.domain.findings import answers, leaders, practices, response, spreading, units
from webapp.domain.publication import Finding, Publication
from webapp.domain.questionnaire import Questionnaire

Rule = Callable[[Publication, Questionnaire], Iterable[Finding]]

# In the order in which a reader should meet them.
RULES: tuple[Rule, ...] = (
    units.island,
    units.far_above,
    units.far_below,
    leaders.see_otherwise,
    leaders.named_sees_otherwise,
    spreading.verdicts,
    practices.ends,
    units.differ,
    response.silent,
    response.low,
    answers.divided,
    answers.unknown,
    response.low_of_unit,
    response.uneven,
)


def added(publication: Publication, questionnaire: Questionnaire) -> Publication:
    """The publication with what its own figures say."""
    found = tuple(finding for rule in RULES for finding in rule(publication, questionnaire))
    return replace(publication, findings=found)
