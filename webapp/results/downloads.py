"""The files of a publication. A download leaves an audit row, as all exports do."""

import json
import re

from flask import Response

from webapp import access
from webapp.attachments import CSV, export
from webapp.domain.spreadsheet import XLSX
from webapp.results import exports, frame, sheets
from webapp.results.reading import Reading


@access.requires(access.Permission.RESULT_READ)
def scores_csv(slug: str, wave_id: int) -> Response:  # noqa: ARG001 - the gate has read the slug
    """The figures that the reader may see, a line a unit and practice."""
    reading = frame.opened(wave_id)
    return file(reading, exports.reading_as_csv(reading), "csv", CSV)


@access.requires(access.Permission.RESULT_READ)
def scores_json(slug: str, wave_id: int) -> Response:  # noqa: ARG001 - likewise
    """The figures that the reader may see, as the command line prints them."""
    reading = frame.opened(wave_id)
    text = json.dumps(exports.reading_as_json(reading), ensure_ascii=False, indent=1)
    return file(reading, text, "json", "application/json")


@access.requires(access.Permission.RESULT_READ)
@access.one_at_a_time
def scores_xlsx(slug: str, wave_id: int) -> Response:  # noqa: ARG001 - likewise
    """The figures that the reader may see, as the sheets of a spreadsheet."""
    reading = frame.opened(wave_id)
    return file(reading, sheets.workbook(reading), "xlsx", XLSX)


def file(reading: Reading, content: str | bytes, ending: str, kind: str, *, about: str = "") -> Response:
    """An answer that a browser keeps as a file; its name says the wave and what it is `about`."""
    told = f"{reading.slug}-{reading.publication.name} {about}".lower()
    name = re.sub(r"[^a-z0-9-]+", "-", told).strip("-")
    wave = reading.publication.wave
    return export(content, f"{name}.{ending}", kind, action="results.exported", wave=wave, format=ending)
