"""Which units are clearly above or below the rest, and which of them is an island."""

from collections.abc import Iterator, Sequence

import numpy as np

from webapp.domain import comparison
from webapp.domain.findings import chance
from webapp.domain.publication import INDEX, Finding, Publication, Tier, UnitResult
from webapp.domain.quantiles import normal_cdf
from webapp.domain.questionnaire import Questionnaire
from webapp.domain.spread import PRACTISING


def far_above(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Units whose index and at least a third of the practices are clearly above the rest."""
    yield from _far(publication, questionnaire, "above", "clearly_above")


def far_below(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Units whose index and at least a third of the practices are clearly below the rest."""
    yield from _far(publication, questionnaire, "below", "clearly_below")


def island(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Units far above whose people do what the organization as a whole does not: 60 or more there, under 60 here.

    Only in practices that people tell of themselves: those that ask about the team would make every team an island.
    """
    own = [one.key for one in questionnaire.practices if one.referent == "self"]
    root = publication.root.teams
    for place in _beyond_chance(publication, "above"):
        cells = publication.units[place].teams
        found = [
            key
            for key in own
            if key in cells
            and key in root
            and cells[key].tier == "above"
            and (cells[key].score or 0) >= PRACTISING > (root[key].score or 0)
        ]
        if found:
            first = max(found, key=lambda key: (cells[key].score or 0) - (root[key].score or 0))
            values: dict[str, int | str] = {
                "practices": ",".join(found),
                "score": cells[first].score or 0,
                "whole": root[first].score or 0,
            }
            yield Finding("island", place, first, values)


def _far(publication: Publication, questionnaire: Questionnaire, tier: Tier, code: str) -> Iterator[Finding]:
    found = []
    for place in _beyond_chance(publication, tier):
        unit = publication.units[place]
        flagged = in_tier(unit, questionnaire, tier)
        every = sum(one.key in unit.teams for one in questionnaire.practices)
        if len(flagged) * 3 >= every:
            values: dict[str, int | str] = {
                "practices": len(flagged),
                "of": every,
                "score": unit.teams[INDEX].score or 0,
            }
            found.append(Finding(code, place, None, values))
    found.sort(key=lambda finding: -int(finding.values["practices"]))
    yield from found


def in_tier(unit: UnitResult, questionnaire: Questionnaire, tier: Tier) -> list[str]:
    """The practices in which the unit stands there, beside the rest of the organization."""
    keys = [one.key for one in questionnaire.practices]
    return [key for key in keys if key in unit.teams and unit.teams[key].tier == tier]


def _beyond_chance(publication: Publication, tier: Tier) -> Sequence[int]:
    """The leaf units whose index stands there, also beyond the luck of who is in them."""
    root = publication.root.teams.get(INDEX)
    places = [
        place
        for place, unit in enumerate(publication.units)
        if INDEX in unit.teams and unit.teams[INDEX].tier is not None
    ]
    if root is None or root.score is None or not places:
        return ()
    known = publication.constants[INDEX]
    cells = [publication.units[place].teams[INDEX] for place in places]
    against = comparison.against_rest(
        chance.sample(cells, known), chance.sample([root], known), publication.smallest_group
    )
    sure = chance.called(against.p, against.d, chance.UNITS)
    return [
        place
        for place, one, beyond in zip(places, cells, sure.tolist(), strict=True)
        if beyond and one.tier == tier
    ]


def differ(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """In how many practices the shown leaf units differ at all, the practices being the family.

    The two ends of the practice in which they differ most surely are named where each is also clearly off the rest.
    """
    fields = {}
    for practice in questionnaire.practices:
        places = [
            place
            for place, unit in enumerate(publication.units)
            if unit.leaf and practice.key in unit.teams and unit.teams[practice.key].score is not None
        ]
        if len(places) > 1:
            fields[practice.key] = places
    if not fields:
        return
    tests = [_heterogeneity(publication, key, places) for key, places in fields.items()]
    found = comparison.benjamini_hochberg([p for p, _ratio in tests], chance.UNITS_AT_ALL)
    called = [
        (ratio, key) for (_p, ratio), key, sure in zip(tests, fields, found.tolist(), strict=True) if sure
    ]
    if called:
        key = max(called)[1]
        values: dict[str, int | str] = {"practices": len(called), "of": len(fields)}
        yield Finding("differ", 0, key, values | _ends(publication, key, fields[key]))


def _heterogeneity(publication: Publication, key: str, places: Sequence[int]) -> tuple[float, float]:
    """Cochran's test that all units have one score: p, and the ratio of what is seen to what chance gives."""
    cells = [publication.units[place].teams[key] for place in places]
    scores = chance.sample(cells, publication.constants[key])
    s, n = np.asarray(scores.s), np.asarray(scores.n)
    mean = float(np.sum(n * s) / n.sum())
    noise = np.asarray(scores.phi) * mean * (100 - mean) / n + chance.noise(cells)
    weight = 1 / noise
    middle = float(np.sum(weight * s) / weight.sum())
    seen, free = float(np.sum(weight * (s - middle) ** 2)), len(places) - 1
    return upper_chi_square(seen, free), seen / free


def upper_chi_square(x: float, free: int) -> float:
    """P(chi² > x) for `free` degrees of freedom, by the cube root of Wilson & Hilferty (1931)."""
    spread = 2 / (9 * free)
    return float(1 - normal_cdf(((x / free) ** (1 / 3) - 1 + spread) / spread**0.5))


def _ends(publication: Publication, key: str, places: Sequence[int]) -> dict[str, int | str]:
    ordered = sorted(places, key=lambda place: publication.units[place].teams[key].score or 0)
    lower, upper = publication.units[ordered[0]], publication.units[ordered[-1]]
    if (lower.teams[key].tier, upper.teams[key].tier) != ("below", "above"):
        return {}
    return {
        "upper": upper.name,
        "upper_score": upper.teams[key].score or 0,
        "lower": lower.name,
        "lower_score": lower.teams[key].score or 0,
    }
