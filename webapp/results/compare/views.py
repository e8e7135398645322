from flask import abort, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.results import frame, queries
from webapp.results.compare import choice, figures


@access.requires(access.Permission.RESULT_READ)
def compare(slug: str, wave_id: int) -> ResponseReturnValue:  # noqa: ARG001 - the gate has read the slug
    """Up to eight units beside each other, one beside the rest; without a choice the parts of the whole."""
    reading = frame.opened(wave_id)
    chosen = choice.chosen(reading, request.args.getlist("unit"))
    if chosen is None:
        abort(404)
    waves = queries.waves(g.actor.organization.id)
    return frame.page(
        reading,
        "compare",
        _("Compare, %(wave)s", wave=reading.publication.name),
        "results/compare.html" if chosen.places else "results/compare_nothing.html",
        vary=(waves, chosen),
        values=lambda: {
            "chosen": chosen,
            "most": choice.MOST,
            "options": choice.options(reading, chosen.places),
            "shown": figures.of(reading, chosen) if chosen.places else None,
            "facts": frame.dateline(reading, waves),
        },
    )
