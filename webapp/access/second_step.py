"""The second step: codes of an authenticator (TOTP, RFC 6238), and recovery codes for when it is lost."""

import base64
import hashlib
import secrets
from datetime import UTC

import pyotp
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from webapp import sealing
from webapp.clock import now
from webapp.extensions import db
from webapp.models import Account, RecoveryCode, SecondStep

CODES = 10
CODE_BYTES = 15  # 120 bits: enough for a plain hash, 24 letters to type
STEP_SECONDS = 30
DRIFT = 1  # steps that a clock may be ahead or behind


def new_secret() -> str:
    return pyotp.random_base32(32)


def address(account: Account, secret: str) -> str:
    """What the QR code says to an authenticator."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name="Groundswell")


def seal(account: Account, secret: str) -> bytes:
    return sealing.seal(secret.encode(), about=f"second step {account.id}")


def unseal(account: Account, sealed: bytes) -> str:
    return sealing.unseal(sealed, about=f"second step {account.id}").decode()


def is_on(account_id: int) -> bool:
    return db.session.get(SecondStep, account_id) is not None


def codes_left(account_id: int) -> int:
    counted = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.account_id == account_id)
    return db.session.scalar(counted) or 0


def step_of(secret: str, code: str, *, after: int = -1) -> int | None:
    """The time step that a code is of; None for a wrong one, and for one that is not after the last that was used."""
    digits = "".join(code.split())
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):  # noqa: PLR2004 - as many as authenticators show
        return None
    present = int(now().replace(tzinfo=UTC).timestamp()) // STEP_SECONDS
    for step in range(present - DRIFT, present + DRIFT + 1):
        if step > after and secrets.compare_digest(pyotp.TOTP(secret).generate_otp(step), digits):
            return step
    return None


def take(session: Session, account: Account, code: str) -> str | None:
    """Use a code up inside the caller's transaction: says which kind it was, None for a wrong or used one."""
    row = session.get(SecondStep, account.id, with_for_update=True, populate_existing=True)
    if row is None:
        return None
    step = step_of(unseal(account, row.sealed), code, after=row.last)
    if step is not None:
        row.last = step
        return "authenticator"
    spent = delete(RecoveryCode).where(
        RecoveryCode.account_id == account.id, RecoveryCode.code_hash == _hash(code)
    )
    return "recovery" if session.execute(spent.returning(RecoveryCode.account_id)).first() else None


def turn_on(session: Session, account: Account, secret: str, *, step: int) -> list[str]:
    """Store the authenticator; returns the recovery codes, which are shown once."""
    session.add(SecondStep(account_id=account.id, sealed=seal(account, secret), last=step))
    return new_codes(session, account)


def turn_off(session: Session, account: Account) -> None:
    for kept in (RecoveryCode, SecondStep):
        session.execute(delete(kept).where(kept.account_id == account.id))


def new_codes(session: Session, account: Account) -> list[str]:
    """Make new recovery codes; the ones before are good for nothing any more."""
    session.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account.id))
    made = [_written(secrets.token_bytes(CODE_BYTES)) for _ in range(CODES)]
    session.add_all(RecoveryCode(account_id=account.id, code_hash=_hash(code)) for code in made)
    return made


def _written(code: bytes) -> str:
    letters = base64.b32encode(code).decode().lower()
    return "-".join(letters[place : place + 4] for place in range(0, len(letters), 4))


def _hash(code: str) -> bytes:
    plain = "".join(code.split()).replace("-", "").lower()
    return hashlib.sha256(plain.encode(errors="replace")).digest()
