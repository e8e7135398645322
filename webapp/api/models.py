"""What requests and answers of the API are made of: pydantic models with one set of rules."""

from collections.abc import Callable, Sequence
from typing import ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from webapp.access.gate import LARGEST_ID

MOST = 500

Row = TypeVar("Row")


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
