"""Reading JSON that another program sent: only what every reader of JSON understands alike (I-JSON, RFC 7493).

Python's own reader takes more: NaN, numbers of any size, names that stand twice (of which the last one holds), halves of
characters. What two readers may read differently is refused, so that nobody slips something past one of them.
"""

import json
import math
import unicodedata
from typing import Any, NoReturn

DEEPEST = 32
LARGEST = 2**53  # beyond it a reader that keeps numbers as doubles sees another number
MOST_DIGITS = 16


class Malformed(ValueError):  # noqa: N818 - the text is, not the program
    """The text is not JSON, or not of the kind that is read here; the message says why, and quotes nothing."""


def load(data: bytes) -> Any:
    """The value of a UTF-8 JSON text, its strings in NFC. Raises Malformed."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("The body is not UTF-8 text.") from None
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_constant,
            parse_int=_integer,
            parse_float=_float,
        )
    except RecursionError:
        raise Malformed(f"It is nested deeper than {DEEPEST}.") from None
    except json.JSONDecodeError as error:
        raise Malformed(f"It is not JSON: line {error.lineno}, column {error.colno}.") from None
    return _checked(value, 1)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = {_text(name): value for name, value in pairs}
    if len(found) != len(pairs):
        raise Malformed("A name stands twice in one object.")
    return found


def _constant(_name: str) -> NoReturn:
    raise Malformed("NaN and Infinity are no numbers of JSON.")


def _integer(text: str) -> int:
    if len(text.lstrip("-")) > MOST_DIGITS or abs(int(text)) > LARGEST:
        raise Malformed("A whole number lies beyond ±2^53.")
    return int(text)


def _float(text: str) -> float:
    """JSON knows one kind of number: 20.0 is the whole number 20."""
    number = float(text)
    if not math.isfinite(number):
        raise Malformed("A number is too large.")
    return int(number) if number.is_integer() and abs(number) <= LARGEST else number


def _text(text: str) -> str:
    if "\0" in text:
        raise Malformed("There is a NUL character in a text.")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise Malformed("There is half a character in a text.")
    return unicodedata.normalize("NFC", text)


def _checked(value: Any, depth: int) -> Any:
    """The same value with its texts normalized, unless it is nested too deeply."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict | list):
        if depth > DEEPEST:
            raise Malformed(f"It is nested deeper than {DEEPEST}.")
        if isinstance(value, list):
            return [_checked(one, depth + 1) for one in value]
        return {name: _checked(one, depth + 1) for name, one in value.items()}
    return value
