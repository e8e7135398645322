"""Small files with telling names."""

from tests.fixtures.sources import ROOT, files

LARGEST = 400
OURS = {".py", ".pyi", ".html", ".css", ".js", ""}
MADE = {"requirements.lock", "requirements-test.lock"}
EMPTY_WORDS = {"utils", "util", "helpers", "helper", "common", "manager", "service", "services", "misc"}


def test_no_file_is_longer_than_400_lines() -> None:
    for path in files():
        if path.suffix in OURS and path.name not in MADE and ".min." not in path.name:
            lines = path.read_bytes().count(b"\n")
            assert lines <= LARGEST, (
                f"{path.relative_to(ROOT)} has {lines} lines, {LARGEST} are the most: split it by subject."
            )


def test_no_module_is_named_after_nothing() -> None:
    for path in files():
        words = {path.stem, *(part for part in path.relative_to(ROOT).parts[:-1])}
        assert not words & EMPTY_WORDS, f"Name {path.relative_to(ROOT)} after what it knows or does."
