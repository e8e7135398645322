"""What may be called a change."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from webapp.domain.publication import INDEX
from webapp.results import changes
from webapp.results.changes import Verdict
from webapp.results.reading import Reading

Changed = Callable[..., Reading]


@pytest.fixture
def series(kestrel: SimpleNamespace) -> Iterator[list[Reading]]:
    with kestrel.app.test_request_context():
        yield [
            Reading("kestrel", publication, asked)
            for publication, asked in zip(kestrel.made, kestrel.questionnaires, strict=True)
        ]


def test_a_large_change_is_called_and_a_small_one_is_not(series: list[Reading]) -> None:
    found = changes.between(series[2], series[3], "root")
    assert found["room_to_try"].points == 9
    assert found["room_to_try"].verdict is Verdict.ROSE
    assert found["room_to_try"].low > 0
    assert found["amplify"].verdict is Verdict.NONE
    assert found["amplify"].low < 0 < found["amplify"].high


def test_a_fall_is_called_a_fall(series: list[Reading]) -> None:
    assert changes.between(series[3], series[2], "root")["room_to_try"].verdict is Verdict.FELL


def test_a_range_without_zero_that_is_not_called_is_too_close_to_call(series: list[Reading]) -> None:
    assert changes.between(series[2], series[3], "root")[INDEX].verdict is Verdict.CLOSE


def test_nothing_is_called_beside_a_printed_range_that_holds_zero(
    series: list[Reading], changed: Changed
) -> None:
    """“Rose 5, likely 0 to 10” would contradict itself; the test alone calls some of these."""
    cell = {"n": 8, "invited": 10, "tier": None, "quarter": None}
    key = series[3].publication.units[2].key
    touching = 0
    for old in range(10, 80, 6):
        for points in (5, 6, 8, 10, 12):
            waves = [changed(series[3], 2, INDEX, score=score, **cell) for score in (old, old + points)]
            for earlier, later in (waves, waves[::-1]):
                found = changes.between(earlier, later, key)[INDEX]
                touching += 0 in {found.low, found.high}
                assert not (found.verdict.called and found.low <= 0 <= found.high)
                assert (found.verdict is Verdict.NONE) == (found.low <= 0 <= found.high)
    assert touching


def test_no_change_is_told_of_a_guarded_figure(series: list[Reading], changed: Changed) -> None:
    guarded = changed(series[3], 0, "room_to_try", score=50, guarded=True)
    assert "room_to_try" not in changes.between(series[2], guarded, "root")
    assert "room_to_try" not in changes.between(guarded, series[3], "root")


def test_no_change_is_told_of_a_figure_that_is_a_band_only(series: list[Reading], changed: Changed) -> None:
    only_band = changed(series[3], 0, "room_to_try", score=None, low=None, high=None)
    assert "room_to_try" not in changes.between(series[2], only_band, "root")


def test_a_unit_that_one_wave_lacks_has_no_change(series: list[Reading]) -> None:
    units = tuple(replace(unit, key=f"x{unit.key}") for unit in series[2].publication.units)
    other = Reading("kestrel", replace(series[2].publication, units=units), series[2].questionnaire)
    assert changes.between(other, series[3], "root") == {}


def test_a_practice_with_new_questions_only_has_no_change(series: list[Reading]) -> None:
    assert not changes.same_questions(series[1], series[2], "follow_value")
    assert changes.shared_items(series[1], series[2], "follow_value") is None
    assert "follow_value" not in changes.between(series[1], series[2], "root")


def test_the_index_is_measured_on_the_practices_that_still_compare(series: list[Reading]) -> None:
    found = changes.between(series[1], series[3], "root")[INDEX]
    assert (found.common, found.asked) == (7, 9)
    before, after = (series[place].publication.root.teams for place in (1, 3))
    shared = [key for key in before if key not in {INDEX, "follow_value", "build_and_check"}]
    means = [round(sum(teams[key].score for key in shared) / 7) for teams in (before, after)]
    assert found.points == means[1] - means[0]


def test_the_index_is_silent_where_too_few_practices_compare(series: list[Reading], changed: Changed) -> None:
    last = series[3]
    for key in ("solidify", "simplify"):
        last = changed(last, 0, key, score=50, guarded=True)
    assert INDEX not in changes.between(series[1], last, "root")


def test_a_change_across_new_questions_needs_the_means_of_the_shared_ones(
    series: list[Reading], kestrel: SimpleNamespace
) -> None:
    asked = kestrel.questionnaires[0]
    full = [
        Reading("kestrel", replace(one.publication, form="team"), questionnaire)
        for one, questionnaire in ((series[1], asked), (series[3], kestrel.questionnaires[3]))
    ]
    # Of the four items of the full form three kept their words, and both waves publish their means.
    items = changes.shared_items(full[0], full[1], "build_and_check")
    assert items is not None
    assert len(items) == 3

    def with_means(reading: Reading, value: int) -> Reading:
        root = reading.publication.root
        cell = replace(
            root.teams["build_and_check"],
            item_means=dict.fromkeys(items, value) | {"P9.T2": 5},
        )
        unit = replace(root, teams=dict(root.teams) | {"build_and_check": cell})
        return Reading("kestrel", replace(reading.publication, units=(unit,)), reading.questionnaire)

    found = changes.between(with_means(full[0], 20), with_means(full[1], 60), "root")["build_and_check"]
    assert (found.points, found.common, found.asked) == (40, 3, 4)
    assert "build_and_check" not in changes.between(full[0], full[1], "root")


def test_small_units_can_only_show_large_changes(reading: Reading) -> None:
    small = changes.recognizable(reading, reading.unit(15).teams[INDEX])
    large = changes.recognizable(reading, reading.unit(0).teams[INDEX])
    assert small[0] > large[0] >= 5
    assert small[0] <= small[1]


def without(reading: Reading, *keys: str) -> Reading:
    root = reading.publication.root
    teams = {key: cell for key, cell in root.teams.items() if key not in keys}
    publication = replace(reading.publication, units=(replace(root, teams=teams),))
    return Reading(reading.slug, publication, reading.questionnaire)


def test_a_practice_that_one_wave_hides_does_not_move_the_index(
    series: list[Reading], changed: Changed
) -> None:
    """Without its highest practice a unit's index falls, though nobody answered otherwise."""
    same = without(series[3])
    lower = changed(without(series[3], "room_to_try", "decentralize"), 0, INDEX, score=30)
    for earlier, later in ((same, lower), (lower, same)):
        found = changes.between(earlier, later, "root")[INDEX]
        assert (found.points, found.common, found.asked) == (0, 7, 9)
        assert found.verdict is Verdict.NONE


