"""What a program is told when something cannot be done: problem+json (RFC 9457), for every error below /api."""

import json
from collections.abc import Iterable, Mapping
from http import HTTPStatus

from flask import Response, request
from flask_babel import gettext as _
from pydantic import BaseModel, Field, ValidationError
from werkzeug.exceptions import HTTPException

from webapp.domain.refusal import Refused, RefusedMany

KIND = "application/problem+json"
KEPT_HEADERS = {"allow", "www-authenticate", "retry-after", "location"}
LONGEST = 120  # of a name that was sent
MOST_FAULTS = 100  # that are told, so that no answer is many times as long as what was sent

# What each status means here; the document says the same.
MEANINGS = {
    400: "The request could not be read.",
    401: "No good token: send `Authorization: Bearer gsw_…`. It may be mistyped, revoked, or over.",
    403: "The token lacks the scope, or the member who made it lacks the right.",
    404: "There is no such thing, or it is not for this token.",
    405: "This address takes other methods.",
    406: "Nothing here is of a kind that was asked for.",
    409: "A rule refuses it; nothing was changed.",
    413: "That is more than is taken at once.",
    415: "Send `Content-Type: application/json`.",
    422: "The values do not have the form that is described.",
    429: "Too many requests: 600 a minute are taken from each token.",
    500: "Something went wrong on our side, and was noted under the number of the incident.",
    503: "The database is busy. Nothing was half done; send it again.",
}


class Fault(BaseModel):
    """One thing that is wrong with what was sent."""

    where: str = Field(description="`query/…` or `body/…`, down to the value.")
    what: str


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str = Field("about:blank", description="The status says which kind of problem it is.")
    title: str
    status: int
    detail: str
    errors: list[Fault] = Field(
        default_factory=list, description="What is wrong with the values, one by one; a hundred at most."
    )
    incident: str | None = Field(None, description="Tell this number to whoever runs the server.")


class Unfit(Exception):  # noqa: N818 - as Refused
    """What was sent does not have the form that is asked for."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(f"{len(faults)} faults")
        self.faults = faults


def wanted() -> bool:
    """Whether this request is of a program."""
    return request.path == "/api" or request.path.startswith("/api/")


def reply(
    status: int,
    detail: str = "",
    *,
    errors: Iterable[Fault] = (),
    incident: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    problem = Problem(
        title=HTTPStatus(status).phrase,
        status=status,
        detail=detail or MEANINGS.get(status, ""),
        errors=list(errors)[:MOST_FAULTS],
        incident=incident,
    )
    plain = {name: value for name, value in problem.model_dump().items() if value not in ([], None)}
    answer = Response(json.dumps(plain, ensure_ascii=False), status, mimetype=KIND)
    answer.headers.update(headers or {})
    return answer


def http(error: HTTPException) -> Response:
    """The same status, with the headers that belong to it."""
    kept = {name: value for name, value in error.get_headers() if name.lower() in KEPT_HEADERS}
    return reply(error.code or 500, headers=kept)


def refused(error: Refused) -> Response:
    """A rule's no, in the words that people get."""
    single = error.refusals if isinstance(error, RefusedMany) else [error]
    faults = [Fault(where=f"body/{one.place}" if one.place else "body", what=_said(one)) for one in single]
    return reply(409, faults[0].what, errors=faults)


def unfit(error: ValidationError, place: str) -> Unfit:
    """What a model says of what was sent; it quotes none of it but names."""
    return Unfit(
        [
            Fault(where="/".join([place, *(str(step)[:LONGEST] for step in one["loc"])]), what=one["msg"])
            for one in error.errors(include_url=False, include_context=False, include_input=False)
        ]
    )


def _said(one: Refused) -> str:
    return _(one.message).format(**one.values)
