"""Where leaders see otherwise than the people answer: the leaders' average, and a leader who stands by name."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from webapp.domain import comparison
from webapp.domain.cells import COARSE
from webapp.domain.findings import chance
from webapp.domain.intervals import Scores
from webapp.domain.publication import INDEX, Cell, Constants, Finding, Publication
from webapp.domain.questionnaire import Questionnaire


def see_otherwise(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """Practices in which leaders, as a group, see more or less than their teams: 10 points or more, beyond noise.

    The practices are one family.
    """
    ours, theirs = publication.root.teams, publication.root.leaders
    keys = [one.key for one in questionnaire.practices if _numbers(ours.get(one.key), theirs.get(one.key))]
    if not keys:
        return
    people = chance.census([ours[key] for key in keys], [publication.constants[key] for key in keys])
    leaders = chance.census(
        [theirs[key] for key in keys], [publication.leader_constants[key] for key in keys]
    )
    noise = chance.noise([ours[key] for key in keys], [theirs[key] for key in keys])
    points = np.asarray(leaders.s) - np.asarray(people.s)
    beyond = chance.called(chance.apart(people, leaders, noise), points, comparison.LEAST_GAP)
    found = [_gap(publication, key) for key, sure in zip(keys, beyond.tolist(), strict=True) if sure]
    yield from sorted((one for one in found if one), key=lambda finding: -int(finding.values["gap"]))


def _numbers(*cells: Cell | None) -> bool:
    return all(one is not None and one.score is not None for one in cells)


def _gap(publication: Publication, key: str) -> Finding | None:
    ours, theirs = publication.root.teams[key], publication.root.leaders[key]
    gap = comparison.leader_gap(
        _scores(theirs, publication.leader_constants[key]),
        _scores(ours, publication.constants[key]),
        step=COARSE if ours.guarded or theirs.guarded else 1.0,
    )
    if not int(gap.verdict):
        return None
    points = (theirs.score or 0) - (ours.score or 0)
    values: dict[str, int | str] = {
        "leaders": theirs.score or 0,
        "teams": ours.score or 0,
        "gap": abs(points),
        "low": int(np.floor(min(abs(float(gap.low)), abs(float(gap.high))) + 0.5)),
        "high": int(np.floor(max(abs(float(gap.low)), abs(float(gap.high))) + 0.5)),
    }
    return Finding("leaders_more" if points > 0 else "leaders_less", 0, key, values)


def _scores(cell: Cell, constants: Constants) -> Scores:
    return Scores(s=cell.score or 0, n=cell.n, N=cell.invited, phi=constants.phi, r=constants.r)


@dataclass(frozen=True, slots=True)
class _View:
    """A named leader's score beside that of the unit; `row` counts the leaders."""

    place: int
    row: int
    key: str
    lead: Cell
    people: Cell


def named_sees_otherwise(publication: Publication, questionnaire: Questionnaire) -> Iterator[Finding]:
    """A leader who stands by name and sees the unit otherwise than its people, and in how many practices.

    The index decides, over all such leaders; then the practices of those are one family. Each view is one measurement
    of what that leader thinks.
    """
    wholes = _views(publication, [INDEX])
    signs = _called(publication, wholes, chance.FALSE_SHARE)
    otherwise = {view.row for view, sign in zip(wholes, signs, strict=True) if sign}
    parts = [
        view
        for view in _views(publication, [one.key for one in questionnaire.practices])
        if view.row in otherwise
    ]
    counted = Counter(
        (view.row, sign)
        for view, sign in zip(parts, _called(publication, parts, comparison.FALSE_SHARE), strict=True)
    )
    for view, sign in zip(wholes, signs, strict=True):
        if sign:
            values: dict[str, int | str] = {
                "practices": counted[view.row, sign],
                "of": sum(one.row == view.row for one in parts),
                "lead": view.lead.score or 0,
                "score": view.people.score or 0,
                "leads": len(publication.units[view.place].named),
            }
            yield Finding("lead_more" if sign > 0 else "lead_less", view.place, None, values)


def _views(publication: Publication, keys: Sequence[str]) -> list[_View]:
    """Every pair of numbers."""
    leads = [(place, unit, named) for place, unit in enumerate(publication.units) for named in unit.named]
    return [
        _View(place, row, key, named.cells[key], unit.teams[key])
        for row, (place, unit, named) in enumerate(leads)
        for key in keys
        if _numbers(named.cells.get(key), unit.teams.get(key))
    ]


def _called(publication: Publication, views: Sequence[_View], false_share: float) -> list[int]:
    """1 where the leader sees more, -1 where less, 0 where neither may be said."""
    if not views:
        return []
    known = [publication.constants[view.key] for view in views]
    leads, people = [view.lead for view in views], [view.people for view in views]
    one, other = chance.census(people, known), chance.census(leads, known)
    points = np.asarray(other.s) - np.asarray(one.s)
    p = chance.apart(one, other, chance.noise(people, leads))
    sure = comparison.benjamini_hochberg(p, false_share) & (np.abs(points) >= comparison.LEAST_GAP)
    return [int(sign) for sign in np.where(sure, np.sign(points), 0)]
