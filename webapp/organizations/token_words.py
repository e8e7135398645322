"""What a token may do, in words."""

from flask_babel import gettext as _


def scope(word: str) -> str:
    """What a scope lets a program do; an unknown one stands for itself."""
    return {
        "organization:read": _("read the organization’s name and rules"),
        "unit:read": _("read the units"),
        "wave:read": _("read when waves open, close and publish"),
        "result:read": _("read published results"),
        "action:read": _("read actions"),
        "action:change": _("decide, change and move actions"),
        "evidence:read": _("read figures from outside"),
        "evidence:change": _("hand in figures from outside"),
        "experiment:read": _("read experiments"),
        "experiment:change": _("log, change and remove experiments"),
    }.get(word, word)
