from flask import abort, g, request
from flask.typing import ResponseReturnValue

from webapp import access
from webapp.results import frame, lamps, outside
from webapp.results.practice import figures


@access.requires(access.Permission.RESULT_READ)
def practice(slug: str, wave_id: int, practice: str) -> ResponseReturnValue:  # noqa: ARG001 - the gate has read the slug
    """One practice of the whole or of one unit: its score, how people agree, how they and the questions spread."""
    reading = frame.opened(wave_id)
    variable = reading.variable(practice)
    position = reading.publication.position(request.args["unit"]) if request.args.get("unit") else 0
    if variable is None or position is None or not reading.sees(position):
        abort(404)
    around = outside.of(g.actor, reading)
    return frame.page(
        reading,
        "heatmap",
        f"{variable.practice.title}, {reading.unit(position).name}, {reading.publication.name}",
        "results/practice.html",
        vary=(practice, position, around.stamp),
        values=lambda: (
            figures.values(reading, variable, position)
            | {"lamps": lamps.practice(reading, position, practice, around)}
        ),
    )
