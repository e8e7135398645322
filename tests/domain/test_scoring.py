"""Item scores, people's scores, filled answers, sums of units, published scores."""

import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from webapp.domain import scoring

LEVELS = arrays(np.uint8, st.tuples(st.integers(1, 40), st.integers(1, 6)), elements=st.integers(0, 5))


def numbers(values: object) -> np.ndarray:
    return np.array(values, dtype=float)  # None becomes NaN


def test_item_scores_vector(vectors: dict) -> None:
    vector = vectors["item_score"]
    assert scoring.item_scores(np.array(vector["input"]["x"], dtype=np.uint8)).tolist() == vector["output"]


def test_an_item_without_an_answer_has_no_score_and_a_sixth_level_does_not_exist() -> None:
    assert math.isnan(scoring.item_scores(np.array([0], dtype=np.uint8))[0])
    with pytest.raises(IndexError):
        scoring.item_scores(np.array([6], dtype=np.uint8))


def test_min_answered_vector(vectors: dict) -> None:
    vector = vectors["min_answered"]
    assert [scoring.min_answered(J) for J in vector["input"]["J"]] == vector["output"]


def test_person_scores_vector(vectors: dict) -> None:
    vector = vectors["person_practice"]
    y = scoring.person_scores(numbers(vector["input"]["items"]), numbers(vector["input"]["b"]))
    np.testing.assert_allclose(y, numbers(vector["output"]), atol=5e-7)


def test_fill_vector(vectors: dict) -> None:
    given_ = vectors["person_practice"]["input"]
    items, b = numbers(given_["items"]), numbers(given_["b"])
    filled = scoring.fill(items, b, scoring.person_scores(items, b))
    np.testing.assert_allclose(filled, numbers(vectors["fill_items"]["output"]), atol=1e-9)


def test_index_vector(vectors: dict) -> None:
    vector = vectors["index"]
    index = scoring.index_score(numbers(vector["input"]["practices"]), vector["input"]["weights"])
    assert index == pytest.approx(vector["output"], abs=5e-7)


def test_level_vector(vectors: dict) -> None:
    vector = vectors["level"]
    assert (scoring.band_of(vector["input"]["score"]) + 1).tolist() == vector["output"]


def test_a_score_that_is_missing_has_no_band() -> None:
    assert scoring.band_of(math.nan) == -1
    assert scoring.band_of([10, 35, 90], cuts=(0, 30)).tolist() == [0, 1, 1]


def test_two_thirds_of_the_weight_make_an_index_and_less_does_not() -> None:
    rows = [[60, 30, math.nan], [60, math.nan, math.nan], [math.nan] * 3]
    np.testing.assert_array_equal(scoring.index_score(rows, [1, 1, 1]), [45, math.nan, math.nan])
    assert scoring.index_score([math.nan, 40], [1, 2]) == 40
    assert scoring.index_score([math.nan, 40, 50], [1.1, 1.1, 1.1]) == pytest.approx(45)


def test_difficulty_is_the_mean_of_each_item_once_every_item_has_ten_answers() -> None:
    scores = np.tile([25.0, 75.0], (10, 1))
    assert scoring.difficulty(scores).tolist() == [25, 75]
    scores[0, 1] = math.nan
    assert scoring.difficulty(scores).tolist() == [0, 0]
    assert scoring.difficulty(np.empty((0, 3))).tolist() == [0, 0, 0]


def test_a_skipped_hard_question_does_not_flatter() -> None:
    # the second item is 40 points harder for everybody; the last person skips it
    scores = np.vstack([np.tile([80.0, 40.0], (10, 1)), [[80.0, math.nan]]])
    y = scoring.person_scores(scores, scoring.difficulty(scores))
    assert y[-1] == pytest.approx(60)
    assert scoring.person_scores(scores, np.zeros(2))[-1] == 80


@given(LEVELS)
def test_filled_items_average_exactly_to_the_practice(levels: np.ndarray) -> None:
    scores = scoring.item_scores(levels)
    b = scoring.difficulty(scores)
    y = scoring.person_scores(scores, b)
    filled = scoring.fill(scores, b, y)
    counted = ~np.isnan(y)
    assert (np.isnan(filled).all(axis=1) == ~counted).all()
    assert not np.isnan(filled[counted]).any()
    np.testing.assert_allclose(filled[counted].mean(axis=1), y[counted], atol=1e-9)
    assume(counted.any())
    assert filled[counted].mean(axis=0).mean() == pytest.approx(y[counted].mean(), abs=1e-9)


@given(LEVELS)
def test_whoever_answers_everything_keeps_the_plain_mean(levels: np.ndarray) -> None:
    scores = scoring.item_scores(np.maximum(levels, 1))
    b = scoring.difficulty(scores)
    np.testing.assert_allclose(scoring.person_scores(scores, b), scores.mean(axis=1), atol=1e-9)


@pytest.mark.parametrize(
    ("mean", "score"),
    [
        (-3, 5),
        (0, 5),
        (4.4, 5),
        (5.49, 5),
        (5.5, 6),
        (33.5 - 1e-12, 34),
        (50.4999, 50),
        (94.6, 95),
        (103, 95),
    ],
)
def test_published_scores_are_whole_and_keep_away_from_the_ends(mean: float, score: int) -> None:
    assert scoring.whole(mean) == score


def test_a_missing_mean_stays_missing() -> None:
    assert math.isnan(scoring.whole(math.nan))


@given(LEVELS, st.integers(1, 5))
def test_group_sums_are_those_of_each_group(levels: np.ndarray, V: int) -> None:
    values = scoring.item_scores(levels)[:, 0]
    groups = np.arange(len(values)) % V
    sums = scoring.group_sums(values, groups, V)
    for v in range(V):
        own = values[(groups == v) & ~np.isnan(values)]
        assert sums.n[v] == len(own)
        assert sums.total[v] == pytest.approx(own.sum())
        assert sums.ss[v] == pytest.approx(((own - own.mean()) ** 2).sum() if len(own) else 0, abs=1e-8)
        assert math.isnan(sums.mean[v]) if len(own) == 0 else sums.mean[v] == pytest.approx(own.mean())
