"""Signing in through a provider: to it, and back. What comes back does nothing before a button is pressed."""

import logging
from collections.abc import Mapping
from secrets import compare_digest

from flask import abort, current_app, flash, g, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from config import Provider
from webapp import access, language
from webapp.access import attempts, sessions
from webapp.accounts import flow as flows
from webapp.accounts import identities, openid
from webapp.accounts.commands import TooMany
from webapp.accounts.entering import entered, wanted
from webapp.accounts.flow import Flow
from webapp.domain.identity_token import Identity, Unfit
from webapp.domain.refusal import Refused
from webapp.forms import PressButton

log = logging.getLogger("groundswell")
STATUS = {"away": 503, "nobody": 403, "old": 403}


def configured() -> tuple[Provider, ...]:
    found: tuple[Provider, ...] = current_app.extensions["groundswell"].settings.providers
    return found


@access.anyone
def leave(provider: str) -> ResponseReturnValue:
    """To the provider, to sign in there. A link, as the policy lets no form lead to another site."""
    return _sent(_found(provider), page=wanted(), again=sessions.current() is not None)


@access.freshly
@access.signed_in
def link(provider: str) -> ResponseReturnValue:
    """To the provider, so that whoever one is there may sign in here from then on."""
    return _sent(_found(provider), page=url_for("accounts.me"), linking=True)


def _sent(
    provider: Provider, *, page: str, again: bool = False, linking: bool = False
) -> ResponseReturnValue:
    flow = flows.begin(provider.name, page=page, linking=linking, again=again)
    try:
        url = openid.address(
            provider,
            back=_back(provider),
            state=flow.state,
            nonce=flow.nonce,
            verifier=flow.verifier,
            again=flow.again,
        )
    except openid.NoReply as none:
        return _not_through(provider, "away", none)
    answer = make_response(redirect(url, 303))
    flows.give(answer, flow)
    return answer


@access.anyone
def back(provider: str) -> ResponseReturnValue:
    """From the provider. Reading the page changes nothing; its button asks the provider who it was."""
    found, sent = _found(provider), request.form if request.method == "POST" else request.args
    flow = flows.held(provider)
    try:
        fault = _fault(found, flow, sent)
    except openid.NoReply as none:
        return _not_through(found, "away", none)
    if fault or flow is None:
        return _not_through(found, fault)
    form = PressButton()
    if form.validate_on_submit():
        return _arrived(found, flow, sent["code"])
    kept = {name: sent[name] for name in ("state", "code", "iss") if name in sent}
    account = sessions.current() if flow.session else None
    return render_template("accounts/back.html", form=form, provider=found, kept=kept, account=account)


def _fault(provider: Provider, flow: Flow | None, sent: Mapping[str, str]) -> str:
    """What is wrong with a reply before anybody is asked about it; "" where nothing is."""
    if flow is None or not compare_digest(flow.state.encode(), sent.get("state", "").encode()):
        return "ended"
    if flow.session and flow.session != (sessions.here() or b"").hex():
        return "ended"
    if sent.get("iss", provider.issuer) != provider.issuer:
        return "unfit"
    if "iss" not in sent and openid.must_name_itself(provider):
        return "unfit"
    if "error" in sent:
        return "denied"
    return "" if sent.get("code") else "ended"


def _arrived(provider: Provider, flow: Flow, code: str) -> ResponseReturnValue:
    address, by = attempts.address(), sessions.current()
    try:
        who = identities.ask(
            provider=provider, flow=flow, code=code, back=_back(provider), by=by, address=address
        )
        answer = _linked(provider, who) if flow.session else _entered(provider, flow, who)
    except TooMany:
        abort(429)
    except openid.NoReply as none:
        answer = _not_through(provider, "away", none)
    except Unfit as unfit:
        answer = _not_through(provider, "unfit", unfit)
    made = make_response(answer)
    flows.forget(made)
    return made


def _entered(provider: Provider, flow: Flow, who: Identity) -> ResponseReturnValue:
    try:
        since = flow.began if flow.again else None
        arrival = identities.sign_in(provider=provider, who=who, since=since, address=attempts.address())
    except identities.NotAnew as old:
        return _not_through(provider, "old", old)
    if arrival is None:
        return _not_through(provider, "nobody")
    if arrival.linked:
        flash(
            _(
                "%(provider)s signs you in here from now on, as it says that this address is yours. You can end that on the page of your account.",
                provider=provider.label,
            )
        )
    return entered(arrival.entry, flow.page)


def _linked(provider: Provider, who: Identity) -> ResponseReturnValue:
    account = sessions.current()
    if account is None:
        return _not_through(provider, "ended")
    try:
        identities.link(provider=provider, who=who, account=account, address=attempts.address())
    except Refused as refused:
        flash(language.refusal(refused), "error")
    else:
        flash(_("%(provider)s signs you in here from now on.", provider=provider.label))
    return redirect(url_for("accounts.me"), 303)


@access.freshly
@access.signed_in
def unlink(provider: str) -> ResponseReturnValue:
    found = _found(provider)
    if PressButton().validate_on_submit() and identities.unlink(provider=found, account=g.account):
        flash(_("%(provider)s signs nobody in to your account any more.", provider=found.label))
    return redirect(url_for("accounts.me"), 303)


def _found(name: str) -> Provider:
    return next((one for one in configured() if one.name == name), None) or abort(404)


def _back(provider: Provider) -> str:
    """Where the provider sends people back to: the address that stands in the settings, whoever asks."""
    url = current_app.extensions["groundswell"].settings.url
    return f"{url}{url_for('accounts.back', provider=provider.name)}"


def _not_through(provider: Provider, fault: str, why: Exception | None = None) -> Response:
    """A page that says what did not work; the log says why, to whoever runs the server."""
    if why is not None or fault == "unfit":
        log.warning("sign-in through %s did not work: %s", provider.name, why or "another issuer")
    signed_in = sessions.current() is not None
    page = render_template("accounts/not_through.html", provider=provider, fault=fault, signed_in=signed_in)
    return make_response(page, STATUS.get(fault, 400))
