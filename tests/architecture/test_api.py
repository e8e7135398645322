"""Every route of the API is described, and nothing else is."""

import json
import re
from typing import Any

import jsonschema
import pytest
from flask import Flask

from tests.fixtures.sources import ROOT
from webapp.access import Permission
from webapp.api import document, problems
from webapp.api.models import Answer, Body, Query

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def described(app: Flask) -> dict[str, Any]:
    with app.app_context():
        return document.of(app)


def operations(described: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": found
        for path, methods in described["paths"].items()
        for method, found in methods.items()
    }


def test_every_route_below_the_api_has_an_entry(app: Flask, described: dict[str, Any]) -> None:
    there = set()
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/") and rule.endpoint != "api.openapi":
            path = re.sub(r"<(?:[^:<>]+:)?([a-z_]+)>", r"{\1}", rule.rule)
            there |= {f"{method} {path}" for method in (rule.methods or set()) - {"HEAD"}}
    assert there == set(operations(described)), "Make routes of the API with webapp.api.Routes."


def test_every_operation_says_what_it_does_what_it_needs_and_what_may_come(described: dict[str, Any]) -> None:
    names = [found["operationId"] for found in operations(described).values()]
    assert len(set(names)) == len(names)
    for name, found in operations(described).items():
        assert 5 < len(found["summary"]) < 120, f"{name}: give its function a docstring of one line first."
        scopes = re.findall(r"Needs the scope `([a-z]+:[a-z]+)`", found["description"])
        assert [Permission(scope) for scope in scopes], name
        good = [status for status in found["responses"] if status.startswith("2")]
        assert len(good) == 1, name
        assert {"401", "403", "429", "503"} <= set(found["responses"]), name
        assert ("404" in found["responses"]) == ("{" in name), name
        for parameter in found["parameters"]:
            schema = parameter["schema"]
            assert schema.get("type") or schema.get("$ref"), (name, parameter)


def test_every_model_tells_what_it_is(described: dict[str, Any]) -> None:
    for name, schema in described["components"]["schemas"].items():
        if schema.get("type") == "string":
            assert schema["enum"], f"{name}: a model without parts is a choice of words."
        else:
            assert schema["properties"], name


def test_it_is_openapi_3_1(described: dict[str, Any]) -> None:
    """By the schema of the specification, which schemathesis carries."""
    import schemathesis  # noqa: PLC0415 - a heavy import, for this test alone

    assert described["openapi"].startswith("3.1")
    schemathesis.openapi.from_dict(described).validate()
    for schema in described["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere(described: dict[str, Any]) -> None:
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(described))):
        place: Any = described
        for step in reference.split("/"):
            place = place[step]
        assert place


def test_it_is_open_to_everybody_and_names_nobody(app: Flask) -> None:
    reply = app.test_client().get("/api/v1/openapi.json")
    assert (reply.status_code, reply.mimetype) == (200, "application/json")
    assert reply.json["openapi"] == "3.1.0"
    assert reply.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert "acme" not in reply.text


def test_models_that_come_in_refuse_what_they_do_not_know() -> None:
    for base in (Body, Query, Answer):
        for model in _below(base):
            assert model.model_config["extra"] == "forbid", model
            if base is not Answer:
                assert model.model_config["strict"], model


def _below(model: type) -> set[Any]:
    return {model}.union(*(_below(one) for one in model.__subclasses__()))


def test_every_feature_that_answers_programs_does_so_in_its_own_file() -> None:
    for path in (ROOT / "webapp").rglob("*.py"):
        if re.search(r"\bRoutes\(\)", path.read_text(encoding="utf-8")):
            assert path.name == "api.py", (
                f"{path.relative_to(ROOT)}: move these routes to the feature's api.py."
            )


def test_each_problem_has_a_meaning() -> None:
    for status in (*document.ALWAYS, *document.WITH_A_BODY, 404, 405):
        assert problems.MEANINGS[status]
