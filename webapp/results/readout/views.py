from functools import cache, partial

from flask import abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.domain.refusal import Refused
from webapp.results import deciding, frame, kept, queries, step_words
from webapp.results.overview import figures as overview
from webapp.results.reading import Reading
from webapp.results.readout import committing, figures, parts
from webapp.results.readout.committing import CommitmentForm


@access.requires(access.Permission.RESULT_READ)
def readout(slug: str, wave_id: int, key: str) -> ResponseReturnValue:  # noqa: ARG001 - the gate has read the slug
    """Fifteen minutes about a unit, part by part; of a hidden one, where to find the next that is shown."""
    reading, position = _opened(wave_id, key)
    if reading.unit(position).shown:
        may = deciding.of(g.actor, reading, position).may_adopt
        return _page(
            reading,
            position,
            committing.form_of(g.actor, reading, position, _first(reading, position)) if may else None,
        )
    return frame.page(
        reading,
        "overview",
        _title(reading, position),
        "results/readout_hidden.html",
        vary=position,
        values=lambda: figures.hidden_values(reading, position),
    )


@access.requires(access.Permission.ACTION_CHANGE)
def commit(slug: str, wave_id: int, key: str) -> ResponseReturnValue:
    """Write down what the readout ended with."""
    reading, position = _opened(wave_id, key)
    first = _first(reading, position)
    form = committing.form_of(g.actor, reading, position, first)
    if (
        form is None
        or not deciding.of(g.actor, reading, position).may_adopt
        or not reading.unit(position).shown
    ):
        abort(404)
    if form.validate_on_submit():
        try:
            committing.commit(reading, position, form, first)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("It stands on the board."))
            here = url_for("results.readout", slug=slug, wave_id=wave_id, key=key, _anchor="commit")
            return redirect(here, 303)
    return _page(reading, position, form), 422


def _opened(wave_id: int, key: str) -> tuple[Reading, int]:
    reading = frame.opened(wave_id)
    position = reading.publication.position(key)
    if position is None or not reading.sees(position):
        abort(404)
    return reading, position


def _first(reading: Reading, position: int) -> step_words.StepWords | None:
    return next(iter(step_words.to_do(reading, position)), None)


def _title(reading: Reading, position: int) -> str:
    return _("Readout of %(unit)s, %(wave)s", unit=reading.unit(position).name, wave=reading.publication.name)


def _page(reading: Reading, position: int, form: CommitmentForm | None) -> str:
    return render_template(
        "results/readout.html",
        active="overview",
        title=_title(reading, position),
        reading=reading,
        unit=reading.unit(position),
        facts=figures.facts(reading, position),
        agenda=list(zip(parts.agenda(), _bodies(reading, position), strict=True)),
        deciding=deciding.of(g.actor, reading, position),
        form=form,
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
