"""The words of a letter: four names in braces, and nothing else that means anything."""

import pytest

from webapp.domain.letter_text import Letter, check, fill
from webapp.domain.refusal import Refused


def test_names_are_filled_in_once_and_what_they_hold_is_not_looked_at() -> None:
    letter = check("For {unit}", "Dear {organization},\r\n{link} until {closes}\n\n")
    values = {"unit": "{link}", "organization": "<b>%s{0}", "link": "the link", "closes": "{unit}"}
    assert fill(letter, values) == Letter("For {link}", "Dear <b>%s{0},\nthe link until {unit}\n")


@pytest.mark.parametrize(
    ("subject", "text", "words"),
    [
        ("", "{link}", "subject is missing"),
        (" \n ", "{link}", "subject is missing"),
        ("x" * 151, "{link}", "longer than 150"),
        ("Hello", "x" * 5000 + "{link}", "longer than 5000"),
        ("Hello", "no link", "lacks {link}"),
        ("Hello", "{LINK}", "{LINK} stands for nothing"),
        ("Hello", "{link} {name}", "{name} stands for nothing"),
        ("Hello", "{link} {0.__class__}", "stands for nothing"),
        ("Hello", "{link} {}", "{} stands for nothing"),
        ("Here: {link}", "{link}", "belongs into the text"),
        ("{unit.name}", "{link}", "stands for nothing"),
        ("Hello\x07", "{link}", "cannot be seen"),
        ("Hello", "{link}\x00", "cannot be seen"),
        ("Hello", "{link}\u2028x", "cannot be seen"),
    ],
)
def test_what_could_not_be_sent_or_answered_is_refused(subject: str, text: str, words: str) -> None:
    with pytest.raises(Refused) as refused:
        check(subject, text)
    assert words in str(refused.value)


def test_a_subject_is_one_line() -> None:
    assert check("Hello\r\nBcc: eve@evil.example", "{link}").subject == "Hello Bcc: eve@evil.example"


def test_lonely_braces_stay_as_they_are() -> None:
    letter = check("Hello }", "{link} { and")
    assert fill(letter, {"link": "L"}).text == "L { and\n"
