"""Actions as files, as far as the member may read them: all, or what the filter of the list lets through."""

from flask import g, request
from flask.typing import ResponseReturnValue

from webapp import access
from webapp.access import Permission
from webapp.actions import exports, queries
from webapp.actions.views import bp
from webapp.attachments import CSV, export
from webapp.domain import spreadsheet

EVENT = "actions.exported"


@bp.get("/o/<slug>/actions/actions.csv")
@access.requires(Permission.ACTION_READ)
def actions_csv(slug: str) -> ResponseReturnValue:
    return export(exports.as_csv(_lines()), f"actions-{slug}.csv", CSV, action=EVENT)


@bp.get("/o/<slug>/actions/actions.xlsx")
@access.requires(Permission.ACTION_READ)
@access.one_at_a_time
def actions_xlsx(slug: str) -> ResponseReturnValue:
    """The same as a spreadsheet."""
    made = spreadsheet.xlsx([exports.as_sheet(_lines())], title=g.actor.organization.name)
    return export(made, f"actions-{slug}.xlsx", spreadsheet.XLSX, action=EVENT)


def _lines() -> list[exports.Line]:
    found = queries.listed(g.actor, queries.Filter.asked(request.args))
    return [
        exports.line(one.action, g.actor.organization, unit=one.unit, wave=one.wave, who=one.who)
        for one in found
    ]
