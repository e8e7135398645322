"""What is told of figures from outside as a file: what an owner may take along before the organization is deleted."""

from collections.abc import Iterator

from webapp.evidence import exports, queries
from webapp.models import Organization


def files(organization: Organization) -> Iterator[tuple[str, str]]:
    """(name, text), none where nothing came in."""
    found = queries.book(organization)
    if found.months:
        names = queries.names(organization)
        yield "evidence.csv", exports.told_csv(found.every(), names, names, found.currency)
