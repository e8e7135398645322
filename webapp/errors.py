"""What a person sees when something cannot be done: what happened, and what to do next. Never an inner detail."""

import logging
import secrets

from flask import Flask, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm.exc import ObjectDeletedError
from werkzeug.exceptions import HTTPException, SecurityError

from webapp.api import problems
from webapp.transaction import Busy

log = logging.getLogger("groundswell")


def init_app(app: Flask) -> None:
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(CSRFError, stale)
    app.register_error_handler(Busy, busy)
    app.register_error_handler(OperationalError, busy)
    app.register_error_handler(ObjectDeletedError, erased)
    app.register_error_handler(Exception, unexpected)


def _sentences(code: int) -> tuple[str, str]:
    known = {
        400: (_("That request could not be read"), _("Go back, reload the page and try once more.")),
        401: (_("Please sign in again"), _("Your session has ended. Sign in with a new link.")),
        403: (_("You may not do this"), _("Ask an owner of the organization for the role that it needs.")),
        404: (_("This page does not exist"), _("The address may be mistyped, or the page is not for you.")),
        405: (_("This page cannot be used in that way"), _("Go back and use the button on the page.")),
        413: (_("That is too much at once"), _("The text or file is larger than this page accepts.")),
        429: (_("Too many attempts"), _("Please wait a minute, then try again.")),
        503: (
            _("Please try again in a moment"),
            _("Nothing was lost. The server is busy; go back and send it again."),
        ),
    }
    return known.get(code, (_("That did not work"), _("Go back and try once more.")))


def page(code: int, incident: str = "") -> tuple[str, int]:
    title, advice = _sentences(code)
    return render_template("errors/error.html", title=title, advice=advice, incident=incident), code


def http(error: HTTPException) -> ResponseReturnValue:
    if problems.wanted():
        return problems.http(error)
    if isinstance(error, SecurityError):  # without a known host no link can be made, and a page has links
        return Response(_("This address is not served here."), 400, mimetype="text/plain")
    code = error.code or 500
    if code in {301, 302, 303, 307, 308}:
        return error.get_response()
    body, status = page(code)
    headers = {"Retry-After": "60"} if code in {429, 503} else {}
    return body, status, headers


def stale(_error: CSRFError) -> ResponseReturnValue:
    title = _("This page was open for too long")
    advice = _("Go back, reload the page and send it again. What you typed may still be there.")
    return render_template("errors/error.html", title=title, advice=advice, incident=""), 400


def busy(error: Exception) -> ResponseReturnValue:
    """The database is locked, full or away: say so, keep nothing half done, and let the person try again."""
    log.error("database not available: %s", type(error).__name__)
    if problems.wanted():
        return problems.reply(503, headers={"Retry-After": "10"})
    body, status = page(503)
    return body, status, {"Retry-After": "10"}


def erased(_error: ObjectDeletedError) -> ResponseReturnValue:
    """Whoever asked, or what they asked about, was erased between the check of the request and its act."""
    if problems.wanted():
        return problems.reply(401)
    return page(401)


def unexpected(error: Exception) -> ResponseReturnValue:
    incident = secrets.token_hex(4)
    log.error("incident %s", incident, exc_info=error)
    if problems.wanted():
        return problems.reply(500, incident=incident)
    title = _("Something went wrong on our side")
    advice = _("It was noted under the number below. Nothing you sent was half done.")
    return render_template("errors/error.html", title=title, advice=advice, incident=incident), 500
