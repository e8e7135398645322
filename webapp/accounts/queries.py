"""What an account may know about itself."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from webapp.access import sessions
from webapp.clock import in_zone, now
from webapp.domain.passwords import words
from webapp.extensions import db
from webapp.models import Account, Member, Organization, Password


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was: in UTC, as the reader's clocks showed it, and how long ago."""

    utc: datetime
    there: datetime
    ago: timedelta


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A browser in which the account is signed in: since when, until when used, and whether it is this one."""

    key: str
    how: str
    started: Moment
    seen: Moment
    here: bool


def by_address(address: str) -> tuple[Account | None, str | None]:
    """The account of an address and the hash of its password, each if there is one; always one look."""
    found = db.session.execute(
        select(Account, Password.hash)
        .outerjoin(Password, Password.account_id == Account.id)
        .where(func.lower(Account.email) == address.strip().lower())
    ).first()
    return (found[0], found[1]) if found else (None, None)


def account(account_id: int) -> Account:
    return db.session.get_one(Account, account_id)


def password(account: Account) -> Password | None:
    return db.session.get(Password, account.id)


def time_zone(account: Account) -> str:
    """That of the account's organizations, UTC where they differ or there is none."""
    of_its = (
        select(Organization.timezone)
        .join(Member, Member.organization_id == Organization.id)
        .where(Member.account_id == account.id)
        .distinct()
    )
    zones = db.session.scalars(of_its).all()
    return zones[0] if len(zones) == 1 else "UTC"


def own_sessions(account: Account, zone: str) -> list[OwnSession]:
    here, at = sessions.here(), now()

    def moment(utc: datetime) -> Moment:
        return Moment(utc, in_zone(utc, zone), at - utc)

    return [
        OwnSession(
            row.secret_hash.hex(), row.how, moment(row.started), moment(row.seen), row.secret_hash == here
        )
        for row in sessions.of_account(account.id)
    ]


def words_around(account: Account) -> set[str]:
    """What a guesser of this account's password would try: its address, and the names of its organizations."""
    names = db.session.execute(
        select(Organization.slug, Organization.name)
        .join(Member, Member.organization_id == Organization.id)
        .where(Member.account_id == account.id)
    ).all()
    return words(account.email, *(text for row in names for text in row))
