from flask import abort, g
from flask.typing import ResponseReturnValue

from webapp import access
from webapp.results import deciding, frame, lamps, outside, queries
from webapp.results.unit import figures


@access.requires(access.Permission.RESULT_READ)
def unit(slug: str, wave_id: int, key: str) -> ResponseReturnValue:  # noqa: ARG001 - the gate has read the slug
    """One unit beside the organization; of a hidden one only what is safe."""
    reading = frame.opened(wave_id)
    position = reading.publication.position(key)
    if position is None or not reading.sees(position):
        abort(404)
    shown = reading.unit(position).shown
    decided = deciding.of(g.actor, reading, position)
    make = figures.shown_values if shown else figures.hidden_values
    around = outside.of(g.actor, reading)
    return frame.page(
        reading,
        "heatmap",
        f"{reading.unit(position).name}, {reading.publication.name}",
        "results/unit.html" if shown else "results/unit_hidden.html",
        vary=(position, decided, around.stamp),
        values=lambda: (
            make(reading, position, lambda: queries.before(g.actor, reading))
            | {"deciding": decided, "lamps": lamps.of(reading, position, around)}
        ),
    )
