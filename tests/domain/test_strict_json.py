"""Reading JSON that another program sent: only what every reader understands alike."""

import json
import unicodedata
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.domain import strict_json
from webapp.domain.strict_json import DEEPEST, Malformed, load

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)


def normal(value: Any) -> Any:
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list):
        return [normal(one) for one in value]
    if isinstance(value, dict):
        return {normal(name): normal(one) for name, one in value.items()}
    return value


@given(VALUES)
def test_it_reads_what_all_read_alike(value: Any) -> None:
    text = json.dumps(value)
    if len(json.dumps(normal(value))) == len(json.dumps(value)):  # else two names may have become one
        assert load(text.encode()) == normal(value)


@given(st.binary(max_size=60) | VALUES.map(lambda value: json.dumps(value).encode()[:-1]))
def test_anything_else_is_refused_and_breaks_nothing(data: bytes) -> None:
    with suppress(Malformed):
        load(data)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "line 1"),
        ("{", "line 1"),
        ('{"a": 1,}', "not JSON"),
        ("{'a': 1}", "not JSON"),
        ("[1] [2]", "not JSON"),
        ("NaN", "NaN"),
        ("[Infinity]", "NaN"),
        ("[-Infinity]", "NaN"),
        ("1e400", "too large"),
        ("-1e400", "too large"),
        (str(2**53 + 1), "beyond"),
        (str(-(2**53) - 1), "beyond"),
        ("9" * 200_000, "beyond"),
        ('{"a": 1, "a": 2}', "twice"),
        ('{"\\u00e9": 1, "e\\u0301": 2}', "twice"),
        ('"\\u0000"', "NUL"),
        ('{"\\u0000": 1}', "NUL"),
        ('"\\ud800"', "half"),
        ('{"\\udfff": 1}', "half"),
        ("[" * (DEEPEST + 1) + "]" * (DEEPEST + 1), "deeper"),
        ("[" * 200_000, "deeper"),
        ('{"a":' * 40 + "1" + "}" * 40, "deeper"),
        ("\ufeff{}", "not JSON"),
    ],
)
def test_what_readers_may_read_differently_is_refused(text: str, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        load(text.encode())


@pytest.mark.parametrize(
    "data", [b"\xff\xfe{\x00}\x00", b'"\xed\xa0\x80"', '"é"'.encode("latin-1"), b'"\xc0\xaf"']
)
def test_other_encodings_are_refused(data: bytes) -> None:
    with pytest.raises(Malformed, match="UTF-8"):
        load(data)


def test_as_deep_as_it_may_be_it_is_read() -> None:
    assert load(b"[" * DEEPEST + b"]" * DEEPEST)
    assert strict_json.load(str(2**53).encode()) == 2**53


@pytest.mark.parametrize(
    ("text", "number"), [("20.0", 20), ("2e1", 20), ("-0.0", 0), ("9007199254740992.0", 2**53)]
)
def test_a_whole_number_is_one_however_it_is_written(text: str, number: int) -> None:
    found = load(text.encode())
    assert (type(found), found) == (int, number)
    assert isinstance(load(b"20.5"), float)
