from flask import abort, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.results import frame, queries
from webapp.results.addresses import of_comparison
from webapp.results.compare import choice
from webapp.results.heatmap import figures
from webapp.results.heatmap.table import Table


@access.requires(access.Permission.RESULT_READ)
def heatmap(slug: str, wave_id: int) -> ResponseReturnValue:  # noqa: ARG001 - the gate has read the slug
    """Teams by practices, sorted by the tree or by a column, the whole or one part of it."""
    reading = frame.opened(wave_id)
    below = request.args.get("below")
    top = reading.publication.position(below) if below else 0
    if top is None or not reading.sees(top):
        abort(404)
    order = figures.order_of(reading, request.args.get("sort", ""), request.args.get("order", ""))
    waves = queries.waves(g.actor.organization.id)
    return frame.page(
        reading,
        "heatmap",
        _("Heat map, %(wave)s", wave=reading.publication.name),
        "results/heatmap.html",
        vary=(waves, top, order),
        values=lambda: {
            "facts": frame.dateline(reading, waves),
            "headline": figures.headline(reading),
            "columns": figures.columns(reading, order, below),
            "parts": figures.parts(reading, top, order),
            "body": Table(reading).body(top, order),
            "example": figures.example(reading),
            "compare": choice.address_of_parts(reading, top) or of_comparison(reading, ()),
        },
    )
