"""With nothing different anywhere, hardly ever is a comparing sentence said. Seeded; it can fail.

People of forty teams have an inclination of their own, the same on average everywhere, and answer a question a practice
with noise; leaders see their teams as they are. What is published is made by the real `publish`. Over 150 waves of each
size the share of waves with such a sentence was .06 to .14; forty waves get a little room for their luck.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest

from tests.fixtures.small_waves import SmallWave, asked, tree
from webapp.domain.findings import chance
from webapp.domain.intervals import Scores
from webapp.domain.measures import Answers
from webapp.domain.publication import Cell, Constants, Finding, Publication

PRACTICES = [f"p{number}" for number in range(9)]
CUTS = np.array([-1.2, -0.4, 0.4, 1.2])
LOADING, GENERAL = 0.7, 0.5  # of an answer on the inclination; of that, shared by all practices
ENDS = {"highest", "highest_few", "lowest", "lowest_few"}
COMPARING = {
    *ENDS,
    "island",
    "clearly_above",
    "clearly_below",
    "differ",
    "leaders_more",
    "leaders_less",
    "lead_more",
    "lead_less",
    "spread_islands",
    "practices_apart",
}
NAMED = 8


@dataclass(frozen=True)
class Size:
    teams: int
    people: int
    answering: int


def answers(rng: np.random.Generator, inclination: np.ndarray) -> np.ndarray:
    noise = rng.normal(0, np.sqrt(1 - LOADING**2), inclination.shape)
    return (1 + np.searchsorted(CUTS, LOADING * inclination + noise)).astype(np.uint8)


def sheets(levels: np.ndarray, places: np.ndarray) -> Answers:
    return Answers(levels, np.zeros(levels.shape, dtype=bool), places)


def wave(rng: np.random.Generator, size: Size, lift: float = 0.0) -> SmallWave:
    """`lift` puts the first team above the others, in standard deviations of a person."""
    shape = (size.teams, size.people)
    people = np.sqrt(GENERAL) * rng.normal(size=(*shape, 1)) + np.sqrt(1 - GENERAL) * rng.normal(
        size=(*shape, 9)
    )
    people[0] += lift
    names = [f"T{number}" for number in range(size.teams)]
    of = tree(dict.fromkeys(names, size.people), dict.fromkeys(names, 1))
    leaves = np.arange(1, size.teams + 1)
    levels = answers(rng, people[:, : size.answering]).reshape(-1, 9)
    seen = answers(rng, people.mean(axis=1))
    return SmallWave(
        asked(dict.fromkeys(PRACTICES, 1)),
        of,
        sheets(levels, np.repeat(leaves, size.answering)),
        average=sheets(seen[NAMED:], leaves[NAMED:]),
        named=sheets(seen[:NAMED], leaves[:NAMED]),
        named_members=tuple(range(NAMED)),
    )


def compared(publication: Publication) -> set[str]:
    """Codes of the comparing findings that a reader of the whole meets."""
    return {one.code for one in publication.findings if one.code in COMPARING and _on_overview(one)}


def _on_overview(finding: Finding) -> bool:
    return finding.unit == 0 or finding.code not in ENDS


@pytest.mark.parametrize("size", [Size(40, 12, 9), Size(40, 12, 12), Size(12, 8, 5)], ids=str)
def test_with_nothing_different_a_comparing_sentence_is_rarely_said(size: Size) -> None:
    rng = np.random.default_rng(1)
    said = [bool(compared(wave(rng, size).publication())) for _ in range(40)]
    assert np.mean(said) <= 0.15


def test_on_a_units_own_page_the_ends_of_its_practices_are_rarely_told() -> None:
    rng = np.random.default_rng(2)
    told = [
        len({one.unit for one in wave(rng, Size(40, 12, 9)).publication().findings if one.code in ENDS}) / 41
        for _ in range(5)
    ]
    assert np.mean(told) <= 0.02


def test_one_team_far_ahead_is_found() -> None:
    rng = np.random.default_rng(3)
    found = []
    for _ in range(5):
        publication = wave(rng, Size(40, 12, 9), lift=2.0).publication()
        found.append(
            {(one.code, one.unit) for one in publication.findings} >= {("clearly_above", 1), ("island", 1)}
        )
    assert np.mean(found) >= 0.9


def test_families_that_count_people_as_a_census_would_fail_this(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(1)
    waves = [wave(rng, Size(40, 12, 12)) for _ in range(8)]

    def census(cells: Sequence[Cell], constants: Constants | Sequence[Constants]) -> Scores:
        known = [constants] * len(cells) if isinstance(constants, Constants) else constants
        return sample(cells, constants)._replace(r=np.array([one.r for one in known]))

    sample = chance.sample
    monkeypatch.setattr(chance, "sample", census)
    assert np.mean([bool(compared(one.publication())) for one in waves]) > 0.5
