"""How a practice spreads over people and units: hardly at all, in islands, or broadly."""

from collections.abc import Iterator

from webapp.domain import spread
from webapp.domain.publication import Finding, Publication
from webapp.domain.questionnaire import Questionnaire
from webapp.domain.spread import Silo

CODES = {"few": "spread_few", "islands": "spread_islands", "broad": "spread_broad"}


def verdicts(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """The practices that people tell of themselves, by the verdict on how they spread."""
    found: dict[str, list[str]] = {}
    for practice in questionnaire.practices:
        figures = publication.spread.get(practice.key)
        if practice.referent == "self" and figures is not None and figures.reach is not None:
            word = spread.verdict(figures.reach, silo(publication, practice.key))
            found.setdefault(word, []).append(practice.key)
    for word, code in CODES.items():
        if keys := found.get(word):
            yield Finding(code, 0, keys[0], {"practices": ",".join(keys)})


def silo(publication: Publication, practice: str) -> Silo | None:
    """The silo index of a practice, from its shown leaf units and residual groups."""
    figures = publication.spread.get(practice)
    if figures is None or figures.mean_square_within is None:
        return None
    shown = [unit.teams[practice] for unit in publication.units if unit.leaf and practice in unit.teams]
    cells = [(one.n, one.score) for one in shown if one.score is not None]
    cells += [(n, score) for n, _invited, score in figures.residual_cells]
    if not cells:
        return None
    n, scores = zip(*cells, strict=True)
    return spread.silo(n, scores, figures.mean_square_within)
