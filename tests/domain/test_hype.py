"""Say and do: gaps of the same people, held against everybody else, and named only where that is sure."""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tests.fixtures.small_waves import SmallWave, asked, small
from webapp.domain import hype
from webapp.domain.hype import Figure, Gap, Pair, Standing
from webapp.domain.publication import Cell

TEAMS, N, HEADS = 12, 12, 15
OF = Pair("q_belief", "q1", "q")


def gap(place: int, say: float, do: float, n: int = N, invited: int = HEADS) -> Gap:
    points = round(say) - round(do)
    return Gap(
        place, Figure(round(say), 0, 0), Figure(round(do), 0, 0), n, invited, points, points - 9, points + 9
    )


def organization(guarded: tuple[int, ...] = (), teams: int = TEAMS) -> Any:
    """As much of a publication as the comparison reads."""
    cells = [
        SimpleNamespace(teams={OF.belief: Cell(N, HEADS, 50, 40, 60, 2, guarded=place in guarded)})
        for place in range(teams + 1)
    ]
    return SimpleNamespace(units=cells, smallest_group=5)


def simulated(random: np.random.Generator, shift: float = 0.0) -> tuple[Gap, list[Gap], float]:
    """Teams in which people believe 12 above what they do, each by a measure of their own; in the first `shift` more.

    Of what differences vary by within a team, about half is the people's own and half the noise of answering, and the
    mean of all people of a team is the same in each: nothing differs but by who answers, and by noise.
    """
    levels = np.arange(5) * 25.0

    def answers(mean: np.ndarray) -> np.ndarray:
        noisy = mean + random.normal(0, 15, mean.shape)
        return levels[np.clip(np.round(noisy / 25), 0, 4).astype(int)]

    person = random.normal(45, 10, (TEAMS, HEADS))
    own = random.normal(0, 23, (TEAMS, HEADS))
    own += 12 - own.mean(axis=1, keepdims=True)
    own[0] += shift
    use, belief = answers(person)[:, :N], answers(person + own)[:, :N]
    apart = belief - use
    variance = float(((apart - apart.mean(axis=1, keepdims=True)) ** 2).sum() / (TEAMS * (N - 1)))
    units = [gap(place + 1, belief[place].mean(), use[place].mean()) for place in range(TEAMS)]
    return gap(0, belief.mean(), use.mean(), TEAMS * N, TEAMS * HEADS), units, variance


def told(
    random: np.random.Generator, rounds: int, shift: float = 0.0
) -> tuple[list[list[str]], list[list[bool]]]:
    flagged, named = [], []
    for _round in range(rounds):
        whole, units, variance = simulated(random, shift)
        found = hype._beside(organization(), OF, whole, units, variance)
        flagged.append([one.beside for one in found])
        named.append([one.named for one in found])
    return flagged, named


def test_where_nothing_differs_hardly_any_unit_is_named() -> None:
    flagged, named = told(np.random.default_rng(5), 400)
    assert np.mean([any(word != "within" for word in one) for one in flagged]) < 0.2
    assert np.mean([any(one) for one in named]) < 0.04


def test_a_unit_far_ahead_is_found_and_named() -> None:
    flagged, named = told(np.random.default_rng(6), 200, shift=45)
    assert np.mean([one[0] == "more" for one in flagged]) > 0.9
    assert np.mean([one[0] for one in named]) > 0.6
    assert np.mean([any(one[1:]) for one in named]) < 0.04


def test_what_was_rounded_to_protect_anonymity_is_held_against_nothing() -> None:
    whole, units, variance = simulated(np.random.default_rng(7), 40)
    found = hype._beside(organization(guarded=(1,)), OF, whole, units, variance)
    assert found[0].beside == ""
    assert not found[0].named
    assert all(
        one.beside == "" for one in hype._beside(organization(guarded=(0,)), OF, whole, units, variance)
    )


def test_a_unit_of_more_than_half_is_held_against_nothing() -> None:
    found = hype._beside(organization(teams=1), OF, gap(0, 60, 40, 20, 24), [gap(1, 60, 40, 11, 13)], 500.0)
    assert found[0].beside == ""


