"""The secret of an API token: its form, and the check at its end."""

import math
import re

from hypothesis import given
from hypothesis import strategies as st

from webapp.domain import api_token


def test_a_new_one_is_a_word_of_256_random_bits_that_checks_itself() -> None:
    made = {api_token.new() for _ in range(200)}
    assert len(made) == 200
    assert math.log2(62**api_token.RANDOM) >= 256
    for token in made:
        assert re.fullmatch(r"gsw_[0-9A-Za-z]{49}", token)
        assert api_token.well_formed(token)
        assert token.startswith(api_token.known_by(token))
        assert len(api_token.known_by(token)) == 8


@given(st.integers(4, 52), st.sampled_from(api_token.ALPHABET))
def test_one_wrong_letter_is_found_without_the_database(place: int, letter: str) -> None:
    token = api_token.new()
    changed = token[:place] + letter + token[place + 1 :]
    assert api_token.well_formed(changed) == (changed == token)


@given(st.text())
def test_other_texts_are_no_tokens(text: str) -> None:
    assert not api_token.well_formed(text)


def test_nothing_may_stand_around_it() -> None:
    token = api_token.new()
    for other in (
        f" {token}",
        f"{token}\n",
        f"{token} ",
        token.upper(),
        token[4:],
        f"{token}a",
        f"gsw_{token}",
    ):
        assert not api_token.well_formed(other), other
