"""Who an account is at a provider: signing in by that, linking and unlinking. None of it makes an account or a member."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from config import Provider
from webapp import audit
from webapp.access import attempts, sessions
from webapp.accounts import openid
from webapp.accounts.commands import TooMany
from webapp.accounts.flow import Flow
from webapp.clock import now
from webapp.domain.identity_token import Identity, Unfit
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import Account, LinkedIdentity
from webapp.transaction import locked, transaction

UNFINISHED = attempts.Limit("sign-ins through providers from", 30, timedelta(minutes=5))


class NotAnew(Exception):  # noqa: N818 - a state of somebody else's house
    """Somebody was to sign in anew, and the provider does not say that they did."""


class Arrival(NamedTuple):
    """What a browser gets, and whether the identity was linked just now."""

    entry: sessions.Entry
    linked: bool


def of_account(account_id: int) -> dict[str, LinkedIdentity]:
    """The identities of an account by the address of their provider."""
    rows = db.session.scalars(select(LinkedIdentity).where(LinkedIdentity.account_id == account_id))
    return {row.issuer: row for row in rows}


def ask(
    *, provider: Provider, flow: Flow, code: str, back: str, by: Account | None, address: str
) -> Identity:
    """Whom the provider means by a code. What does not succeed is counted, and noted where it is known for whom."""
    if not attempts.allowed((UNFINISHED, address)):
        raise TooMany("Too many sign-ins that did not succeed. Wait five minutes.")
    try:
        return openid.ask(provider, code=code, back=back, nonce=flow.nonce, verifier=flow.verifier)
    except Unfit:
        if by is not None:
            with transaction() as session:
                audit.record_for(session, account=by, action="account.sign_in_failed", how="provider")
        raise


def sign_in(*, provider: Provider, who: Identity, address: str, since: float | None = None) -> Arrival | None:
    """Take the first step as whoever the identity is; None where it is nobody here.

    An identity that nobody has linked opens an account only where the provider says that its address is verified, that
    is the account's, and the account has none of this provider yet: it is by nothing but that address that an owner
    made somebody a member.

    since: seconds since 1970; raises NotAnew unless they signed in at the provider after that, or have a second step
    here, which is asked for now. What a provider lets through without asking proves nothing about who is at the browser.
    """
    with transaction() as session:
        linked = False
        account_id = _known(session, who)
        if account_id is None:
            account_id = _linked_by_address(session, provider, who)
            linked = account_id is not None
        if account_id is None:
            return None
        attempts.take_back((UNFINISHED, address))
        entry = sessions.enter(session, account_id, how="provider", proved=_moment(who))
        if since is not None and entry.whole and not who.signed_in_since(since):
            raise NotAnew("it does not say that somebody signed in anew (auth_time)")
        return Arrival(entry, linked)


def _moment(who: Identity) -> datetime | None:
    """When they signed in at the provider, as the database keeps times."""
    if who.signed_in is None:
        return None
    return datetime.fromtimestamp(max(who.signed_in, 0), UTC).replace(tzinfo=None)


def link(*, provider: Provider, who: Identity, account: Account, address: str) -> None:
    """Let an identity sign in as the account that is signed in; doing it twice is doing it once."""
    with transaction() as session:
        locked(session, Account, account.id)
        attempts.take_back((UNFINISHED, address))
        known = _known(session, who)
        if known is None and not _has(session, account, who.issuer):
            known = _link(session, provider, who, account)
        if known is None:
            raise Refused("This account is linked to somebody else there already. Unlink that first.")
        if known != account.id:
            raise Refused("Another account here is linked to that already. Unlink it there first.")


def unlink(*, provider: Provider, account: Account) -> bool:
    """Let nobody sign in through the provider any more; other sessions end. Whether there was something to unlink."""
    with transaction() as session:
        gone = session.execute(
            delete(LinkedIdentity)
            .where(LinkedIdentity.account_id == account.id, LinkedIdentity.issuer == provider.issuer)
            .returning(LinkedIdentity.account_id)
        ).first()
        if gone is None:
            return False
        sessions.end_all(session, account.id, but_here=True)
        audit.record_for(
            session, account=account, action="account.identity_unlinked", provider=provider.label
        )
    return True


def _known(session: Session, who: Identity) -> int | None:
    return session.scalar(
        select(LinkedIdentity.account_id).where(
            LinkedIdentity.issuer == who.issuer, LinkedIdentity.subject == who.subject
        )
    )


def _linked_by_address(session: Session, provider: Provider, who: Identity) -> int | None:
    if not who.email:
        return None
    account = session.scalar(
        select(Account).where(func.lower(Account.email) == who.email).with_for_update(key_share=True)
    )
    if account is None or _has(session, account, who.issuer):
        return None
    return _link(session, provider, who, account)


def _has(session: Session, account: Account, issuer: str) -> bool:
    """Whether the account is somebody there already."""
    of_it = LinkedIdentity.account_id == account.id, LinkedIdentity.issuer == issuer
    return session.scalar(select(LinkedIdentity.subject).where(*of_it)) is not None


def _link(session: Session, provider: Provider, who: Identity, account: Account) -> int | None:
    """Store it; where somebody else was first, whose it is now."""
    try:
        with session.begin_nested():
            session.add(
                LinkedIdentity(issuer=who.issuer, subject=who.subject, account_id=account.id, linked=now())
            )
    except IntegrityError:
        return _known(session, who)
    audit.record_for(session, account=account, action="account.identity_linked", provider=provider.label)
    return account.id
