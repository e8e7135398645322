import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from webapp.domain.questionnaire_file import read
from webapp.domain.questionnaire_schema import TABLES, TRANSLATED, fields, schema
from webapp.domain.questionnaire_translation import read_translation

ROOT = Path(__file__).parents[2]
FILES = Path(__file__).parent / "questionnaires"
README = (ROOT / "questionnaires" / "README.md").read_text(encoding="utf-8")


def as_an_editor_reads(text: str) -> Any:
    return yaml.safe_load(text.replace(", ~]", ", x]"))  # null is text to the reader only


def valid(document: Any) -> bool:
    return jsonschema.Draft202012Validator(schema()).is_valid(document)


def test_the_schema_in_the_repository_is_current() -> None:
    printed = subprocess.run(
        [sys.executable, "-m", "webapp.domain.questionnaire_schema"],
        cwd=ROOT,
        check=True,
        capture_output=True,
    ).stdout.decode()
    assert (ROOT / "questionnaires" / "schema.json").read_text(encoding="utf-8") == printed, (
        "run: .venv/bin/python -m webapp.domain.questionnaire_schema > questionnaires/schema.json"
    )


@pytest.mark.parametrize("tables", [TABLES, TRANSLATED])
def test_the_tables_of_the_readme_are_current(tables: Any) -> None:
    assert fields(tables) in README, (
        "run: .venv/bin/python -m webapp.domain.questionnaire_schema --fields, and put it under “Field by field”"
    )


def test_every_field_is_described() -> None:
    for title, model in (*TABLES, *TRANSLATED):
        for name, field in model.model_fields.items():
            assert field.description, f"{title}: {name}"


def test_the_examples_of_the_readme_are_valid() -> None:
    smallest, translation = (part.split("```")[0] for part in README.split("```yaml\n")[1:])
    questionnaire = read(smallest, "README.md")
    assert smallest == (FILES / "smallest.yaml").read_text(encoding="utf-8")
    assert read_translation(translation, "README.md", questionnaire).language == "de"


def test_the_schema_is_a_schema_and_takes_what_the_reader_takes() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    for file in [
        FILES / "smallest.yaml",
        FILES / "full.yaml",
        *sorted((ROOT / "questionnaires").glob("*.yaml")),
    ]:
        text = file.read_text(encoding="utf-8")
        errors = [
            error.message
            for error in jsonschema.Draft202012Validator(schema()).iter_errors(as_an_editor_reads(text))
        ]
        assert errors == [], file.name


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("version: 2", "version: two"),
        ("version: 2", 'version: "2"'),
        ("weight: 1.5", "weight: 0"),
        ("weight: 1.5", "wait: 1.5"),
        ("key: T1", "key: T 1"),
        ("title: Craft", "x: y"),
        ("[Never, ", "["),
        ("measurement: reflective", "measurement: alpha"),
        ("{paragraph: 35}", "{passage: 35}"),
        ("pulse: {}", "pulse nine: {}"),
        ("from: 90", "from: 100"),
        ("below: 20", "below: 101"),
        ("title: Craft", "title:"),
    ],
)
def test_the_schema_refuses_what_has_not_the_shape(old: str, new: str) -> None:
    text = (FILES / "full.yaml").read_text(encoding="utf-8")
    assert valid(as_an_editor_reads(text))
    assert not valid(as_an_editor_reads(text.replace(old, new, 1)))


def test_the_schema_has_no_other_words_than_those_of_json_schema() -> None:
    known = {
        "$schema",
        "title",
        "$defs",
        "$ref",
        "type",
        "properties",
        "required",
        "additionalProperties",
        "items",
    }
    known |= {
        "patternProperties",
        "pattern",
        "enum",
        "anyOf",
        "default",
        "description",
        "minItems",
        "maxItems",
    }
    known |= {"minimum", "maximum", "exclusiveMinimum", "maxLength"}

    def words(part: Any) -> set[str]:
        if not isinstance(part, dict):
            return set()
        found = set(part)
        for key, value in part.items():
            if key in {"properties", "$defs", "patternProperties"}:
                found |= set().union(*map(words, value.values()))
            elif key != "default":
                found |= words(value) | set().union(*map(words, value if isinstance(value, list) else []))
        return found

    assert words(json.loads(json.dumps(schema()))) <= known
