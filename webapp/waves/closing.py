"""Closing a wave: answering ends at once, then the publication is computed without a lock and stored once."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta

from sqlalchemy import Column, Connection, MetaData, Table, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from webapp import audit, clock, publications, slots
from webapp.domain.publication import Publication
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import (
    Account,
    Ballot,
    Model,
    Organization,
    Publishing,
    Response,
    StoredPublication,
    Wave,
)
from webapp.transaction import Busy, compact, empty_log, locked, transaction
from webapp.waves import letters, queries

_TABLES = Model.metadata.tables
AGAIN = timedelta(
    minutes=5
)  # after the first try, twice as long after each further one; a try that died is over by then
LATEST_AGAIN = timedelta(hours=6)
TOLD_AT = 3  # when two tries have failed, owners are told


def close_and_publish(*, wave: Wave, by: Account | None) -> Publication:
    close(wave=wave, by=by)
    return publish(wave=wave, by=by)


def close(*, wave: Wave, by: Account | None) -> None:
    """End answering; what is sent from now on is refused. A wave that is closed already stays as it is."""
    with transaction() as session:
        stored = locked(session, Wave, wave.id)
        if stored.status == "planned":
            raise Refused("The wave {name} has not opened yet.", name=f"“{stored.name}”")
        if stored.status != "open":
            return
        stored.status = "closed"
        stored.closed_at = clock.now()
        audit.record(
            session, organization_id=stored.organization_id, by=by, action="wave.closed", wave=stored.id
        )


def publish(*, wave: Wave, by: Account | None) -> Publication:
    """Compute and store the results of a closed wave. May be repeated until it succeeds, and stores exactly one.

    Success includes that the file forgets the order of answers, so that part is done again for a wave that is published.
    """
    _begin(wave.id, only_due=False)
    return _publish(wave, by, by_itself=False)


def publish_if_due(*, wave: Wave) -> Publication | None:
    """The same for the worker: only if nobody is at it, and not too soon after a try that failed."""
    return _publish(wave, None, by_itself=True) if _begin(wave.id, only_due=True) else None


def _publish(wave: Wave, by: Account | None, *, by_itself: bool) -> Publication:
    """Owners are told of what nobody was there to see."""
    wave_id = wave.id
    try:
        found = _stored_once(wave, by, by_itself=by_itself)
    except Exception as error:
        _note_fault(wave_id, type(error).__name__)
        raise
    with transaction() as session:
        session.execute(delete(Publishing).where(Publishing.wave_id == wave_id))
    empty_log()
    return found


def _begin(wave_id: int, *, only_due: bool) -> bool:
    """Note a try before it begins, so that one which dies without a word is repeated, and counted."""
    with transaction() as session:
        wave = locked(session, Wave, wave_id)
        if wave.status not in {"closed", "published"}:
            raise Refused("The wave {name} is not closed yet.", name=f"“{wave.name}”")
        found = session.get(Publishing, wave_id)
        now = clock.now()
        if only_due and (found.due > now if found else wave.status == "published"):
            return False
        if found is None:
            found = Publishing(organization_id=wave.organization_id, wave_id=wave_id, tries=0)
            session.add(found)
        found.due = now + min(AGAIN * 2 ** min(found.tries, 10), LATEST_AGAIN)
        found.tries, found.tried, found.fault = found.tries + 1, now, ""
        if only_due and found.tries == TOLD_AT:
            letters.tell_owners(session, wave, "unpublished")
    return True


def _note_fault(wave_id: int, fault: str) -> None:
    with suppress(Busy, SQLAlchemyError, OSError), transaction() as session:
        found = session.get(Publishing, wave_id)
        if found is not None:
            found.fault = fault[:100]


def _stored_once(wave: Wave, by: Account | None, *, by_itself: bool) -> Publication:
    organization_id, wave_id = wave.organization_id, wave.id
    db.session.rollback()
    found = publications.of_wave(organization_id, wave_id)
    while found is None:
        asked = queries.one(organization_id, wave_id)
        before = _published(asked)
        found = _store(wave_id, _computed(asked), before, by, by_itself=by_itself)
    compact(Response, Ballot)
    return found


def _store(
    wave_id: int, computed: Publication, before: list[int], by: Account | None, *, by_itself: bool
) -> Publication | None:
    """Store a publication, or take the one that is there; None when another wave was published since it was computed.

    What may be shown depends on what earlier waves showed, and two waves may be published at the same moment.
    """
    with transaction() as session:
        stored = locked(session, Wave, wave_id)
        if stored.status == "published":
            return _stored(stored)
        if stored.status != "closed":
            raise Refused("The wave {name} is not closed yet.", name=f"“{stored.name}”")
        locked(session, Organization, stored.organization_id)
        if _published(stored) != before:
            return None
        digest = publications.store(session, organization_id=stored.organization_id, publication=computed)
        stored.status = "published"
        stored.published_at = clock.now()
        rewrite(session, stored.id)
        if by_itself:
            letters.tell_owners(session, stored, "published")
        audit.record(
            session,
            organization_id=stored.organization_id,
            by=by,
            action="wave.published",
            wave=stored.id,
            digest=digest,
        )
        for tell in slots.offered("wave_news"):
            tell(session, stored, "published")
    return computed


@contextmanager
def _without_collector() -> Iterator[None]:
    """Let Python's collector rest: a publication is many small things that stay and no cycles; looking took a quarter of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


