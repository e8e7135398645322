"""Routes of the API: a function with models for what comes in and what goes out becomes a view that the gate guards."""

import inspect
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, get_args, get_type_hints

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from pydantic import ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from webapp import access
from webapp.access import Permission
from webapp.api import problems
from webapp.api.models import Answer, Body, Query, Thing
from webapp.domain import strict_json
from webapp.domain.refusal import Refused
from webapp.extensions import csrf

ROOT = "/api/v1"
JSON = "application/json"
CREATED = 201
INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,15})")

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Entry:
    """What is known of a route: enough to call it and to describe it."""

    method: str
    path: str
    permission: Permission
    function: Callable[..., Any]
    query: type[Query] | None
    body: type[Body] | None
    answer: type[Answer] | None
    status: int
    kinds: tuple[str, ...]

    @property
    def name(self) -> str:
        return self.function.__name__


class Routes:
    """The routes of one feature, added to its blueprint as `<feature>.api_<function>`.

    A function takes the values in its address by their names, `query` and `body` as models, and gives an Answer, None
    (204), or a Response where it has another kind of content. Its docstring describes it to programmers.
    """

    def __init__(self) -> None:
        self.entries: list[Entry] = []

    def get(
        self, path: str, permission: Permission, *, also: tuple[str, ...] = ()
    ) -> Callable[[Function], Function]:
        """also: further kinds of content that it may answer with."""
        return self._add("GET", path, permission, status=200, kinds=(JSON, *also))

    def post(self, path: str, permission: Permission) -> Callable[[Function], Function]:
        """What makes a new Thing, which is then found below the same address."""
        return self._add("POST", path, permission, status=CREATED)

    def put(self, path: str, permission: Permission) -> Callable[[Function], Function]:
        """What may be sent again, and is so once."""
        return self._add("PUT", path, permission, status=200)

    def delete(self, path: str, permission: Permission) -> Callable[[Function], Function]:
        return self._add("DELETE", path, permission, status=204)

    def _add(
        self, method: str, path: str, permission: Permission, *, status: int, kinds: tuple[str, ...] = (JSON,)
    ) -> Callable[[Function], Function]:
        def add(function: Function) -> Function:
            hints = get_type_hints(function)
            answer = hints.get("return")
            self.entries.append(
                Entry(
                    method,
                    f"{ROOT}{path}",
                    permission,
                    function,
                    hints.get("query"),
                    hints.get("body"),
                    _answer_in(answer),
                    status,
                    kinds,
                )
            )
            return function

        return add

    def add_to(self, blueprint: Blueprint) -> None:
        for entry in self.entries:
            blueprint.add_url_rule(
                entry.path,
                f"api_{entry.name}",
                _view(entry),
                methods=[entry.method],
                provide_automatic_options=False,
            )


def _answer_in(hint: Any) -> type[Answer] | None:
    """The model in a return type, which may say `… | Response` too."""
    for one in getattr(hint, "__args__", (hint,)):
        if inspect.isclass(one) and issubclass(one, Answer):
            return one
    return None


def _view(entry: Entry) -> Callable[..., ResponseReturnValue]:
    @wraps(entry.function)
    def view(**values: Any) -> ResponseReturnValue:
        try:
            if entry.query is not None:
                values["query"] = _asked(entry.query)
            elif request.args:
                _asked(Query)
            if entry.body is not None:
                values["body"] = _sent(entry.body)
            return _answered(entry, entry.function(**values))
        except problems.Unfit as unfit:
            return problems.reply(422, errors=unfit.faults)
        except strict_json.Malformed as malformed:
            return problems.reply(400, str(malformed))
        except Refused as refused:
            return problems.refused(refused)

    view.entry = entry  # type: ignore[attr-defined]  # functions take attributes
    csrf.exempt(view)  # a token is no cookie: no browser sends it by itself
    return access.by_token(entry.permission)(view)


def _asked(model: type[Query]) -> Query:
    """The words behind the question mark; of a number nothing but its digits is taken."""
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice:
        raise problems.Unfit([problems.Fault(where="query", what="Give each name once.")])
    try:
        return model.model_validate({name: _typed(model, name, text) for name, text in request.args.items()})
    except ValidationError as error:
        raise problems.unfit(error, "query") from None


def _typed(model: type[Query], name: str, text: str) -> str | int:
    field = model.model_fields.get(name)
    number = field is not None and int in {field.annotation, *get_args(field.annotation)}
    return int(text) if number and INTEGER.fullmatch(text) else text


def _sent(model: type[Body]) -> Body:
    """The body of a request: JSON of the strict kind, and what the model describes."""
    if request.mimetype != JSON or request.mimetype_params.get("charset", "utf-8").lower() != "utf-8":
        raise UnsupportedMediaType
    value = strict_json.load(request.get_data(cache=False))
    try:
        return model.model_validate_json(json.dumps(value))
    except ValidationError as error:
        raise problems.unfit(error, "body") from None


def _answered(entry: Entry, found: Answer | Response | None) -> Response:
    if isinstance(found, Response):
        return found
    if found is None:
        nothing = Response(status=204)
        del nothing.headers["Content-Type"]  # of no content there is no kind
        return nothing
    answer = Response(found.model_dump_json(exclude_unset=found.sparse), entry.status, mimetype=JSON)
    if entry.status == CREATED and isinstance(found, Thing):
        answer.headers["Location"] = f"{request.path}/{found.id}"
    return answer
