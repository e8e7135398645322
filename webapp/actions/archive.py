"""All actions of an organization as a file: what its owner may take along before it is deleted."""

from collections.abc import Iterator

from webapp.actions import exports, queries
from webapp.models import Organization


def files(organization: Organization) -> Iterator[tuple[str, str]]:
    """(name, text); nothing where nothing was ever decided."""
    lines = [
        exports.line(action, organization, unit=unit or "", wave=wave or "", who=email or "")
        for action, unit, wave, email in queries.everything(organization.id)
    ]
    if lines:
        yield "actions.csv", exports.as_csv(lines)
