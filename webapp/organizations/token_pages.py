"""The pages of API tokens: what programs may do here, and for whom."""

from collections.abc import Collection

from flask import current_app, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access, api
from webapp.access import Permission
from webapp.domain.refusal import Refused
from webapp.forms import PressButton
from webapp.organizations import token_words, tokens
from webapp.organizations.forms import TokenForm


@access.requires(Permission.TOKEN_MAKE)
def all_tokens(slug: str) -> ResponseReturnValue:
    del slug  # the gate has found the organization
    return render_template(
        "organizations/tokens.html",
        active="settings",
        organization=g.actor.organization,
        tokens=tokens.all_of(g.actor.organization),
        words=token_words,
        button=PressButton(),
        call=_call(set(Permission)),
    )


@access.freshly
@access.requires(Permission.TOKEN_MAKE)
def new_token(slug: str) -> ResponseReturnValue:
    del slug
    form = TokenForm(scopes=[scope for scope in api.scopes() if g.actor.may(scope)])
    if form.validate_on_submit():
        try:
            token = tokens.make(organization=g.actor.organization, by=g.account, **form.values())
        except Refused as refused:
            form.refuse(refused)
        else:
            return _handed(token, form.values()["scopes"])
    page = render_template(
        "organizations/new_token.html", active="settings", form=form, organization=g.actor.organization
    )
    return page, 422 if form.errors else 200


def _handed(token: str, scopes: Collection[str]) -> str:
    """The page that shows a token, once: it is kept nowhere."""
    return render_template(
        "organizations/token.html",
        active="settings",
        organization=g.actor.organization,
        token=token,
        call=_call(scopes),
    )


def _call(scopes: Collection[str]) -> str:
    """A first call that works, as one line for a terminal; the token stands in a variable, so that no history keeps it."""
    url = current_app.extensions["groundswell"].settings.url
    path = api.first_address(scopes) or url_for("api.openapi")
    return f'curl -H "Authorization: Bearer $TOKEN" {url}{path}'


@access.requires(Permission.TOKEN_MAKE)
def revoke_token(slug: str, token_id: int) -> ResponseReturnValue:
    tokens.revoke(organization=g.actor.organization, token_id=token_id, by=g.account)
    flash(_("Revoked. It opens nothing from now on."))
    return redirect(url_for("organizations.tokens", slug=slug), 303)
