"""The demo's register tells its story, is the same each time for a seed, and fits demos of any size."""

from collections import Counter
from statistics import median

import pytest
from flask import Flask

from tests.fixtures.organizations import create, import_units
from webapp import demo
from webapp.demo import experiments
from webapp.domain.experiment_list import as_csv
from webapp.domain.experiments import Reason
from webapp.experiments import queries
from webapp.experiments.queries import Chosen, Listed

ENGINEERING = ("Booking", "Mobile", "Tracking")


def listed(app: Flask, slug: str = "acme", *, teams: int = 14, waves: int = 4, seed: int = 2) -> list[Listed]:
    """The register of an organization with the demo's teams, without its waves."""
    organization = create(app, slug, slug.title())
    with app.app_context():
        plan = demo._plan(teams, 160)
        text = demo._csv(plan).decode()
    import_units(app, organization, text)
    with app.app_context():
        likes = {team: demo._like(team) for team in plan.teams}
        experiments.add(organization, likes, waves=waves, seed=seed)
        return queries.everything(organization.id, Chosen())


@pytest.fixture
def story(app: Flask) -> list[Listed]:
    return listed(app)


def test_about_forty_tell_who_ships_and_where_ideas_wait(story: list[Listed]) -> None:
    assert 38 <= len(story) <= 44
    shipped = Counter(one.unit for one in story if one.entry.live_on)
    assert shipped.most_common(1)[0][0] == demo.ISLAND
    assert shipped[demo.ISLAND] >= 6
    operations = [one for one in story if one.unit in demo.TEAMS["Operations"]]
    assert len(operations) >= 8
    assert not [one for one in operations if one.entry.first_user_on]
    stopped = [one.entry for one in story if one.entry.end_reason is Reason.STOPPED]
    assert len(stopped) >= 3
    assert all(one.rule_before_start for one in stopped)
    assert {one.entry.end_reason for one in story} == {None, *Reason}


def test_engineering_gets_faster_wave_by_wave(story: list[Listed]) -> None:
    ideas = sorted((one.entry for one in story if one.unit in ENGINEERING), key=lambda entry: entry.idea_on)
    days = [(one.first_user_on - one.idea_on).days for one in ideas if one.first_user_on]
    thirds = [median(days[start : start + 3]) for start in range(0, len(days) - 2, 3)]
    assert thirds == sorted(thirds, reverse=True)
    assert thirds[0] > 3 * thirds[-1]


def test_a_seed_makes_the_same_register_again(app: Flask) -> None:
    one, same, other = (
        as_csv((row.unit, row.entry) for row in listed(app, slug, seed=seed))
        for slug, seed in (("one", 2), ("two", 2), ("three", 3))
    )
    assert one == same
    assert one != other


@pytest.mark.parametrize(("teams", "waves"), [(1, 1), (3, 2), (14, 1), (30, 12)])
def test_it_fits_demos_of_any_size(app: Flask, teams: int, waves: int) -> None:
    found = listed(app, teams=teams, waves=waves)
    assert len({one.unit for one in found}) <= teams
    assert found or teams == 1
    if waves == 1:
        assert len(found) < 20
