"""What every test may ask for."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of design data beside the checkout; required in CI, else skipped with one loud line."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        if os.environ.get("CI"):
            pytest.fail("The folder shared/data beside the checkout is missing, and CI requires it.")
        pytest.skip("LOUD: no folder shared/data beside the checkout, so real data is not compared")
    return folder
