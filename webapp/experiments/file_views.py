"""The register as a file: taking a list over, and giving one away."""

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.access import Permission
from webapp.attachments import CSV, export
from webapp.domain import experiment_list, spreadsheet
from webapp.domain.experiments import Entry
from webapp.domain.refusal import Refused
from webapp.experiments import asked, commands, queries
from webapp.experiments.views import bp
from webapp.forms import ListForm

EVENT = "experiments.exported"


@bp.route("/o/<slug>/experiments/import", methods=["GET", "POST"])
@access.requires(Permission.EXPERIMENT_CHANGE)
def import_list(slug: str) -> ResponseReturnValue:
    form = ListForm()
    checked = None
    if form.validate_on_submit():
        file, data = form.chosen()
        applies = request.form.get("step") == "apply"
        try:
            checked = commands.import_register(
                organization=g.actor.organization,
                data=data,
                file=file,
                only_check=not applies,
                within=g.actor.span(Permission.EXPERIMENT_CHANGE),
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
                return redirect(url_for("experiments.index", slug=slug), 303)
            form.keep(data)
    page = render_template(
        "experiments/import.html",
        active="experiments",
        organization=g.actor.organization,
        form=form,
        checked=checked,
    )
    return page, 422 if form.errors else 200


@bp.get("/o/<slug>/experiments/register.csv")
@access.requires(Permission.EXPERIMENT_READ)
def register_csv(slug: str) -> ResponseReturnValue:
    """What the member may read of the register, or what the filter lets through."""
    return export(experiment_list.as_csv(_entries()), f"experiments-{slug}.csv", CSV, action=EVENT)


@bp.get("/o/<slug>/experiments/register.xlsx")
@access.requires(Permission.EXPERIMENT_READ)
@access.one_at_a_time
def register_xlsx(slug: str) -> ResponseReturnValue:
    """The same as a spreadsheet."""
    made = spreadsheet.xlsx([experiment_list.as_sheet(_entries())], title=g.actor.organization.name)
    return export(made, f"experiments-{slug}.xlsx", spreadsheet.XLSX, action=EVENT)


def _entries() -> list[tuple[str, Entry]]:
    listed = queries.everything(g.actor.organization.id, asked.chosen())
    return [(one.unit, one.entry) for one in listed]
