"""What is forgotten of a wave with time. A worker's chores; each may be done again, and by two workers at once.

Ballots go 30 days after publication, when no link leads anywhere any more; answers, of respondents and of leaders, after
the time that the organization has set. Publications stay.
"""

from datetime import timedelta

from sqlalchemy import delete, or_, select, update

from webapp import audit, clock
from webapp.extensions import db
from webapp.models import Assessment, Ballot, Organization, Response, Wave, WaveUnit
from webapp.transaction import compact, transaction

BALLOTS_KEPT = timedelta(days=30)
_ANSWERS = (Response, Assessment)


def forget_ballots() -> None:
    """A wave whose units have no kind of link any more is through with it."""
    over = select(Wave.id).where(Wave.published_at < clock.now() - BALLOTS_KEPT)
    linked = WaveUnit.wave_id.in_(over) & WaveUnit.link.is_not(None)
    waves = sorted(set(db.session.scalars(select(WaveUnit.wave_id).where(linked))))
    for wave_id in waves:
        with transaction() as session:
            session.execute(delete(Ballot).where(Ballot.wave_id == wave_id))
            session.execute(update(WaveUnit).where(WaveUnit.wave_id == wave_id).values(link=None))


def forget_answers() -> None:
    """Erase the answers whose time is over, then let the file forget them too.

    Should somebody read for so long that the write-ahead log cannot be emptied, this says so once; what is left in the
    log is overwritten by what is written next.
    """
    erased = [wave_id for wave_id, months in _with_answers() if _erase_answers(wave_id, months)]
    if erased:
        compact(Response, Assessment)


def _with_answers() -> list[tuple[int, int]]:
    """(wave, months) of each published wave that has answers, and may be old enough."""
    has_answers = or_(*(select(kept.wave_id).where(kept.wave_id == Wave.id).exists() for kept in _ANSWERS))
    rows = db.session.execute(
        select(Wave.id, Organization.months_kept, Wave.published_at)
        .join(Organization, Organization.id == Wave.organization_id)
        .where(Wave.status == "published", has_answers)
        .order_by(Wave.id)
    ).all()
    return [
        (row.id, row.months_kept)
        for row in rows
        if row.published_at and row.published_at < clock.months_ago(row.months_kept)
    ]


def _erase_answers(wave_id: int, months: int) -> bool:
    with transaction() as session:
        wave = session.get(Wave, wave_id, with_for_update={"key_share": True}, populate_existing=True)
        if wave is None or session.get_one(Organization, wave.organization_id).months_kept > months:
            return False  # an owner was faster
        gone = sum(
            session.connection().execute(delete(kept).where(kept.wave_id == wave_id)).rowcount
            for kept in _ANSWERS
        )
        if gone:
            audit.record(
                session,
                organization_id=wave.organization_id,
                by=None,
                action="wave.answers_erased",
                wave=wave_id,
                months=months,
            )
        return bool(gone)


def answers_erased(wave: Wave) -> bool:
    """Whether people answered, and their answers are gone."""
    if wave.status != "published":
        return False
    answered = select(WaveUnit.position).where(WaveUnit.wave_id == wave.id, WaveUnit.spent > 0).limit(1)
    kept = select(Response.wave_id).where(Response.wave_id == wave.id).limit(1)
    return db.session.execute(answered).first() is not None and db.session.execute(kept).first() is None
