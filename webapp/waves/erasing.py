"""What is forgotten of a wave with time: its ballots, 30 days after publication, when no link leads anywhere any more."""

from datetime import timedelta

from sqlalchemy import delete, select, update

from webapp import clock
from webapp.extensions import db
from webapp.models import Ballot, Wave, WaveUnit
from webapp.transaction import transaction

BALLOTS_KEPT = timedelta(days=30)


def forget_ballots() -> None:
    """A chore; a wave whose units have no kind of link any more is through with it."""
    over = select(Wave.id).where(Wave.published_at < clock.now() - BALLOTS_KEPT)
    linked = WaveUnit.wave_id.in_(over) & WaveUnit.link.is_not(None)
    waves = sorted(set(db.session.scalars(select(WaveUnit.wave_id).where(linked))))
    for wave_id in waves:
        with transaction() as session:
            session.execute(delete(Ballot).where(Ballot.wave_id == wave_id))
            session.execute(update(WaveUnit).where(WaveUnit.wave_id == wave_id).values(link=None))
