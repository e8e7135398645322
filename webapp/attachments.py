"""Files that somebody takes along: an answer that a browser keeps, and the event that it was taken."""

from flask import Response, g

from webapp import audit
from webapp.transaction import transaction

CSV = "text/csv; charset=utf-8"


def attachment(content: str | bytes, name: str, kind: str) -> Response:
    """An answer that a browser keeps as a file of this name, and shows nothing of."""
    return Response(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def export(
    content: str | bytes, name: str, kind: str, *, action: str, **changes: str | int | bool | None
) -> Response:
    """A file of the actor's organization; that it was taken leaves the event `action`."""
    organization_id, by = g.actor.organization.id, g.account
    with transaction() as session:
        audit.record(session, organization_id=organization_id, by=by, action=action, **changes)
    return attachment(content, name, kind)
