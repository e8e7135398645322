"""Servers of the journeys, each with a data folder of its own."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.journeys import world as worlds

DataFolder = Callable[[str], Path]


@pytest.fixture(scope="session")
def data_folder(tmp_path_factory: pytest.TempPathFactory, template: Path) -> DataFolder:
    """`data_folder(name)`: a new data folder whose database is migrated and empty."""

    def make(name: str) -> Path:
        made = tmp_path_factory.mktemp(name)
        made.chmod(0o700)
        (made / "static").symlink_to(template / "static")
        shutil.copyfile(template / "groundswell.sqlite", made / "groundswell.sqlite")
        return made

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
