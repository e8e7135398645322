"""How a view declares who may call it; one that declares nothing answers nobody."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from webapp.access.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call: anyone, any signed-in account, or members with a permission (on the unit in the route, if any).

    by_any_link: also who signed in by a link that an owner had in hand, and so reaches one organization alone
    administrators: who runs the installation, with a second step; nobody else learns that there is a page
    fresh: only within a quarter of an hour after signing in; later one is asked to sign in again, and comes back
    by_token: programs with an API token for the permission, and no browser
    """

    anyone: bool = False
    permission: Permission | None = None
    by_any_link: bool = False
    administrators: bool = False
    fresh: bool = False
    by_token: bool = False


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]  # functions take attributes
        return view

    return mark


def anyone(view: View) -> View:
    """Open to everybody, signed in or not."""
    return _declare(Access(anyone=True))(view)


def signed_in(view: View) -> View:
    """For any signed-in account, whatever its roles. A session that reaches one organization alone is refused."""
    return _declare(Access())(view)


def signed_in_by_any_link(view: View) -> View:
    """For every signed-in browser; what the view shows of other organizations than `g.only` is its own care."""
    return _declare(Access(by_any_link=True))(view)


def administrators_alone(view: View) -> View:
    """For whoever runs the installation; such a view shows nothing of any organization."""
    return _declare(Access(administrators=True))(view)


def requires(permission: Permission) -> Callable[[View], View]:
    """For members of the organization in the route who hold the permission."""
    return _declare(Access(permission=permission))


def freshly(view: View) -> View:
    """For what somebody at a browser that was left open must not do; stands above the decorator that says who may."""
    declared: Access = view.access  # type: ignore[attr-defined]  # set by the decorator below
    return _declare(replace(declared, fresh=True))(view)


def by_token(permission: Permission) -> Callable[[View], View]:
    """For programs whose API token has the permission among its scopes, while the member who made it holds it too."""
    return _declare(Access(permission=permission, by_token=True))
