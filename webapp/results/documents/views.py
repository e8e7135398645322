"""The documents of a publication as PDF: one page, and a report for whoever leads."""

from collections.abc import Callable
from datetime import date

from flask import Response, abort, g

from webapp import access
from webapp.results import downloads, frame, queries
from webapp.results.documents import one_page as page
from webapp.results.documents import report as pages
from webapp.results.documents import typesetting
from webapp.results.documents.pieces import Plain
from webapp.results.reading import Reading


@access.requires(access.Permission.RESULT_READ)
@access.one_at_a_time
def one_page(slug: str, wave_id: int, key: str) -> Response:  # noqa: ARG001 - the gate has read the slug
    """One page about a unit."""
    return _document("one_page", page.content, wave_id, key)


@access.requires(access.Permission.RESULT_READ)
@access.one_at_a_time
def report(slug: str, wave_id: int, key: str) -> Response:  # noqa: ARG001 - likewise
    """A report about a unit."""
    return _document("report", pages.content, wave_id, key)


def _document(
    name: str, content: Callable[[Reading, int, Reading | None], Plain], wave_id: int, key: str
) -> Response:
    """The document of a shown unit; of a hidden one there is none."""
    reading = frame.opened(wave_id)
    position = reading.publication.position(key)
    if position is None or not reading.sees(position) or not reading.unit(position).shown:
        abort(404)
    created = date.fromisoformat(reading.publication.closed_on)
    made = typesetting.pdf(
        name, content(reading, position, queries.before(g.actor, reading)), created=created
    )
    about = f"{reading.unit(position).name if position else ''} {name.replace('_', ' ')}"
    return downloads.file(reading, made, "pdf", "application/pdf", about=about)
