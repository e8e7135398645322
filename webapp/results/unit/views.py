from flask import abort, g
from flask.typing import ResponseReturnValue

from webapp import access
from webapp.results import frame, queries
from webapp.results.unit import figures


@access.requires(access.Permission.RESULT_READ)
def unit(slug: str, wave_id: int, key: str) -> ResponseReturnValue:  # noqa: ARG001 - the gate has read the slug
    """One unit beside the organization; of a hidden one only what is safe."""
    reading = frame.opened(wave_id)
    position = reading.publication.position(key)
    if position is None or not reading.sees(position):
        abort(404)
    around = {
        "unit": reading.unit(position),
        "trail": figures.trail(reading, position),
        "facts": figures.facts(reading, position),
    }
    if not reading.unit(position).shown:
        group = reading.group_of(position)
        instead = figures.part_of_group(reading, group) if group else None
        parts = figures.parts(reading, position)
        return frame.page(
            "results/unit_hidden.html", reading, "heatmap", instead=instead, parts=parts, **around
        )
    before = queries.history(g.actor, reading)[:-1]
    shown = figures.of(reading, position, before[-1] if before else None)
    return frame.page("results/unit.html", reading, "heatmap", shown=shown, **around)
