"""The pages of members: who belongs to the organization, as what, and where."""

from flask import abort, current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access, language, mail
from webapp.access import Permission
from webapp.domain.refusal import Refused
from webapp.organizations import commands, letters, queries, words
from webapp.organizations.forms import HeldRoleForm, InviteForm, RoleForm


@access.requires(Permission.MEMBER_READ)
def members(slug: str) -> ResponseReturnValue:
    del slug  # the gate has found the organization
    if not g.actor.may_everywhere(Permission.MEMBER_READ):
        abort(403)
    return render_template(
        "organizations/members.html",
        active="members",
        organization=g.actor.organization,
        people=queries.members(g.actor.organization.id),
        may_change=g.actor.may_everywhere(Permission.MEMBER_CHANGE),
        words=words,
    )


@access.requires(Permission.MEMBER_CHANGE)
def invite(slug: str) -> ResponseReturnValue:
    organization = g.actor.organization
    form = InviteForm(organization=organization.name, units=queries.units(organization.id))
    if form.validate_on_submit():
        email = form.email.data or ""
        try:
            done = commands.invite(
                organization=organization,
                email=email,
                by=g.account,
                language=language.select(),
                **form.place(),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return _invited(slug, email, done)
    page = render_template(
        "organizations/invite.html", active="members", form=form, organization=organization
    )
    return page, 422 if form.errors else 200


def _invited(slug: str, email: str, done: commands.Invited) -> ResponseReturnValue:
    if done.secret:
        return _handed(email, done.secret)
    flash(
        _("A letter goes to %(email)s, with how to sign in.", email=email)
        if done.mailed
        else _("%(email)s belongs to it now, and signs in as usual.", email=email)
    )
    return redirect(url_for("organizations.members", slug=slug), 303)


def _handed(email: str, secret: str) -> str:
    """The page that shows a link, once: it is kept nowhere, and opens this organization alone."""
    url = current_app.extensions["groundswell"].settings.url
    return render_template(
        "organizations/link.html",
        active="members",
        organization=g.actor.organization,
        email=email,
        link=f"{url}{url_for('accounts.open_link', secret=secret)}",
    )


@access.requires(Permission.MEMBER_CHANGE)
def member(slug: str, member_id: int) -> ResponseReturnValue:
    organization = g.actor.organization
    person = _person(member_id)
    form = RoleForm(organization=organization.name, units=queries.units(organization.id))
    if form.validate_on_submit():
        try:
            commands.give_role(organization=organization, email=person.email, by=g.account, **form.place())
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("Given. It holds at once."))
            return redirect(url_for("organizations.member", slug=slug, member_id=member_id), 303)
    page = render_template(
        "organizations/member.html",
        active="members",
        organization=organization,
        person=person,
        form=form,
        words=words,
        own=person.email == g.account.email,
        mailing=mail.configured(),
        letter=letters.state(organization.id, member_id),
    )
    return page, 422 if form.errors else 200


def _person(member_id: int) -> queries.Person:
    found = queries.members(g.actor.organization.id, member_id)
    return found[0] if found else abort(404)


@access.requires(Permission.MEMBER_CHANGE)
def take_role(slug: str, member_id: int) -> ResponseReturnValue:
    form = HeldRoleForm()
    try:
        commands.take_role(
            organization=g.actor.organization, member_id=member_id, by=g.account, **form.place()
        )
    except Refused as refused:
        return _not_done(refused, slug, member_id)
    flash(_("Taken. It ends at once."))
    return redirect(url_for("organizations.member", slug=slug, member_id=member_id), 303)


@access.requires(Permission.MEMBER_CHANGE)
def link(slug: str, member_id: int) -> ResponseReturnValue:
    person = _person(member_id)
    try:
        secret = commands.sign_in_secret(organization=g.actor.organization, email=person.email, by=g.account)
    except Refused as refused:
        return _not_done(refused, slug, member_id)
    return _handed(person.email, secret)


@access.requires(Permission.MEMBER_CHANGE)
def write_again(slug: str, member_id: int) -> ResponseReturnValue:
    person = _person(member_id)
    try:
        commands.write_again(
            organization=g.actor.organization,
            email=person.email,
            by=g.account,
            language=language.select(),
        )
    except Refused as refused:
        return _not_done(refused, slug, member_id)
    flash(_("A letter goes to %(email)s, with how to sign in.", email=person.email))
    return redirect(url_for("organizations.member", slug=slug, member_id=member_id), 303)


@access.requires(Permission.MEMBER_CHANGE)
def remove(slug: str, member_id: int) -> ResponseReturnValue:
    person = _person(member_id)
    try:
        commands.remove_member(organization=g.actor.organization, email=person.email, by=g.account)
    except Refused as refused:
        return _not_done(refused, slug, member_id)
    flash(_("%(email)s is not a member any more.", email=person.email))
    return redirect(url_for("organizations.members", slug=slug), 303)


def _not_done(refused: Refused, slug: str, member_id: int) -> ResponseReturnValue:
    flash(language.refusal(refused), "error")
    return redirect(url_for("organizations.member", slug=slug, member_id=member_id), 303)
