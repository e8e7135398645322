"""What stands in no file of the project."""

import re

from tests.fixtures.sources import ROOT, files

# Package registries and mirrors by what their addresses look like, without naming one.
REGISTRY = re.compile(
    rb"--(extra-)?index-url|https?://[^\s\"'<>)]*(/simple\b|/packages/[0-9a-f]{2}/|registry\.|/npm/|artifact|mirror)",
    re.IGNORECASE,
)
MACHINE = re.compile(rb"(?<![\w.])/(work|tmp|root|home/\w+|Users/\w+)/[\w.]")
CONFLICT = re.compile(rb"^(<{7}|>{7}) ", re.MULTILINE)
BINARY = {".png", ".woff2", ".gz", ".br", ".ico", ".jpg", ".mo"}


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    for path in files():
        if path.suffix in BINARY:
            continue
        content = path.read_bytes()
        for what, pattern in (("a package registry", REGISTRY), ("a path of one machine", MACHINE)):
            found = pattern.search(content)
            assert not found, (
                f"{path.relative_to(ROOT)} names {what}: {found and found[0]!r}. Leave it to the setup."
            )


def test_no_file_has_a_mark_of_a_conflict() -> None:
    for path in files():
        assert path.suffix in BINARY or not CONFLICT.search(path.read_bytes()), path.relative_to(ROOT)


def test_every_text_ends_with_one_line_break_and_has_unix_lines() -> None:
    for path in files():
        content = path.read_bytes()
        if path.suffix in BINARY or not content:
            continue
        name = path.relative_to(ROOT)
        assert b"\r" not in content or path.suffix == ".csv", f"{name} has lines of another system."
        assert content.endswith(b"\n"), f"{name} does not end with a line break."
        if path.suffix != ".po":  # which a program writes, with a last empty line
            assert not content.endswith(b"\n\n"), f"{name} ends with an empty line."


def test_tests_and_code_name_no_other_host() -> None:
    allowed = re.compile(
        rb"https?://([\w.-]*\.)?(example(\.(org|com))?|localhost|127\\?\.0\\?\.0\\?\.1|evil\.example|\[::1\])\b"
    )
    for path in files():
        if path.suffix in {".py", ".html", ".js", ".css"} and path.name != "test_sources.py":
            for found in re.finditer(rb"https?://[\w\[][\w.:\[\]-]*", path.read_bytes()):
                near = path.read_bytes()[found.start() : found.end() + 30]
                known = (b"http://www.w3.org/", b"https://json-schema.org/")
                assert allowed.match(near) or near.startswith(known), (
                    f"{path.relative_to(ROOT)} names {found[0].decode()}."
                )
