"""The one check before every request: deny unless the view declared otherwise."""

from contextlib import suppress
from typing import NoReturn

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Select, bindparam, select

from webapp import audit
from webapp.access import administrators, policy, second_step, sessions, tokens
from webapp.access.decorators import Access
from webapp.access.permissions import Permission
from webapp.extensions import db
from webapp.models import Action, ApiToken, Experiment, Member, Unit, Wave, Webhook
from webapp.transaction import Busy

LARGEST_ID = 2**31 - 1

# The ids of routes; each statement finds the row only in the organization.
_OWN: dict[str, Select[int] | Select[int, int]] = {
    name: select(model.id).where(model.organization_id == bindparam("of"), model.id == bindparam("id"))
    for name, model in (
        ("wave_id", Wave),
        ("unit_id", Unit),
        ("member_id", Member),
        ("action_id", Action),
        ("token_id", ApiToken),
        ("webhook_id", Webhook),
    )
}
# Rows that stand on a unit: the permission has to hold on that one.
_OWN |= {
    name: select(model.id, model.unit_id).where(
        model.organization_id == bindparam("of"), model.id == bindparam("id")
    )
    for name, model in (("experiment_id", Experiment),)
}


def check() -> ResponseReturnValue | None:
    """Refuse what no view declared, load the actor once, and answer the same 404 for foreign and missing ids."""
    if request.endpoint is None:
        return None  # no such address: the 404 or 405 follows by itself
    declared: Access | None = getattr(current_app.view_functions[request.endpoint], "access", None)
    if declared is None:
        abort(403)
    if declared.by_token:
        _check_program(declared)
    elif declared.administrators:
        return _administrator()
    elif not declared.anyone:
        return _check_browser(declared)
    return None


def _check_browser(declared: Access) -> ResponseReturnValue | None:
    """A browser comes with a session; where one is missing it is led to signing in."""
    arguments = request.view_args or {}
    found = policy.of_browser(arguments.get("slug", "")) if declared.permission else None
    signed_in = sessions.SignedIn(found.account, None) if found else sessions.found()
    if signed_in is None:
        if request.method in {"GET", "HEAD"}:
            return redirect(url_for("accounts.sign_in"))
        abort(401)
    g.account, g.only = signed_in.account, signed_in.organization_id
    if declared.permission is None:
        return _again(declared) if g.only is None or declared.by_any_link else abort(403)
    if found is None:
        _missing()
    if _lacks_second_step(found):
        return redirect(url_for("accounts.second_step", next=request.path), 303)
    _check_actor(found, declared.permission)
    return _again(declared)


def _administrator() -> ResponseReturnValue | None:
    """To anybody else there is no such page; an administrator without a second step turns one on first."""
    signed_in = sessions.found()
    if signed_in is None or not administrators.is_named(signed_in):
        _missing()
    g.account, g.only = signed_in.account, None
    if administrators.may(signed_in):
        return None
    return redirect(url_for("accounts.second_step", next=request.path), 303)


def _again(declared: Access) -> ResponseReturnValue | None:
    """To signing in once more, where that was too long ago. A page that was opened in time may be sent a while later."""
    reading = request.method in {"GET", "HEAD"}
    if not declared.fresh or sessions.fresh(sessions.FRESH if reading else 2 * sessions.FRESH):
        return None
    return redirect(url_for("accounts.sign_in", next=request.path), 303)


def _lacks_second_step(actor: policy.Actor) -> bool:
    """Whether the organization asks all its members for a second step, and this one has none yet."""
    return actor.organization.asks_second_step and not second_step.is_on(actor.account.id)


def _check_program(declared: Access) -> None:
    """A program comes with a token, in its header alone: no cookie is looked at, and no page takes a token."""
    program = tokens.of_request()
    g.account, g.token_id = program.actor.account, program.token_id
    if _lacks_second_step(program.actor):
        abort(403)
    if declared.permission is not None:
        _check_actor(program.actor, declared.permission)


def _check_actor(actor: policy.Actor, permission: Permission) -> None:
    """Refuse what the actor may not do here, and what is not of the actor's organization."""
    g.actor = actor
    unit_id = _own(actor, request.view_args or {})
    if not actor.may(permission, unit_id):
        _note(actor, permission)
        abort(403) if unit_id is None else _missing()


def _note(actor: policy.Actor, permission: Permission) -> None:
    """Leave an audit row of a member's request that was refused; without one where the database is held for long."""
    with suppress(Busy):
        audit.record_once(
            organization_id=actor.organization.id,
            by=actor.account,
            action="access.refused",
            permission=str(permission),
            page=request.endpoint,
        )


def _own(actor: policy.Actor, arguments: dict[str, object]) -> int | None:
    """Check that the ids of the route belong to the organization; return the unit that they are about, if there is one."""
    unit_id = arguments.get("unit_id")
    for name, statement in _OWN.items():
        identity = arguments.get(name)
        if identity is not None:
            if not isinstance(identity, int) or identity > LARGEST_ID:
                _missing()  # the driver would fail on a number that the database cannot hold
            found = db.session.execute(statement, {"of": actor.organization.id, "id": identity}).first()
            if found is None:
                _missing()
            unit_id = getattr(found, "unit_id", unit_id)
    return unit_id if isinstance(unit_id, int) else None


def _missing() -> NoReturn:
    abort(404)


def init_app(app: Flask) -> None:
    app.before_request(check)
