"""Actions as files, as far as the member may read them: all, or what the filter of the list lets through."""

from flask import Response, g, request
from flask.typing import ResponseReturnValue

from webapp import access, audit
from webapp.access import Permission
from webapp.actions import exports, queries
from webapp.actions.views import bp
from webapp.domain import spreadsheet
from webapp.transaction import transaction


@bp.get("/o/<slug>/actions/actions.csv")
@access.requires(Permission.ACTION_READ)
def actions_csv(slug: str) -> ResponseReturnValue:
    return _file(slug, exports.as_csv(_lines()), "csv", "text/csv; charset=utf-8")


@bp.get("/o/<slug>/actions/actions.xlsx")
@access.requires(Permission.ACTION_READ)
@access.one_at_a_time
def actions_xlsx(slug: str) -> ResponseReturnValue:
    """The same as a spreadsheet."""
    made = spreadsheet.xlsx([exports.as_sheet(_lines())], title=g.actor.organization.name)
    return _file(slug, made, "xlsx", spreadsheet.XLSX)


def _lines() -> list[exports.Line]:
    found = queries.listed(g.actor, queries.Filter.asked(request.args))
    return [
        exports.line(one.action, g.actor.organization, unit=one.unit, wave=one.wave, who=one.who)
        for one in found
    ]


def _file(slug: str, content: str | bytes, ending: str, kind: str) -> Response:
    """A file of actions; that it was taken leaves an event."""
    organization_id, by = g.actor.organization.id, g.account
    with transaction() as session:
        audit.record(session, organization_id=organization_id, by=by, action="actions.exported")
    name = f'attachment; filename="actions-{slug}.{ending}"'
    return Response(content, content_type=kind, headers={"Content-Disposition": name})
