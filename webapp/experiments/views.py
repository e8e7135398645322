"""The register of experiments: logging one in seconds, its next step by one press, and all that is known of it."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access, language
from webapp.access import Permission
from webapp.domain.experiments import Reason, State
from webapp.domain.refusal import Refused
from webapp.experiments import asked, commands, queries, words
from webapp.experiments.forms import ChangeForm, LogForm
from webapp.experiments.queries import Listed, Place
from webapp.forms import PressButton, allow_large_lists

bp = Blueprint("experiments", __name__, template_folder="templates")
allow_large_lists(bp, "experiments.import_list")


@bp.get("/o/<slug>/experiments")
@access.requires(Permission.EXPERIMENT_READ)
def index(slug: str) -> ResponseReturnValue:
    del slug  # the gate has found the organization
    return _index(LogForm(*_own_places()))


@bp.post("/o/<slug>/experiments")
@access.requires(Permission.EXPERIMENT_CHANGE)
def log(slug: str) -> ResponseReturnValue:
    form = LogForm(*_own_places())
    if form.validate_on_submit():
        try:
            made = commands.log(
                organization=g.actor.organization,
                within=g.actor.span(Permission.EXPERIMENT_CHANGE),
                by=g.account,
                **form.values(),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("Logged as an idea of today. Everything else can wait."))
            return redirect(url_for("experiments.index", slug=slug, _anchor=f"e{made}"), 303)
    return _index(form), 422


def _own_places() -> tuple[list[Place], int | None]:
    """The units on which the member may log, and the one that is theirs where one stands above all of them."""
    span = g.actor.span(Permission.EXPERIMENT_CHANGE)
    places = queries.places(g.actor.organization.id, span)
    top = [place for place in places if place.depth == 0]
    return places, top[0].id if len(top) == 1 and (span is not None or len(places) == 1) else None


def _index(form: LogForm) -> str:
    organization, chosen = g.actor.organization, asked.chosen()
    found = queries.page(organization.id, chosen, asked.page_number())
    form.renew()
    return render_template(
        "experiments/index.html",
        active="experiments",
        organization=organization,
        form=form,
        found=found,
        around=asked.around(found, chosen),
        words=words,
        changeable=g.actor.span(Permission.EXPERIMENT_CHANGE),
        import_units=url_for("units.import_units", slug=organization.slug)
        if g.actor.may_everywhere(Permission.UNIT_CHANGE)
        else None,
        **asked.filters(chosen),
    )


@bp.get("/o/<slug>/experiments/<int:experiment_id>")
@access.requires(Permission.EXPERIMENT_READ)
def experiment(slug: str, experiment_id: int) -> ResponseReturnValue:
    del slug
    found = _found(experiment_id)
    return render_template(
        "experiments/experiment.html",
        active="experiments",
        organization=g.actor.organization,
        found=found,
        words=words,
        may_change=g.actor.may(Permission.EXPERIMENT_CHANGE, found.unit_id),
        button=PressButton(),
    )


def _found(experiment_id: int) -> Listed:
    """The experiment of the route; the gate has checked that the member may see its unit."""
    return queries.one(g.actor.organization.id, experiment_id) or abort(404)


@bp.post("/o/<slug>/experiments/<int:experiment_id>/step")
@access.requires(Permission.EXPERIMENT_CHANGE)
def step(slug: str, experiment_id: int) -> ResponseReturnValue:
    """One press: the first user, live, or ended for a reason; then back to where the button was."""
    to, reason = _step()
    try:
        commands.take_step(
            organization=g.actor.organization, experiment_id=experiment_id, to=to, reason=reason, by=g.account
        )
    except Refused as refused:
        flash(language.refusal(refused), "error")
    else:
        flash(_("Noted for today. A wrong press can be put right on the page of the experiment."))
    if request.args.get("from") == "experiment":
        return redirect(url_for("experiments.experiment", slug=slug, experiment_id=experiment_id), 303)
    back = {**asked.chosen().words, "page": asked.page_number()}
    return redirect(url_for("experiments.index", slug=slug, **back, _anchor=f"e{experiment_id}"), 303)


def _step() -> tuple[State, Reason | None]:
    """What a button says: a state, or the reason of an end."""
    said = request.form.get("step", "")
    if said in set(Reason):
        return State.ENDED, Reason(said)
    if said not in {State.FIRST_USER, State.LIVE}:
        abort(400)
    return State(said), None


@bp.route("/o/<slug>/experiments/<int:experiment_id>/change", methods=["GET", "POST"])
@access.requires(Permission.EXPERIMENT_CHANGE)
def change(slug: str, experiment_id: int) -> ResponseReturnValue:
    found = _found(experiment_id)
    form = ChangeForm(_places_for(found), found.entry, unit_id=found.unit_id, version=found.version)
    meanwhile: list[tuple[str, str]] = []
    if form.validate_on_submit():
        try:
            _saved(form, experiment_id)
        except commands.Overtaken as overtaken:
            meanwhile = form.overtaken(overtaken.now, overtaken.unit_id, overtaken.version)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("Saved."))
            return redirect(url_for("experiments.experiment", slug=slug, experiment_id=experiment_id), 303)
    page = render_template(
        "experiments/change.html",
        active="experiments",
        organization=g.actor.organization,
        found=found,
        form=form,
        meanwhile=meanwhile,
    )
    return page, 409 if meanwhile else 422 if form.errors else 200


def _places_for(found: Listed) -> list[Place]:
    """The units to which the member may move it, and the one on which it stands, even a closed one."""
    places = queries.places(g.actor.organization.id, g.actor.span(Permission.EXPERIMENT_CHANGE))
    if found.unit_id not in {place.id for place in places}:
        places.insert(0, Place(found.unit_id, found.unit, 0, inner=False, people=0))
    return places


def _saved(form: ChangeForm, experiment_id: int) -> None:
    commands.save(
        organization=g.actor.organization,
        experiment_id=experiment_id,
        version=form.version.data,
        unit_id=form.unit.data,
        entry=form.entry(),
        within=g.actor.span(Permission.EXPERIMENT_CHANGE),
        by=g.account,
    )


@bp.post("/o/<slug>/experiments/<int:experiment_id>/remove")
@access.requires(Permission.EXPERIMENT_CHANGE)
def remove(slug: str, experiment_id: int) -> ResponseReturnValue:
    commands.remove(organization=g.actor.organization, experiment_id=experiment_id, by=g.account)
    flash(_("It is out of the register."))
    return redirect(url_for("experiments.index", slug=slug), 303)
