"""Signing in by a one-time link, and out."""

from flask import Blueprint, flash, make_response, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access
from webapp.access import sessions
from webapp.extensions import limiter
from webapp.forms import PressButton

bp = Blueprint("accounts", __name__, template_folder="templates")


@bp.get("/sign-in")
@access.anyone
def sign_in() -> ResponseReturnValue:
    return render_template("accounts/sign_in.html")


@bp.get("/sign-in/<secret>")
@access.anyone
def open_link(secret: str) -> ResponseReturnValue:
    """Show a button and change nothing: mail scanners open links before people do."""
    good = sessions.link_is_good(secret)
    page = render_template("accounts/open_link.html", form=PressButton(), good=good)
    return page, 200 if good else 404


@bp.post("/sign-in/<secret>")
@access.anyone
@limiter.limit("30 per minute", deduct_when=lambda response: response.status_code == 404)  # noqa: PLR2004 - not found
def use_link(secret: str) -> ResponseReturnValue:
    opened = sessions.start(secret) if PressButton().validate_on_submit() else None
    if opened is None:
        return render_template("accounts/open_link.html", form=PressButton(), good=False), 404
    answer = make_response(redirect(url_for("organizations.index"), 303))
    sessions.give_cookie(answer, opened)
    return answer


@bp.post("/sign-out")
@access.signed_in_by_any_link
def sign_out() -> ResponseReturnValue:
    flash(_("You are signed out."))
    answer = make_response(redirect(url_for("accounts.sign_in"), 303))
    sessions.end(answer)
    return answer
