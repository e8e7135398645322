"""Handing out links: one a person as a list, or one open link a unit. By mail they go in the room `invitations`."""

import secrets

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import asking, audit
from webapp.ballots import OPEN_SERIAL, link, mint, token, token_hash
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import Account, Ballot, Wave, WaveUnit
from webapp.transaction import locked, transaction


def issue(*, wave: Wave, by: Account | None) -> list[tuple[str, str]]:
    """Mint one single-use link per head of each unit, and return (unit, link) in random order.

    Called again it returns the same links: each is made from its serial, so a lost list costs nothing.
    """
    with transaction() as session:
        asking.refuse_unless_it_runs(locked(session, Wave, wave.id))
        units = _askable(session, wave)
        fresh = [unit for unit in units if unit.link is None]
        for unit in fresh:
            unit.link = "single"
            mint(session, unit)
        audit.record(
            session,
            organization_id=wave.organization_id,
            by=by,
            action="ballots.issued",
            wave=wave.id,
            links=sum(unit.headcount for unit in fresh),
        )
        single = [(unit.name, unit.position, unit.headcount) for unit in units if unit.link == "single"]
    links = [
        (name, link(token(wave.id, position, str(serial))))
        for name, position, headcount in single
        for serial in range(headcount)
    ]
    secrets.SystemRandom().shuffle(links)
    return links


def open_link(*, wave: Wave, position: int, by: Account | None) -> str:
    """Give a unit one open link (a poster, a QR code) instead of single-use links; the head count still holds."""
    with transaction() as session:
        asking.refuse_unless_it_runs(locked(session, Wave, wave.id))
        unit = session.get(WaveUnit, (wave.id, position))
        if unit is None or unit.headcount == 0:
            raise Refused("Nobody answers at this unit itself.")
        if unit.link in {"single", "mail"}:
            raise Refused("{name} has single-use links already; a unit has one kind of link.", name=unit.name)
        text = token(wave.id, position, OPEN_SERIAL)
        if unit.link is None:
            unit.link = "open"
            session.add(_ballot(unit, text, shared=True))
            audit.record(
                session,
                organization_id=wave.organization_id,
                by=by,
                action="ballots.opened",
                wave=wave.id,
                unit=position,
            )
    return link(text)


def open_link_of(*, wave: Wave, position: int) -> tuple[WaveUnit, str] | None:
    """A unit with the open link that it was given, None where it has none or the wave is over."""
    unit = db.session.get(WaveUnit, (wave.id, position))
    if unit is None or unit.link != "open" or not asking.runs(wave):
        return None
    return unit, link(token(wave.id, position, OPEN_SERIAL))


def _askable(session: Session, wave: Wave) -> list[WaveUnit]:
    found = (
        select(WaveUnit)
        .where(WaveUnit.wave_id == wave.id, WaveUnit.headcount > 0)
        .order_by(WaveUnit.position)
    )
    return list(session.scalars(found))


def _ballot(unit: WaveUnit, text: str, *, shared: bool) -> Ballot:
    return Ballot(
        token_hash=token_hash(text),
        organization_id=unit.organization_id,
        wave_id=unit.wave_id,
        position=unit.position,
        shared=shared,
        spent=False,
    )
