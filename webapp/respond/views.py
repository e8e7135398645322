"""Answering by link: `/r/<token>` says who asks, `/respond/…` asks, stores and thanks. A GET changes nothing."""

import hmac
import logging
import secrets

from flask import Blueprint, abort, current_app, make_response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from limits import parse
from sqlalchemy.exc import SQLAlchemyError

from webapp import access, language
from webapp.clock import now
from webapp.domain.refusal import Refused
from webapp.extensions import csrf, limiter
from webapp.forms import PressButton
from webapp.respond import commands, pages, queries
from webapp.respond.forms import MOST_FIELDS, AnswerForm
from webapp.respond.queries import Ballot, Sheet
from webapp.transaction import Busy

log = logging.getLogger("groundswell")
bp = Blueprint("respond", __name__, template_folder="templates")

DAY = 24 * 60 * 60
RETRY_AFTER = {"Retry-After": "10"}
UNKNOWN_LINKS = parse("30/minute")
# Locked, full, away, out of connections or out of order: nothing is stored, and sending again is safe. All are caught
# here and only their kind is logged, because a database's own words may repeat the answers.
UNAVAILABLE = (Busy, SQLAlchemyError, OSError)


@bp.route("/r/<token>", methods=["GET", "POST"])
@access.anyone
def start(token: str) -> ResponseReturnValue:
    """Mail scanners open links before people do, so only the button hands the ballot to the browser."""
    ballot = queries.ballot(token)
    if ballot is None:
        return _unknown()
    if ballot.stage not in {"open", "published"}:
        return _elsewhere(ballot)
    form = PressButton() if request.method == "POST" or ballot.stage == "published" else None
    if form and form.validate_on_submit():
        return _hand_over(ballot)
    if ballot.stage == "published":
        return pages.other("published", ballot, form=form)
    page = pages.start(ballot, queries.sheet(ballot, language.select()), stale=form is not None)
    return page, 400 if form else 200


@bp.route("/respond/", methods=["GET", "POST"])
@access.anyone
def answer() -> ResponseReturnValue:
    """The answer sheet: one page without scripts, one practice a screen with them."""
    try:
        ballot = _held()
        sheet = queries.sheet(ballot, language.select()) if ballot else None
    except UNAVAILABLE:
        if request.method != "POST":
            raise
        return _send_again()
    if ballot is None or sheet is None:
        return _unknown()
    if request.method == "POST" and not ballot.spent:
        return _submit(ballot, sheet)
    if ballot.stage != "open":
        return _elsewhere(ballot)
    return pages.answer(ballot, sheet)


@bp.get("/respond/thanks")
@access.anyone
def thanks() -> ResponseReturnValue:
    ballot = _held()
    if ballot is None:
        return _unknown()
    return pages.thanks(ballot) if ballot.spent else redirect(url_for("respond.answer"), 303)


@bp.get("/respond/results")
@access.anyone
def results() -> ResponseReturnValue:
    """The unit's published figures beside everybody's; the same for all who hold a link of the unit."""
    ballot = _held()
    if ballot is None or ballot.stage == "expired":
        return _unknown()
    found = queries.results(ballot) if ballot.stage == "published" else None
    if found is None:
        return redirect(url_for("respond.answer"), 303)
    publication, unit = found
    sheet = queries.sheet(ballot, language.select())
    return pages.other("results", ballot, publication=publication, unit=unit, sheet=sheet)


@bp.get("/respond/privacy")
@bp.get("/r/<token>/privacy")
@access.anyone
def privacy(token: str = "") -> ResponseReturnValue:
    """What holds in this wave: who asks, what is stored, who sees it, when it goes. By the link, or by its cookie."""
    ballot = queries.ballot(token) if token else _held()
    if ballot is None or ballot.stage == "expired":
        return _unknown()
    return pages.other("privacy", ballot, rules=queries.rules(ballot), privacy="")


# Their forms check the token themselves, so that a page that was open for too long keeps what was typed.
for view in (start, answer):
    csrf.exempt(view)


def _submit(ballot: Ballot, sheet: Sheet) -> ResponseReturnValue:
    form = AnswerForm(sheet)
    if not form.validate_sheet():
        return pages.answer_again(ballot, form), 400
    try:
        packed = commands.submit_response(ballot=ballot, items=sheet.items, answers=form.answers.data)
    except commands.TooLate as refused:
        form.refuse_answers(refused)
        return pages.answer_again(ballot, form), 409
    except Refused as refused:
        form.refuse_answers(refused)
        return pages.answer_again(ballot, form), 400
    except UNAVAILABLE as error:
        log.error("answers could not be stored: %s", type(error).__name__)  # noqa: TRY400 - no values
        return pages.answer_again(ballot, form, unavailable=True), 503, RETRY_AFTER
    # Shown in this reply and kept nowhere: no cookie, no address, no row holds the receipt. A reload sends the same
    # ballot again and gets the thanks without it.
    return pages.thanks(ballot, queries.row(sheet, packed) if packed else None)


def _send_again() -> ResponseReturnValue:
    """Not even the questions could be read: hand the answers back in a form that sends them once more."""
    form = PressButton()
    sent = [pair for pair in request.form.items() if pair[0] != form.meta.csrf_field_name]
    page = pages.other("again", None, form=form, sent=sent[:MOST_FIELDS])
    return page, 503, RETRY_AFTER


def _elsewhere(ballot: Ballot) -> ResponseReturnValue:
    """Where a link leads that takes no answers now."""
    if ballot.stage == "expired":
        return pages.other("unknown", None, here=""), 404
    if request.endpoint == "respond.answer" and ballot.stage in {"spent", "published"}:
        return redirect(url_for("respond.thanks" if ballot.stage == "spent" else "respond.results"), 303)
    return pages.thanks(ballot) if ballot.stage == "spent" else pages.other("waiting", ballot)


def _hand_over(ballot: Ballot) -> ResponseReturnValue:
    """Give the browser the ballot itself as a cookie, and an address that does not hold it."""
    target = "respond.results" if ballot.stage == "published" else "respond.answer"
    reply = make_response(redirect(url_for(target), 303))
    reply.set_cookie(
        _cookie_name(),
        f"{ballot.token}.{secrets.token_urlsafe(18)}" if ballot.shared else ballot.token,
        max_age=DAY,
        path="/respond",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Strict",
    )
    return reply


def _held() -> Ballot | None:
    return queries.held(request.cookies.get(_cookie_name(), ""))


def _cookie_name() -> str:
    return "__Secure-ballot" if current_app.config["SESSION_COOKIE_SECURE"] else "ballot"


def _unknown() -> ResponseReturnValue:
    """Count failures only: one office's address or a poster on a wall must never lock a respondent out."""
    tried = request.view_args or _cookie_name() in request.cookies
    if tried and not limiter.limiter.hit(UNKNOWN_LINKS, "unknown link", _address()):
        abort(429)
    return pages.other("unknown", None, tried=tried, here=""), 404  # what was tried is not repeated


def _address() -> str:
    """The address as a counter's name that tells nothing of it, another one each day."""
    key = str(current_app.secret_key).encode()
    return hmac.digest(key, f"{now():%Y-%m-%d} {request.remote_addr}".encode(), "sha256").hex()[:32]
