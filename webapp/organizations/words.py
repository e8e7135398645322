"""Roles in words."""

from flask_babel import gettext as _


def role(name: str) -> str:
    """The word for a role; an unknown one stands for itself."""
    words = {"owner": _("Owner"), "leader": _("Leader"), "viewer": _("Viewer"), "auditor": _("Auditor")}
    return words.get(name, name)


def may(name: str) -> str:
    """What a role is for."""
    return {
        "owner": _("runs the organization: units, waves, members and settings"),
        "leader": _(
            "assesses their own unit, reads its results and those of all below it, and decides what to do about them"
        ),
        "viewer": _("reads the results of a unit and all below it, and what is done about them"),
        "auditor": _("reads who did what: members and the audit log, and no results"),
    }[name]


def on(unit: str, organization: str, *, closed: bool = False) -> str:
    """Where a role holds."""
    if not unit:
        return _("%(name)s as a whole", name=organization)
    return _("%(name)s (closed)", name=unit) if closed else unit


def action_state(name: str) -> str:
    """How far an action was moved; an unknown word stands for itself."""
    told = {"planned": _("planned"), "doing": _("under way"), "done": _("done"), "dropped": _("dropped")}
    return told.get(name, name)
