"""Who may do what: read `roles` for the data, `decorators` for how a view says it, `gate` for how it is held."""

from webapp.access.decorators import (
    Access,
    administrators_alone,
    anyone,
    by_token,
    freshly,
    requires,
    signed_in,
    signed_in_by_any_link,
)
from webapp.access.permissions import Permission
from webapp.access.policy import Actor
from webapp.access.turns import one_at_a_time

__all__ = [
    "Access",
    "Actor",
    "Permission",
    "administrators_alone",
    "anyone",
    "by_token",
    "freshly",
    "one_at_a_time",
    "requires",
    "signed_in",
    "signed_in_by_any_link",
]
