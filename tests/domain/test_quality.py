"""How far the data can be trusted."""

import numpy as np

from webapp.domain.quality import straight_lined


def levels(straight: int, mixed: int, items: int = 12) -> np.ndarray:
    same = np.full((straight, items), 3, dtype=np.uint8)
    other = np.tile(np.array([[1, 2] * (items // 2)], dtype=np.uint8), (mixed, 1))
    return np.concatenate([same, other])


def test_one_answer_to_everything_is_counted_in_percent() -> None:
    assert straight_lined(levels(20, 80), k=5) == 20


def test_a_share_that_could_be_a_few_people_is_not_told() -> None:
    assert straight_lined(levels(4, 96), k=5) is None


def test_under_ten_k_people_nothing_is_told() -> None:
    assert straight_lined(levels(20, 29), k=5) is None


def test_few_questions_may_well_have_the_same_answer() -> None:
    assert straight_lined(levels(20, 80, items=8), k=5) is None


def test_skipped_questions_do_not_hide_a_straight_line() -> None:
    answers = levels(20, 80)
    answers[:20, 0] = 0
    assert straight_lined(answers, k=5) == 20


def test_few_answered_questions_are_no_straight_line() -> None:
    answers = levels(20, 80)
    answers[:20, :5] = 0
    assert straight_lined(answers, k=5) is None
