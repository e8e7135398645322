"""Figures from outside: reading them, and taking over a list."""

from flask import Blueprint, Response, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import ngettext

from webapp import access, clock
from webapp.access import Permission
from webapp.attachments import CSV, attachment, export
from webapp.domain.evidence import MEASURES
from webapp.domain.evidence_list import month_before, month_of
from webapp.domain.refusal import Refused
from webapp.evidence import commands, exports, figures, queries, words
from webapp.evidence.forms import FiguresForm
from webapp.forms import allow_large_lists

bp = Blueprint("evidence", __name__, template_folder="templates")
allow_large_lists(bp, "evidence.import_figures")


@bp.get("/o/<slug>/evidence")
@access.requires(Permission.EVIDENCE_READ)
def index(slug: str) -> ResponseReturnValue:
    """The figures of one measure, by unit and month."""
    organization = g.actor.organization
    measure = request.args.get("measure", MEASURES[0])
    if measure not in MEASURES:
        abort(404)
    book, span = queries.book(organization), g.actor.span(Permission.EVIDENCE_READ)
    places = queries.readable(organization.id, span)
    asked = request.args.get("unit")
    top = figures.part(places, asked) if asked else None
    if asked and top is None:
        abort(404)
    return render_template(
        "evidence/index.html",
        active="evidence",
        organization=organization,
        may_change=g.actor.may(Permission.EVIDENCE_CHANGE),
        shown=figures.of(slug, book, places, organization.name, measure, top) if book.months else None,
        choices=figures.choices(slug, measure, top),
        above=figures.trail(slug, places, organization.name, measure, top),
        k=organization.smallest_group,
        slug=slug,
    )


@bp.route("/o/<slug>/evidence/import", methods=["GET", "POST"])
@access.requires(Permission.EVIDENCE_CHANGE)
def import_figures(slug: str) -> ResponseReturnValue:
    form = FiguresForm(data={"currency": queries.book(g.actor.organization).currency})
    checked = None
    if form.validate_on_submit():
        applies = request.form.get("step") == "apply"
        try:
            checked = _taken(form, only_check=not applies)
        except Refused as refused:
            form.refuse_list(refused)
        else:
            if applies:
                count = checked.added + checked.changed + checked.removed
                flash(ngettext("Taken over: %(num)s line.", "Taken over: %(num)s lines.", count))
                return redirect(url_for("evidence.index", slug=slug), 303)
    page = render_template(
        "evidence/import.html",
        active="evidence",
        form=form,
        checked=checked,
        doubts=[words.doubt(doubt) for doubt in checked.doubts] if checked else [],
        months=[words.month(month) for month in checked.months] if checked else [],
        k=g.actor.organization.smallest_group,
        slug=slug,
        example=month_before(_this_month()),
    )
    return page, 422 if form.errors else 200


def _taken(form: FiguresForm, *, only_check: bool) -> commands.Imported:
    file, data = form.chosen()
    done = commands.import_figures(
        organization=g.actor.organization,
        data=data,
        file=file,
        currency=form.currency.data or "",
        only_check=only_check,
        by=g.account,
    )
    form.keep(data)
    return done


@bp.get("/o/<slug>/evidence/list.csv")
@access.requires(Permission.EVIDENCE_CHANGE)
def empty_list(slug: str) -> Response:
    """The units of which there can be figures, to be filled in."""
    organization = g.actor.organization
    places = queries.places(organization.id)
    names = [one.name for one in places if one.people >= organization.smallest_group and not one.inner]
    text = exports.empty_list(names, month_before(_this_month()))
    return attachment(text, f"evidence-{slug}-empty.csv", CSV)


@bp.get("/o/<slug>/evidence/figures.csv")
@access.requires(Permission.EVIDENCE_READ)
def figures_csv(slug: str) -> Response:
    """All that is told, of the units that the member may read."""
    organization = g.actor.organization
    book, span = queries.book(organization), g.actor.span(Permission.EVIDENCE_READ)
    names = queries.names(organization)
    visible = names if span is None else {None, *span}
    text = exports.told_csv(book.every(), names, visible, book.currency)
    return export(text, f"evidence-{slug}.csv", CSV, action="evidence.exported")


def _this_month() -> str:
    return month_of(clock.today(g.actor.organization.timezone))
