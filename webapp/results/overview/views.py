from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.results import deciding, frame, queries
from webapp.results.overview import figures


@access.requires(access.Permission.RESULT_READ)
def overview(slug: str) -> ResponseReturnValue:
    """The latest published wave, or the one asked for; before the first, what to do to get there."""
    waves = queries.waves(g.actor.organization.id)
    if not waves:
        return nothing_yet(slug)
    wave_id = request.args.get("wave", waves[-1].id, type=int)
    if wave_id not in {wave.id for wave in waves}:
        abort(404)
    reading = frame.opened(wave_id)
    decided = deciding.of(g.actor, reading, 0)
    return frame.page(
        reading,
        "overview",
        _("Overview, %(wave)s", wave=reading.publication.name),
        "results/overview.html",
        vary=(waves, decided),
        values=lambda: {
            "shown": figures.of(reading, queries.before(g.actor, reading)),
            "facts": frame.dateline(reading, waves),
            "waves": waves,
            "deciding": decided,
        },
    )


def nothing_yet(slug: str) -> ResponseReturnValue:
    """What to do to get to the first results."""
    return render_template(
        "results/nothing_yet.html",
        active="overview",
        may_open=g.actor.may_everywhere(access.Permission.WAVE_CHANGE),
        first_steps=url_for("organizations.first_steps", slug=slug),
        waves=url_for("waves.index", slug=slug) if g.actor.may(access.Permission.WAVE_READ) else None,
    )
