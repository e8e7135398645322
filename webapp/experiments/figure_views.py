"""The page of figures: what the register says about how ideas become something that people use."""

import json

from flask import Response, abort, g, render_template
from flask.typing import ResponseReturnValue

from webapp import access, clock
from webapp.access import Permission
from webapp.experiments import asked, charts, queries, telling, words
from webapp.experiments.figures import Figures
from webapp.experiments.queries import Chosen
from webapp.experiments.views import bp


@bp.get("/o/<slug>/experiments/figures")
@access.requires(Permission.EXPERIMENT_READ)
def figures_page(slug: str) -> ResponseReturnValue:
    del slug  # the gate has found the organization
    organization, chosen = g.actor.organization, _chosen()
    return render_template(
        "experiments/figures.html",
        active="experiments",
        organization=organization,
        told=telling,
        words=words,
        found=_figures(chosen),
        may_log=g.actor.may(Permission.EXPERIMENT_CHANGE),
        **asked.filters(chosen),
    )


@bp.get("/o/<slug>/experiments/figures.json")
@access.requires(Permission.EXPERIMENT_READ)
def figures_figure(slug: str) -> ResponseReturnValue:
    """The curve of the page as Plotly's own JSON."""
    del slug
    found = _figures(_chosen())
    if not found.enough:
        abort(404)
    text = json.dumps(charts.figure(found.curve), separators=(",", ":"))
    return Response(text, content_type="application/json")


def _chosen() -> Chosen:
    """A unit and all below it; the figures are about all that stands there, whatever its state or kind."""
    found = asked.chosen()
    return Chosen(units=found.units, unit_id=found.unit_id)


def _figures(chosen: Chosen) -> Figures:
    organization = g.actor.organization
    span = g.actor.span(Permission.EXPERIMENT_READ)
    return Figures(
        listed=queries.everything(organization.id, chosen),
        places=queries.places(organization.id, span, chosen.unit_id),
        today=clock.today(organization.timezone),
    )
