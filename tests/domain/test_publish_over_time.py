"""Several waves: what an earlier publication forbids a later one to say exactly."""

from datetime import date

import numpy as np
import pytest

from tests.fixtures.small_waves import SmallWave, answered, small, unit
from webapp.domain.publication import INDEX, Publication

FIRST, SECOND = date(2026, 3, 31), date(2026, 6, 30)


def then(first: SmallWave, second: SmallWave, **values: object) -> Publication:
    """The publication of the second wave after the first."""
    return second.changed(earlier=(first.publication(),), closed=SECOND, id=2, **values).publication()


def test_a_team_that_one_joined_shows_a_multiple_of_five_and_nothing_finer() -> None:
    first = small({"p": 2}, {"A": 7, "B": 12}, {"A": ["2?"] * 6, "B": ["34"] * 11})
    second = small({"p": 2}, {"A": 8, "B": 12}, {"A": ["2?"] * 6 + ["54"], "B": ["34"] * 11})
    found = then(first, second)
    cell = unit(found, "A").teams["p"]
    exact = unit(second.publication(), "A").teams["p"]
    assert (exact.score, exact.guarded, exact.unknown) == (47, False, 43)
    assert (cell.score, cell.guarded, cell.n) == (45, True, 7)
    assert (cell.unknown, cell.agreement, cell.tier) == (None, None, None)
    assert (cell.low, cell.high) != (exact.low, exact.high)
    assert unit(found, "A").teams[INDEX].guarded
    assert not unit(found, "B").teams["p"].guarded
    assert not found.root.teams["p"].guarded  # 18 people are 2k or more


def test_the_strict_setting_leaves_a_band_and_nothing_else() -> None:
    first = small({"p": 1}, {"A": 7, "B": 12}, {"A": ["2"] * 6, "B": ["3"] * 11}, guard="strict")
    second = small({"p": 1}, {"A": 8, "B": 12}, {"A": ["2"] * 6 + ["5"], "B": ["3"] * 11}, guard="strict")
    found = then(first, second)
    cell = unit(found, "A").teams["p"]
    assert (cell.score, cell.low, cell.high, cell.guarded) == (None, None, None, False)
    assert (cell.n, cell.invited, cell.band) == (7, 8, 1)
    assert (cell.unknown, cell.agreement, cell.histogram, cell.tier) == (None, None, None, None)
    assert INDEX not in unit(found, "A").teams
    assert unit(found, "B").teams["p"].score is None  # else its difference to the whole would be A's number


def test_an_equal_head_count_guards_nothing() -> None:
    wave = small({"p": 1}, {"A": 7, "B": 12}, {"A": ["2"] * 6, "B": ["3"] * 11})
    assert not any(cell.guarded for one in then(wave, wave).units for cell in one.teams.values())


def test_a_team_that_gets_a_unit_below_it_is_still_the_same_people() -> None:
    first = small({"p": 1}, {"A": 7, "B": 12}, {"A": ["2"] * 7, "B": ["3"] * 11})
    second = small(
        {"p": 1},
        {"A": {"A (direct)": 7, "C": 1}, "B": 12},
        {"A (direct)": ["2"] * 7, "C": ["5"], "B": ["3"] * 11},
    )
    keys = {"u-A (direct)": "u-Ad"}
    nodes = tuple(
        node.__class__(keys.get(node.key, node.key), node.name, node.parent, node.headcount)
        for node in second.tree.nodes
    )
    found = then(first, second.changed(tree=second.tree.__class__(nodes)))
    assert unit(found, "A").teams["p"].guarded  # the seven and one more


def test_a_residual_group_that_one_joined_is_told_as_coarsely() -> None:
    parts = {"A": 12, "B": 4, "C": 4}
    first = small({"p": 1}, parts, {"A": ["3"] * 12, "B": ["2"] * 4, "C": ["4"] * 3})
    second = small({"p": 1}, {**parts, "C": 5}, {"A": ["3"] * 12, "B": ["2"] * 4, "C": ["4"] * 3 + ["5"]})
    assert [one.cell.guarded for one in first.publication().residuals] == [False, False]
    found = then(first, second)
    assert [(one.cell.n, one.cell.score, one.cell.guarded) for one in found.residuals] == [
        (8, 55, True),  # exactly 53
        (8, 55, True),
    ]


def test_a_team_whose_hidden_neighbour_has_gone_is_told_as_coarsely_as_both_were() -> None:
    # B went along with C; now B stands alone, and the difference would be C's two people
    first = small({"p": 1}, {"A": 12, "B": 6, "C": 2}, {"A": ["3"] * 12, "B": ["2"] * 6, "C": ["5"] * 2})
    second = small({"p": 1}, {"A": 12, "B": 6}, {"A": ["3"] * 12, "B": ["2"] * 6})
    assert not unit(first.publication(), "B").shown
    found = then(first, second)
    assert unit(found, "B").teams["p"].guarded
    assert not unit(found, "A").teams["p"].guarded


def test_after_two_years_nothing_is_guarded() -> None:
    first = small({"p": 1}, {"A": 7, "B": 12}, {"A": ["2"] * 6, "B": ["3"] * 11})
    second = small({"p": 1}, {"A": 8, "B": 12}, {"A": ["2"] * 7, "B": ["3"] * 11})
    late = second.changed(earlier=(first.publication(),), closed=date(2028, 4, 1), id=2).publication()
    assert not unit(late, "A").teams["p"].guarded


LEADS = {"A": 4, "B": 4}


def led(average: dict[str, list[str]], named: dict[str, list[str]]) -> SmallWave:
    wave = small({"p": 1}, {"A": 12, "B": 12}, {"A": ["3"] * 12, "B": ["3"] * 12}, LEADS)
    members = tuple(range(sum(map(len, named.values()))))
    return wave.changed(
        average=answered(wave.tree, average, 1), named=answered(wave.tree, named, 1), named_members=members
    )


def test_a_leader_who_chooses_a_name_has_left_the_average() -> None:
    first = led({"A": ["5"] * 4, "B": ["5"] * 3}, {})
    second = led({"A": ["5"] * 4, "B": ["5"] * 2}, {"B": ["1"]})
    found = then(first, second)
    assert found.root.leaders["p"].guarded
    assert found.root.leaders["p"].score == 95
    (finding,) = [one for one in found.findings if one.code == "leaders_more"]
    exact = [one for one in second.publication().findings if one.code == "leaders_more"]
    # the guarded number is known to five points only, so the gap's range is wider
    assert int(finding.values["low"]) <= int(exact[0].values["low"])
    assert found.root.leaders["p"].low is not None


@pytest.mark.parametrize("guard", ["standard", "strict"])
def test_nothing_finer_stands_beside_a_guarded_number_of_the_whole(guard: str) -> None:
    """Few answered the first time, so that the whole organization's number is guarded the second time."""
    random = np.random.default_rng(3)
    first = small({"p": 1}, {"A": 60}, {"A": ["2"] * 8}, guard=guard)
    rows = {"A": [str(level) for level in random.integers(1, 6, 55)]}
    second = small({"p": 1}, {"A": 61}, rows, guard=guard)
    assert second.publication().spread["p"].reach is not None
    found = then(first, second)
    assert found.root.teams["p"].guarded or found.root.teams["p"].score is None
    figures = found.spread["p"]
    assert (figures.reach, figures.top_share, figures.gini, figures.lorenz) == (None, None, None, None)
    assert found.root.teams["p"].histogram is None
