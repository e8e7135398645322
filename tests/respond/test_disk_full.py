"""A disk that is really full, as a small file system of the test's own: nothing is lost, and it heals by itself."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from config import Settings
from tests.respond.conftest import House, Respondent

SIZE = "3m"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of three megabytes; only root may mount one."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    place = tmp_path / "disk"
    place.mkdir()
    made = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(place)], capture_output=True, check=False
    )
    if not made or made.returncode or not umount:
        pytest.skip("no file system can be mounted here: a disk that is really full is NOT tried")
    yield place
    subprocess.run([umount, "-l", str(place)], check=True)


def test_a_disk_that_is_full_gives_the_answers_back_and_heals_without_a_restart(
    settings: Settings, small_disk: Path, build: Callable[[Settings], House]
) -> None:
    data = small_disk / "data"
    data.mkdir(mode=0o700)
    shutil.copyfile(settings.data / "groundswell.sqlite", data / "groundswell.sqlite")
    (data / "static").symlink_to((settings.data / "static").resolve())
    house = build(replace(settings, data=data, database_url=f"sqlite:///{data / 'groundswell.sqlite'}"))
    wave = house.wave(headcount=400)
    ballast = small_disk / "ballast"
    with ballast.open("wb") as file:
        free = os.statvfs(small_disk)
        file.write(b"x" * (free.f_bavail * free.f_frsize - 64 * 1024))
    stored, refused = 0, None
    for serial in range(400):
        someone = Respondent(house.app.test_client()).open(house.link(wave, serial))
        reply: Any = someone.send({"P1.T1": "4", "P2.T1": "0"})
        if reply.status_code != 200:
            refused = reply
            break
        stored += 1
    assert refused is not None, "the disk never became full"
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    assert "Not stored yet: please send again in a moment" in refused.text
    assert len(house.responses(wave)) == stored
    assert house.app.test_client().get(f"/r/{house.link(wave, 399)}").status_code == 200  # reading goes on
    ballast.unlink()
    again = someone.client.post(
        "/respond/", data={"csrf_token": someone.csrf_of(refused.text), "P1.T1": "4", "P2.T1": "0"}
    )
    assert again.status_code == 200
    assert len(house.responses(wave)) == stored + 1
