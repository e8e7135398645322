"""API tokens of an organization: what there are, making one, revoking one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp import api, audit
from webapp.access import Actor, Permission, policy, tokens
from webapp.clock import day_in, now
from webapp.domain import api_token
from webapp.domain.csv_table import check_name
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import Account, ApiToken, Member, Organization
from webapp.transaction import locked, transaction

NAME_LENGTH = 80
MOST = 100  # that are good at a time in one organization
LIVES = (30, 90, 365)  # days


@dataclass(frozen=True, slots=True)
class Token:
    """A token as the list shows it; days are those of the organization's time zone, `last_used` that of UTC.

    state: "good", "revoked" or "over"
    lost: those of its scopes that its maker does not hold anywhere any more
    """

    id: int
    name: str
    known_by: str
    scopes: tuple[str, ...]
    lost: tuple[str, ...]
    maker: str
    made: date
    ends: date
    last_used: date | None
    state: str


def all_of(organization: Organization) -> list[Token]:
    """The tokens of an organization, the newest first; those that are no good any more last."""
    rows = db.session.execute(
        select(ApiToken, Account)
        .join(Member, Member.id == ApiToken.member_id)
        .join(Account, Account.id == Member.account_id)
        .where(ApiToken.organization_id == organization.id)
        .order_by(ApiToken.id.desc())
    ).all()
    makers = {account.id: policy.actor(account, organization.slug) for _token, account in rows}
    found = [_told(token, account.email, makers[account.id], organization) for token, account in rows]
    return sorted(found, key=lambda token: token.state != "good")


def _told(token: ApiToken, email: str, maker: Actor | None, organization: Organization) -> Token:
    zone = organization.timezone
    scopes = tuple(token.scopes.split())
    known = set(map(str, Permission))
    held = {word for word in scopes if word in known and maker and maker.may(Permission(word))}
    over = "over" if token.ends <= now() else "good"
    return Token(
        id=token.id,
        name=token.name,
        known_by=token.known_by,
        scopes=scopes,
        lost=tuple(word for word in scopes if word not in held),
        maker=email,
        made=day_in(token.made, zone),
        ends=day_in(token.ends, zone),
        last_used=token.last_used,
        state="revoked" if token.revoked else over,
    )


def make(
    *, organization: Organization, name: str, scopes: Collection[str], days: int | None, by: Account
) -> str:
    """Make a token that acts for its maker; returns it, and stores only its hash."""
    name = check_name(name, place="name", limit=NAME_LENGTH)
    if days not in LIVES:
        raise Refused("Choose one of the spans.", place="days")
    if not scopes:
        raise Refused("Tick at least one thing that it may do.", place="scopes")
    scopes = {*scopes, *(scope.replace(":change", ":read") for scope in scopes)}  # who changes reads, too
    token, given = api_token.new(), {str(scope): scope for scope in api.scopes()}
    with transaction() as session:
        locked(session, Organization, organization.id)
        maker = policy.actor(by, organization.slug)
        if maker is None or not maker.may_everywhere(Permission.TOKEN_MAKE):
            raise Refused("You may not make API tokens any more.")
        if not all(scope in given and maker.may(given[scope]) for scope in scopes):
            raise Refused("An API token may do nothing that you may not.", place="scopes")
        _refuse_too_many(session, organization.id)
        made = ApiToken(
            organization_id=organization.id,
            member_id=maker.member_id,
            name=name,
            secret_hash=tokens.hashed(token),
            known_by=api_token.known_by(token),
            scopes=" ".join(scope for scope in Permission if scope in scopes),
            made=now(),
            ends=now() + timedelta(days=days),
        )
        session.add(made)
        session.flush()
        audit.record(
            session,
            organization_id=organization.id,
            by=by,
            action="token.made",
            token=made.id,
            scopes=made.scopes,
            days=days,
        )
    return token


def _refuse_too_many(session: Session, organization_id: int) -> None:
    good = select(func.count()).where(
        ApiToken.organization_id == organization_id, ApiToken.revoked.is_(None), ApiToken.ends > now()
    )
    if (session.scalar(good) or 0) >= MOST:
        raise Refused(
            "There are {most} API tokens already. Revoke one that is not needed any more.", most=MOST
        )


def revoke(*, organization: Organization, token_id: int, by: Account) -> None:
    """End a token at once. One that is revoked already stays so."""
    with transaction() as session:
        token = locked(session, ApiToken, token_id)
        if token.organization_id != organization.id or token.revoked is not None:
            return
        token.revoked = now()
        audit.record(session, organization_id=organization.id, by=by, action="token.revoked", token=token_id)
