"""The leaders' average and the leaders who stand by name, in waves that can be added up on paper."""

from dataclasses import replace

from tests.fixtures.small_waves import answered, led_wave, tree, unit, wilson
from webapp.domain.publication import INDEX, Cell


def test_the_leaders_average_leaves_out_who_stands_by_name() -> None:
    found = led_wave().publication()
    cell = found.root.leaders["p"]
    # 100 five times and 75 over six: 95.8; seven were asked without the named one
    assert (cell.n, cell.invited, cell.score) == (6, 7, 95)
    assert [unit(found, name).leaders_asked for name in ("All", "A", "B", "C", "D")] == [1, 2, 2, 2, 0]
    assert found.leaders_answered == 6
    assert [one.name for one in found.units if one.leaders] == ["All"]
    assert found.leader_residuals == ()
    assert found.leader_constants == {key: found.constants[key] for key in ("p", INDEX)}
    assert cell.agreement is None
    assert cell.unknown is None


def test_a_named_leader_has_the_interval_of_one_measurement() -> None:
    found = led_wave().publication()
    (named,) = unit(found, "D").named
    assert named.member == 17
    assert named.cells["p"] == Cell(1, 1, 95, wilson(95, 1, 1, 0.2, 0.45)[0], 100, band=4)
    assert named.cells[INDEX].score == 95
    assert all(not one.named for one in found.units if one.name != "D")


def test_too_few_leaders_have_no_average_and_the_named_one_stands() -> None:
    wave = led_wave()
    few = wave.changed(average=answered(wave.tree, {"A": ["5", "5"], "B": ["5"]}, 1))
    found = few.publication()
    assert not any(one.leaders for one in found.units)
    assert found.leaders_answered is None
    assert unit(found, "D").named


def test_leaders_who_see_more_than_their_teams_are_found() -> None:
    found = led_wave().publication()
    (finding,) = [one for one in found.findings if one.code == "leaders_more"]
    assert (finding.unit, finding.practice) == (0, "p")
    assert {key: finding.values[key] for key in ("leaders", "teams", "gap")} == {
        "leaders": 95,
        "teams": 50,
        "gap": 45,
    }


def test_more_leaders_than_were_asked_do_not_turn_a_range_into_nonsense() -> None:
    wave = led_wave()
    none_asked = replace(wave, tree=tree({"A": 6, "B": 6, "C": 6, "D": 6}))
    cell = none_asked.publication().root.leaders["p"]
    assert (cell.n, cell.invited) == (6, 6)
    assert cell.low is not None
    assert cell.low < 95