# --- from a publication ----------------------------------------------------------------------------------------------


ASKED = asked({"p": 3, "q": 1}, unscored=["q"])


@pytest.fixture(scope="module")
def wave() -> SmallWave:
    """Four teams of fifteen; those of the second believe much and do little. Items p1 p2 p3 q1 q_belief."""
    random = np.random.default_rng(3)
    rows: dict[str, list[str]] = {}
    for team in "ABCD":
        use, belief = ([1, 2], [4, 5]) if team == "B" else ([2, 3, 4], [3, 4])
        rows[team] = [
            "".join(map(str, [*random.integers(1, 6, 3), random.choice(use), random.choice(belief)]))
            for _person in range(14)
        ]
    return small(ASKED, dict.fromkeys("ABCD", 15), rows)


def test_the_two_items_are_found_by_what_the_questionnaire_says() -> None:
    assert hype.pair(ASKED, "team") == OF
    assert hype.pair(ASKED, "leader") is None


def test_the_gaps_of_a_publication_are_of_published_figures(wave: SmallWave) -> None:
    published = wave.publication()
    found = hype.gaps(published, ASKED, OF)
    assert [one.place for one in found] == [0, 1, 2, 3, 4]
    for one in found:
        teams = published.units[one.place].teams
        assert one.belief.score == teams["q_belief"].score
        assert one.use.score == (teams["q"].item_means or {})["q1"]
        assert one.points == one.belief.score - one.use.score
        assert one.low <= one.points <= one.high
    assert found[2].beside == "more"
    assert found[2].named
    assert {one.beside for one in found if one.place not in {0, 2}} <= {"within", "less"}


def test_its_range_is_the_formula_of_the_difference_of_the_same_people(wave: SmallWave) -> None:
    published = wave.publication()
    variance = published.spread["q_belief"].mean_square_within
    assert variance is not None
    one = hype.gaps(published, ASKED, OF)[1]
    half = 1.6449 * (variance * (1 - 0.5 * one.n / one.invited) / one.n + 1 / 6) ** 0.5
    assert one.low == pytest.approx(one.points - half, abs=0.51)
    assert one.high == pytest.approx(one.points + half, abs=0.51)


def test_an_end_of_the_scale_is_open() -> None:
    assert hype._open_ends(95, 40) == (0, 5)
    assert hype._open_ends(60, 5) == (0, 5)
    assert hype._open_ends(5, 95) == (10, 0)
    assert hype._open_ends(50, 50) == (0, 0)


def test_without_item_means_or_a_variance_there_is_no_gap(wave: SmallWave) -> None:
    published = wave.publication()
    bare = replace(
        published.units[1],
        teams={k: replace(c, item_means=None) for k, c in published.units[1].teams.items()},
    )
    units = (published.units[0], bare, *published.units[2:])
    assert [one.place for one in hype.gaps(replace(published, units=units), ASKED, OF)] == [0, 2, 3, 4]
    assert hype.gaps(replace(published, spread={}), ASKED, OF) == ()


def test_who_says_more_is_tested_as_tiers_are(wave: SmallWave) -> None:
    found = hype.standing(wave.publication(), OF)
    assert found[2] == Standing("more", named=True)
    assert all(not one.named for place, one in found.items() if place != 2)


@pytest.mark.parametrize(
    ("figure", "least", "word"),
    [
        ((0, 25), 0, "less"),
        ((50, 75), 0, "more"),
        ((37.5, 42.5), 0, "more"),
        ((37.5, 42.5), 10, "within"),
        ((25, 50), 0, "within"),
        ((30, 36), 0, "within"),
    ],
)
def test_a_figure_from_outside_beside_that_of_the_whole(
    figure: tuple[float, float], least: float, word: str
) -> None:
    assert hype.beside(*figure, (32.5, 37.5), least=least) == word


def test_a_gap_moved_where_its_range_leaves_out_zero() -> None:
    earlier, later = gap(0, 60, 50), gap(0, 80, 40)
    assert hype.moved(earlier, later) == hype.Moved(30, 17, 43, called=True)
    assert not hype.moved(earlier, gap(0, 65, 50)).called
