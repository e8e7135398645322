from flask import abort, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.results import frame, queries
from webapp.results.overview.views import nothing_yet
from webapp.results.talk import figures


@access.requires(access.Permission.RESULT_READ)
def talk(slug: str) -> ResponseReturnValue:
    """The talk, piece by piece, with the numbers of the latest wave that asked about it, or of the one asked for."""
    waves = [wave.id for wave in queries.waves(g.actor.organization.id) if figures.of_the_talk(wave)]
    if not waves:
        return nothing_yet(slug)
    wave_id = request.args.get("wave", waves[-1], type=int)
    if wave_id not in waves:
        abort(404)
    reading = frame.opened(wave_id)
    return frame.page(
        reading,
        "talk",
        _("The talk, and %(wave)s", wave=reading.publication.name),
        "results/talk.html",
        vary=(),
        values=lambda: {"pieces": figures.pieces(reading)},
    )
