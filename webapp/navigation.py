"""The links of every page's frame: where a visitor or a member can go from here."""

from typing import Any, TypedDict

from flask import Flask, current_app, g, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError

from webapp import publications
from webapp.access import Actor, Permission, administrators, sessions
from webapp.forms import PressButton

PUBLIC = {"home", "accounts"}  # respondents and members are somewhere else: their pages stay free of these


class Link(TypedDict):
    key: str
    href: str
    label: str


def init_app(app: Flask) -> None:
    app.context_processor(frame)


def frame() -> dict[str, Any]:
    """What the layout needs: the name at the top, the links beside it, and the button that signs out."""
    try:
        return _frame()
    except SQLAlchemyError:
        return {}  # the page that says that the database is away must not ask it


def _frame() -> dict[str, Any]:
    actor: Actor | None = g.get("actor")
    if actor is not None:
        read, run = results(actor), rooms(actor)
        links = read or run
        return {
            "brand_name": actor.organization.name,
            "brand_href": links[0]["href"] if links else url_for("organizations.index"),
            "nav_links": read,
            "nav_label": _("Results"),
            "nav_rooms": run,
            **_signed_in(actor.account.email),
        }
    if g.get("account") is not None:
        return {"nav_links": _own(), **_signed_in(g.account.email)}
    if request.blueprint in PUBLIC:
        return {"nav_links": _public()}
    return {}


def results(actor: Actor) -> list[Link]:
    """The pages of results that the actor may read: the row that most people come for."""
    slug = actor.organization.slug
    found: list[Link | None] = []
    if actor.may(Permission.RESULT_READ):
        published = publications.waves(actor.organization.id)
        found.append(_link("overview", "results.overview", _("Overview"), slug=slug))
        if published:
            latest = published[-1][0]
            of_latest = {"slug": slug, "wave_id": latest}
            found += [
                _link("heatmap", "results.heatmap", _("Heat map"), **of_latest),
                _link("trend", "results.trend", _("Trend"), slug=slug),
                _link("movement", "results.movement", _("Movement"), **of_latest),
                _link("compare", "results.compare", _("Compare"), **of_latest),
                _link("spread", "results.spread", _("Spread"), **of_latest),
                _link("hype", "results.hype", _("Say and do"), **of_latest),
                _link("blind_spots", "results.blind_spots", _("Blind spots"), **of_latest),
                _link("unblocker", "results.unblocker", _("What next"), **of_latest),
            ]
    if actor.may(Permission.ACTION_READ):
        found.append(_link("actions", "actions.index", _("Actions"), slug=slug))
    return [link for link in found if link is not None]


def rooms(actor: Actor) -> list[Link]:
    """Where the organization itself is looked after, in a quieter row, so that a dozen links are no wall."""
    slug = actor.organization.slug
    found: list[Link | None] = []
    if actor.may(Permission.UNIT_READ):
        found.append(_link("units", "units.index", _("Units"), slug=slug))
    if actor.may(Permission.WAVE_READ):
        found.append(_link("waves", "waves.index", _("Waves"), slug=slug))
    if actor.may(Permission.EXPERIMENT_READ):
        found.append(_link("experiments", "experiments.index", _("Experiments"), slug=slug))
    if actor.may(Permission.EVIDENCE_READ):
        found.append(_link("evidence", "evidence.index", _("Evidence"), slug=slug))
    if actor.may(Permission.MEMBER_READ):
        found.append(_link("members", "organizations.members", _("Members"), slug=slug))
    if actor.may_everywhere(Permission.AUDIT_READ):
        found.append(_link("log", "organizations.log", _("Audit log"), slug=slug))
    if actor.may(Permission.ORGANIZATION_CHANGE):
        found.append(_link("settings", "organizations.settings", _("Settings"), slug=slug))
    return [link for link in found if link is not None]


def _public() -> list[Link]:
    signed_in = sessions.current() is not None
    last = _own() if signed_in else [_link("sign-in", "accounts.sign_in", _("Sign in"))]
    found = [
        _link("quick-check", "home.quick_check", _("Quick check")),
        _link("method", "home.method", _("How it works")),
        _link("privacy", "home.privacy", _("Privacy")),
        _link("talk", "home.talk", _("The talk")),
        *last,
    ]
    return [link for link in found if link is not None]


def _own() -> list[Link]:
    found = [
        _link("organizations", "organizations.index", _("Your organizations")),
        _link("account", "accounts.me", _("Your account")),
    ]
    signed_in = sessions.found()
    if signed_in is not None and administrators.is_named(signed_in):
        found.append(_link("status", "status.status", _("Status")))
    return [link for link in found if link is not None]


def _signed_in(email: str) -> dict[str, Any]:
    return {"signed_in_as": email, "sign_out": PressButton()}


def _link(key: str, endpoint: str, label: str, **values: Any) -> Link | None:
    """A link to a page, None while the application has no such page."""
    if endpoint not in current_app.view_functions:
        return None
    return Link(key=key, href=url_for(endpoint, **values), label=label)
