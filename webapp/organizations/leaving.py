"""The pages on how long answers are kept, and on deleting an organization once its results were offered as files."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.access import Permission, sessions
from webapp.attachments import attachment
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import Account
from webapp.organizations import erasing
from webapp.organizations.forms import DeleteForm, RetentionForm


@access.requires(Permission.ORGANIZATION_CHANGE)
def retention(slug: str) -> ResponseReturnValue:
    organization = g.actor.organization
    form = RetentionForm(obj=organization)
    if form.validate_on_submit():
        try:
            erasing.change_retention(organization=organization, by=g.account, **form.values())
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("Saved."))
            return redirect(url_for("organizations.retention", slug=slug), 303)
    return render_template(
        "organizations/retention.html", active="settings", form=form, organization=organization
    ), 422 if form.errors else 200


@access.requires(Permission.ORGANIZATION_CHANGE)
def archive(slug: str) -> ResponseReturnValue:
    packed = erasing.take_along(organization=g.actor.organization, by=g.account)
    return attachment(packed, f"results-{slug}.zip", "application/zip")


@access.freshly
@access.requires(Permission.ORGANIZATION_CHANGE)
def delete(slug: str) -> ResponseReturnValue:
    organization, form = g.actor.organization, DeleteForm()
    name, account_id = organization.name, g.account.id
    if form.validate_on_submit():
        try:
            erasing.delete_organization(organization=organization, word=form.word.data, by=g.account)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("%(name)s is deleted, with everything in it.", name=name))
            return _left(account_id)
    page = render_template(
        "organizations/delete.html", active="settings", form=form, organization=organization, slug=slug
    )
    return page, 422 if form.errors else 200


def _left(account_id: int) -> ResponseReturnValue:
    """Where an owner stands afterwards: among other organizations, or outside without an account."""
    if db.session.get(Account, account_id, populate_existing=True) is not None:
        return redirect(url_for("organizations.index"), 303)
    reply = redirect(url_for("home.index"), 303)
    sessions.forget(reply)
    return reply
