"""The whole API against its own document: schemathesis sends what fits it and what does not, with all its checks on.

In this process, from one seed and with a bounded number of examples, so that it finds the same each time: the examples of the
document, the edges of each value, random requests, and chains of calls in which one takes ids from the answer to another.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask

from tests.fixtures.organizations import token_of
from webapp.access import tokens
from webapp.actions import commands as actions
from webapp.experiments import commands as experiments
from webapp.models import Organization, Wave

NOTHING = {"practice": "", "item": "", "member": None, "due": None}
UNSAID = {
    **dict.fromkeys(("problem_area", "phase", "first_user_on", "live_on", "ended_on", "end_reason"), None),
    **dict.fromkeys(("value", "baseline", "ready_made_model", "saved_tests"), None),
    **dict.fromkeys(("rule", "value_unit", "note"), ""),
    "idea_on": "2024-02-29",
}
# What cannot be met by chance: a version, or a move that is allowed from where the thing is.
BODIES = {
    "evidence_put_evidence": {"figures": [{"unit": 3, "month": "2026-03", "active": 6}]},
    "actions_change_action": {"version": 1, "title": "Show what works", "note": "More", **NOTHING},
    "actions_move_action": {"state": "doing"},
    "experiments_new_experiment": {"unit": 3, "title": "Answer from the handbook"},
    "experiments_change_experiment": {
        "version": 1,
        "unit": 3,
        "title": "Draft replies",
        "type": "text",
        **UNSAID,
    },
    "experiments_step_of_experiment": {"to": "live"},
}


@pytest.fixture
def token(app: Flask, organization: Organization, monkeypatch: pytest.MonkeyPatch) -> str:
    """Of a program that may do everything, and as often as it likes."""
    monkeypatch.setattr(tokens, "MOST", tokens.RateLimitItemPerMinute(1_000_000))
    return token_of(app, organization, "owner@acme.example")


@pytest.fixture
def document(
    app: Flask, organization: Organization, units: dict[str, int], published_wave: Wave
) -> dict[str, Any]:
    """That of an organization with one thing of each kind; what names them stands in the document as examples."""
    found: dict[str, Any] = json.loads(app.test_client().get("/api/v1/openapi.json").text)
    values = {
        "unit_id": units["Mobile"],
        "wave_id": published_wave.id,
        "action_id": _action(app, organization),
    }
    for methods in found["paths"].values():
        for operation in methods.values():
            for parameter in operation["parameters"]:
                if parameter["name"] in values:
                    parameter["example"] = values[parameter["name"]]
            if operation["operationId"] in BODIES:
                operation["requestBody"]["content"]["application/json"]["example"] = BODIES[
                    operation["operationId"]
                ]
    return found


def _action(app: Flask, organization: Organization) -> int:
    with app.app_context():
        return actions.adopt(organization=organization, unit_id=None, title="Show what works", by=None).id


def _experiment(app: Flask, organization: Organization, unit_id: int) -> int:
    with app.app_context():
        return experiments.log(organization=organization, unit_id=unit_id, title="Draft replies", by=None)


@pytest.fixture
def _in_process(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Schemathesis 4.32 hands what belongs to sockets to applications in this process too, and unpacks no answers there."""
    from schemathesis.engine.context import EngineContext  # noqa: PLC0415 - a heavy import, for these tests alone

    whole, packing = EngineContext.get_transport_kwargs, app.wsgi_app
    of_sockets = {"max_redirects", "verify", "cert"}

    def without(self: Any, operation: Any = None) -> dict[str, Any]:
        return {name: value for name, value in whole(self, operation).items() if name not in of_sockets}

    def plainly(environ: dict[str, Any], start_response: Any) -> Any:
        environ.pop("HTTP_ACCEPT_ENCODING", None)
        return packing(environ, start_response)

    monkeypatch.setattr(EngineContext, "get_transport_kwargs", without)
    monkeypatch.setattr(app, "wsgi_app", plainly)


@dataclass
class Findings:
    """What schemathesis found: faults, the phases that it went through, and answers by operation and status."""

    faults: list[str] = field(default_factory=list)
    phases: dict[str, str] = field(default_factory=dict)
    answers: Counter[str] = field(default_factory=Counter)

    def take(self, event: Any) -> None:
        from schemathesis.engine import events  # noqa: PLC0415 - likewise

        match event:
            case events.NonFatalError() | events.FatalError():
                self.faults.append(str(event))
            case events.PhaseFinished():
                self.phases[event.phase.name.value] = event.status.value
            case events.ScenarioFinished():
                self._hear(event.recorder)

    def _hear(self, recorder: Any) -> None:
        for identity, interaction in recorder.interactions.items():
            if interaction.response is not None:
                operation = recorder.cases[identity].value.operation.label
                self.answers[f"{operation} {interaction.response.status_code}"] += 1
        for identity, checks in recorder.checks.items():
            call = recorder.cases[identity].value
            self.faults += [
                f"{one.name}: {call.as_curl_command()}\n{one.failure_info.failure}"
                for one in checks
                if one.failure_info is not None
            ]


def examined(app: Flask, document: dict[str, Any], token: str, **config: Any) -> Findings:
    import schemathesis  # noqa: PLC0415 - likewise
    from schemathesis import engine  # noqa: PLC0415 - likewise

    generation = {"mode": "all", "max-examples": 15, "deterministic": True, "database": "none"}
    fixed = {"seed": 1, "workers": 1, "cache": {"enabled": False}, "generation": generation}
    fixed["auth"] = {"openapi": {"token": {"bearer": token}}}
    api = schemathesis.openapi.from_dict(document, config=schemathesis.Config.from_dict(fixed | config))
    api.app, api.location = app, "/api/v1/openapi.json"
    found = Findings()
    for event in engine.from_schema(api).execute():
        found.take(event)
    return found


@pytest.mark.usefixtures("_in_process")
def test_every_operation_keeps_to_the_document(app: Flask, token: str, document: dict[str, Any]) -> None:
    found = examined(app, document, token)
    assert not found.faults, "\n\n".join(found.faults[:20])
    for phase in ("examples", "coverage", "fuzzing", "stateful"):
        assert found.phases[phase] == "success", found.phases
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            name, statuses = f"{method.upper()} {path}", list(operation["responses"])
            [good] = [status for status in statuses if status.startswith("2")]
            assert found.answers[f"{name} {good}"], f"{name} was never answered well: {found.answers}"
            assert found.answers[f"{name} 401"], f"{name} was never tried without a token."


@pytest.mark.usefixtures("_in_process")
def test_what_does_not_keep_to_it_is_found(app: Flask, token: str, document: dict[str, Any]) -> None:
    document["components"]["schemas"]["Wave"]["properties"]["id"] = {"type": "string"}
    off = {"enabled": False}
    found = examined(app, document, token, phases={"coverage": off, "fuzzing": off, "stateful": off})
    assert any("/api/v1/waves/" in fault and "schema" in fault for fault in found.faults), found
