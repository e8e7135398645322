from functools import cache, partial

from flask import abort, g, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.results import frame, kept, queries
from webapp.results.overview import figures as overview
from webapp.results.reading import Reading
from webapp.results.readout import figures, parts


@access.requires(access.Permission.RESULT_READ)
def readout(slug: str, wave_id: int, key: str) -> ResponseReturnValue:  # noqa: ARG001 - the gate has read the slug
    """Fifteen minutes about a unit, part by part; of a hidden one, where to find the next that is shown."""
    reading = frame.opened(wave_id)
    position = reading.publication.position(key)
    if position is None or not reading.sees(position):
        abort(404)
    unit = reading.unit(position)
    title = _("Readout of %(unit)s, %(wave)s", unit=unit.name, wave=reading.publication.name)
    if not unit.shown:
        return frame.page(
            reading,
            "overview",
            title,
            "results/readout_hidden.html",
            vary=position,
            values=lambda: figures.hidden_values(reading, position),
        )
    return render_template(
        "results/readout.html",
        active="overview",
        title=title,
        reading=reading,
        unit=unit,
        facts=figures.facts(reading, position),
        agenda=list(zip(parts.agenda(), _bodies(reading, position), strict=True)),
    )


def _bodies(reading: Reading, position: int) -> list[str]:
    """What stands in each part, from memory where it was made before: the form in the last part is made for its reader."""

    @cache
    def made() -> tuple[parts.Part, ...]:
        return parts.of(reading, position, queries.before(g.actor, reading))

    def body(place: int) -> str:
        part = made()[place]
        return render_template(
            "results/readout_part.html",
            reading=reading,
            unit=reading.unit(position),
            everyone=reading.publication.root.teams.get(part.variable) if position else None,
            part=part,
            ground=overview.ground(reading, position) if part.key == "stand" else [],
            shares=figures.shares(reading, part.cell, part.variable),
        )

    return [
        kept.body(reading, "results/readout_part.html", (position, slot.key), partial(body, place))
        for place, slot in enumerate(parts.agenda())
    ]
