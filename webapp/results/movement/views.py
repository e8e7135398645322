import json

from flask import Response, g
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.results import frame, kept, queries
from webapp.results.movement import charts, figures, moves, stalls
from webapp.results.reading import Reading


@access.requires(access.Permission.RESULT_READ)
def movement(slug: str, wave_id: int) -> ResponseReturnValue:  # noqa: ARG001 - the gate has read the slug
    """Which teams climbed, held and slipped since the wave before of the same series."""
    reading = frame.opened(wave_id)
    waves = queries.waves(g.actor.organization.id)
    return frame.page(
        reading,
        "movement",
        _("Movement, %(wave)s", wave=reading.publication.name),
        "results/movement.html",
        vary=waves,
        values=lambda: _values(reading, waves),
        charts=len(waves) > 1,
    )


@access.requires(access.Permission.RESULT_READ)
def movement_figure(slug: str, wave_id: int) -> ResponseReturnValue:  # noqa: ARG001 - the gate has read the slug
    """The flow between bands as Plotly's own JSON; of a first wave an empty one."""
    reading = frame.opened(wave_id)
    before = queries.before(g.actor, reading)
    text = kept.body(reading, "movement.json", None, lambda: _figure(before, reading))
    return Response(text, content_type="application/json")


def _figure(before: Reading | None, reading: Reading) -> str:
    figure = charts.figure(moves.of(before, reading)) if before else {"data": [], "layout": {}}
    return json.dumps(figure, separators=(",", ":"))


def _values(reading: Reading, waves: tuple[queries.PublishedWave, ...]) -> dict[str, object]:
    history = queries.history(g.actor, reading)
    two = len(history) > 1
    return {
        "facts": frame.dateline(reading, waves),
        "series": queries.series(g.actor, reading),
        "shown": figures.of(moves.of(history[-2], reading), stalls.of(history)) if two else None,
    }
