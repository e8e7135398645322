"""Servers of the journeys, each with a data folder of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fixtures.applications import furnish
from tests.journeys import world as worlds

DataFolder = Callable[[str], Path]


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory, template: Path) -> DataFolder:
    """`data_folder(name)`: a new data folder whose database is migrated and empty."""

    def make(name: str) -> Path:
        made = tmp_path_factory.mktemp(name)
        made.chmod(0o700)
        return furnish(made, template)

    return make


@pytest.fixture(scope="session")
def world(data_folder: DataFolder) -> Iterator[worlds.World]:
    """The demo and a few small organizations behind a real server, made once for all tests that only look."""
    built = worlds.build(data_folder("world"))
    try:
        built.server.start()
        yield built
    finally:
        built.server.stop()
