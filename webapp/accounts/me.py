"""The account's own pages: its password, and where it is signed in."""

from flask import flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp import access
from webapp.access import second_step, sessions
from webapp.accounts import commands, identities, providers, queries
from webapp.accounts.forms import PasswordForm
from webapp.domain.refusal import Refused
from webapp.forms import PressButton


@access.signed_in_by_any_link
def show() -> ResponseReturnValue:
    """What the account is. Who came by a link that an owner had in hand sees why that is not enough to change it."""
    if g.only is not None:
        return render_template("accounts/handed.html", active="account", account=g.account)
    zone = queries.time_zone(g.account)
    return render_template(
        "accounts/me.html",
        active="account",
        account=g.account,
        password=queries.password(g.account),
        second_step=second_step.is_on(g.account.id),
        codes_left=second_step.codes_left(g.account.id),
        sessions=queries.own_sessions(g.account, zone),
        zone=zone,
        providers=providers.configured(),
        identities=identities.of_account(g.account.id),
        lasting=sessions.lasting(),
        button=PressButton(),
    )


@access.signed_in
def password() -> ResponseReturnValue:
    form = PasswordForm()
    if form.validate_on_submit():
        try:
            opened = commands.set_password(
                account=g.account, current=form.current.data or "", new=form.new.data
            )
        except Refused as refused:
            form.refuse(refused, field="current" if refused.place == "current" else "new")
        else:
            flash(_("Your password is set. Everywhere else you are signed out."))
            answer = make_response(redirect(url_for("accounts.me"), 303))
            sessions.give_cookie(answer, sessions.Entry(opened, whole=True))
            return answer
    stored, fresh = queries.password(g.account), sessions.came_by_link(g.account.id)
    least = commands.least_length(g.account)
    page = render_template(
        "accounts/password.html", form=form, stored=stored, fresh=fresh, account=g.account, least=least
    )
    return page, 422 if form.errors else 200


@access.signed_in
def end_session() -> ResponseReturnValue:
    key = request.form.get("session", "")
    here = sessions.here()
    done = PressButton().validate_on_submit() and commands.end_session(account=g.account, key=key)
    if done and here is not None and key == here.hex():
        answer = make_response(redirect(url_for("accounts.sign_in", signed_out=1), 303))
        sessions.forget(answer)
        return answer
    flash(_("That session is ended.") if done else _("That session had ended already."))
    return redirect(url_for("accounts.me"), 303)


@access.signed_in
def end_others() -> ResponseReturnValue:
    ended = commands.end_other_sessions(account=g.account) if PressButton().validate_on_submit() else 0
    flash(ngettext("%(num)s other session is ended.", "%(num)s other sessions are ended.", ended))
    return redirect(url_for("accounts.me"), 303)
