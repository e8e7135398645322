"""Whatever a publication may tell or hide, every page of it stands, is valid HTML, and says no more."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from types import SimpleNamespace

import pytest

from webapp import publications
from webapp.domain.publication import INDEX, Cell, Publication, UnitResult


def strict(cell: Cell) -> Cell:
    return replace(
        cell, score=None, low=None, high=None, agreement=None, histogram=None, item_means=None, tier=None
    )


def guarded(cell: Cell) -> Cell:
    return replace(cell, score=5 * round((cell.score or 0) / 5), guarded=True)


def each_cell(change: Callable[[Cell], Cell]) -> Callable[[Publication], Publication]:
    def made(publication: Publication) -> Publication:
        units = tuple(
            replace(unit, teams={key: change(cell) for key, cell in unit.teams.items()})
            for unit in publication.units
        )
        residuals = tuple(replace(one, cell=change(one.cell)) for one in publication.residuals)
        return replace(publication, units=units, residuals=residuals)

    return made


def each_unit(change: Callable[[UnitResult], UnitResult]) -> Callable[[Publication], Publication]:
    return lambda publication: replace(publication, units=tuple(map(change, publication.units)))


def without(*keys: str) -> Callable[[UnitResult], UnitResult]:
    return lambda unit: replace(
        unit, teams={key: cell for key, cell in unit.teams.items() if key not in keys}
    )


VARIANTS: dict[str, Callable[[Publication], Publication]] = {
    "bands only": each_cell(strict),
    "rounded": each_cell(guarded),
    "nothing shown": lambda one: replace(
        each_unit(lambda unit: replace(unit, teams={}, leaders={}, named=()))(one), residuals=(), findings=()
    ),
    "no index": each_unit(without(INDEX)),
    "one practice hidden": each_unit(without("solidify")),
    "no leaders": each_unit(lambda unit: replace(unit, leaders={}, named=())),
    "two named leads": each_unit(lambda unit: replace(unit, named=unit.named * 2)),
    "the organization alone": lambda one: replace(
        one, units=(replace(one.root, leaf=True),), residuals=(), findings=()
    ),
    "few people": lambda one: replace(one, participation=None, invited=30),
    "odd names": each_unit(lambda unit: replace(unit, name=f'<i>"{unit.name}"</i> & **all** %(x)s {{0}}')),
}


@pytest.fixture(params=VARIANTS.values(), ids=list(VARIANTS))
def variant(
    request: pytest.FixtureRequest, kestrel: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Publication]:
    """The last wave in another guise."""
    changed: Publication = request.param(kestrel.last)
    real = publications.of_wave

    def of_wave(organization_id: int, wave_id: int) -> Publication | None:
        return changed if wave_id == changed.wave else real(organization_id, wave_id)

    monkeypatch.setattr(publications, "of_wave", of_wave)
    return changed


def addresses(publication: Publication) -> list[str]:
    results = f"/o/kestrel/results/{publication.wave}"
    return [
        "/o/kestrel/",
        f"{results}/heatmap",
        f"{results}/heatmap?sort=index",
        f"{results}/movement",
        f"{results}/heatmap?sort=solidify&order=ascending",
        "/o/kestrel/results/trend",
        *(f"{results}/units/{unit.key}" for unit in (publication.units * 17)[:17:16]),
        *(f"{results}/units/{unit.key}" for unit in publication.units[5:8:2]),
    ]


def test_every_page_stands(kestrel: SimpleNamespace, variant: Publication) -> None:
    for address in addresses(variant):
        kestrel.owner.page(address)  # which checks the HTML, too
    for ending in ("csv", "json"):
        assert kestrel.owner.get(f"/o/kestrel/results/{variant.wave}/scores.{ending}").status_code == 200
    for figure in ("trend.json", f"{variant.wave}/movement.json"):
        assert kestrel.owner.get(f"/o/kestrel/results/{figure}").status_code == 200


@pytest.mark.parametrize("variant", [VARIANTS["bands only"]], indirect=True)
def test_under_the_strict_guard_no_page_has_a_number_of_the_teams(
    kestrel: SimpleNamespace, variant: Publication
) -> None:
    page = kestrel.owner.page(f"/o/kestrel/results/{variant.wave}/units/{variant.units[11].key}")
    numbers = {cell.n for cell in kestrel.last.units[11].teams.values()}
    numbers |= {cell.score for cell in kestrel.last.units[11].teams.values()}
    table = [" ".join("".join(row.itertext()).split()) for row in page.all("tr")]
    assert not [row for row in table if any(str(number) in row.split() for number in numbers)]
    assert "Everyday" in page.text()


@pytest.mark.parametrize("variant", [VARIANTS["nothing shown"]], indirect=True)
def test_where_nothing_is_shown_nothing_is_said_of_it(kestrel: SimpleNamespace, variant: Publication) -> None:
    """Not that no team stands apart, that no practice changed, or that something lies behind bands."""
    results = f"/o/kestrel/results/{variant.wave}"
    assert "behind the bands" not in kestrel.owner.page("/o/kestrel/").text()
    heading = kestrel.owner.page(f"{results}/heatmap").all("h1")[0]
    assert "".join(heading.itertext()).strip() == "No team is shown by itself, to protect anonymity"
    trend = kestrel.owner.page("/o/kestrel/results/trend").text()
    assert "No practice shows a clear change" not in trend
    assert "No change can be told of any practice." in trend
