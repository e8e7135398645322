"""All publications of an organization as files: what its owner may take along before it is deleted."""

import json
from collections.abc import Iterator

from webapp import publications
from webapp.models import Organization
from webapp.results import exports, queries


def files(organization: Organization) -> Iterator[tuple[str, str]]:
    """(name, text) of each publication twice, as JSON and as CSV, the oldest first."""
    for wave_id, *_rest in publications.waves(organization.id):
        publication = publications.of_wave(organization.id, wave_id)
        if publication is None:
            continue
        asked = queries.questionnaire(organization.id, publication)
        plain = exports.as_json(publication, asked, organization.slug)
        yield f"wave-{wave_id}.json", json.dumps(plain, ensure_ascii=False, indent=1)
        yield f"wave-{wave_id}.csv", exports.as_csv(publication, asked)
