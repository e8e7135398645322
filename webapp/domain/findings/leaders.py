"""Where the leaders' average differs from what the people say."""

from collections.abc import Iterator

import numpy as np

from webapp.domain import comparison
from webapp.domain.cells import COARSE
from webapp.domain.intervals import Scores
from webapp.domain.publication import Cell, Constants, Finding, Publication
from webapp.domain.questionnaire import Questionnaire

MOST_NAMED = 3


def see_otherwise(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Practices in which leaders, as a group, see more or less than their teams: beyond noise and 10 points or more."""
    found = []
    for practice in questionnaire.practices:
        ours = publication.root.teams.get(practice.key)
        theirs = publication.root.leaders.get(practice.key)
        if ours is None or theirs is None or ours.score is None or theirs.score is None:
            continue
        gap = comparison.leader_gap(
            _scores(theirs, publication.leader_constants[practice.key]),
            _scores(ours, publication.constants[practice.key]),
            step=COARSE if ours.guarded or theirs.guarded else 1.0,
        )
        points = theirs.score - ours.score
        if int(gap.verdict):
            code = "leaders_more" if points > 0 else "leaders_less"
            values = {
                "leaders": theirs.score,
                "teams": ours.score,
                "gap": abs(points),
                "low": int(np.floor(min(abs(float(gap.low)), abs(float(gap.high))) + 0.5)),
                "high": int(np.floor(max(abs(float(gap.low)), abs(float(gap.high))) + 0.5)),
            }
            found.append(Finding(code, 0, practice.key, values))
    found.sort(key=lambda finding: -int(finding.values["gap"]))
    yield from found[:MOST_NAMED]


def _scores(cell: Cell, constants: Constants) -> Scores:
    return Scores(s=cell.score or 0, n=cell.n, N=cell.invited, phi=constants.phi, r=constants.r)
