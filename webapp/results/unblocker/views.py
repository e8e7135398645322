from flask import g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.results import deciding, frame, queries
from webapp.results.unblocker import figures


@access.requires(access.Permission.RESULT_READ)
def unblocker(slug: str, wave_id: int) -> ResponseReturnValue:  # noqa: ARG001 - the gate has read the slug
    """Which one statement, if it were true, would lift most teams by a band; now and then, team by team."""
    reading = frame.opened(wave_id)
    waves = queries.waves(g.actor.organization.id)
    item, then = request.args.get("item", "")[:60], "then" in request.args
    where = figures.adopting(deciding.of(g.actor, reading, top) for top in figures.tops(reading))
    return frame.page(
        reading,
        "unblocker",
        _("What next, %(wave)s", wave=reading.publication.name),
        "results/unblocker.html",
        vary=(waves, item, then, where),
        values=lambda: {
            "facts": frame.dateline(reading, waves),
            "shown": figures.of(reading, item, then=then) if reading.banded else None,
            "deciding": where,
            "then": then,
        },
    )
