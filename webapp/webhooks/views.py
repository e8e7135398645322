"""The pages on which an owner lets other programs be told what waves do."""

from flask import Blueprint, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from webapp import access, clock, language
from webapp.access import Permission
from webapp.domain.refusal import Refused
from webapp.forms import PressButton
from webapp.models import Webhook
from webapp.webhooks import commands, queries, words
from webapp.webhooks.forms import ChangeForm, NewForm

bp = Blueprint("webhooks", __name__, template_folder="templates")


@bp.get("/o/<slug>/webhooks")
@access.requires(Permission.ORGANIZATION_CHANGE)
def index(slug: str) -> ResponseReturnValue:
    del slug  # the gate has found the organization
    organization = g.actor.organization
    return _page("index", webhooks=queries.of(organization.id), most=commands.MOST)


@bp.route("/o/<slug>/webhooks/new", methods=["GET", "POST"])
@access.requires(Permission.ORGANIZATION_CHANGE)
def new(slug: str) -> ResponseReturnValue:
    form = NewForm(events=list(queries.EVENTS))
    if form.validate_on_submit():
        try:
            made, secret = commands.add(organization=g.actor.organization, by=g.account, **form.values())
        except Refused as refused:
            form.refuse(refused)
        else:
            if secret:
                return _handed(made, secret)
            flash(_("Added. Send a test to see whether it arrives."))
            return redirect(url_for("webhooks.webhook", slug=slug, webhook_id=made.id), 303)
    return _page("new", form=form), 422 if form.errors else 200


@bp.route("/o/<slug>/webhooks/<int:webhook_id>", methods=["GET", "POST"])
@access.requires(Permission.ORGANIZATION_CHANGE)
def webhook(slug: str, webhook_id: int) -> ResponseReturnValue:
    found = _found(webhook_id)
    form = ChangeForm(name=found.name, events=found.events.split(","))
    if form.validate_on_submit():
        try:
            commands.change(webhook=found, by=g.account, **form.values())
        except Refused as refused:
            form.refuse(refused)
        else:
            flash(_("Saved."))
            return _back(slug, webhook_id)
    return _page(
        "webhook", webhook=found, waiting=queries.waiting(found), form=form, button=PressButton()
    ), 422 if form.errors else 200


@bp.post("/o/<slug>/webhooks/<int:webhook_id>/test")
@access.requires(Permission.ORGANIZATION_CHANGE)
def send_test(slug: str, webhook_id: int) -> ResponseReturnValue:
    try:
        commands.send_test(webhook=_found(webhook_id), by=g.account)
    except Refused as refused:
        _not_done(refused)
    else:
        flash(_("A test is on its way. Look at this page again in a few seconds."))
    return _back(slug, webhook_id)


@bp.post("/o/<slug>/webhooks/<int:webhook_id>/secret")
@access.requires(Permission.ORGANIZATION_CHANGE)
def new_secret(slug: str, webhook_id: int) -> ResponseReturnValue:
    found = _found(webhook_id)
    try:
        secret = commands.new_secret(webhook=found, by=g.account)
    except Refused as refused:
        _not_done(refused)
        return _back(slug, webhook_id)
    return _handed(found, secret)


@bp.post("/o/<slug>/webhooks/<int:webhook_id>/on")
@access.requires(Permission.ORGANIZATION_CHANGE)
def turn_on(slug: str, webhook_id: int) -> ResponseReturnValue:
    return _turned(slug, webhook_id, on=True)


@bp.post("/o/<slug>/webhooks/<int:webhook_id>/off")
@access.requires(Permission.ORGANIZATION_CHANGE)
def turn_off(slug: str, webhook_id: int) -> ResponseReturnValue:
    return _turned(slug, webhook_id, on=False)


def _turned(slug: str, webhook_id: int, *, on: bool) -> ResponseReturnValue:
    try:
        commands.turn(webhook=_found(webhook_id), on=on, by=g.account)
    except Refused as refused:
        _not_done(refused)
    else:
        flash(
            _("Turned on. It is told what comes from now on.") if on else _("Turned off. It is told nothing.")
        )
    return _back(slug, webhook_id)


@bp.post("/o/<slug>/webhooks/<int:webhook_id>/remove")
@access.requires(Permission.ORGANIZATION_CHANGE)
def remove(slug: str, webhook_id: int) -> ResponseReturnValue:
    try:
        commands.remove(webhook=_found(webhook_id), by=g.account)
    except Refused as refused:
        _not_done(refused)
    else:
        flash(_("Removed, with its address and what waited for it."))
    return redirect(url_for("webhooks.index", slug=slug), 303)


def _found(webhook_id: int) -> Webhook:
    return queries.one(g.actor.organization.id, webhook_id)


def _handed(made: Webhook, secret: str) -> str:
    """The page that shows a secret, once."""
    return _page("secret", webhook=made, secret=secret)


def _page(name: str, **values: object) -> str:
    organization = g.actor.organization
    return render_template(
        f"webhooks/{name}.html",
        active="settings",
        organization=organization,
        words=words,
        here=lambda at: clock.in_zone(at, organization.timezone),
        **values,
    )


def _back(slug: str, webhook_id: int) -> ResponseReturnValue:
    return redirect(url_for("webhooks.webhook", slug=slug, webhook_id=webhook_id), 303)


def _not_done(refused: Refused) -> None:
    flash(language.refusal(refused), "error")
