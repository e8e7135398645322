"""The only door to published results: whatever a page, chart, export or API shows comes through here."""

import json
from collections import OrderedDict
from threading import Lock

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from webapp.domain import publication_json
from webapp.domain.publication import Publication
from webapp.extensions import db
from webapp.models import StoredPublication, StoredPublicationRow, Wave

KEPT = 64

# Statements of every page are built once: building one costs more than running it.
_OF_WAVE = select(StoredPublication.id, StoredPublication.digest).where(
    StoredPublication.organization_id == bindparam("of"), StoredPublication.wave_id == bindparam("wave_id")
)
_WAVES = (
    select(Wave.id, Wave.name, Wave.questionnaire_key, Wave.form)
    .join(StoredPublication, StoredPublication.wave_id == Wave.id)
    .where(Wave.organization_id == bindparam("of"))
    .order_by(Wave.published_at, Wave.id)
)

_cache: OrderedDict[str, Publication] = OrderedDict()
_lock = Lock()


def store(session: Session, *, organization_id: int, publication: Publication) -> str:
    """Write a publication inside the caller's transaction; returns its content hash."""
    header = publication_json.dump(publication_json.header(publication))
    rows = [publication_json.dump(publication_json.row(unit)) for unit in publication.units]
    digest = publication_json.digest(header, rows)
    stored = StoredPublication(
        organization_id=organization_id, wave_id=publication.wave, digest=digest, header=header
    )
    session.add(stored)
    session.flush()
    session.info.pop("published", None)
    session.execute(
        StoredPublicationRow.__table__.insert(),  # type: ignore[attr-defined]  # a Table
        [
            {
                "publication_id": stored.id,
                "position": place,
                "organization_id": organization_id,
                "figures": figures,
            }
            for place, figures in enumerate(rows)
        ],
    )
    return digest


def of_wave(organization_id: int, wave_id: int) -> Publication | None:
    """The publication of a wave, None while it has none."""
    found = db.session.execute(_OF_WAVE, {"of": organization_id, "wave_id": wave_id}).first()
    return _load(found.id, found.digest) if found else None


def waves(organization_id: int) -> list[tuple[int, str, str, str]]:
    """(wave id, name, questionnaire key, form) of every published wave, the oldest first."""
    known: dict[int, list[tuple[int, str, str, str]]] = db.session.info.setdefault("published", {})
    if organization_id not in known:  # the frame of a page and the page itself ask the same
        rows = db.session.execute(_WAVES, {"of": organization_id})
        known[organization_id] = [(row.id, row.name, row.questionnaire_key, row.form) for row in rows]
    return known[organization_id]


def history(organization_id: int, publication: Publication) -> list[Publication]:
    """The publications of the same questionnaire up to this one, the oldest first, this one last."""
    key = publication.questionnaire.partition("@")[0]
    earlier: list[Publication] = []
    for wave_id, _name, other, _form in waves(organization_id):
        if other == key:
            found = of_wave(organization_id, wave_id)
            if found is not None:
                earlier.append(found)
        if wave_id == publication.wave:
            break
    return earlier


def intact(session: Session, stored: StoredPublication) -> bool:
    """Whether the stored text still has the hash it was stored with."""
    return publication_json.digest(stored.header, _rows(session, stored.id)) == stored.digest


def _rows(session: Session, publication_id: int) -> list[str]:
    return list(
        session.scalars(
            select(StoredPublicationRow.figures)
            .where(StoredPublicationRow.publication_id == publication_id)
            .order_by(StoredPublicationRow.position)
        )
    )


def _load(publication_id: int, digest: str) -> Publication:
    """Read once a process: a publication never changes, so its hash is a safe name for it."""
    with _lock:
        if digest in _cache:
            _cache.move_to_end(digest)
            return _cache[digest]
    header = db.session.execute(
        select(StoredPublication.header).where(StoredPublication.id == publication_id)
    ).scalar_one()
    rows = [json.loads(text) for text in _rows(db.session, publication_id)]
    publication = publication_json.load(json.loads(header), rows)
    with _lock:
        _cache[digest] = publication
        while len(_cache) > KEPT:
            _cache.popitem(last=False)
    return publication
