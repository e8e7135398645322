"""The files that scripts rely on."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import jsonschema
import pytest

from webapp.domain.publication import INDEX
from webapp.results import exports
from webapp.results.reading import Reading

Changed = Callable[..., Reading]

CELL = {
    "type": "object",
    "required": ["n", "score", "low", "high", "band"],
    "properties": {
        **{key: {"type": "integer"} for key in ("n", "score", "low", "high")},
        "band": {"type": "string"},
        "guarded": {"const": True},
        "agreement": {
            "oneOf": [
                {"type": "null"},
                {
                    "type": "object",
                    "required": ["word", "ad"],
                    "properties": {
                        "word": {"enum": ["close", "mixed", "divided"]},
                        "ad": {"type": ["number", "null"]},
                    },
                },
            ]
        },
        "tier": {"enum": [None, "above", "within", "below"]},
        "quarter": {"enum": [None, "upper", "lower"]},
    },
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "required": [
        "format",
        "organization",
        "wave",
        "questionnaire",
        "form",
        "smallest_group",
        "confidence",
        "constants",
        "units",
        "residuals",
        "findings",
    ],
    "properties": {
        "format": {"const": 1},
        "questionnaire": {"pattern": "^[a-z-]+@[0-9]+$"},
        "confidence": {"const": 0.9},
        "constants": {
            "additionalProperties": {"required": ["phi", "r"], "additionalProperties": {"type": "number"}}
        },
        "units": {
            "items": {
                "required": ["unit", "parent", "headcount", "participation", "practices"],
                "properties": {
                    "unit": {"type": "string"},
                    "parent": {"type": ["string", "null"]},
                    "headcount": {"type": "integer"},
                    "participation": {"type": ["integer", "string", "null"]},
                    "index": CELL,
                    "practices": {"additionalProperties": CELL},
                },
                "additionalProperties": False,
            }
        },
        "residuals": {
            "items": {
                "required": ["below", "units", "practice", "n", "score", "low", "high", "band"],
                "properties": {"units": {"items": {"type": "string"}}},
            }
        },
        "findings": {"items": {"required": ["code", "unit", "practice", "values", "text"]}},
    },
}


@pytest.fixture
def plain(reading: Reading) -> dict[str, Any]:
    return exports.as_json(reading.publication, reading.questionnaire, "kestrel")


def test_the_json_keeps_its_contract(plain: Any) -> None:
    jsonschema.validate(plain, SCHEMA)
    assert json.loads(json.dumps(plain)) == plain
    assert (plain["organization"], plain["questionnaire"], plain["form"]) == (
        "kestrel",
        "ai-adoption@2",
        "team-core",
    )
    assert plain["smallest_group"] == 5


def test_units_stand_in_tree_order_with_the_root_first(plain: Any) -> None:
    units = plain["units"]
    assert (units[0]["unit"], units[0]["parent"], units[0]["participation"]) == ("Kestrel Freight", None, 70)
    assert (units[2]["unit"], units[2]["parent"]) == ("Onboarding", "Customer")
    assert len(units) == 19


def test_a_figure_has_its_range_band_agreement_and_tier(plain: Any) -> None:
    dispatch = plain["units"][16]
    assert dispatch["index"] == {
        "n": 12,
        "score": 27,
        "low": 24,
        "high": 31,
        "band": "Try",
        "tier": "below",
        "quarter": "lower",
    }
    simplify = dispatch["practices"]["simplify"]
    assert simplify == {
        "n": 12,
        "score": 12,
        "low": 8,
        "high": 17,
        "band": "Not yet",
        "agreement": {"word": "divided", "ad": 0.9},
        "tier": "below",
        "quarter": "lower",
    }


def test_a_hidden_unit_has_no_index_and_no_practices(plain: Any) -> None:
    legal = plain["units"][7]
    assert legal == {
        "unit": "Legal",
        "parent": "Corporate",
        "headcount": 7,
        "participation": None,
        "practices": {},
    }


def test_a_residual_group_names_its_units(plain: Any) -> None:
    index = next(one for one in plain["residuals"] if one["practice"] == INDEX)
    assert index == {
        "below": "Corporate",
        "units": ["Legal", "People"],
        "practice": "index",
        "n": 10,
        "score": 33,
        "low": 29,
        "high": 37,
        "band": "Try",
    }
    assert len(plain["residuals"]) == 10


def test_findings_have_words_without_marks(plain: Any) -> None:
    known = [one for one in plain["findings"] if one["code"] != "from_a_later_program"]
    assert all(one["text"].endswith(".") and "**" not in one["text"] for one in known)
    assert next(one for one in plain["findings"] if one["code"] == "from_a_later_program")["text"] == ""


def test_under_the_strict_guard_only_the_band_stands(reading: Reading, changed: Changed) -> None:
    strict = changed(reading, 16, "simplify", score=None, low=None, high=None)
    found = exports.reading_as_json(strict)["units"][16]["practices"]["simplify"]
    assert found == {"band": "Not yet"}
    line = next(
        one
        for one in exports.reading_as_csv(strict).splitlines()
        if one.startswith("Dispatch,Operations,15,simplify")
    )
    assert line == "Dispatch,Operations,15,simplify,,,,,Not yet,,"


def test_under_the_standard_guard_a_rounded_score_says_so(reading: Reading, changed: Changed) -> None:
    guarded = changed(reading, 16, "simplify", score=10, guarded=True)
    found = exports.reading_as_json(guarded)["units"][16]["practices"]["simplify"]
    assert (found["score"], found["guarded"]) == (10, True)


def test_the_csv_has_a_line_a_unit_and_practice(reading: Reading) -> None:
    lines = list(csv.DictReader(io.StringIO(exports.as_csv(reading.publication, reading.questionnaire))))
    assert tuple(lines[0]) == exports.COLUMNS
    assert len(lines) == 16 * 10
    assert lines[0] == dict(
        zip(
            exports.COLUMNS,
            ("Kestrel Freight", "", "171", "index", "120", "41", "40", "42", "Ship", "", ""),
            strict=True,
        )
    )
    assert not [line for line in lines if line["unit"] in {"Legal", "People", "Fleet"}]


@pytest.mark.parametrize("name", ["=1+1", "+A", "-A", "@A", "\tA", "\rA", " =A"])
def test_a_name_that_could_start_a_formula_is_text(reading: Reading, name: str) -> None:
    units = list(reading.publication.units)
    units[5] = replace(units[5], name=name)
    publication = replace(reading.publication, units=tuple(units))
    lines = list(csv.DictReader(io.StringIO(exports.as_csv(publication, reading.questionnaire), newline="")))
    names = {line["unit"] for line in lines} | {line["parent"] for line in lines}
    assert "'" + name.replace("\r", " ") in names
    assert name not in names


def test_a_download_is_a_file_and_leaves_an_audit_row(kestrel: SimpleNamespace) -> None:
    wave = kestrel.waves[-1]
    answer = kestrel.owner.get(f"/o/kestrel/results/{wave}/scores.csv")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == 'attachment; filename="kestrel-november-2025.csv"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.text.startswith("unit,parent,headcount")
    assert kestrel.actions()[-1] == "results.exported"
    told = kestrel.owner.get(f"/o/kestrel/results/{wave}/scores.json")
    jsonschema.validate(told.json, SCHEMA)


def test_a_leaders_download_holds_the_own_units_only(kestrel: SimpleNamespace) -> None:
    text = kestrel.leader.get(f"/o/kestrel/results/{kestrel.waves[-1]}/scores.csv").text
    names = {line["unit"] for line in csv.DictReader(io.StringIO(text))}
    assert names == {"Kestrel Freight", "Operations", "Customs", "Dispatch", "Warehouse"}
    plain = kestrel.leader.get(f"/o/kestrel/results/{kestrel.waves[-1]}/scores.json").json
    assert plain["residuals"] == []
    assert "Data platform" not in json.dumps(plain)
