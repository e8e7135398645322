import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from webapp.domain.questionnaire_types import Quoted
from webapp.domain.refusal import Refused
from webapp.domain.written_yaml import load

LAUGHS = b"a: &a [x, x]\n" + b"".join(b"%c: &%c [*%c, *%c]\n" % (n + 1, n + 1, n, n) for n in range(97, 121))

REFUSED = {
    "empty": (b"", "1:1: The file is empty."),
    "only comments": (b"# nothing\n", "1:1: The file is empty."),
    "a list": (b"\n- a\n", "2:1: The file must be a mapping (key: value)."),
    "a text": (b"a", "1:1: The file must be a mapping (key: value)."),
    "an anchor": (b"a: 1\nb: &x [1]\n", "2:4: Anchors (&x) are not allowed."),
    "an anchored key": (b"&x a: 1\n", "1:1: Anchors (&x) are not allowed."),
    "an alias": (b"a: *x\n", "1:4: Aliases (*x) are not allowed."),
    "a billion laughs": (LAUGHS, "1:4: Anchors (&a) are not allowed."),
    "a tag": (b"a: !!str 1\n", "1:4: Tags (tag:yaml.org,2002:str) are not allowed."),
    "a python tag": (b"!!python/none {}\n", "1:1: Tags (tag:yaml.org,2002:python/none) are not allowed."),
    "a bare tag": (b"a:\n  - ! x\n", "2:5: Tags (!) are not allowed."),
    "two documents": (b"a: 1\n---\nb: 1\n", "2:1: Only one document is allowed in a file."),
    "a directive": (b"%YAML 1.1\n---\na: 1\n", "1:1: Directives (%) are not allowed."),
    "a merge key": (b"a:\n  <<: {b: 1}\n", "2:3: Merge keys (<<) are not allowed."),
    "a key that is a list": (b"a: 1\n? [b]\n: 1\n", "2:3: A key must be a plain text."),
    "a key that stands twice": (
        b"a: 1\nb: {c: 1, d: 2, c: 3}\na: 2\n",
        (
            "2:17: The key “c” stands here a second time; the first is in line 2.\n"
            "f.yaml:3:1: The key “a” stands here a second time; the first is in line 1."
        ),
    ),
    "a NUL": (b"a: 1\nb: x\x00y\n", "2:5: The character U+0000 is not allowed."),
    "a control character": (b"a: 1\r\nb: \x1b\r\n", "2:4: The character U+001B is not allowed."),
    "a Unicode line end": ("a: ü\u2028\n".encode(), "1:5: The character U+2028 is not allowed."),
    "an escaped NUL": (b'a: 1\nb: ["x\\0"]\n', "2:5: The character U+0000 is not allowed."),
    "an escaped key": (b'"\\b": 1\n', "1:1: The character U+0008 is not allowed."),
    "another encoding": ("a: 1\nb: für".encode("latin-1"), "2:5: The file is not encoded as UTF-8."),
    "UTF-16": ("a: 1".encode("utf-16"), "1:1: The file is not encoded as UTF-8."),
    "nesting": (b"a: " + b"[" * 100_000, "1:15: The file is nested more than 12 levels deep."),
    "size": (b"a: " + b"x" * 1_000_000, "1:1: The file is larger than 1000000 bytes."),
    "many entries": (b"a:\n" + b"- \n" * 300_000, "19999:2: The file has more than 20000 entries."),
    "an open quote": (b'a: "b\n', "2:1: This cannot be read as YAML: found unexpected end of stream."),
    "a colon in a text": (
        "a: ü: b\n".encode(),
        "1:5: This cannot be read as YAML: mapping values are not allowed in this context.",
    ),
    "a tab": (
        b"a:\n\t- b\n",
        "2:1: This cannot be read as YAML: found character that cannot start any token.",
    ),
}


@pytest.mark.parametrize(("source", "expected"), REFUSED.values(), ids=REFUSED.keys())
def test_what_is_not_plain_yaml_is_refused_with_its_place_and_at_once(source: bytes, expected: str) -> None:
    started = time.perf_counter()
    with pytest.raises(Refused) as refused:
        load(source, "f.yaml")
    assert str(refused.value) == f"f.yaml:{expected}"
    assert time.perf_counter() - started < 2


def test_a_surrogate_in_a_text_is_refused() -> None:
    with pytest.raises(Refused, match=r"^f:1:4: The character U\+D800 is not allowed\.$"):
        load("a: \ud800", "f")


def test_scalars_stay_text_and_remember_quotes() -> None:
    read = load(
        '\ufeffa: [No, 1, 12:30, ~, 2026-01-01, "1", |-\n  x\n ]'.replace("|-\n  x\n ", "'x'"), "f"
    ).data
    assert read == {"a": ["No", "1", "12:30", "~", "2026-01-01", "1", "x"]}
    assert isinstance(read, dict)
    assert [type(one) for one in read["a"]] == [str, str, str, str, str, Quoted, Quoted]
    assert type(load("a: |\n  1\n", "f").data["a"]) is Quoted  # type: ignore[index]


def test_everything_knows_its_place() -> None:
    written = load("a: 1\nbü:\n  - c: ä\n    d: [1,\n      2]\n", "f.yaml")
    assert written.place(("a",)) == "f.yaml:1:4"
    assert written.place(("bü",), key=True) == "f.yaml:2:1"
    assert written.place(("bü", 0, "c")) == "f.yaml:3:8"
    assert written.place(("bü", 0, "d", 1)) == "f.yaml:5:7"
    assert written.place(("bü", 0, "nowhere", 3)) == "f.yaml:3:5"
    assert written.place(("nowhere",), key=True) == "f.yaml:1:1"


@settings(deadline=None)
@given(st.binary() | st.text(alphabet=st.sampled_from("a1:-[]{}#&*!|>'\"%@`, \n\t?\\\x00\ud800é~<")))
def test_nothing_but_a_refusal_is_ever_raised(source: bytes | str) -> None:
    try:
        load(source, "f")
    except Refused as refusal:
        message = str(refusal)
    else:
        return
    assert message.startswith("f:")
