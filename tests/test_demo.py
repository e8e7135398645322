"""The demo organization: its answers go the real way, and the product finds the story that it tells."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from config import Settings
from tests.fixtures.small_waves import text_of
from webapp import demo, publications
from webapp.domain.publication import Publication
from webapp.waves import closing


def published(app: Flask, **values: int) -> list[Publication]:
    """The publications of a demo of that size, the oldest first."""
    with app.app_context():
        organization = demo.make(**values)
        waves = [wave_id for wave_id, *_ in publications.waves(organization.id)]
        found = [publications.of_wave(organization.id, wave_id) for wave_id in waves]
        assert demo.find() is not None
    return [publication for publication in found if publication is not None]


def test_it_tells_its_story(app: Flask) -> None:
    waves = published(app)
    assert len(waves) == 4
    last = waves[-1]
    units = {unit.name: unit for unit in last.units}
    findings = {(one.code, last.units[one.unit].name) for one in last.findings}
    assert ("clearly_above", demo.ISLAND) in findings
    assert ("island", demo.ISLAND) in findings
    assert ("spread_islands", last.root.name) in findings
    assert ("lead_more", demo.OVERRATES) in findings
    assert ("silent", demo.SILENT) in findings
    assert any(code == "leaders_more" for code, _unit in findings)
    assert not units["Legal"].shown  # four people
    assert {name for name, unit in units.items() if unit.named} == demo.NAMED
    assert last.root.leaders
    first = waves[0].root.teams["room_to_try"].score
    assert first is not None
    assert last.root.teams["room_to_try"].score is not None
    assert last.root.teams["room_to_try"].score > first


def test_a_seed_makes_the_same_organization_again(
    app: Flask, make_app: Callable[[Settings], Flask], settings: Settings, tmp_path: Path, template: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "groundswell.sqlite").write_bytes((template / "groundswell.sqlite").read_bytes())
    (other / "static").symlink_to(template / "static")
    again = make_app(replace(settings, data=other, database_url=f"sqlite:///{other / 'groundswell.sqlite'}"))
    one, same = published(app, waves=2), published(again, waves=2)
    assert [text_of(wave) for wave in one] == [text_of(wave) for wave in same]
    with again.app_context():
        assert demo.make(waves=1, seed=9).slug == "kestrel-2"


def test_without_a_number_of_people_more_teams_are_as_large_as_those_of_the_story(app: Flask) -> None:
    (wave,) = published(app, teams=40, waves=1)
    assert abs(wave.invited - 40 * 160 // 14) <= 40
    assert sum(unit.shown for unit in wave.units) > 20


@pytest.mark.parametrize(("teams", "people"), [(1, 1), (3, 11), (40, 300)])
def test_it_comes_in_any_size(app: Flask, teams: int, people: int) -> None:
    (wave,) = published(app, teams=teams, people=people, waves=1)
    leaves = [unit for unit in wave.units if unit.leaf]
    assert len(leaves) == teams
    assert abs(wave.invited - people) <= teams


def test_one_that_was_cut_off_is_not_taken_for_whole(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(**_values: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(closing, "publish", crash)
        with app.app_context(), pytest.raises(KeyboardInterrupt):
            demo.make(waves=1)
    with app.app_context():
        assert demo.find() is None
        whole = demo.make(waves=1)
        assert whole.slug == "kestrel-2"
        found = demo.find()
        assert found is not None
        assert found.id == whole.id
