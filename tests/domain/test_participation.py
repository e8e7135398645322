"""How many answered, as far as it may be said."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fixtures.small_waves import tree
from webapp.domain import participation
from webapp.domain.disclosure_audit import is_safe_tree


@pytest.mark.parametrize(
    ("answered", "word"),
    [
        (0, "under a quarter"),
        (4, "under a quarter"),
        (5, "under half"),
        (9, "under half"),
        (10, "over half"),
        (14, "over half"),
        (15, "nearly all"),
        (20, "nearly all"),
    ],
)
def test_four_words(answered: int, word: str) -> None:
    assert participation.in_words(answered, 20, 5) == word


def test_no_word_for_units_under_twice_the_smallest_group() -> None:
    assert participation.in_words(9, 9, 5) is None
    assert participation.in_words(5, 5, 3) is None
    assert participation.in_words(6, 6, 3) == "nearly all"


@pytest.mark.parametrize(("answered", "steps"), [(0, 0), (1, 0), (2, 5), (49, 100), (50, 100), (26, 50)])
def test_the_whole_in_steps_of_five_percent(answered: int, steps: int) -> None:
    assert participation.in_steps(answered, 50) == steps


def test_no_percentage_of_fewer_than_fifty() -> None:
    assert participation.in_steps(40, 49) is None


def test_two_words_never_differ_by_a_single_person() -> None:
    of = tree({"D": {"A": 10, "B": 1}, "E": 20})
    # A is “over half” with five of ten; D would be “under half” with five of eleven: B's one person was silent
    words = participation.words(of, [0, 0, 5, 0, 20], [0, 0, 10, 1, 20], 5)
    assert [words[place] for place in (1, 2)].count(None) == 1
    assert words[0] == "nearly all"


@given(st.lists(st.integers(1, 14), min_size=1, max_size=9), st.integers(3, 6), st.randoms())
def test_words_tell_of_no_group_of_fewer_than_k(heads: list[int], k: int, random) -> None:  # noqa: ANN001 - hypothesis' own
    parts: dict = {}
    for number, people in enumerate(heads):
        inner = parts.setdefault(f"D{random.randrange(3)}", {})
        inner[f"T{number}"] = people
    of = tree(parts)
    own = np.array([node.headcount for node in of.nodes])
    answered = np.array([random.randint(0, int(people)) for people in own])
    words = participation.words(of, answered, own, k)
    told = np.array([word is not None for word in words])
    assert is_safe_tree(of, told, own, own, k)
    whole = of.rolled_up(own)
    assert all(people >= 2 * k for people, tells in zip(whole, told, strict=True) if tells)
    assert told[0] == (whole[0] >= 2 * k)
