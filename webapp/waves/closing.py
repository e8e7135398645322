"""Closing a wave: answering ends at once, then the publication is computed without a lock and stored once."""

from datetime import date

from sqlalchemy import Column, MetaData, Table, delete, insert, select, update
from sqlalchemy.orm import Session

from webapp import audit, clock, publications
from webapp.domain.publication import Publication
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import Account, Ballot, Model, Organization, Response, StoredPublication, Wave
from webapp.transaction import compact, transaction
from webapp.waves import queries

_TABLES = Model.metadata.tables


def close_and_publish(*, wave: Wave, by: Account | None) -> Publication:
    close(wave=wave, by=by)
    return publish(wave=wave, by=by)


def close(*, wave: Wave, by: Account | None) -> None:
    """End answering; what is sent from now on is refused. A wave that is closed already stays as it is."""
    with transaction() as session:
        stored = session.get_one(Wave, wave.id, with_for_update=True)
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
    """Compute and store the results of a closed wave. May be repeated until it succeeds, and stores exactly one."""
    db.session.rollback()
    found = publications.of_wave(wave.organization_id, wave.id)
    if found is not None:
        return found
    computed = _computed(queries.one(wave.organization_id, wave.id))
    with transaction() as session:
        stored = session.get_one(Wave, wave.id, with_for_update=True)
        if stored.status == "published":
            return _stored(stored)
        if stored.status != "closed":
            raise Refused("The wave {name} is not closed yet.", name=f"“{stored.name}”")
        digest = publications.store(session, organization_id=stored.organization_id, publication=computed)
        stored.status = "published"
        stored.published_at = clock.now()
        rewrite(session, stored.id)
        audit.record(
            session,
            organization_id=stored.organization_id,
            by=by,
            action="wave.published",
            wave=stored.id,
            digest=digest,
        )
    compact()
    return computed


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
    return domain.publish(
        closed_wave,
        questionnaire,
        queries.tree(queries.units(wave)),
        answers.responses(wave, questionnaire),
        answers.assessments(wave, questionnaire),
        earlier(wave),
    )


def _closing_day(wave: Wave) -> date:
    organization = db.session.get_one(Organization, wave.organization_id)
    return clock.day_in(wave.closed_at or clock.now(), organization.timezone)


def earlier(wave: Wave) -> list[Publication]:
    """The publications of the same questionnaire in the order in which they closed."""
    rows = db.session.execute(
        select(Wave.id)
        .join(StoredPublication, StoredPublication.wave_id == Wave.id)
        .where(
            Wave.organization_id == wave.organization_id,
            Wave.questionnaire_key == wave.questionnaire_key,
            Wave.id != wave.id,
        )
        .order_by(Wave.closed_at, Wave.id)
    )
    found = (publications.of_wave(wave.organization_id, row.id) for row in rows.all())
    return [publication for publication in found if publication is not None]


def _stored(wave: Wave) -> Publication:
    found = publications.of_wave(wave.organization_id, wave.id)
    if found is None:
        raise RuntimeError("A published wave has no publication.")
    return found


def rewrite(session: Session, wave_id: int) -> None:
    """Write the wave's responses anew in the order of their random ids, and touch its ballots, in this transaction.

    Afterwards neither the place in the file (SQLite) nor the writing transaction (PostgreSQL's xmin) tells which
    response came with which ballot. The rows stay in the database meanwhile: a million of them through Python would
    take most of the time and of the memory of a publication.
    """
    connection = session.connection()
    table = _TABLES[Response.__tablename__]
    of_wave = table.c.wave_id == wave_id
    aside = Table(
        "response_aside",
        MetaData(),
        *(Column(column.name, column.type) for column in table.columns),
        prefixes=["TEMPORARY"],
    )
    names = [column.name for column in table.columns]
    aside.create(connection, checkfirst=False)
    connection.execute(insert(aside).from_select(names, select(table).where(of_wave)))
    connection.execute(delete(table).where(of_wave))
    connection.execute(insert(table).from_select(names, select(aside).order_by(aside.c.id)))
    aside.drop(connection, checkfirst=False)
    session.execute(update(Ballot).where(Ballot.wave_id == wave_id).values(spent=Ballot.spent))
