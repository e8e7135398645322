"""Which units stand apart, and whether units differ at all."""

from dataclasses import replace

import pytest
from scipy import stats

from tests.fixtures.small_waves import asked, small
from webapp.domain.findings import units
from webapp.domain.publication import Finding, Publication


def published(**levels: str) -> Publication:
    """Teams of twelve in which everybody gives the same level to both practices."""
    rows = {name: [2 * level] * 12 for name, level in levels.items()}
    return small(asked({"p": 1, "q": 1}), dict.fromkeys(rows, 12), rows).publication()


def said(publication: Publication, code: str) -> list[Finding]:
    return [one for one in publication.findings if one.code == code]


def test_a_team_far_above_is_an_island_where_the_whole_does_not_practise() -> None:
    found = published(A="5", B="2", C="2", D="2", E="2", F="2")
    (island,) = said(found, "island")
    assert (island.unit, island.practice) == (1, "p")
    assert island.values == {"practices": "p,q", "score": 95, "whole": 38}


def test_a_team_above_a_field_that_practises_is_no_island() -> None:
    found = published(A="5", B="4", C="4", D="4", E="4", F="4")
    assert said(found, "clearly_above")
    assert not said(found, "island")


def test_every_unit_that_stands_apart_is_kept_for_its_own_page() -> None:
    found = published(A="5", B="5", C="5", D="5", E="1", F="1", G="1", H="1")
    assert {one.unit for one in said(found, "clearly_above")} == {1, 2, 3, 4}
    assert {one.unit for one in said(found, "clearly_below")} == {5, 6, 7, 8}


def test_the_ends_are_named_only_where_both_stand_apart() -> None:
    found = published(A="5", B="3", C="3", D="3", E="3", F="1")
    (both,) = said(found, "differ")
    assert (both.values["upper"], both.values["lower"]) == ("A", "F")
    assert (both.values["practices"], both.values["of"]) == (2, 2)
    last = {key: replace(cell, tier="within") for key, cell in found.units[6].teams.items()}
    calm = replace(found, units=(*found.units[:6], replace(found.units[6], teams=last)))
    (one,) = units.differ(calm, asked({"p": 1, "q": 1}))
    assert "lower" not in one.values


def test_teams_that_all_say_the_same_do_not_differ() -> None:
    assert not said(published(A="3", B="3", C="3"), "differ")


@pytest.mark.parametrize("free", [1, 3, 9, 39, 399])
@pytest.mark.parametrize("p", [0.5, 0.1, 0.01, 0.001])
def test_the_tail_of_chi_square_is_close_enough_to_decide_by(free: int, p: float) -> None:
    assert units.upper_chi_square(float(stats.chi2.isf(p, free)), free) == pytest.approx(p, rel=0.2)
