"""Do the intervals and verdicts keep their promises? Seeded simulations of whole organizations, which can fail.

People have true scores on one latent trait a practice and answer three items with noise; what is estimated in the
product (dispersion, reliability) is estimated here too, and scores are rounded as they are published.
"""

from dataclasses import dataclass

import numpy as np
import pytest

from webapp.domain import comparison, intervals, scoring
from webapp.domain.comparison import Scores
from webapp.domain.quantiles import normal_cdf

TEAMS, ITEMS = 60, 3
BETWEEN = 0.15  # share of the trait's variance that lies between teams
LOADING = 0.70  # of an item on the trait: alpha of about .7
CUTS = {
    "symmetric": np.array([-1.2, -0.4, 0.4, 1.2]),
    "low": np.array([-0.2, 0.5, 1.1, 1.8]),
    "floor": np.array([0.7, 1.1, 1.5, 2.0]),
}


@dataclass(frozen=True)
class Organization:
    """A trait (teams, N) and how its people answer about it."""

    trait: np.ndarray
    cuts: np.ndarray

    def true_scores(self) -> np.ndarray:
        """What each person would answer on average, 0..100."""
        spread = np.sqrt(1 - LOADING**2)
        above = normal_cdf((LOADING * self.trait[..., np.newaxis] - self.cuts) / spread)
        return 25 * above.sum(axis=-1)

    def answers(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Item scores (teams, n, items) of n people of each team, chosen and answering anew."""
        teams, N = self.trait.shape
        chosen = np.argsort(rng.random((teams, N)), axis=1)[:, :n]
        trait = np.take_along_axis(self.trait, chosen, axis=1)
        noise = rng.normal(0, np.sqrt(1 - LOADING**2), (*trait.shape, ITEMS))
        return 25.0 * np.searchsorted(self.cuts, LOADING * trait[..., np.newaxis] + noise)


def organization(rng: np.random.Generator, N: int, cuts: np.ndarray, teams: int = TEAMS) -> Organization:
    team = rng.normal(0, np.sqrt(BETWEEN), (teams, 1))
    return Organization(team + rng.normal(0, np.sqrt(1 - BETWEEN), (teams, N)), cuts)


def published(items: np.ndarray, N: int, *, reflective: bool = True) -> Scores:
    """One practice of one wave as the product publishes it."""
    teams, n, J = items.shape
    groups = np.repeat(np.arange(teams), n)
    sums = scoring.group_sums(items.mean(axis=2).ravel(), groups, teams)
    r = intervals.reliability(items.reshape(-1, J), groups, reflective=reflective)
    return Scores(scoring.whole(sums.mean), n, N, intervals.published_phi(sums.n, sums.mean, sums.ss), r)


def wave(rng: np.random.Generator, n: int, N: int, cuts: np.ndarray) -> tuple[Scores, np.ndarray]:
    """Published scores and the true means behind them."""
    one = organization(rng, N, cuts)
    return published(one.answers(rng, n), N), one.true_scores().mean(axis=1)


RESPONSE = {5: (5, 6, 8), 8: (8, 10, 13), 12: (13, 16, 20), 20: (22, 25, 33), 40: (42, 50, 66)}


@pytest.mark.parametrize("shape", ["symmetric", "low"])
@pytest.mark.parametrize("n", list(RESPONSE))
def test_intervals_hold_the_true_means_of_nine_teams_in_ten(n: int, shape: str) -> None:
    rng = np.random.default_rng(11)
    exact, whole = [], []
    for N in RESPONSE[n] * 14:
        scores, truth = wave(rng, n, N, CUTS[shape])
        for found, (low, high) in ((exact, intervals.ends(*scores)), (whole, intervals.interval(*scores))):
            found.append((low <= truth) & (truth <= high))
    assert 0.875 <= np.mean(exact) <= 0.925
    assert 0.875 <= np.mean(whole) <= 0.925


@pytest.mark.parametrize("n", list(RESPONSE))
def test_where_most_people_answer_the_lowest_level_intervals_are_on_the_safe_side(n: int) -> None:
    rng = np.random.default_rng(12)
    found = []
    for N in RESPONSE[n] * 10:
        scores, truth = wave(rng, n, N, CUTS["floor"])
        low, high = intervals.interval(*scores)
        found.append((low <= truth) & (truth <= high))
    assert 0.875 <= np.mean(found) <= 0.955


@pytest.mark.parametrize(("n", "N"), [(100, 120), (150, 250), (300, 400), (1000, 1200)])
def test_in_large_units_whole_ends_hold_the_true_score_as_a_whole_number(n: int, N: int) -> None:
    rng = np.random.default_rng(13)
    exact, as_printed = [], []
    for _ in range(8):
        scores, truth = wave(rng, n, N, CUTS["symmetric"])
        low, high = intervals.ends(*scores)
        exact.append((low <= truth) & (truth <= high))
        low, high = intervals.interval(*scores)
        as_printed.append((low <= scoring.whole(truth)) & (scoring.whole(truth) <= high))
    assert 0.865 <= np.mean(exact) <= 0.935
    assert np.mean(as_printed) >= 0.88


def test_other_finite_population_factors_would_fail_these_tests() -> None:
    rng = np.random.default_rng(14)
    textbook, none = [], []
    for _ in range(20):
        scores, truth = wave(rng, 20, 25, CUTS["symmetric"])
        for found, r in ((textbook, 1.0), (none, 0.0)):
            low, high = intervals.ends(*scores._replace(r=r))
            found.append((low <= truth) & (truth <= high))
    assert np.mean(textbook) < 0.80
    assert np.mean(none) > 0.95


@pytest.mark.parametrize("reflective", [True, False])
@pytest.mark.parametrize(("N", "n1", "n2"), [(6, 6, 6), (8, 5, 6), (12, 12, 12), (25, 15, 20)])
def test_the_same_people_answering_twice_have_rarely_changed(
    N: int, n1: int, n2: int, *, reflective: bool
) -> None:
    rng = np.random.default_rng(5)
    alarms, verdicts = [], []
    for _ in range(30):
        one = organization(rng, N, CUTS["symmetric"])
        first, second = (published(one.answers(rng, n), N, reflective=reflective) for n in (n1, n2))
        change = comparison.difference(first, second)
        alarms.append(change.p < comparison.FALSE_SHARE)
        verdicts.append(alarms[-1] & (np.abs(change.d) >= comparison.LEAST_POINTS))
    assert np.mean(verdicts) <= 0.12
    assert 0.04 <= np.mean(alarms) <= 0.13  # the test is neither deaf nor nervous


def test_forty_teams_with_nine_practices_rarely_show_a_false_change() -> None:
    rng = np.random.default_rng(9)
    on_screen, on_page = [], []
    for _ in range(60):
        changes = []
        for practice in range(9):
            one = organization(rng, 12, CUTS["symmetric"], teams=40)
            both = (published(one.answers(rng, 12), 12, reflective=practice == 0) for _ in range(2))
            changes.append(comparison.difference(*both))
        p, d = np.array([change.p for change in changes]), np.array([change.d for change in changes])
        on_screen.append(comparison.flag(p.ravel(), d.ravel()).any())  # one family of 360
        on_page.append(comparison.flag(p.T, d.T).any(axis=1))  # a family a team
    assert np.mean(on_screen) <= 0.10
    assert np.mean(on_page) <= 0.10


def test_a_real_change_is_found_where_the_team_is_large_enough() -> None:
    rng = np.random.default_rng(3)
    found = []
    for _ in range(20):
        one = organization(rng, 25, CUTS["symmetric"])
        later = Organization(one.trait + 0.8, one.cuts)
        change = comparison.difference(
            published(one.answers(rng, 15), 25), published(later.answers(rng, 20), 25)
        )
        found.append(change.p < comparison.FALSE_SHARE)
    assert np.mean(found) > 0.8
