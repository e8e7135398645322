"""`check`: whether what is stored is whole. A line a finding; nothing is changed."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlalchemy import select, text

from webapp import audit, publications
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import AuditEvent, Organization, StoredPublication
from webapp.sqlite import driver, version_is_sound


def findings() -> Iterator[str]:
    """What is wrong with the database, with published results and with the chains of the audit log."""
    yield from _of_the_file()
    for organization in _organizations():
        broken = audit.broken_at(db.session, organization.id)
        if broken is not None:
            yield (
                f"audit log of {organization.slug}: event {broken} was changed or is missing, "
                "and none from there on can be relied on"
            )
        yield from _of_publications(organization)


def warnings() -> Iterator[str]:
    """What is no fault, and should be known."""
    if db.engine.dialect.name == "sqlite" and not version_is_sound(driver()):
        yield (
            f"This SQLite ({driver().sqlite_version}) has a rare fault that can damage a database which several "
            "processes write; use 3.51.3 or newer, or PostgreSQL."
        )


def _organizations() -> Iterable[Organization]:
    return db.session.scalars(select(Organization).order_by(Organization.slug)).all()


def _of_the_file() -> Iterator[str]:
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL checks foreign keys at each write, and its pages with its own tools
    for (found,) in db.session.execute(text("PRAGMA integrity_check")):
        if found != "ok":
            yield f"database: {found}"
    for row in db.session.execute(text("PRAGMA foreign_key_check")):
        yield f"database: a row of {row[0]} belongs to a row of {row[2]} that is not there"


def _of_publications(organization: Organization) -> Iterator[str]:
    """A publication must have its hash, and the one that the audit log noted when it was stored."""
    noted = {}
    for changes in db.session.scalars(
        select(AuditEvent.changes).where(
            AuditEvent.organization_id == organization.id, AuditEvent.action == "wave.published"
        )
    ):
        event = json.loads(changes)
        noted[event["wave"]] = event["digest"]
    for stored in db.session.scalars(
        select(StoredPublication).where(StoredPublication.organization_id == organization.id)
    ):
        if not publications.intact(db.session, stored) or noted.get(stored.wave_id) != stored.digest:
            yield f"results of {organization.slug}, wave {stored.wave_id}: they are not what was published"
        noted.pop(stored.wave_id, None)
    for wave_id in sorted(noted):
        yield f"results of {organization.slug}, wave {wave_id}: they were published and are gone"


def ends() -> Iterator[str]:
    """Where each chain ends now: slug, number of events, hash. Kept elsewhere, it shows what was put back or cut."""
    for organization in _organizations():
        last = db.session.execute(
            select(AuditEvent.sequence, AuditEvent.hash)
            .where(AuditEvent.organization_id == organization.id)
            .order_by(AuditEvent.sequence.desc())
            .limit(1)
        ).first()
        if last is not None:
            yield f"{organization.slug} {last.sequence} {last.hash}"


def against(file: Path) -> Iterator[str]:
    """What an earlier output of `check` noted and is not so any more."""
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        parts = line.split()
        if len(parts) != 3 or not parts[1].isdecimal():  # noqa: PLR2004 - as `ends` writes them
            raise Refused("This is no line that `check` has printed.", place=f"{file.name}:{number}")
        slug, events, noted = parts
        found = db.session.scalar(
            select(AuditEvent.hash)
            .join(Organization, Organization.id == AuditEvent.organization_id)
            .where(Organization.slug == slug, AuditEvent.sequence == int(events))
        )
        if found != noted:
            yield f"audit log of {slug}: event {events} is not the one that {file.name} noted"
