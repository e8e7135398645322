"""What a ballot is made of: the secret of its link, which comes from a key outside of the database, and its stored hash."""

import base64
import hashlib
import hmac

from flask import current_app
from sqlalchemy import insert
from sqlalchemy.orm import Session

from webapp.models import Ballot, WaveUnit

OPEN_SERIAL = "open"


def token(wave_id: int, position: int, serial: str) -> str:
    """The secret of a link: 192 bits of HMAC-SHA256 over wave, unit and serial."""
    key = current_app.extensions["groundswell"].settings.ballot_key
    mac = hmac.new(key, f"{wave_id}/{position}/{serial}".encode(), hashlib.sha256).digest()
    return base64.urlsafe_b64encode(mac[:24]).decode()


def token_hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def link(text: str) -> str:
    return f"{current_app.extensions['groundswell'].settings.url}/r/{text}"


def mint(session: Session, unit: WaveUnit) -> None:
    """All single-use ballots of a unit at once and in the order of their hashes, so that no order of people is kept.

    Does nothing where they are there already.
    """
    hashes = sorted(
        token_hash(token(unit.wave_id, unit.position, str(serial))) for serial in range(unit.headcount)
    )
    if session.get(Ballot, hashes[0]) is not None:
        return
    session.execute(
        insert(Ballot),
        [
            {
                "token_hash": value,
                "organization_id": unit.organization_id,
                "wave_id": unit.wave_id,
                "position": unit.position,
                "shared": False,
                "spent": False,
            }
            for value in hashes
        ],
    )
