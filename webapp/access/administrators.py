"""Who runs the installation: the addresses that its settings name. That is no role, and reaches into no organization."""

from flask import current_app

from webapp.access import second_step
from webapp.access.sessions import SignedIn


def is_named(signed_in: SignedIn) -> bool:
    """Whether the settings name this account, and it is here in its own right, not by a link that an owner had in hand."""
    named = current_app.extensions["groundswell"].settings.administrators
    return signed_in.organization_id is None and signed_in.account.email in named


def may(signed_in: SignedIn) -> bool:
    return is_named(signed_in) and second_step.is_on(signed_in.account.id)
