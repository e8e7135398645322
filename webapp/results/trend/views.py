import json

from flask import Response, abort, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.results import frame, kept, queries
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
    last, position = _asked(waves)
    return frame.page(
        last,
        "trend",
        _("Trend, %(unit)s", unit=last.unit(position).name),
        "results/trend.html",
        vary=(waves, position),
        values=lambda: _values(last, position, waves),
        charts=len(waves) > 1,
    )


@access.requires(access.Permission.RESULT_READ)
def trend_figure(slug: str) -> ResponseReturnValue:  # noqa: ARG001 - the gate has read the slug
    """The chart of the page as Plotly's own JSON."""
    waves = queries.waves(g.actor.organization.id)
    if not waves:
        abort(404)
    last, position = _asked(waves)
    text = kept.body(last, "trend.json", position, lambda: _figure(last, position))
    return Response(text, content_type="application/json")


def _figure(last: Reading, position: int) -> str:
    history = queries.history(g.actor, last)
    return json.dumps(charts.figure(history, parts(history, position)), separators=(",", ":"))


def _values(last: Reading, position: int, waves: tuple[queries.PublishedWave, ...]) -> dict[str, object]:
    history = queries.history(g.actor, last)
    below = parts(history, position)
    unit = last.unit(position)
    return {
        "unit": unit,
        "above": [last.unit(place) for place in last.ancestors(position)],
        "shown": figures.of(history, unit.key),
        "parts": below,
        "parts_told": sentence(below),
        "facts": frame.dateline(last, waves),
        "most_lines": charts.MOST_LINES,
    }


def _asked(waves: tuple[queries.PublishedWave, ...]) -> tuple[Reading, int]:
    """The wave asked for, else the last one, and where the unit asked for stands in it."""
    wave_id = request.args.get("wave", waves[-1].id, type=int)
    if wave_id not in {wave.id for wave in waves}:
        abort(404)
    last = frame.opened(wave_id)
    position = last.publication.position(request.args.get("unit", last.publication.root.key))
    if position is None or not last.sees(position):
        abort(404)
    return last, position
