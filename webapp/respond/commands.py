"""The one command without an actor and without an audit row: storing an answer sheet."""

import secrets
from collections.abc import Mapping

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from webapp import clock
from webapp.domain import answers as sheets
from webapp.domain.questionnaire import Item
from webapp.domain.refusal import Refused
from webapp.models import Ballot as StoredBallot
from webapp.models import Model, Response, Wave, WaveUnit
from webapp.respond.queries import Ballot
from webapp.transaction import transaction

_TABLES = Model.metadata.tables

# Core and fixed statements: through the ORM this one hot write takes a third to two thirds of its rate more.
# The wave's row is held together with other respondents, but `close` waits for it, and they for `close`.
# Its last day ends answering by itself, whenever somebody closes the wave.
_IS_OPEN = (
    select(Wave.id)
    .where(
        Wave.id == bindparam("wave"),
        Wave.status == "open",
        or_(Wave.ends_at.is_(None), Wave.ends_at > bindparam("now")),
    )
    .with_for_update(read=True)
)
_SPEND_BALLOT = (
    update(_TABLES[StoredBallot.__tablename__])
    .where(
        StoredBallot.token_hash == bindparam("held"),
        StoredBallot.spent.is_(False),
        StoredBallot.wave_id == _IS_OPEN.scalar_subquery(),
    )
    .values(spent=True)
)
_SPENT = select(StoredBallot.spent).where(StoredBallot.token_hash == bindparam("held"))
_SPEND_SEAT = (
    update(_TABLES[WaveUnit.__tablename__])
    .where(
        WaveUnit.wave_id == bindparam("wave"),
        WaveUnit.position == bindparam("place"),
        WaveUnit.spent < WaveUnit.headcount,
    )
    .values(spent=WaveUnit.spent + 1)
)
_ANSWERED = select(Response.wave_id).where(
    Response.wave_id == bindparam("wave"), Response.id == bindparam("response")
)
_STORE = insert(_TABLES[Response.__tablename__])


class TooLate(Refused):
    """The wave takes no more answers, or none of this unit."""


class _Again(Exception):  # noqa: N818 - no fault: leaves the transaction without a change
    """The ballot has been spent before."""


def submit_response(*, ballot: Ballot, items: tuple[Item, ...], answers: Mapping[str, object]) -> str | None:
    """Store an answer sheet once; returns it as it is stored, None when the ballot had been spent before.

    The ballot is the idempotency key: a second click, a retry and a replay change nothing.
    """
    packed = sheets.check(items, answers)
    if not packed.strip(sheets.OPEN):
        raise Refused("Answer at least one question, or just close this page.")
    try:
        with transaction() as session:
            _store(session.connection(), ballot, packed)
    except _Again:
        return None
    return packed


def _store(connection: Connection, ballot: Ballot, packed: str) -> None:
    place = {"wave": ballot.wave_id, "place": ballot.position}
    if ballot.shared:
        response_id = _open_link(connection, ballot, place)
    else:
        response_id = _single_link(connection, ballot, place)
    connection.execute(
        _STORE,
        {
            "wave_id": ballot.wave_id,
            "id": response_id,
            "organization_id": ballot.organization_id,
            "position": ballot.position,
            "answers": packed,
        },
    )


def _single_link(connection: Connection, ballot: Ballot, place: dict[str, int]) -> bytes:
    key = {"held": ballot.token_hash}
    if connection.execute(_SPEND_BALLOT, {**key, "wave": ballot.wave_id, "now": clock.now()}).rowcount == 0:
        raise _Again if connection.execute(_SPENT, key).scalar() else _closed()
    if connection.execute(_SPEND_SEAT, place).rowcount == 0:
        raise _full(ballot)
    return secrets.token_bytes(16)


def _open_link(connection: Connection, ballot: Ballot, place: dict[str, int]) -> bytes:
    """An open link stays; the response's id comes from the nonce of this opening, so that it exists at most once."""
    if ballot.response_id is None:
        raise Refused("Open the link again to answer.")
    is_open = connection.execute(_IS_OPEN, {"wave": ballot.wave_id, "now": clock.now()}).first() is not None
    # The seat first: its row is the lock on which a double click waits, and only then is it seen.
    seat = is_open and connection.execute(_SPEND_SEAT, place).rowcount > 0
    known = {"wave": ballot.wave_id, "response": ballot.response_id}
    if connection.execute(_ANSWERED, known).first() is not None:
        raise _Again
    if not is_open:
        raise _closed()
    if not seat:
        raise _full(ballot)
    return ballot.response_id


def _closed() -> TooLate:
    return TooLate(
        "This wave closed while you were answering, so your answers could not be stored. They stand below as you left them."
    )


def _full(ballot: Ballot) -> TooLate:
    return TooLate(
        "As many people have answered for {unit} as belong to it, so your answers could not be stored.",
        unit=ballot.unit,
    )
