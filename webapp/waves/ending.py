"""What comes with time for waves: closing when the last day is over, and publishing until it has succeeded.

Two workers at once are safe, and so is one that dies at any point: closing is a commit of its own and happens once, a try to
publish is noted before it begins and kept from others until it must have ended.
"""

import logging

from sqlalchemy import select

from webapp import clock
from webapp.extensions import db
from webapp.models import Publishing, Wave
from webapp.waves import queries

log = logging.getLogger("groundswell")


def close_ended() -> None:
    """A chore: close the waves whose last day is over. Nobody could answer any more from that moment on."""
    ended = select(Wave.organization_id, Wave.id).where(Wave.status == "open", Wave.ends_at <= clock.now())
    rows = db.session.execute(ended.order_by(Wave.ends_at, Wave.id)).all()
    if rows:
        from webapp.waves import closing  # noqa: PLC0415 - NumPy stays out of a worker that has nothing to close

        for organization_id, wave_id in rows:
            closing.close(wave=queries.one(organization_id, wave_id), by=None)


def publish_closed() -> None:
    """A chore: publish what is closed, each wave by itself; one that fails is tried again and does not keep the others."""
    never = (Wave.status == "closed") & Publishing.wave_id.is_(None)
    waiting = (
        select(Wave.organization_id, Wave.id)
        .outerjoin(Publishing, Publishing.wave_id == Wave.id)
        .where(never | (Publishing.due <= clock.now()))
    )
    rows = db.session.execute(waiting.order_by(Wave.closed_at, Wave.id)).all()
    if rows:
        from webapp.waves import closing  # noqa: PLC0415 - likewise

        for organization_id, wave_id in rows:
            try:
                closing.publish_if_due(wave=queries.one(organization_id, wave_id))
            except Exception as error:  # noqa: BLE001 - noted for the owners; the next wave may do better
                db.session.rollback()
                log.error("a wave could not be published: %s", type(error).__name__)  # noqa: TRY400 - no values
