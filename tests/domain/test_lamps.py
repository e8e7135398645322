"""When a lamp agrees, disagrees, and stays dark."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp import catalog, questionnaires
from webapp.domain import lamps
from webapp.domain.lamps import SIGNS, Reach, Sign
from webapp.domain.mirrors import Gap
from webapp.domain.publication import Agreement, Cell

SHARE = Sign("active", 25, 60)


def cell(low: int, high: int, word: str | None = None) -> Cell:
    agreed = Agreement(word) if word else None  # type: ignore[arg-type]  # one of its words
    return Cell(n=9, invited=12, score=(low + high) // 2, low=low, high=high, band=2, agreement=agreed)


def gap(low: int, high: int, *, called: bool = False) -> Gap:
    return Gap(
        "p", ("a",), whole=True, leaders=60, teams=60 - (low + high) // 2, low=low, high=high, called=called
    )


@pytest.mark.parametrize(
    ("word", "state"), [("close", "agree"), ("mixed", "none"), ("divided", "disagree"), (None, "none")]
)
def test_people_agree_where_their_answers_are_close(word: str | None, state: str) -> None:
    assert lamps.team(cell(40, 60, word)) == state
    assert lamps.team(None) == "none"


@pytest.mark.parametrize(
    ("gaps", "state"),
    [
        ([], "none"),
        ([gap(-19, 19)], "agree"),
        ([gap(-20, 5)], "none"),  # the range must stay within the width of a band
        ([gap(-3, 20)], "none"),
        ([gap(11, 19, called=True)], "disagree"),  # called comes first, however near
        ([gap(-5, 5), gap(-4, 30)], "none"),  # two leaders: both must
        ([gap(-5, 5), gap(-9, 9)], "agree"),
        ([gap(-5, 5), gap(12, 40, called=True)], "disagree"),
    ],
)
def test_leaders_agree_where_the_whole_range_of_the_gap_is_narrow(gaps: list[Gap], state: str) -> None:
    assert lamps.leaders(gaps) == state


@pytest.mark.parametrize(
    ("score", "reach", "state"),
    [
        ((20, 38), Reach(0, 25), "agree"),
        ((20, 41), Reach(0, 25), "none"),
        ((41, 60), Reach(0, 25), "disagree"),
        ((35, 65), Reach(32.5, 37.5), "agree"),
        ((81, 95), Reach(32.5, 37.5), "disagree"),
        ((70, 95), Reach(75, 100), "agree"),
        ((10, 39), Reach(75, 100), "disagree"),
        ((10, 40), Reach(75, 100), "none"),
        ((30, 50), Reach(0, 50), "none"),  # low or in the middle: it may disagree, and cannot agree
        ((81, 90), Reach(0, 50), "disagree"),
        ((70, 90), Reach(50, 75), "none"),
        ((5, 19), Reach(50, 75), "disagree"),
        ((0, 100), Reach(0, 100), "none"),
        ((45, 55), Reach(22.5, 27.5), "none"),
    ],
)
def test_evidence_agrees_where_it_is_sure_and_the_whole_range_fits(
    score: tuple[int, int], reach: Reach, state: str
) -> None:
    assert lamps.evidence(cell(*score), SHARE, reach) == state


def test_without_a_score_a_sign_or_a_figure_there_is_nothing_to_say() -> None:
    known, reach = cell(10, 20), Reach(0, 25)
    assert lamps.evidence(None, SHARE, reach) == "none"
    assert lamps.evidence(known, None, reach) == "none"
    assert lamps.evidence(known, SHARE, None) == "none"
    assert lamps.evidence(replace(known, score=None, low=None, high=None), SHARE, reach) == "none"


@given(
    ends=st.tuples(st.integers(0, 100), st.integers(0, 100)).map(sorted),
    reach=st.tuples(st.floats(0, 100), st.floats(0, 100)).map(sorted),
    wider=st.tuples(st.floats(0, 30), st.floats(0, 30)),
    vaguer=st.tuples(st.integers(0, 30), st.integers(0, 30)),
)
def test_less_sure_figures_never_light_a_lamp(
    ends: list[int], reach: list[float], wider: tuple[float, float], vaguer: tuple[int, int]
) -> None:
    """A wider range on either side leaves a lamp as it is, or puts it out."""
    sure = lamps.evidence(cell(*ends), SHARE, Reach(*reach))
    unsure = lamps.evidence(
        cell(max(0, ends[0] - vaguer[0]), min(100, ends[1] + vaguer[1])),
        SHARE,
        Reach(max(0, reach[0] - wider[0]), min(100, reach[1] + wider[1])),
    )
    assert unsure in {sure, "none"}


def test_signs_are_in_order_and_of_practices_of_the_built_in_questionnaire() -> None:
    (found,) = [
        one
        for one in catalog.load([questionnaires.BUILT_IN]).latest()
        if one.questionnaire.key == "ai-adoption"
    ]
    for key, sign in SIGNS.items():
        assert found.questionnaire.practice(key).title
        assert 0 < sign.low_below < sign.high_from
