"""Which passwords are good enough."""

import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain import passwords
from webapp.domain.refusal import Refused

KNOWN = passwords.words("mira.kestrel@freight.example", "kestrel-freight", "Kestrel Freight GmbH")


@pytest.mark.parametrize(
    "text",
    [
        "violet otter paints nine fences",
        "correct horse battery staple",
        "vK7#qZ2!mW9$xR4",
        "отважный ёжик идёт домой",
        "四匹の猫が庭で静かに眠っている夜だった",
        "a b c d e f g h i j k 9 ? m",
    ],
)
def test_a_long_password_of_unrelated_parts_is_taken(text: str) -> None:
    assert passwords.check(text, known=KNOWN, second_step=False) == passwords.normal(text)


@pytest.mark.parametrize(
    "text",
    [
        "passwordpassword",
        "Password2024!!!!",
        "P@ssw0rdP@ssw0rd",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabc",
        "qwertyuiop12345678",
        "1qaz2wsx3edc4rfv",
        "123456789012345678",
        "98765432109876543210",
        "Summer2024Summer2025",
        "KestrelFreight2026",
        "kestrel-freight-mira",
        "groundswell groundswell",
        "GroundswellAdmin1!",
        "iloveyouiloveyou1",
        "letmein-welcome-2026",
        "xY7$xY7$xY7$xY7$xY7$",
        "ПарольПарольПароль",
    ],
)
def test_what_is_guessed_first_is_refused_however_long(text: str) -> None:
    with pytest.raises(Refused, match="easy to guess"):
        passwords.check(text, known=KNOWN, second_step=False)


def test_fifteen_characters_are_needed_alone_and_eight_beside_a_second_step() -> None:
    with pytest.raises(Refused, match="15 characters or more"):
        passwords.check("vK7#qZ2!mW9$xR", known=(), second_step=False)
    assert passwords.check("vK7#qZ2!", known=(), second_step=True)
    with pytest.raises(Refused, match="8 characters or more"):
        passwords.check("vK7#qZ2", known=(), second_step=True)


def test_more_than_128_characters_are_refused() -> None:
    good = "violet otter paints nine fences " * 5
    assert passwords.check("x9!" + good[:125], known=(), second_step=False)
    with pytest.raises(Refused, match="128 characters at most"):
        passwords.check("x9!" + good[:126], known=(), second_step=False)


@pytest.mark.parametrize("bad", ["\x00", "\n", "\ud800", "\x7f"])
def test_characters_that_no_keyboard_types_are_refused(bad: str) -> None:
    with pytest.raises(Refused, match="no keyboard"):
        passwords.check(f"violet otter {bad} paints fences", known=(), second_step=False)


def test_the_same_letters_are_the_same_password_on_every_system() -> None:
    assert passwords.normal("cafe\u0301 ﬁne") == passwords.normal("caf\u00e9 fine")


@given(st.text(max_size=200), st.sets(st.text(max_size=20), max_size=5))
def test_any_text_is_taken_or_refused_in_words(text: str, known: set[str]) -> None:
    taken = None
    with suppress(Refused):
        taken = passwords.check(text, known=known, second_step=True)
    assert taken is None or 8 <= len(taken) <= 128


@given(st.text(min_size=1, max_size=128))
def test_a_password_has_no_more_pieces_than_characters(text: str) -> None:
    assert 1 <= passwords.pieces(text) <= len(text.casefold())


def test_the_longest_password_is_judged_at_once() -> None:
    started = time.perf_counter()
    for text in ("ab" * 64, "a" * 128, "abcdefgh" * 16, "pass" * 32, "x1" * 63 + "y2"):
        passwords.pieces(text, KNOWN)
    assert time.perf_counter() - started < 1
