"""The organization's tree of units: reading it, importing it, changing one unit."""

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access, language
from webapp.access import Permission
from webapp.domain.refusal import Refused
from webapp.forms import allow_large_lists
from webapp.units import commands, queries
from webapp.units.forms import ImportForm, UnitForm

bp = Blueprint("units", __name__, template_folder="templates")
allow_large_lists(bp, "units.import_units")


@bp.get("/o/<slug>/units")
@access.requires(Permission.UNIT_READ)
def index(slug: str) -> ResponseReturnValue:
    del slug  # the gate has found the organization
    return render_template(
        "units/index.html",
        active="units",
        organization=g.actor.organization,
        places=queries.readable(g.actor.organization.id, g.actor.span(Permission.UNIT_READ)),
        may_change=g.actor.may_everywhere(Permission.UNIT_CHANGE),
        closed=queries.closed(g.actor.organization.id),
    )


@bp.route("/o/<slug>/units/import", methods=["GET", "POST"])
@access.requires(Permission.UNIT_CHANGE)
def import_units(slug: str) -> ResponseReturnValue:
    form = ImportForm()
    checked = None
    if form.validate_on_submit():
        file, data = form.chosen()
        applies = request.form.get("step") == "apply"
        try:
            checked = commands.import_units(
                organization=g.actor.organization,
                data=data,
                file=file,
                only_check=not applies,
                close_missing=form.close_missing.data,
                by=g.account,
            )
        except Refused as refused:
            form.refuse_list(refused)
        else:
            if applies:
                flash(
                    _(
                        "Imported: %(added)s added, %(changed)s changed.",
                        added=checked.added,
                        changed=checked.changed,
                    )
                )
                return redirect(url_for("units.index", slug=slug), 303)
            form.keep(data)
    page = render_template("units/import.html", active="units", form=form, checked=checked)
    return page, 422 if form.errors else 200


@bp.route("/o/<slug>/units/new", methods=["GET", "POST"])
@access.requires(Permission.UNIT_CHANGE)
def new(slug: str) -> ResponseReturnValue:
    organization = g.actor.organization
    form = UnitForm(organization=organization.name, parents=queries.possible_parents(organization.id, None))
    if _saved(form, None):
        return redirect(url_for("units.index", slug=slug), 303)
    page = render_template(
        "units/unit.html", active="units", form=form, place=None, organization=organization
    )
    return page, 422 if form.errors else 200


@bp.route("/o/<slug>/units/<int:unit_id>", methods=["GET", "POST"])
@access.requires(Permission.UNIT_CHANGE)
def unit(slug: str, unit_id: int) -> ResponseReturnValue:
    organization = g.actor.organization
    place = queries.place(organization.id, unit_id) or abort(404)
    parents = queries.possible_parents(organization.id, unit_id)
    form = UnitForm(organization=organization.name, parents=parents, place=place)
    if _saved(form, unit_id):
        return redirect(url_for("units.index", slug=slug), 303)
    page = render_template(
        "units/unit.html", active="units", form=form, place=place, organization=organization
    )
    return page, 422 if form.errors else 200


def _saved(form: UnitForm, unit_id: int | None) -> bool:
    if not form.validate_on_submit():
        return False
    try:
        commands.save_unit(organization=g.actor.organization, unit_id=unit_id, by=g.account, **form.values())
    except Refused as refused:
        form.refuse(refused)
        return False
    flash(_("Saved. Waves that open from now on ask it so."))
    return True


@bp.post("/o/<slug>/units/<int:unit_id>/close")
@access.requires(Permission.UNIT_CHANGE)
def close(slug: str, unit_id: int) -> ResponseReturnValue:
    try:
        commands.close_unit(organization=g.actor.organization, unit_id=unit_id, by=g.account)
    except Refused as refused:
        flash(language.refusal(refused), "error")
        return redirect(url_for("units.unit", slug=slug, unit_id=unit_id), 303)
    flash(_("Closed. Waves that are open keep it, later ones do not ask it."))
    return redirect(url_for("units.index", slug=slug), 303)
