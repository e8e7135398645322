"""The description of the API as OpenAPI 3.1, made from the routes and their models."""

import inspect
import json
import re
from collections.abc import Iterator
from typing import Any, Literal

from flask import Blueprint, Flask, Response, current_app
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from webapp import access
from webapp.access.gate import LARGEST_ID
from webapp.api import problems
from webapp.api.routes import CREATED, JSON, ROOT, Entry

Plain = dict[str, Any]
Mode = Literal["validation", "serialization"]

bp = Blueprint("api", __name__)

ALWAYS = (401, 403, 422, 429, 500, 503)
WITH_A_BODY = (400, 409, 413, 415)
HEADERS = {
    401: {"WWW-Authenticate": {"schema": {"type": "string"}}},
    429: {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}}},
}
SCHEMA = "#/components/schemas/{model}"
VALUE = re.compile(r"<(?:(int)(?:\([^)]*\))?:)?([a-z_]+)>")
ABOUT = """\
Everything that a program may read and change of one organization, for as much as its token lets it.

**Token.** An owner makes one on the page *API tokens*, with the scopes that it needs. Send it as `Authorization: Bearer gsw_…`,
and nowhere else. It may do what its scopes say and the member who made it still may, and reads the units of that member.

**Lists** come in the order of their numbers. Where `next` is a number, give it as `after` for the page that follows.

**Errors** are `application/problem+json`. What belongs to others answers 404, as what does not exist.

**What is published** is what the pages show: no figure of a group that is too small, and never one person's answers. Within
`/api/v1` names may come, and none changes its meaning; ignore those that you do not know.\
"""


@bp.get(f"{ROOT}/openapi.json", provide_automatic_options=False)
@access.anyone
def openapi() -> Response:
    return Response(json.dumps(of(current_app), ensure_ascii=False), mimetype=JSON)


def entries(app: Flask) -> Iterator[tuple[str, Entry]]:
    """(feature, route) of all routes, by address."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda rule: (rule.rule, sorted(rule.methods or ()))):
        entry = getattr(app.view_functions[rule.endpoint], "entry", None)
        if entry is not None:
            yield rule.endpoint.partition(".")[0], entry


def of(app: Flask) -> Plain:
    """The whole document, made once a process."""
    made: Plain | None = app.extensions.get("groundswell_openapi")
    if made is None:
        made = app.extensions["groundswell_openapi"] = _document(list(entries(app)))
    return made


def _document(found: list[tuple[str, Entry]]) -> Plain:
    needed: list[tuple[type[BaseModel], Mode]] = [(problems.Problem, "serialization")]
    for _feature, entry in found:
        if entry.body is not None:
            needed.append((entry.body, "validation"))
        if entry.answer is not None:
            needed.append((entry.answer, "serialization"))
    names, schemas = models_json_schema(needed, ref_template=SCHEMA)
    paths: Plain = {}
    for feature, entry in found:
        paths.setdefault(VALUE.sub(r"{\2}", entry.path), {})[entry.method.lower()] = _operation(
            feature, entry, names
        )
    statuses = sorted({*ALWAYS, *WITH_A_BODY, 404})
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Groundswell", "version": "1", "description": ABOUT},
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": [{"name": feature} for feature in dict.fromkeys(feature for feature, _entry in found)],
        "paths": paths,
        "components": {
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "bearerFormat": "gsw_…"}},
            "schemas": {name: one for name, one in schemas["$defs"].items() if "enum" not in one},
            "responses": {f"Problem{status}": _problem(status) for status in statuses},
        },
    }
    whole: Plain = _with_words(document, schemas["$defs"])
    return whole


def _with_words(value: Any, known: Plain) -> Any:
    """The same with lists of words in the place of references to them: features have words of their own for a State."""
    if isinstance(value, list):
        return [_with_words(one, known) for one in value]
    if not isinstance(value, dict):
        return value
    named = known.get(str(value.get("$ref", "")).rpartition("/")[2], {})
    if "enum" in named:
        return {"type": named["type"], "enum": named["enum"]} | {
            name: one for name, one in value.items() if name != "$ref"
        }
    return {name: _with_words(one, known) for name, one in value.items()}


def _operation(feature: str, entry: Entry, names: Any) -> Plain:
    said = inspect.getdoc(entry.function) or ""
    first, _, rest = said.partition("\n\n")
    described: Plain = {
        "operationId": f"{feature}_{entry.name}",
        "tags": [feature],
        "summary": first.rstrip("."),
        "description": "\n\n".join(filter(None, [rest, f"Needs the scope `{entry.permission}`."])),
        "parameters": [*_of_address(entry), *_of_query(entry)],
    }
    if entry.body is not None:
        described["requestBody"] = {
            "required": True,
            "content": {JSON: {"schema": names[entry.body, "validation"]}},
        }
    statuses = {*ALWAYS, *(WITH_A_BODY if entry.body else ()), *((404,) if "<" in entry.path else ())}
    described["responses"] = {str(entry.status): _good(entry, names)} | {
        str(status): {"$ref": f"#/components/responses/Problem{status}"} for status in sorted(statuses)
    }
    return described


def _good(entry: Entry, names: Any) -> Plain:
    if entry.status == 204:  # noqa: PLR2004 - no content
        return {"description": "It is done."}
    content: Plain = {}
    if entry.answer is not None:
        content[JSON] = {"schema": names[entry.answer, "serialization"]}
    content |= {kind: {"schema": {"type": "string"}} for kind in entry.kinds if kind != JSON}
    if entry.status != CREATED:
        return {"description": "As asked for.", "content": content}
    address = {"description": "Where it is found.", "schema": {"type": "string"}}
    return {"description": "It is there.", "content": content, "headers": {"Location": address}}


def _of_address(entry: Entry) -> list[Plain]:
    number = {"type": "integer", "minimum": 1, "maximum": LARGEST_ID}
    text = {"type": "string"}
    return [
        {"name": name, "in": "path", "required": True, "schema": number if kind else text}
        for kind, name in VALUE.findall(entry.path)
    ]


def _of_query(entry: Entry) -> list[Plain]:
    if entry.query is None:
        return []
    whole = entry.query.model_json_schema(ref_template=SCHEMA)
    schema = _with_words(whole, whole.get("$defs", {}))
    return [
        _asked(name, one, name in schema.get("required", ())) for name, one in schema["properties"].items()
    ]


def _asked(name: str, schema: Plain, required: bool) -> Plain:
    """A parameter; that it may be left out is said by `required`, for no text stands for null."""
    plain = {key: value for key, value in schema.items() if key not in {"title", "description"}}
    choices = [one for one in plain.get("anyOf", ()) if one != {"type": "null"}]
    if len(choices) == 1:
        plain = {key: value for key, value in plain.items() if key not in {"anyOf", "default"}} | choices[0]
    return {
        "name": name,
        "in": "query",
        "required": required,
        "description": schema.get("description", ""),
        "schema": plain,
    }


def _problem(status: int) -> Plain:
    found: Plain = {
        "description": problems.MEANINGS[status],
        "content": {problems.KIND: {"schema": {"$ref": SCHEMA.format(model="Problem")}}},
    }
    return found | ({"headers": HEADERS[status]} if status in HEADERS else {})
