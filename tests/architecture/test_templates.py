"""Templates: they compile, hold nothing inline, and every word that people read goes through gettext."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from flask import Flask
from jinja2 import nodes

from tests.fixtures.sources import ROOT, templates

WEBAPP = ROOT / "webapp"
# template: what its filter `safe` marks, and why that is safe. There is none.
MARKED_SAFE: dict[str, str] = {}
NAMES = {"Groundswell"}
TRANSLATING = {"_", "_l", "gettext", "ngettext", "pgettext", "npgettext"}
LITERAL = {"code", "kbd", "pre"}  # commands and columns are the same in every language
READ_ALOUD = {"alt", "aria-label", "aria-description", "placeholder", "title"}
# What stands in the column "never" of the glossary and has no other honest use in a sentence of ours.
NEVER = re.compile(
    r"\b(compan(y|ies)|admins?|participants?|surveys?|campaigns?|submissions?|snapshots?"
    r"|telemetry|grades?|dimensions?|tokens?|templates?)\b",
    re.IGNORECASE,
)
# Sentences about other people's research may call it what it is; and a ballot is no token, but programs have API tokens.
HONEST = re.compile(r"[Ii]n one survey|nine surveys out of ten|API tokens?")

every_template = pytest.mark.parametrize(
    "path", templates(), ids=lambda path: str(path.relative_to(WEBAPP)) if isinstance(path, Path) else None
)


def test_every_template_compiles(app: Flask) -> None:
    names = app.jinja_env.list_templates()
    assert len(names) >= len(templates())
    for name in names:
        app.jinja_env.get_template(name)


@every_template
def test_nothing_stands_inline(path: Path) -> None:
    text = without_jinja(path.read_text(encoding="utf-8"))
    assert not re.search(r"<style\b|\sstyle\s*=", text), (
        "Move the style into static/css: the policy refuses it here."
    )
    assert not re.search(r"\son[a-z]+\s*=", text), (
        "Replace on…= by a listener in static/js: the policy refuses it."
    )
    for script in re.findall(r"<script\b[^>]*>", text):
        assert "src=" in script or 'type="application/json"' in script, "Move the script into static/js."
    assert "javascript:" not in text


@every_template
def test_nothing_is_marked_safe_without_a_listed_reason(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    name = str(path.relative_to(WEBAPP))
    found = re.search(r"\|\s*safe\b|\bautoescape\s+false|\bMarkup\b", text)
    assert not found or name in MARKED_SAFE, (
        f"{found and found[0]}: let Jinja escape it, or list it here with a reason."
    )


class Words(HTMLParser):
    """The words between the tags and in the attributes that are read aloud."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[int, str]] = []
        self.literal = 0

    def handle_data(self, data: str) -> None:
        if not self.literal:
            self._note(data)

    def handle_endtag(self, tag: str) -> None:
        self.literal -= tag in LITERAL

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.literal += tag in LITERAL
        for name, value in attributes:
            if name in READ_ALOUD and value:
                self._note(value)

    def _note(self, text: str) -> None:
        words = re.findall(r"(?<![-\w])[^\W\d_]{2,}", text)  # “-hint” is the end of an id that Jinja begins
        if set(words) - NAMES:
            self.found.append((self.getpos()[0], " ".join(text.split())))


def without_jinja(text: str) -> str:
    """The template's own HTML; what Jinja puts there is left out, lines are kept."""

    def blank(match: re.Match[str]) -> str:
        return "\n" * match[0].count("\n")

    text = re.sub(r"{%-?\s*trans\b.*?endtrans\s*-?%}", blank, text, flags=re.DOTALL)
    return re.sub(r"{#.*?#}|{%.*?%}|{{.*?}}", blank, text, flags=re.DOTALL)


@every_template
def test_every_word_of_a_template_goes_through_gettext(path: Path) -> None:
    parser = Words()
    parser.feed(without_jinja(path.read_text(encoding="utf-8")))
    assert not parser.found, f'Put these into {{{{ _("…") }}}} or {{% trans %}}: {parser.found}'


def loose_strings(node: nodes.Node) -> Iterator[tuple[int, str]]:
    """Sentences in expressions, outside of a call that translates them."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATING:
        return
    if (
        isinstance(node, nodes.Const)
        and isinstance(node.value, str)
        and re.search(r"[A-Z][a-z]+ [a-z]+", node.value)
    ):
        yield node.lineno, node.value
    for child in node.iter_child_nodes():
        yield from loose_strings(child)


@every_template
def test_every_sentence_in_an_expression_goes_through_gettext(app: Flask, path: Path) -> None:
    found = list(loose_strings(app.jinja_env.parse(path.read_text(encoding="utf-8"))))
    assert not found, f'Wrap these in _("…"): {found}'


def python_files() -> list[Path]:
    return sorted(path for path in WEBAPP.rglob("*.py") if "domain" not in path.parts)


def literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def test_labels_of_fields_and_flashed_sentences_go_through_gettext() -> None:
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if name == "flash" or (
                name.endswith("Field") and name != "Field"
            ):  # pydantic's describes the API
                given = [literal(node.args[0] if node.args else None)]
                given += [literal(one.value) for one in node.keywords if one.arg in {"label", "description"}]
                loose = [text for text in given if text and re.search("[A-Z]", text)]
                assert not loose, (
                    f'{path.relative_to(ROOT)}:{node.lineno}: wrap {loose} in _("…") or _l("…").'
                )


def test_no_sentence_stands_inside_a_formatted_string() -> None:
    """There the catalogues' tool does not look, and the sentence would stay English for everybody."""
    for path in python_files():
        for string in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for node in ast.walk(string) if isinstance(string, ast.JoinedStr) else ():
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in TRANSLATING:
                    raise AssertionError(
                        f"{path.relative_to(ROOT)}:{node.lineno}: take {ast.unparse(node)} out of the f-string."
                    )


def test_sentences_keep_to_the_glossary() -> None:
    methods = [("**.py", "python"), ("**/templates/**.html", "jinja2")]
    keywords = {"_": None, "_l": None, "gettext": None, "ngettext": (1, 2), "Refused": None}
    found = extract_from_dir(WEBAPP, methods, keywords=keywords, options_map={})
    for file, line, message, _comments, _context in found:
        for text in [message] if isinstance(message, str) else message:
            word = NEVER.search(HONEST.sub("", text or ""))
            assert not word, (
                f"webapp/{file}:{line}: “{word and word[0]}” is not a word of the glossary: {text!r}"
            )
