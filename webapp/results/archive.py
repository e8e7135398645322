"""All publications of an organization as files: what its owner may take along before it is deleted."""

import json
from collections.abc import Iterator

from flask_babel import force_locale

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
        with force_locale("en"):  # the same whoever takes them along
            plain = json.dumps(
                exports.as_json(publication, asked, organization.slug), ensure_ascii=False, indent=1
            )
            table = exports.as_csv(publication, asked)
        yield f"wave-{wave_id}.json", plain
        yield f"wave-{wave_id}.csv", table
