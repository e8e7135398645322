"""What the tests of the domain share."""

import json
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def vectors(shared: Path) -> dict[str, dict]:
    """Worked numbers of the design, by name: input and output."""
    return json.loads((shared / "data" / "test-vectors.json").read_text(encoding="utf-8"))
