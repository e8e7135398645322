"""What a member sees of a publication."""

from dataclasses import replace

from webapp.domain.publication import Residual
from webapp.results.reading import Reading, unit_id


def test_the_key_of_a_unit_and_of_its_direct_staff_name_the_same_unit() -> None:
    assert unit_id("u12") == unit_id("u12d") == 12
    assert unit_id("root") is None


def test_without_a_span_everything_is_seen(reading: Reading) -> None:
    assert reading.visible == tuple(range(19))
    assert len(reading.teams) == 14
    assert len(reading.shown_teams) == 11


def test_a_leader_sees_the_own_units_and_the_whole(reading: Reading) -> None:
    ids = frozenset(unit_id(reading.publication.units[place].key) for place in range(14, 19))
    mine = Reading("kestrel", reading.publication, reading.questionnaire, ids)
    assert mine.visible == (0, 14, 15, 16, 17, 18)
    assert mine.children == {0: (14,), 14: (15, 16, 17, 18)}
    assert mine.groups == {}
    assert mine.ancestors(16) == [0, 14]


def test_a_unit_whose_parent_is_out_of_sight_hangs_below_the_whole(reading: Reading) -> None:
    ids = frozenset({unit_id(reading.publication.units[16].key)})
    mine = Reading("kestrel", reading.publication, reading.questionnaire, ids)
    assert mine.children == {0: (16,)}
    assert mine.ancestors(16) == [0]


def test_a_hidden_unit_knows_its_residual_group(reading: Reading) -> None:
    group = reading.group_of(7)
    assert group is not None
    assert (group.below, group.units) == (5, (7, 8))
    assert reading.group_of(17) is None


def test_a_residual_group_with_units_out_of_sight_is_not_offered(reading: Reading) -> None:
    ids = frozenset(unit_id(reading.publication.units[place].key) for place in (5, 6, 7))
    assert Reading("kestrel", reading.publication, reading.questionnaire, ids).groups == {}


def test_a_unit_below_a_hidden_one_belongs_to_the_group_of_that_one(reading: Reading) -> None:
    units = list(reading.publication.units)
    units[5] = replace(units[5], teams={})
    cell = reading.publication.residuals[0].cell
    whole = replace(reading.publication, units=tuple(units), residuals=(Residual(0, (5,), "index", cell),))
    group = Reading("kestrel", whole, reading.questionnaire).group_of(7)
    assert group is not None
    assert group.below == 0
