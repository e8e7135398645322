from flask import abort, g, jsonify, request
from flask.typing import ResponseReturnValue

from webapp import access
from webapp.results import frame, queries
from webapp.results.overview.views import nothing_yet
from webapp.results.reading import Reading
from webapp.results.trend import charts, figures
from webapp.results.trend.parts import parts, sentence


@access.requires(access.Permission.RESULT_READ)
def trend(slug: str) -> ResponseReturnValue:
    """A unit and its parts over the waves of one series; without a choice the whole organization."""
    waves = queries.waves(g.actor.organization.id)
    if not waves:
        return nothing_yet(slug)
    history, position = _asked(waves)
    last = history[-1]
    unit = last.unit(position)
    below = parts(history, position)
    return frame.page(
        "results/trend.html",
        last,
        "trend",
        unit=unit,
        above=[last.unit(place) for place in last.ancestors(position)],
        shown=figures.of(history, unit.key),
        parts=below,
        parts_told=sentence(below),
        facts=frame.dateline(last, waves),
        most_lines=charts.MOST_LINES,
    )


@access.requires(access.Permission.RESULT_READ)
def trend_figure(slug: str) -> ResponseReturnValue:  # noqa: ARG001 - the gate has read the slug
    """The chart of the page as Plotly's own JSON."""
    waves = queries.waves(g.actor.organization.id)
    if not waves:
        abort(404)
    history, position = _asked(waves)
    return jsonify(charts.figure(history, parts(history, position)))


def _asked(waves: list[queries.PublishedWave]) -> tuple[list[Reading], int]:
    """The series up to the wave asked for, and where the unit asked for stands in its last wave."""
    wave_id = request.args.get("wave", waves[-1].id, type=int)
    if wave_id not in {wave.id for wave in waves}:
        abort(404)
    history = queries.history(g.actor, frame.opened(wave_id))
    last = history[-1]
    position = last.publication.position(request.args.get("unit", last.publication.root.key))
    if position is None or not last.sees(position):
        abort(404)
    return history, position
