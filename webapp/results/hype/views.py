import json

from flask import Response, abort, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.results import frame, kept, outside, queries
from webapp.results.hype import boards, charts, figures
from webapp.results.hype.boards import Against, Boards


@access.requires(access.Permission.RESULT_READ)
def hype(slug: str, wave_id: int) -> ResponseReturnValue:  # noqa: ARG001 - the gate has read the slug
    """What people say they will do with AI against what they do, unit by unit and over the waves."""
    found = _boards(wave_id)
    against = _asked(found)
    reading, waves = found.reading, queries.waves(g.actor.organization.id)
    return frame.page(
        reading,
        "hype",
        _("Say and do, %(wave)s", wave=reading.publication.name),
        "results/hype.html",
        vary=(waves, against, found.outside.stamp),
        values=lambda: {
            "facts": frame.dateline(reading, waves),
            "shown": figures.of(found, boards.over_time(queries.history(g.actor, reading)), against),
            "choices": figures.choices(found, against),
        },
        charts=against is not None,
    )


@access.requires(access.Permission.RESULT_READ)
def hype_figure(slug: str, wave_id: int) -> ResponseReturnValue:  # noqa: ARG001 - likewise
    """The quadrants of one view as Plotly's own JSON."""
    found = _boards(wave_id)
    against = _asked(found)
    if against is None:
        abort(404)
    text = kept.body(
        found.reading,
        "hype.json",
        (against, found.outside.stamp),
        lambda: json.dumps(charts.figure(found, against), separators=(",", ":")),
    )
    return Response(text, content_type="application/json")


def _boards(wave_id: int) -> Boards:
    reading = frame.opened(wave_id)
    return Boards(reading, outside.of(g.actor, reading))


def _asked(found: Boards) -> Against | None:
    """The view that was asked for, else the first that shows units beside the whole; None where nothing can be told."""
    asked = request.args.get("against")
    if asked is not None:
        return next((view for view in found.views if view == asked), None) or abort(404)
    return found.usual
