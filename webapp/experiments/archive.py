"""The register among the files that an owner may take along before the organization is deleted."""

from collections.abc import Iterator

from webapp.domain import experiment_list
from webapp.experiments import queries
from webapp.experiments.queries import Chosen
from webapp.models import Organization


def files(organization: Organization) -> Iterator[tuple[str, str]]:
    """(name, text) of the whole register, if anything stands in it."""
    listed = queries.everything(organization.id, Chosen())
    if listed:
        yield "experiments.csv", experiment_list.as_csv((one.unit, one.entry) for one in listed)
