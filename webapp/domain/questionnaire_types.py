"""The words and numbers that a questionnaire file is made of, and what each of them accepts.

A reader hands every scalar over as the text that was written (`Quoted` when it stood in quotes or in a block), so
that YAML's `No`, `1` and `12:30` stay text where text is meant, and a number is read only where one is meant. What
does not fit raises a coded error, which `questionnaire_faults` turns into a sentence.
"""

import re
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema
from pydantic_core import PydanticCustomError

LONGEST_LINE = 500
LONGEST_TEXT = 5_000
KEY = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,59}$"
FORM_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$"
LANGUAGE = r"^[a-z]{2,3}([-_][A-Za-z0-9]{2,8}){0,3}$"
# An editor that reads YAML's own way sees numbers and booleans where this reader sees text.
ANY_SCALAR = {"type": ["string", "number", "boolean"]}


class Quoted(str):
    """A scalar that stood in quotes or in a block: never a number, never true or false."""

    __slots__ = ()


def _as_text(value: object) -> str:
    if not isinstance(value, str):
        raise PydanticCustomError("text_expected", "text expected")
    text = str(value).strip()
    if not text:
        raise PydanticCustomError("text_empty", "empty")
    if len(text) > LONGEST_TEXT:
        raise PydanticCustomError("text_long", "too long", {"most": LONGEST_TEXT})
    return text


def _as_line(value: object) -> str:
    text = _as_text(value)
    if "\n" in text:
        raise PydanticCustomError("line_expected", "one line expected")
    if len(text) > LONGEST_LINE:
        raise PydanticCustomError("text_long", "too long", {"most": LONGEST_LINE})
    return text


def _as_key(value: object) -> str:
    text = _as_text(value)
    if not re.match(KEY, text):
        raise PydanticCustomError("key_expected", "key expected", {"written": text[:60], "most": 60})
    return text


def _as_form_name(value: object) -> str:
    text = _as_text(value)
    if not re.match(FORM_NAME, text):
        raise PydanticCustomError("key_expected", "key expected", {"written": text[:60], "most": 40})
    return text


def _as_language(value: object) -> str:
    text = _as_text(value)
    if not re.match(LANGUAGE, text):
        raise PydanticCustomError("language_expected", "language expected", {"written": text[:60]})
    return text


def _as_whole(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if (
        isinstance(value, str)
        and not isinstance(value, Quoted)
        and re.fullmatch(r"-?(0|[1-9][0-9]{0,17})", value)
    ):
        return int(value)
    raise PydanticCustomError("whole_expected", "whole number expected")


def _as_number(value: object) -> object:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if (
        isinstance(value, str)
        and not isinstance(value, Quoted)
        and re.fullmatch(r"-?\d{1,18}(\.\d{1,18})?", value, re.ASCII)
    ):
        return float(value)
    raise PydanticCustomError("number_expected", "number expected")


def _as_flag(value: object) -> object:
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and not isinstance(value, Quoted) and value in {"true", "false"}:
        return value == "true"
    raise PydanticCustomError("flag_expected", "true or false expected")


Line = Annotated[str, BeforeValidator(_as_line), WithJsonSchema(ANY_SCALAR | {"maxLength": LONGEST_LINE})]
Text = Annotated[str, BeforeValidator(_as_text), WithJsonSchema(ANY_SCALAR | {"maxLength": LONGEST_TEXT})]
Key = Annotated[str, BeforeValidator(_as_key), WithJsonSchema(ANY_SCALAR | {"pattern": KEY})]
FormName = Annotated[str, BeforeValidator(_as_form_name), WithJsonSchema(ANY_SCALAR | {"pattern": FORM_NAME})]
Language = Annotated[
    str, BeforeValidator(_as_language), WithJsonSchema({"type": "string", "pattern": LANGUAGE})
]
# Bounds stand before the reader, so that the schema shows them.
Count = Annotated[int, Field(ge=1, le=100_000), BeforeValidator(_as_whole)]
Cut = Annotated[int, Field(ge=0, le=99), BeforeValidator(_as_whole)]
Below = Annotated[int, Field(ge=1, le=100), BeforeValidator(_as_whole)]
Weight = Annotated[float, Field(gt=0, le=100), BeforeValidator(_as_number)]
Flag = Annotated[bool, BeforeValidator(_as_flag)]
Five = Annotated[tuple[Line, ...], Field(min_length=5, max_length=5)]


class Entry(BaseModel):
    """A mapping of the file: no keys but its own, and never changed after it was read."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)
