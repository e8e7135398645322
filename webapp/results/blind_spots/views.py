from flask import abort, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.results import frame, queries
from webapp.results.blind_spots import figures


@access.requires(access.Permission.RESULT_READ)
def blind_spots(slug: str, wave_id: int) -> ResponseReturnValue:  # noqa: ARG001 - the gate has read the slug
    """What leaders see and their teams do not, or the other way round: of the whole, or of one unit."""
    reading = frame.opened(wave_id)
    asked = request.args.get("unit")
    position = reading.publication.position(asked) if asked else None
    if asked and (position is None or not reading.sees(position)):
        abort(404)
    waves = queries.waves(g.actor.organization.id)
    return frame.page(
        reading,
        "blind_spots",
        _("Blind spots, %(wave)s", wave=reading.publication.name),
        "results/blind_spots.html",
        vary=(waves, position),
        values=lambda: {
            "facts": frame.dateline(reading, waves),
            "shown": figures.of(reading, position),
        },
    )
