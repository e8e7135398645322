"""The organization of a token."""

from typing import Literal

from flask import g
from pydantic import Field

from webapp.access import Permission
from webapp.api import Answer, Routes

routes = Routes()


class Organization(Answer):
    """What holds for waves that open now; a wave keeps what held when it opened."""

    slug: str = Field(description="The word in the addresses of its pages.")
    name: str
    timezone: str
    smallest_group: int = Field(description="No figure is shown for fewer people.")
    time_guard: Literal["standard", "strict"]


@routes.get("/organization", Permission.ORGANIZATION_READ)
def organization() -> Organization:
    """The organization that the token is of."""
    found = g.actor.organization
    return Organization(
        slug=found.slug,
        name=found.name,
        timezone=found.timezone,
        smallest_group=found.smallest_group,
        time_guard=found.time_guard,
    )
