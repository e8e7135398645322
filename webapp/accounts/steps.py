"""The second step: taking it when signing in, turning it on and off, and the recovery codes."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from flask import flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.access import second_step, sessions
from webapp.accounts import commands, queries
from webapp.accounts.entering import entered, wanted
from webapp.accounts.forms import CodeForm, TurnOnForm
from webapp.domain.qr_code import qr_code
from webapp.domain.refusal import Refused


@access.anyone
def take() -> ResponseReturnValue:
    """Between the two steps of signing in; who has not taken the first one starts there."""
    waiting = sessions.half()
    if waiting is None:
        return redirect(url_for("accounts.sign_in"), 303)
    form = CodeForm()
    status = 422
    if form.validate_on_submit():
        try:
            opened = commands.take_second_step(waiting=waiting, code=form.code.data)
        except Refused as refused:
            form.refuse(refused)
            status = 429
        else:
            if opened is not None:
                return entered(sessions.Entry(opened, whole=True))
            form.code.errors = [_("This code is wrong, or it was used before.")]
    return render_template("accounts/second_step.html", form=form), status if form.errors else 200


@access.signed_in_by_any_link
def change() -> ResponseReturnValue:
    """Turn the second step on; where it is on, lead to turning it off and to new codes."""
    if g.only is not None:
        return render_template("accounts/handed.html", account=g.account, asked=bool(wanted())), 403
    if second_step.is_on(g.account.id):
        return _is_on(CodeForm())
    form = TurnOnForm()
    secret = _secret(form.sealed.data)
    if form.validate_on_submit() and secret is not None:
        try:
            codes = commands.turn_second_step_on(
                account=g.account, current=form.current.data or "", secret=secret, code=form.code.data
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            return render_template("accounts/recovery_codes.html", codes=codes, onwards=wanted())
    return _turn_on(form, secret or second_step.new_secret())


def _turn_on(form: TurnOnForm, secret: str) -> ResponseReturnValue:
    form.sealed.data = urlsafe_b64encode(second_step.seal(g.account, secret)).decode()
    stored, fresh = queries.password(g.account), sessions.came_by_link(g.account.id)
    page = render_template(
        "accounts/turn_on.html",
        form=form,
        secret=" ".join(secret[place : place + 4] for place in range(0, len(secret), 4)),
        qr=qr_code(second_step.address(g.account, secret)),
        stored=stored,
        fresh=fresh,
        asked=bool(wanted()),
    )
    return page, 422 if form.errors else 200


def _secret(sealed: str | None) -> str | None:
    """The secret of the authenticator that the page showed; None for anything that we did not seal for this account."""
    try:
        return second_step.unseal(g.account, urlsafe_b64decode(sealed or ""))
    except (ValueError, binascii.Error, InvalidTag):
        return None


def _is_on(form: CodeForm) -> ResponseReturnValue:
    left = second_step.codes_left(g.account.id)
    page = render_template("accounts/is_on.html", form=form, codes_left=left)
    return page, 422 if form.errors else 200


@access.freshly
@access.signed_in
def turn_off() -> ResponseReturnValue:
    form = CodeForm()
    if form.validate_on_submit():
        try:
            commands.turn_second_step_off(account=g.account, code=form.code.data)
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("The second step is off."))
            return redirect(url_for("accounts.me"), 303)
    return _is_on(form)


@access.signed_in
def renew_codes() -> ResponseReturnValue:
    form = CodeForm()
    if form.validate_on_submit():
        try:
            codes = commands.renew_recovery_codes(account=g.account, code=form.code.data)
        except Refused as refused:
            form.refuse(refused)
        else:
            return render_template("accounts/recovery_codes.html", codes=codes)
    return _is_on(form)
