"""Where leaders see otherwise than the people answer: the leaders' average, and a leader who stands by name.

Only on the questions that both were asked (`mirrors`). What they see is said of these very leaders, so they count as
what they are.
"""

from collections.abc import Iterator

from webapp.domain import comparison, mirrors
from webapp.domain.findings import chance
from webapp.domain.mirrors import Gap
from webapp.domain.publication import Finding, Publication
from webapp.domain.questionnaire import Questionnaire


def see_otherwise(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Practices in which leaders, as a group, see more or less than their teams: 10 points or more, beyond noise."""
    root = publication.root
    found = mirrors.gaps(publication, questionnaire, root.teams, root.leaders)
    beyond = comparison.benjamini_hochberg([gap.p for gap in found], chance.LEADERS)
    clear = [gap for gap, sure in zip(found, beyond.tolist(), strict=True) if sure and gap.called]
    for gap in sorted(clear, key=lambda gap: -abs(gap.points)):
        least, most = sorted((abs(gap.low), abs(gap.high)))
        values: dict[str, int | str] = {
            "leaders": gap.leaders,
            "teams": gap.teams,
            "gap": abs(gap.points),
            "low": least,
            "high": most,
        }
        yield Finding("leaders_more" if gap.points > 0 else "leaders_less", 0, gap.practice, values)


def named_sees_otherwise(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """A leader who stands by name and sees the unit otherwise than its people, and in how many practices.

    All practices together decide, over all such leaders; then those of one leader are a family.
    """
    views = [
        (place, len(unit.named), found, mirrors.gaps(publication, questionnaire, unit.teams, named.cells))
        for place, unit in enumerate(publication.units)
        for named in unit.named
        if (found := mirrors.together(publication, questionnaire, unit.teams, named.cells))
    ]
    beyond = comparison.benjamini_hochberg(
        [found.p for _place, _leads, found, _gaps in views], chance.LEADERS_BY_NAME
    )
    for (place, leads, found, gaps), sure in zip(views, beyond.tolist(), strict=True):
        points = found.leaders - found.teams
        if sure and abs(points) >= comparison.LEAST_GAP:
            values: dict[str, int | str] = {
                "practices": _called(gaps, points),
                "of": len(gaps),
                "lead": found.leaders,
                "score": found.teams,
                "leads": leads,
            }
            yield Finding("lead_more" if points > 0 else "lead_less", place, None, values)


def _called(gaps: tuple[Gap, ...], points: int) -> int:
    """In how many practices the gap is called and goes the same way."""
    return sum(gap.called and gap.points * points > 0 for gap in gaps)
