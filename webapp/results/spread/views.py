import json

from flask import Response, abort, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.results import frame, kept, queries
from webapp.results.reading import Reading
from webapp.results.spread import cells, charts, figures, words


@access.requires(access.Permission.RESULT_READ)
def spread(slug: str, wave_id: int) -> ResponseReturnValue:  # noqa: ARG001 - the gate has read the slug
    """How practice is spread over people and teams, for all practices that ask people about themselves or for one."""
    reading = frame.opened(wave_id)
    variable = _asked(reading)
    waves = queries.waves(g.actor.organization.id)
    return frame.page(
        reading,
        "spread",
        _("Spread, %(wave)s", wave=reading.publication.name),
        "results/spread.html" if variable else "results/no_spread.html",
        vary=(waves, variable),
        values=lambda: {"facts": frame.dateline(reading, waves), **_values(reading, variable)},
        charts=bool(variable) and reading.publication.spread[variable].lorenz is not None,
    )


@access.requires(access.Permission.RESULT_READ)
def spread_figure(slug: str, wave_id: int) -> ResponseReturnValue:  # noqa: ARG001 - likewise
    """The Lorenz curve of the page as Plotly's own JSON; without points where the publication has none."""
    reading = frame.opened(wave_id)
    variable = _asked(reading)
    if not variable:
        abort(404)
    text = kept.body(reading, "spread.json", variable, lambda: _figure(reading, variable))
    return Response(text, content_type="application/json")


def _figure(reading: Reading, variable: str) -> str:
    points = list(figures.lorenz(reading.publication.spread[variable]))
    return json.dumps(charts.figure(points), separators=(",", ":"))


def _values(reading: Reading, variable: str) -> dict[str, object]:
    if not variable:
        return {}
    return {
        "asked": None if variable == cells.TOGETHER else variable,
        "practices": cells.practices(reading),
        "choices": figures.choices(reading, variable),
        "passage": words.passage(reading.questionnaire),
        "shown": figures.of(reading, variable),
    }


def _asked(reading: Reading) -> str:
    """The practice asked for, else all together; "" where no practice asks people about themselves."""
    known = [cells.TOGETHER, *(one.key for one in cells.practices(reading))]
    asked = request.args.get("practice") or cells.TOGETHER
    if asked not in known:
        abort(404)
    return asked if cells.TOGETHER in reading.publication.spread else ""
