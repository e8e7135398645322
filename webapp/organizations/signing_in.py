"""Whether an organization asks its members for a second step: the page for owners, and the decision."""

from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.access import Permission, second_step
from webapp.domain.refusal import Refused
from webapp.organizations import commands, queries
from webapp.organizations.forms import SigningInForm


@access.freshly
@access.requires(Permission.ORGANIZATION_CHANGE)
def signing_in(slug: str) -> ResponseReturnValue:
    organization = g.actor.organization
    form = SigningInForm(obj=organization)
    if form.validate_on_submit():
        try:
            commands.ask_second_step(
                organization=organization, asked=form.asks_second_step.data, by=g.account
            )
        except Refused as refused:
            form.refuse(refused, field="asks_second_step")
        else:
            flash(_("Saved. It holds at once."))
            return redirect(url_for("organizations.signing_in", slug=slug), 303)
    page = render_template(
        "organizations/signing_in.html",
        active="settings",
        form=form,
        organization=organization,
        people=queries.members(organization.id),
        own=second_step.is_on(g.account.id),
    )
    return page, 422 if form.errors else 200
