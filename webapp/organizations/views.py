"""The organizations of an account, and what their owners decide."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.access import Permission, policy
from webapp.domain.refusal import Refused
from webapp.models import Organization
from webapp.organizations import commands, leaving, log, members, queries, signing_in, token_pages
from webapp.organizations.forms import NewOrganizationForm, SettingsForm

bp = Blueprint("organizations", __name__, template_folder="templates")
bp.add_url_rule("/o/<slug>/audit", "log", log.log)
bp.add_url_rule("/o/<slug>/audit.csv", "log_csv", log.log_csv)
bp.add_url_rule("/o/<slug>/members", "members", members.members)
bp.add_url_rule("/o/<slug>/members/new", "invite", members.invite, methods=["GET", "POST"])
bp.add_url_rule("/o/<slug>/members/<int:member_id>", "member", members.member, methods=["GET", "POST"])
bp.add_url_rule("/o/<slug>/members/<int:member_id>/take", "take_role", members.take_role, methods=["POST"])
bp.add_url_rule("/o/<slug>/members/<int:member_id>/link", "link", members.link, methods=["POST"])
bp.add_url_rule(
    "/o/<slug>/members/<int:member_id>/letter", "write_again", members.write_again, methods=["POST"]
)
bp.add_url_rule("/o/<slug>/members/<int:member_id>/remove", "remove", members.remove, methods=["POST"])
bp.add_url_rule("/o/<slug>/settings/retention", "retention", leaving.retention, methods=["GET", "POST"])
bp.add_url_rule("/o/<slug>/settings/signing-in", "signing_in", signing_in.signing_in, methods=["GET", "POST"])
bp.add_url_rule("/o/<slug>/settings/results.zip", "archive", leaving.archive)
bp.add_url_rule("/o/<slug>/settings/delete", "delete", leaving.delete, methods=["GET", "POST"])
bp.add_url_rule("/o/<slug>/tokens", "tokens", token_pages.all_tokens)
bp.add_url_rule("/o/<slug>/tokens/new", "new_token", token_pages.new_token, methods=["GET", "POST"])
bp.add_url_rule(
    "/o/<slug>/tokens/<int:token_id>/revoke", "revoke_token", token_pages.revoke_token, methods=["POST"]
)


@bp.get("/organizations")
@access.signed_in_by_any_link
def index() -> ResponseReturnValue:
    organizations = [(found, _home(found)) for found in queries.of_account(g.account.id, g.only)]
    return render_template(
        "organizations/index.html", active="organizations", organizations=organizations, only=g.only
    )


def _home(organization: Organization) -> str:
    """Where an organization begins for this account: its results, or the steps towards them."""
    actor = policy.actor(g.account, organization.slug)
    may_read = actor is not None and actor.may(Permission.RESULT_READ)
    published = queries.progress(organization).published
    endpoint = "results.overview" if may_read and published else "organizations.first_steps"
    return url_for(endpoint, slug=organization.slug)


@bp.route("/organizations/new", methods=["GET", "POST"])
@access.signed_in
def new() -> ResponseReturnValue:
    form = NewOrganizationForm()
    if form.validate_on_submit():
        try:
            made = commands.create_organization(owner=g.account.email, by=g.account, **form.values())
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("%(name)s is there. You own it.", name=made.name))
            return redirect(url_for("organizations.first_steps", slug=made.slug), 303)
    return render_template("organizations/new.html", form=form), 422 if form.errors else 200


@bp.get("/o/<slug>/first-steps")
@access.requires(Permission.ORGANIZATION_READ)
def first_steps(slug: str) -> ResponseReturnValue:
    del slug  # the gate has found the organization
    return render_template(
        "organizations/first_steps.html",
        organization=g.actor.organization,
        done=queries.progress(g.actor.organization),
        may_change=g.actor.may_everywhere(Permission.UNIT_CHANGE),
    )


@bp.route("/o/<slug>/settings", methods=["GET", "POST"])
@access.requires(Permission.ORGANIZATION_CHANGE)
def settings(slug: str) -> ResponseReturnValue:
    organization = g.actor.organization
    form = SettingsForm(obj=organization)
    if form.validate_on_submit():
        try:
            commands.change_settings(organization=organization, by=g.account, **form.values())
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("Saved. It holds for waves that open from now on."))
            return redirect(url_for("organizations.settings", slug=slug), 303)
    return render_template(
        "organizations/settings.html", active="settings", form=form, organization=organization
    ), 422 if form.errors else 200
