"""The page of the audit log, and its export. Both are for those who hold the right on the whole organization."""

from typing import TypedDict

from flask import abort, g, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import access, audit
from webapp.access import Permission
from webapp.attachments import CSV, attachment
from webapp.organizations import event_words, events, exports
from webapp.transaction import transaction

MOST_PAGES = 10**6


class Leaf(TypedDict):
    """The pages before and after one of the log, where there are any."""

    previous_href: str | None
    next_href: str | None


def _action() -> str:
    """The kind of event that the reader asked for, "" for all."""
    asked = request.args.get("action", "")
    return asked if asked in event_words.ACTIONS else ""


def _around(found: events.Page, action: str) -> Leaf:
    def href(page: int) -> str | None:
        there = 1 <= page <= found.pages
        return (
            url_for("organizations.log", slug=g.actor.organization.slug, action=action or None, page=page)
            if there
            else None
        )

    return Leaf(previous_href=href(found.number - 1), next_href=href(found.number + 1))


@access.requires(Permission.AUDIT_READ)
def log(slug: str) -> ResponseReturnValue:
    del slug  # the gate has found the organization
    if not g.actor.may_everywhere(Permission.AUDIT_READ):
        abort(403)
    organization, action = g.actor.organization, _action()
    asked = request.args.get("page", "")
    number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < len(str(MOST_PAGES)) else 1
    found = events.page(organization, action=action, number=number)
    return render_template(
        "organizations/log.html",
        active="log",
        organization=organization,
        found=found,
        action=action,
        actions=events.actions(organization.id),
        around=_around(found, action),
    )


@access.requires(Permission.AUDIT_READ)
def log_csv(slug: str) -> ResponseReturnValue:
    """All of it, or what the filter lets through; that it was taken leaves an event itself."""
    if not g.actor.may_everywhere(Permission.AUDIT_READ):
        abort(403)
    organization, by = g.actor.organization, g.account
    with transaction() as session:
        audit.record(session, organization_id=organization.id, by=by, action="audit.exported")
    text = exports.log_csv(events.everything(organization, action=_action()))
    return attachment(text, f"audit-{slug}.csv", CSV)
