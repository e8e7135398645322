"""Leaders against their teams, like with like."""

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tests.fixtures.small_waves import asked, led_wave
from webapp.domain import mirrors
from webapp.domain.intervals import interval
from webapp.domain.publication import Cell, Constants, Publication
from webapp.domain.questionnaire import Questionnaire
from webapp.domain.questionnaire_file import read

BUILT_IN = Path(__file__).parents[2] / "questionnaires" / "ai-adoption-1.yaml"
KNOWN = Constants(phi=0.2, r=0.65)
NINE = dict.fromkeys("abcdefghi", 2)


@cache
def built_in() -> Questionnaire:
    return read(BUILT_IN.read_text(encoding="utf-8"), BUILT_IN.name)


def cell(
    score: int, n: int = 100, invited: int = 150, means: Mapping[str, int] | None = None, **more: object
) -> Cell:
    low, high = interval(score, n, invited, KNOWN.phi, KNOWN.r)
    plain = Cell(n, invited, score, int(low), int(high), min(4, score // 20), item_means=means)
    return replace(plain, **more)  # type: ignore[arg-type]  # the fields of a cell


@cache
def wave() -> Publication:
    known = dict.fromkeys((*NINE, "p"), KNOWN)
    return replace(led_wave().publication(), constants=known, leader_constants=known)


def nine(leaders: list[int], teams: list[int], n: int = 5, invited: int = 7) -> list[bool]:
    """Which of nine practices are called for leaders who answered one of two questions, as published."""
    found = mirrors.gaps(
        wave(),
        asked(NINE),
        {
            key: cell(50, means={f"{key}1": score, f"{key}2": 50})
            for key, score in zip(NINE, teams, strict=True)
        },
        {key: cell(score, n, invited) for key, score in zip(NINE, leaders, strict=True)},
    )
    return [gap.called for gap in found]


@pytest.mark.parametrize(
    ("form", "leader_form", "expected"),
    [("team-core", "leader-core", ("P3.T1",)), ("team", "leader", ("P3.T1", "P3.T3"))],
)
def test_the_built_in_forms_mirror_a_part_of_each_practice(
    form: str, leader_form: str, expected: tuple[str, ...]
) -> None:
    found = mirrors.mirrored(built_in(), form, leader_form)
    assert set(found) == {practice.key for practice in built_in().practices}
    assert found["solidify"] == expected
    asked_items = {item.key for item in built_in().items(form)}
    assert all(set(items) < asked_items for items in found.values())


def test_teams_stand_with_the_mirrored_question_and_not_with_the_practice() -> None:
    """The easy one of two questions, as the demo has it: 64 and 42 make a practice score of 53."""
    teams = {"a": cell(53, means={"a1": 64, "a2": 42})}
    (gap,) = mirrors.gaps(wave(), asked({"a": 2}), teams, {"a": cell(75, 5, 7)})
    assert (gap.leaders, gap.teams, gap.points) == (75, 64, 11)
    assert not gap.whole
    assert gap.items == ("a1",)


def test_two_mirrored_questions_are_averaged_and_stay_in_the_bounds_of_scores() -> None:
    form = built_in()
    teams = {"solidify": cell(50, means={"P3.T1": 3, "P3.T3": 4, "P3.T2": 90, "P3.T5": 95})}
    full = replace(
        wave(), form="team", leader_form="leader", constants={"solidify": KNOWN}, leader_constants={}
    )
    (gap,) = mirrors.gaps(full, form, teams, {"solidify": cell(40, 8, 9)})
    assert gap.teams == 5
    assert gap.items == ("P3.T1", "P3.T3")


def test_without_the_mirrored_question_nothing_is_compared() -> None:
    leaders = {"a": cell(75, 5, 7)}
    form = asked({"a": 2})
    assert mirrors.gaps(wave(), form, {"a": cell(40)}, leaders) == ()
    assert mirrors.gaps(wave(), form, {"a": cell(40, means={"a2": 30})}, leaders) == ()
    assert mirrors.gaps(wave(), form, {}, leaders) == ()
    assert mirrors.gaps(wave(), form, {"a": cell(40, means={"a1": 30})}, {}) == ()


def test_the_practice_score_stands_where_all_its_questions_are_mirrored() -> None:
    (gap,) = mirrors.gaps(wave(), asked({"a": 1}), {"a": cell(40)}, {"a": cell(75, 5, 7)})
    assert (gap.teams, gap.whole, gap.called) == (40, True, True)


def test_bands_alone_are_never_compared() -> None:
    form, teams, leaders = asked({"a": 1}), cell(40), cell(75, 5, 7)
    bands = [replace(one, score=None, low=None, high=None) for one in (teams, leaders)]
    assert mirrors.gaps(wave(), form, {"a": bands[0]}, {"a": leaders}) == ()
    assert mirrors.gaps(wave(), form, {"a": teams}, {"a": bands[1]}) == ()


def test_a_rounded_score_makes_the_range_wider() -> None:
    form = asked({"a": 1})
    (exact,) = mirrors.gaps(wave(), form, {"a": cell(40)}, {"a": cell(75, 5, 7)})
    (rounded,) = mirrors.gaps(wave(), form, {"a": cell(40, guarded=True)}, {"a": cell(75, 5, 7)})
    assert rounded.high - rounded.low > exact.high - exact.low


def test_leaders_who_were_asked_anything_else_are_not_compared_there() -> None:
    text = BUILT_IN.read_text(encoding="utf-8").replace("        mirrors: P3.T1\n", "", 1)
    found = mirrors.mirrored(read(text, BUILT_IN.name), "team", "leader")
    assert "solidify" not in found
    assert len(found) == len(built_in().practices) - 1


def test_a_wave_without_leaders_has_no_gaps() -> None:
    alone = replace(wave(), leader_form=None)
    assert mirrors.gaps(alone, asked({"a": 1}), {"a": cell(40)}, {"a": cell(75, 5, 7)}) == ()


def test_a_part_of_a_practice_is_less_reliable_and_holds_what_people_truly_differ_by() -> None:
    assert mirrors.on_items(KNOWN, 2, 2) == Constants(0.2, pytest.approx(0.65))
    for items in (1, 2, 3):
        part = mirrors.on_items(KNOWN, 4, items)
        assert part.r < KNOWN.r
        assert part.phi * part.r == pytest.approx(KNOWN.phi * KNOWN.r, rel=0.02)
    assert mirrors.on_items(Constants(1.0, 0.3), 4, 1).phi == 1


def test_leaders_own_dispersion_is_of_the_mirrored_questions_already() -> None:
    teams, leaders = {"a": cell(40, means={"a1": 40, "a2": 40})}, {"a": cell(60, 40, 50)}
    borrowed = wave()
    own = replace(borrowed, leader_constants={"a": Constants(0.19, KNOWN.r)})
    (wide,), (narrow,) = (mirrors.gaps(one, asked({"a": 2}), teams, leaders) for one in (borrowed, own))
    assert narrow.high - narrow.low < wide.high - wide.low


def test_a_named_leader_is_one_measurement_and_needs_a_wide_gap() -> None:
    teams = {"a": cell(36, 12, 18, means={"a1": 36, "a2": 40})}
    (near,) = mirrors.gaps(wave(), asked({"a": 2}), teams, {"a": cell(63, 1, 1)})
    (far,) = mirrors.gaps(wave(), asked({"a": 2}), teams, {"a": cell(90, 1, 1)})
    assert (near.points, near.called) == (27, False)
    assert (far.points, far.called) == (54, True)


def test_one_gap_among_nine_must_be_wider_than_one_alone() -> None:
    (alone,) = mirrors.gaps(
        wave(), asked({"a": 2}), {"a": cell(50, means={"a1": 40, "a2": 60})}, {"a": cell(58, 5, 7)}
    )
    assert alone.called
    assert not any(nine([58, *[41] * 8], [40] * 9))
    assert nine([75, *[41] * 8], [40] * 9) == [True] + [False] * 8


def test_a_small_gap_is_not_called_however_sure_it_is() -> None:
    (gap,) = mirrors.gaps(wave(), asked({"a": 1}), {"a": cell(40, 5000, 6000)}, {"a": cell(49, 900, 1000)})
    assert gap.low > 0
    assert not gap.called


def test_with_no_gap_anywhere_one_is_seldom_called() -> None:
    """Nine practices, five leaders of seven, the same truth on both sides: one page in ten at most, with luck in the draw."""
    random = np.random.default_rng(3)
    part = mirrors.on_items(KNOWN, 2, 1)
    false = 0
    for _ in range(300):
        truth = random.uniform(30, 60, 9)
        spread = np.sqrt(part.phi * truth * (100 - truth))
        leaders, teams = (
            np.clip(truth + spread * np.sqrt((1 - part.r * n / N) / n) * random.normal(size=9), 5, 95)
            for n, N in ((5, 7), (100, 150))
        )
        false += any(nine(np.rint(leaders).astype(int).tolist(), np.rint(teams).astype(int).tolist()))
    assert false / 300 < 0.16
