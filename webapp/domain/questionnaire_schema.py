"""The format of questionnaire files for editors (JSON Schema) and for people (tables of fields), from the model.

python -m webapp.domain.questionnaire_schema > questionnaires/schema.json
python -m webapp.domain.questionnaire_schema --fields        (the tables of questionnaires/README.md)
"""

import json
import sys
from typing import Any

from webapp.domain.questionnaire import Advice, Band, Item, Practice, Questionnaire, Source, Term
from webapp.domain.questionnaire_forms import FormEntry
from webapp.domain.questionnaire_translation import (
    AdviceText,
    BandText,
    FormText,
    ItemText,
    PracticeText,
    TermText,
    Translation,
)
from webapp.domain.questionnaire_types import LONGEST_LINE, Entry

TABLES: tuple[tuple[str, type[Entry]], ...] = (
    ("The file", Questionnaire),
    ("A term, in `terms`", Term),
    ("A band, in `bands`", Band),
    ("A form, in `forms` under its name", FormEntry),
    ("A practice, in `practices`", Practice),
    ("An advice, in `advice`", Advice),
    ("An item, in `items`", Item),
    ("A source, in `source`", Source),
)
TRANSLATED: tuple[tuple[str, type[Entry]], ...] = (
    ("The file of a translation", Translation),
    ("A term, in `terms` under its word", TermText),
    ("A band, in `bands` under its `from`", BandText),
    ("A form, in `forms` under its name", FormText),
    ("A practice, in `practices` under its key", PracticeText),
    ("An advice, in `advice` under its `below`", AdviceText),
    ("An item, in `items` under its key", ItemText),
)


def schema() -> dict[str, Any]:
    """The JSON Schema of a questionnaire file as an editor reads it.

    It knows shapes only; what names and scales must agree on is checked by `questionnaire check`.
    """
    made: dict[str, Any] = _plain(Questionnaire.model_json_schema())
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Questionnaire", **made}


def _plain(part: Any) -> Any:
    """Without the titles that repeat the keys, and without null: a key that has no value is left out."""
    if isinstance(part, list):
        return [_plain(one) for one in part]
    if not isinstance(part, dict):
        return part
    kept = {
        key: value for key, value in part.items() if not (key == "default" and value in (None, "", [], {}))
    }
    if "patternProperties" in kept:
        kept["additionalProperties"] = False
    if isinstance(kept.get("title"), str):
        del kept["title"]
    if "anyOf" in kept:
        choices = [one for one in kept.pop("anyOf") if one != {"type": "null"}]
        kept |= choices[0] if len(choices) == 1 else {"anyOf": choices}
    return {key: _plain(value) for key, value in kept.items()}


def fields(tables: tuple[tuple[str, type[Entry]], ...]) -> str:
    """One Markdown table a mapping of the file: key, value, default, meaning."""
    return "\n\n".join(f"### {title}\n\n{_table(model)}" for title, model in tables)


def _table(model: type[Entry]) -> str:
    shape = _plain(model.model_json_schema())
    required = set(shape.get("required", ()))
    rows = [
        f"| `{key}` | {_words(part)} | {_default(key, part, required)} | {_meaning(model, key)} |"
        for key, part in shape["properties"].items()
    ]
    return "\n".join(("| key | value | default | meaning |", "|---|---|---|---|", *rows))


def _meaning(model: type[Entry], key: str) -> str:
    described = {field.alias or name: field.description for name, field in model.model_fields.items()}
    return described[key] or ""


def _default(key: str, part: dict[str, Any], required: set[str]) -> str:
    if key in required:
        return "**required**"
    value = part.get("default")
    if value is None or isinstance(value, list | dict):
        return ""
    return f"`{json.dumps(value) if isinstance(value, bool) else value}`"


def _words(part: dict[str, Any]) -> str:  # noqa: PLR0911 - one return a kind of value
    if "$ref" in part:
        return "mapping"
    if "anyOf" in part:
        return " or ".join(_words(one) for one in part["anyOf"])
    if "enum" in part:
        return ", ".join(f"`{choice}`" for choice in part["enum"])
    match part["type"]:
        case "array":
            count = f"{part['minItems']} " if part.get("minItems") == part.get("maxItems", 0) else ""
            return f"list of {count}{_words(part['items'])}s"
        case "object":
            values = [*part.get("patternProperties", {}).values(), part.get("additionalProperties")]
            return f"mapping of names to {_words(values[0])}s"
        case "integer" | "number" as kind:
            bounds = [
                words.format(part[bound])
                for bound, words in (
                    ("minimum", "from {}"),
                    ("exclusiveMinimum", "above {}"),
                    ("maximum", "to {}"),
                )
                if bound in part
            ]
            return " ".join(["whole number" if kind == "integer" else "number", *bounds])
        case "boolean":
            return "`true` or `false`"
        case _:
            return _text(part)


def _text(part: dict[str, Any]) -> str:
    if "pattern" in part:
        return "key" if "." in part["pattern"] else "language"
    return "line" if part["maxLength"] == LONGEST_LINE else "text"


def main(arguments: list[str]) -> None:
    if arguments == ["--fields"]:
        sys.stdout.write(f"{fields(TABLES)}\n\n{fields(TRANSLATED)}\n")
    else:
        sys.stdout.write(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
