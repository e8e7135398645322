"""Signing in, by address and password or by a one-time link, and out. The account's own pages stand in `me`."""

from flask import Blueprint, abort, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access, mail
from webapp.access import attempts, sessions
from webapp.accounts import commands, me, providers, resets, steps
from webapp.accounts.entering import entered, wanted
from webapp.accounts.forms import AskForm, PasswordForm, SignInForm
from webapp.domain.refusal import Refused
from webapp.forms import PressButton

bp = Blueprint("accounts", __name__, template_folder="templates")
bp.add_url_rule("/accounts/me", "me", me.show)
bp.add_url_rule("/accounts/me/password", "password", me.password, methods=["GET", "POST"])
bp.add_url_rule("/accounts/me/sessions/end", "end_session", me.end_session, methods=["POST"])
bp.add_url_rule("/accounts/me/sessions/end-others", "end_other_sessions", me.end_others, methods=["POST"])
bp.add_url_rule("/accounts/me/second-step", "second_step", steps.change, methods=["GET", "POST"])
bp.add_url_rule("/accounts/me/second-step/off", "turn_off", steps.turn_off, methods=["POST"])
bp.add_url_rule("/accounts/me/second-step/codes", "renew_codes", steps.renew_codes, methods=["POST"])
bp.add_url_rule("/accounts/me/providers/<provider>/link", "link_provider", providers.link)
bp.add_url_rule(
    "/accounts/me/providers/<provider>/unlink", "unlink_provider", providers.unlink, methods=["POST"]
)
bp.add_url_rule("/sign-in/with/<provider>", "leave", providers.leave)
bp.add_url_rule("/sign-in/with/<provider>/back", "back", providers.back, methods=["GET", "POST"])
bp.add_url_rule("/sign-in/second-step", "take_second_step", steps.take, methods=["GET", "POST"])


@bp.route("/sign-in", methods=["GET", "POST"])
@access.anyone
def sign_in() -> ResponseReturnValue:
    account = sessions.current() if wanted() else None
    form = SignInForm(obj=account)
    status = 422
    if form.validate_on_submit():
        try:
            opened = commands.sign_in(
                email=form.email.data, password=form.password.data, address=attempts.address()
            )
        except Refused as refused:
            form.refuse(refused)
            status = 429
        else:
            if opened is not None:
                return entered(opened)
            form.form_errors.append(_("This address and this password do not belong together."))
    return render_template(
        "accounts/sign_in.html",
        form=form,
        again=account is not None,
        providers=providers.configured(),
        onwards=wanted() or None,
        signed_out="signed_out" in request.args,
        by_mail=mail.configured(),
    ), status if form.errors else 200


@bp.route("/sign-in/reset", methods=["GET", "POST"])
@access.anyone
def ask_reset() -> ResponseReturnValue:
    """The answer is the same whether there is such an account or not."""
    form = AskForm()
    asked = mail.configured() and form.validate_on_submit()
    if asked:
        resets.ask(email=form.email.data, address=attempts.address())
    page = render_template("accounts/ask_reset.html", form=form, asked=asked, configured=mail.configured())
    return page, 422 if form.errors else 200


@bp.route("/sign-in/reset/<ticket>", methods=["GET", "POST"])
@access.anyone
def reset(ticket: str) -> ResponseReturnValue:
    """Opening the link has no effect; sending the form uses it up."""
    account = resets.account_of(ticket)
    form = PasswordForm()
    if account is None:
        if request.method == "POST":
            _count_unknown()
        return render_template("accounts/reset.html", form=form, account=None), 404
    if form.validate_on_submit():
        try:
            return entered(resets.use(ticket=ticket, new=form.new.data))
        except Refused as refused:
            form.refuse(refused, field="new")
    least = commands.least_length(account)
    page = render_template("accounts/reset.html", form=form, account=account, least=least)
    return page, 422 if form.errors else 200


@bp.get("/sign-in/<secret>")
@access.anyone
def open_link(secret: str) -> ResponseReturnValue:
    """Show a button and change nothing: mail scanners open links before people do."""
    good = sessions.link_is_good(secret)
    page = render_template("accounts/open_link.html", form=PressButton(), good=good)
    return page, 200 if good else 404


@bp.post("/sign-in/<secret>")
@access.anyone
def use_link(secret: str) -> ResponseReturnValue:
    form = PressButton()
    if form.validate_on_submit() and sessions.link_is_good(secret):
        opened = sessions.start(secret)
        if opened is not None:
            return entered(opened)
    _count_unknown()
    return render_template("accounts/open_link.html", form=form, good=False), 404


def _count_unknown() -> None:
    try:
        commands.count_unknown_link(address=attempts.address())
    except commands.TooMany:
        abort(429)


@bp.post("/sign-out")
@access.signed_in_by_any_link
def sign_out() -> ResponseReturnValue:
    # Not flashed: what is flashed travels in a cookie, and signing out takes all cookies away.
    answer = make_response(redirect(url_for("accounts.sign_in", signed_out=1), 303))
    sessions.end(answer)
    return answer