def test_the_index_is_silent_where_too_few_practices_are_shown_in_both(series: list[Reading]) -> None:
    one, other = without(series[2], "solidify", "simplify"), without(series[3], "amplify", "open_doors")
    assert INDEX not in changes.between(one, other, "root")
    assert "decentralize" in changes.between(one, other, "root")


def test_new_weights_alone_do_not_move_the_index(series: list[Reading], changed: Changed) -> None:
    last = series[3]
    heavier = last.questionnaire.model_copy(
        update={
            "practices": tuple(
                practice.model_copy(update={"weight": 9.0 if practice.key == "simplify" else 1.0})
                for practice in last.questionnaire.practices
            )
        }
    )
    weighted = changed(Reading("kestrel", last.publication, heavier), 0, INDEX, score=36)
    found = changes.between(last, weighted, "root")[INDEX]
    assert (found.points, found.verdict) == (0, Verdict.NONE)


def test_means_of_shared_items_are_rounded_one_way(series: list[Reading]) -> None:
    """50.5 and 51.5 are one point apart; rounding halves to even would make them two."""
    assert changes._rounded(50.5) == 51
    assert changes._rounded(51.5) == 52
    assert series


def test_the_verdicts_of_many_units_are_those_of_each(series: list[Reading]) -> None:
    units = [unit.key for unit in series[3].publication.units]
    for earlier in (series[0], series[2]):
        many = changes.of_index(earlier, series[3], [*units, "u-unknown"])
        each = {key: changes.between(earlier, series[3], key).get(INDEX) for key in units}
        assert many == {key: change for key, change in each.items() if change}
        assert many


def test_whether_two_waves_compare_at_all(series: list[Reading]) -> None:
    assert changes.comparable(series[1], series[2], INDEX)
    assert changes.comparable(series[1], series[2], "amplify")
    assert not changes.comparable(series[1], series[2], "follow_value")
    assert not changes.comparable(series[1], series[2], "no_such_practice")


def test_a_full_form_and_a_core_form_compare_on_the_core_questions(
    series: list[Reading], kestrel: SimpleNamespace
) -> None:
    """Two of four questions are in both: enough where their means are published, else nothing is told."""
    asked = kestrel.questionnaires[0]
    full = Reading("kestrel", replace(series[0].publication, form="team"), asked)
    core = Reading("kestrel", series[1].publication, asked)
    shared = changes.shared_items(full, core, "amplify")
    assert shared == ("P5.T1", "P5.T2")

    def with_means(reading: Reading, values: dict[str, int], score: int) -> Reading:
        root = reading.publication.root
        cell = replace(root.teams["amplify"], item_means=values, score=score)
        unit = replace(root, teams=dict(root.teams) | {"amplify": cell})
        return Reading("kestrel", replace(reading.publication, units=(unit,)), asked)

    # The questions that the core form leaves out are the easy ones: its score falls, the people did not.
    four = {"P5.T1": 30, "P5.T2": 32, "P5.T3": 70, "P5.T5": 72}
    found = changes.between(
        with_means(full, four, 51), with_means(core, {"P5.T1": 30, "P5.T2": 32}, 31), "root"
    )
    assert (found["amplify"].points, found["amplify"].common, found["amplify"].asked) == (0, 2, 4)
    assert (found[INDEX].common, found[INDEX].asked) == (9, 9)
    assert not found["amplify"].whole, "51 and 31 are no change of 0"
    assert not found[INDEX].whole
    assert changes.comparable(full, core, INDEX)
    assert "amplify" not in changes.between(full, with_means(core, {}, 31), "root")


def test_a_change_of_the_published_scores_says_so(series: list[Reading]) -> None:
    found = changes.between(series[2], series[3], "root")
    assert {one.whole for one in found.values()} == {True}
    for key, one in found.items():
        then, now = (reading.publication.root.teams[key].score or 0 for reading in series[2:])
        assert one.points == now - then