@_without_collector()
def _computed(wave: Wave) -> Publication:
    from webapp.domain import publish as domain  # noqa: PLC0415 - NumPy stays out of start-up
    from webapp.waves import answers  # noqa: PLC0415 - likewise

    if wave.status != "closed" or wave.closed_at is None:
        raise Refused("The wave {name} is not closed yet.", name=f"“{wave.name}”")
    questionnaire = queries.questionnaire(wave)
    closed_wave = domain.ClosedWave(
        id=wave.id,
        name=wave.name,
        closed=_closing_day(wave),
        form=wave.form,
        leader_form=wave.leader_form,
        smallest_group=wave.smallest_group,
        time_guard="strict" if wave.time_guard == "strict" else "standard",
        questionnaire_digest=wave.copy.digest,
    )
    read = (
        queries.tree(queries.units(wave)),
        answers.responses(wave, questionnaire),
        answers.assessments(wave, questionnaire),
        earlier(wave),
    )
    db.session.rollback()  # computing takes seconds, in which SQLite could not empty its log for this reader
    return domain.publish(closed_wave, questionnaire, *read)


def _closing_day(wave: Wave) -> date:
    organization = db.session.get_one(Organization, wave.organization_id)
    return clock.day_in(wave.closed_at or clock.now(), organization.timezone)


def earlier(wave: Wave) -> list[Publication]:
    """The publications of the same questionnaire in the order in which they closed."""
    found = (publications.of_wave(wave.organization_id, other) for other in _published(wave))
    return [publication for publication in found if publication is not None]


def _published(wave: Wave) -> list[int]:
    """The other waves of the questionnaire that have a publication, in the order in which they closed."""
    found = (
        select(Wave.id)
        .join(StoredPublication, StoredPublication.wave_id == Wave.id)
        .where(
            Wave.organization_id == wave.organization_id,
            Wave.questionnaire_key == wave.questionnaire_key,
            Wave.id != wave.id,
        )
        .order_by(Wave.closed_at, Wave.id)
    )
    return list(db.session.scalars(found))


def _stored(wave: Wave) -> Publication:
    found = publications.of_wave(wave.organization_id, wave.id)
    if found is None:
        raise RuntimeError("A published wave has no publication.")
    return found


def rewrite(session: Session, wave_id: int) -> None:
    """Write the wave's responses and ballots anew, each in the order of its random key, in this transaction.

    Afterwards neither the place in the file nor the writing transaction (PostgreSQL's xmin) tells which response came
    with which ballot, nor in which order ballots were spent. The rows stay in the database meanwhile: a million of them
    through Python would take most of the time and of the memory of a publication.
    """
    _rewrite(session.connection(), _TABLES[Response.__tablename__], wave_id, by="id")
    _rewrite(session.connection(), _TABLES[Ballot.__tablename__], wave_id, by="token_hash")


def _rewrite(connection: Connection, table: Table, wave_id: int, *, by: str) -> None:
    of_wave = table.c.wave_id == wave_id
    aside = Table(
        f"{table.name}_aside",
        MetaData(),
        *(Column(column.name, column.type, primary_key=column.name == by) for column in table.columns),
        prefixes=["TEMPORARY"],
        sqlite_with_rowid=False,  # in the order of the key, so that nothing is sorted
    )
    names = [column.name for column in table.columns]
    aside.create(connection, checkfirst=False)
    connection.execute(insert(aside).from_select(names, select(table).where(of_wave).order_by(table.c[by])))
    connection.execute(delete(table).where(of_wave))
    connection.execute(insert(table).from_select(names, select(aside).order_by(aside.c[by])))
    aside.drop(connection, checkfirst=False)
