"""What requests and answers of the API are made of: pydantic models with one set of rules."""

import re
from collections.abc import Callable, Sequence
from datetime import date
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from webapp.access.gate import LARGEST_ID as LARGEST_ID  # noqa: PLC0414 - of every number here

MOST = 500

Row = TypeVar("Row")


def _written(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        raise ValueError("write the day as YYYY-MM-DD")
    return date.fromisoformat(value)


# As ISO 8601 writes it, and in no other way: pydantic takes seconds since 1970 for a day too.
Day = Annotated[date, BeforeValidator(_written)]

# The number of a thing, also of one that is not there.
Id = Annotated[int, Field(ge=1, le=LARGEST_ID)]


class Answer(BaseModel):
    """What goes out. Names that are not in the model are a mistake of ours.

    sparse: leave out what was not set, where a name that is missing says something else than null
    """

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        # A program must take names that come later, so the document does not say that there are none.
        json_schema_extra=lambda schema: schema.pop("additionalProperties", None),
    )
    sparse: ClassVar[bool] = False


class Thing(Answer):
    """What has a number, by which it is found."""

    id: int


class Body(BaseModel):
    """JSON that comes in: nothing is guessed, a text is no number, and unknown names are refused."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Query(BaseModel):
    """The words behind the question mark: known ones, each once."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Page(Query):
    """A stretch of a list that is in the order of its numbers."""

    after: int = Field(
        0,
        ge=0,
        le=LARGEST_ID,
        description="Give the `next` of the page before; what comes after that number is listed.",
    )
    limit: int = Field(100, ge=1, le=MOST, description="How many at most.")


def cut(rows: Sequence[Row], page: Page, number: Callable[[Row], int]) -> tuple[list[Row], int | None]:
    """The rows of a page in the order of their numbers, and the number to go on after, None at the end."""
    left = sorted((row for row in rows if number(row) > page.after), key=number)
    found = left[: page.limit]
    return found, number(found[-1]) if len(left) > len(found) else None
