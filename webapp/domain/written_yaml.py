"""YAML as it was written: text, lists and mappings with their places, and nothing that YAML could hide.

Only the plain part of YAML is read. Anchors, aliases, tags, merge keys, directives and further documents are refused
while the text streams by, so that neither a bomb of aliases nor deep nesting ever gets built. Scalars stay text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from webapp.domain.questionnaire_types import Quoted
from webapp.domain.refusal import Refused, RefusedMany

LARGEST = 1_000_000  # bytes
MOST_ENTRIES = 20_000  # texts, lists and mappings; so many faults are still reported in under a second
DEEPEST = 12  # lists and mappings inside each other; a questionnaire needs seven

LONGEST_SHOWN = 60  # characters of what is quoted in a message

Path = tuple[str | int, ...]
Mark = tuple[int, int]

# What is no text: control characters, NEL and the Unicode line ends (editors count lines without them), surrogates,
# byte order marks inside the text, and non-characters.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Written:
    """A file as it was read.

    `data` is made of dict, list, str and `Quoted`; `values` and `keys` say for each path (keys of mappings, positions
    in lists) at which (line, column), from 1, the value and its key stand.
    """

    name: str
    data: object
    values: dict[Path, Mark] = field(repr=False)
    keys: dict[Path, Mark] = field(repr=False)

    def place(self, path: Path, *, key: bool = False) -> str:
        """FILE:LINE:COLUMN of the value (or of the key) at `path`, or of the nearest thing around it."""
        return placed(self.name, self.mark(path, key=key))

    def mark(self, path: Path, *, key: bool = False) -> Mark:
        if key and path in self.keys:
            return self.keys[path]
        while path not in self.values:
            path = path[:-1]
        return self.values[path]


def placed(name: str, mark: Mark) -> str:
    return f"{name}:{mark[0]}:{mark[1]}"


def load(source: bytes | str, name: str) -> Written:
    """Read one document whose root is a mapping; `name` is the file's name in messages.

    Raises Refused at the first fault of the YAML, RefusedMany for keys that stand twice.
    """
    builder = _Builder(name)
    events = _events(_decoded(source, name), name)
    for event in events:
        builder.take(event)
    if builder.refusals:
        raise RefusedMany(builder.refusals)
    return Written(name, builder.root, builder.values, builder.keys)


def _decoded(source: bytes | str, name: str) -> str:
    if len(source) > LARGEST:
        raise Refused("The file is larger than {most} bytes.", place=placed(name, (1, 1)), most=LARGEST)
    if isinstance(source, bytes):
        try:
            text = source.decode("utf-8")
        except UnicodeDecodeError as error:
            before = source[: error.start].decode("utf-8")
            raise Refused(
                "The file is not encoded as UTF-8.", place=placed(name, _mark_after(before))
            ) from None
    else:
        text = source
    text = text.removeprefix("\ufeff")
    if found := UNPRINTABLE.search(text):
        raise Refused(
            "The character {code} is not allowed.",
            place=placed(name, _mark_after(text[: found.start()])),
            code=_code(found.group()),
        )
    return text


def _mark_after(before: str) -> Mark:
    lines = LINE_END.split(before.removeprefix("\ufeff"))
    return len(lines), len(lines[-1]) + 1


def _code(character: str) -> str:
    return f"U+{ord(character):04X}"


def _events(text: str, name: str) -> Iterator[yaml.Event]:
    try:
        yield from yaml.parse(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        raise Refused(
            "This cannot be read as YAML: {problem}.",
            place=placed(name, _mark(error.problem_mark or error.context_mark)),
            problem=error.problem or error.context,
        ) from None
    except yaml.YAMLError as error:  # pragma: no cover - the reader's own faults are caught before it runs
        raise Refused(
            "This cannot be read as YAML: {problem}.", place=placed(name, (1, 1)), problem=error
        ) from None


def _mark(mark: Any) -> Mark:
    return (1, 1) if mark is None else (mark.line + 1, mark.column + 1)


class _Builder:
    """Builds data from the parser's events without recursion, and notes where everything stands."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.root: object = None
        self.values: dict[Path, Mark] = {}
        self.keys: dict[Path, Mark] = {}
        self.refusals: list[Refused] = []
        self._open: list[tuple[Path, dict[str, object] | list[object]]] = []
        self._key: list[str | None] = []
        self._documents = 0
        self._entries = 0

    def take(self, event: yaml.Event) -> None:
        mark = _mark(event.start_mark)
        match event:
            case yaml.DocumentStartEvent():
                self._start(event, mark)
            case yaml.AliasEvent():
                raise self._refused(
                    mark, "Aliases (*{name}) are not allowed.", name=str(event.anchor)[:LONGEST_SHOWN]
                )
            case yaml.NodeEvent():
                self._node(event, mark)
            case yaml.CollectionEndEvent():
                self._open.pop()
                self._key.pop()
            case yaml.StreamEndEvent() if not self._documents:
                raise self._refused((1, 1), "The file is empty.")
            case _:
                pass

    def _refused(self, mark: Mark, message: str, **values: object) -> Refused:
        return Refused(message, place=placed(self.name, mark), **values)

    def _start(self, event: yaml.DocumentStartEvent, mark: Mark) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self._refused(mark, "Only one document is allowed in a file.")
        if event.version or event.tags:
            raise self._refused(mark, "Directives (%) are not allowed.")

    def _node(self, event: yaml.NodeEvent, mark: Mark) -> None:
        self._entries += 1
        if self._entries > MOST_ENTRIES:
            raise self._refused(mark, "The file has more than {most} entries.", most=MOST_ENTRIES)
        if event.anchor is not None:
            raise self._refused(
                mark, "Anchors (&{name}) are not allowed.", name=str(event.anchor)[:LONGEST_SHOWN]
            )
        if tag := getattr(event, "tag", None):
            raise self._refused(mark, "Tags ({tag}) are not allowed.", tag=tag[:LONGEST_SHOWN])
        if self._open and isinstance(self._open[-1][1], dict) and self._key[-1] is None:
            self._take_key(event, mark)
        elif isinstance(event, yaml.ScalarEvent):
            self._place(self._scalar(event, mark), mark)
        else:
            self._enter({} if isinstance(event, yaml.MappingStartEvent) else [], mark)

    def _scalar(self, event: yaml.ScalarEvent, mark: Mark) -> str:
        if found := UNPRINTABLE.search(event.value):
            raise self._refused(mark, "The character {code} is not allowed.", code=_code(found.group()))
        return Quoted(event.value) if event.style else event.value

    def _take_key(self, event: yaml.NodeEvent, mark: Mark) -> None:
        if not isinstance(event, yaml.ScalarEvent):
            raise self._refused(mark, "A key must be a plain text.")
        key = str(self._scalar(event, mark))
        if key == "<<":
            raise self._refused(mark, "Merge keys (<<) are not allowed.")
        path, container = self._open[-1]
        if key in container:
            first = self.keys[*path, key][0]
            self.refusals.append(
                self._refused(
                    mark,
                    "The key “{key}” stands here a second time; the first is in line {line}.",
                    key=key[:LONGEST_SHOWN],
                    line=first,
                )
            )
        else:
            self.keys[*path, key] = mark
        self._key[-1] = key

    def _place(self, value: object, mark: Mark) -> Path:
        path: Path = ()
        if self._open:
            above, container = self._open[-1]
            path = (*above, self._put(container, value))
        elif isinstance(value, dict):
            self.root = value
        else:
            raise self._refused(mark, "The file must be a mapping (key: value).")
        self.values[path] = mark
        return path

    def _put(self, container: dict[str, object] | list[object], value: object) -> str | int:
        key, self._key[-1] = self._key[-1], None
        if isinstance(container, dict) and key is not None:
            container[key] = value
            return key
        if isinstance(container, list):
            container.append(value)
        return len(container) - 1

    def _enter(self, value: dict[str, object] | list[object], mark: Mark) -> None:
        if len(self._open) == DEEPEST:
            raise self._refused(mark, "The file is nested more than {most} levels deep.", most=DEEPEST)
        self._open.append((self._place(value, mark), value))
        self._key.append(None)
