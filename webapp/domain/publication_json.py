"""A publication as plain values and back, and its content hash."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from webapp.domain.publication import (
    Agreement,
    Cell,
    Constants,
    Finding,
    NamedLeader,
    Publication,
    Residual,
    SpreadFigures,
    UnitResult,
)

Plain = dict[str, Any]


def header(publication: Publication) -> Plain:
    """Everything but the units."""
    whole = {
        field.name: getattr(publication, field.name) for field in fields(Publication) if field.name != "units"
    }
    whole["constants"] = {key: asdict(value) for key, value in publication.constants.items()}
    whole["leader_constants"] = {key: asdict(value) for key, value in publication.leader_constants.items()}
    whole["spread"] = {key: asdict(value) for key, value in publication.spread.items()}
    whole["residuals"] = [_residual(value) for value in publication.residuals]
    whole["leader_residuals"] = [_residual(value) for value in publication.leader_residuals]
    whole["findings"] = [asdict(value) for value in publication.findings]
    whole["alphas"] = dict(publication.alphas)
    return whole


def row(unit: UnitResult) -> Plain:
    plain = {field.name: getattr(unit, field.name) for field in fields(UnitResult)}
    plain["teams"] = {key: _cell(cell) for key, cell in unit.teams.items()}
    plain["leaders"] = {key: _cell(cell) for key, cell in unit.leaders.items()}
    plain["named"] = [
        {"member": named.member, "cells": {key: _cell(cell) for key, cell in named.cells.items()}}
        for named in unit.named
    ]
    return plain


def dump(value: Plain) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def digest(header_text: str, rows: list[str]) -> str:
    """SHA-256 over the header and all rows in tree order."""
    return hashlib.sha256("\n".join([header_text, *rows]).encode()).hexdigest()


def load(header_plain: Plain, rows: list[Plain]) -> Publication:
    """Build a publication from what `header` and `row` made."""
    whole = dict(header_plain)
    whole["constants"] = {key: Constants(**value) for key, value in whole["constants"].items()}
    whole["leader_constants"] = {key: Constants(**value) for key, value in whole["leader_constants"].items()}
    whole["spread"] = {key: _spread(value) for key, value in whole["spread"].items()}
    whole["residuals"] = tuple(_read_residual(value) for value in whole["residuals"])
    whole["leader_residuals"] = tuple(_read_residual(value) for value in whole["leader_residuals"])
    whole["findings"] = tuple(Finding(**value) for value in whole["findings"])
    return Publication(units=tuple(map(_read_row, rows)), **whole)


def _cell(cell: Cell) -> Plain:
    """Only what differs from the default: most cells carry four figures."""
    plain: Plain = {
        "n": cell.n,
        "invited": cell.invited,
        "score": cell.score,
        "low": cell.low,
        "high": cell.high,
    }
    plain["band"] = cell.band
    if cell.agreement is not None:
        plain["agreement"] = {"word": cell.agreement.word, "ad": cell.agreement.ad}
    for name in ("guarded", "unknown", "histogram", "tier", "quarter"):
        value = getattr(cell, name)
        if value is not None and value is not False:
            plain[name] = value
    if cell.item_means is not None:
        plain["item_means"] = dict(cell.item_means)
    return plain


def _read_cell(plain: Mapping[str, Any]) -> Cell:
    values = dict(plain)
    if "agreement" in values:
        values["agreement"] = Agreement(**values["agreement"])
    if "histogram" in values:
        values["histogram"] = tuple(values["histogram"])
    return Cell(**values)


def _residual(residual: Residual) -> Plain:
    return {
        "below": residual.below,
        "units": list(residual.units),
        "variable": residual.variable,
        "cell": _cell(residual.cell),
    }


def _read_residual(plain: Plain) -> Residual:
    return Residual(plain["below"], tuple(plain["units"]), plain["variable"], _read_cell(plain["cell"]))


def _spread(plain: Plain) -> SpreadFigures:
    lorenz = plain["lorenz"]
    tuples = {
        "residual_cells": tuple(map(tuple, plain["residual_cells"])),
        "lorenz": None if lorenz is None else tuple(lorenz),
    }
    return SpreadFigures(**(plain | tuples))


def _read_row(plain: Plain) -> UnitResult:
    values = dict(plain)
    values["teams"] = {key: _read_cell(cell) for key, cell in values["teams"].items()}
    values["leaders"] = {key: _read_cell(cell) for key, cell in values["leaders"].items()}
    values["named"] = tuple(
        NamedLeader(named["member"], {key: _read_cell(cell) for key, cell in named["cells"].items()})
        for named in values["named"]
    )
    return UnitResult(**values)
