"""Finding an organization and its units by the words of the command line."""

from sqlalchemy import select

from webapp.domain.csv_table import name_key
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import Organization, Unit, Wave


def organization(slug: str) -> Organization:
    found = db.session.scalar(select(Organization).where(Organization.slug == slug))
    if found is None:
        raise Refused("There is no organization {slug}.", place="SLUG", slug=f"“{slug}”")
    return found


def unit(of: Organization, name: str) -> Unit:
    found = db.session.scalar(
        select(Unit).where(Unit.organization_id == of.id, Unit.name_key == name_key(name))
    )
    if found is None:
        raise Refused("There is no unit {name} in {slug}.", place="UNIT", name=f"“{name}”", slug=of.slug)
    return found


def wave(of: Organization, wave_id: int) -> Wave:
    found = db.session.scalar(select(Wave).where(Wave.organization_id == of.id, Wave.id == wave_id))
    if found is None:
        raise Refused("There is no wave {wave} in {slug}.", place="WAVE", wave=wave_id, slug=of.slug)
    return found
