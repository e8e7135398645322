"""What every test may ask for; the fixtures stand by subject in `fixtures/`."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).parents[1]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
REQUIRED = os.environ.get("GROUNDSWELL_REQUIRE_ALL") == "1"
CI = bool(os.environ.get("CI"))

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(
        variable, "1"
    )  # a pool of threads a test process wants more memory than it saves time
if "GROUNDSWELL_TEST_BROWSER" not in os.environ and (
    found := next(filter(None, map(shutil.which, BROWSERS)), None)
):
    os.environ["GROUNDSWELL_TEST_BROWSER"] = found

# How long an example takes says something about the machine, and nothing about the rule.
settings.register_profile("ours", deadline=None)
settings.load_profile("ours")

pytest_plugins = (
    "tests.fixtures.applications",
    "tests.fixtures.organizations",
    "tests.fixtures.browser",
    "tests.fixtures.post_office",
    "tests.fixtures.identity_provider",
    "tests.fixtures.provided",
    "tests.fixtures.receiver",
)

# marker: (the setting without which its tests are skipped, the loud line, whether CI alone demands it)
OUTSIDE = {
    "browser": ("GROUNDSWELL_TEST_BROWSER", "no Chromium in PATH: tests in a real browser are SKIPPED", True),
    "postgresql": (
        "GROUNDSWELL_TEST_POSTGRESQL",
        "GROUNDSWELL_TEST_POSTGRESQL names no server: tests on a real PostgreSQL are SKIPPED",
        False,
    ),
    "redis": (
        "GROUNDSWELL_TEST_REDIS",
        "GROUNDSWELL_TEST_REDIS names no server: tests on a real Redis are SKIPPED",
        False,
    ),
}


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Skip what needs something that is not here, with one loud line each; where all is required, refuse to go on."""
    loud = config.stash.setdefault(LOUD, [])
    for marker, (setting, line, by_ci) in OUTSIDE.items():
        waiting = [item for item in items if item.get_closest_marker(marker)]
        if not waiting or os.environ.get(setting):
            continue
        if REQUIRED or (CI and by_ci):
            raise pytest.UsageError(f"{line}, and here they are required ({setting}).")
        loud.append(f"LOUD: {line} ({len(waiting)} tests)")
        for item in waiting:
            item.add_marker(pytest.mark.skip(reason=line))


LOUD = pytest.StashKey[list[str]]()


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    for line in config.stash.get(LOUD, []):
        terminalreporter.write_line(line, yellow=True, bold=True)


@pytest.fixture(scope="session", autouse=True)
def _no_outside_network() -> Iterator[None]:
    """Tests reach this machine alone."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    yield
    patch.undo()


def _guarded(original: Any) -> Any:
    def guarded(self: socket.socket, address: Any) -> Any:
        host = address[0] if isinstance(address, tuple) else "127.0.0.1"  # else the path of a local socket
        if host not in {"127.0.0.1", "localhost", "::1"}:
            pytest.fail(f"A test wanted to connect to {host}; tests reach this machine alone.")
        return original(self, address)

    return guarded


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of design data beside the checkout; required in CI, else skipped with one loud line."""
    folder = ROOT.parent / "shared"
    if not (folder / "data").is_dir():
        if CI:
            pytest.fail("The folder shared/data beside the checkout is missing, and CI requires it.")
        pytest.skip("LOUD: no folder shared/data beside the checkout, so real data is not compared")
    return folder
