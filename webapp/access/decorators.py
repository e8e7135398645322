"""How a view declares who may call it; one that declares nothing answers nobody."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from webapp.access.permissions import Permission

View = TypeVar("View", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Access:
    """Who may call: anyone, any signed-in account, or members with a permission (on the unit in the route, if any)."""

    anyone: bool = False
    permission: Permission | None = None


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]  # functions take attributes
        return view

    return mark


def anyone(view: View) -> View:
    """Open to everybody, signed in or not."""
    return _declare(Access(anyone=True))(view)


def signed_in(view: View) -> View:
    """For any signed-in account, whatever its roles."""
    return _declare(Access())(view)


def requires(permission: Permission) -> Callable[[View], View]:
    """For members of the organization in the route who hold the permission."""
    return _declare(Access(permission=permission))
