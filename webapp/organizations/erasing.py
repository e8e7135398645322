"""How long answers are kept, and the end of an organization."""

import io
import json
import logging
import zipfile

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from webapp import audit, slots
from webapp.access import members
from webapp.domain.csv_table import check_name
from webapp.domain.refusal import Refused
from webapp.models import Account, Ballot, Member, Model, Organization, OutboxRow, Response, Wave
from webapp.transaction import Busy, compact, locked, transaction

log = logging.getLogger("groundswell")

SHORTEST, LONGEST = 1, 120
CONTACT_LENGTH = 200


def change_retention(
    *, organization: Organization, months_kept: int, contact: str, by: Account | None
) -> None:
    """Decide how many months answers are kept after publication, and whom people may ask."""
    if not SHORTEST <= months_kept <= LONGEST:
        raise Refused(
            "Answers are kept for {shortest} to {longest} months.",
            place="months_kept",
            shortest=SHORTEST,
            longest=LONGEST,
        )
    contact = check_name(contact, place="contact", limit=CONTACT_LENGTH) if contact else ""
    with transaction() as session:
        stored = locked(session, Organization, organization.id)
        changed: dict[str, str | bool] = {}
        if stored.months_kept != months_kept:
            changed["months_kept"] = f"{stored.months_kept} → {months_kept}"
        if stored.contact != contact:
            changed["contact"] = True  # that it changed, not to whom: it may name a person
        stored.months_kept, stored.contact = months_kept, contact
        if changed:
            audit.record(session, organization_id=stored.id, by=by, action="organization.changed", **changed)


def take_along(*, organization: Organization, by: Account | None) -> bytes:
    """All published results as a ZIP of files; that they were taken leaves an event."""
    with transaction() as session:
        audit.record(session, organization_id=organization.id, by=by, action="results.archived")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for files in slots.ask("archive", organization):
            for name, text in files:
                target.writestr(name, text)
    return packed.getvalue()


def delete_organization(*, organization: Organization, word: str, by: Account | None) -> None:
    """Erase all of an organization at once, with the accounts that belong to no other; `word` is typed by hand.

    Then the files forget it too. Where somebody reads for so long that this cannot be done, it is said in the log: what is
    left of it in the write-ahead log is overwritten by what is written next.
    """
    number, slug = organization.id, organization.slug
    if word != slug:
        raise Refused("That is not the word in the address: {slug}.", place="word", slug=f"“{slug}”")
    with transaction() as session:
        members.decide(session, number, by)
        gone = _accounts_of_none_other(session, number)
        waves = select(Wave.id).where(Wave.organization_id == number)
        # These two first and each at once: a cascade would look for them unit by unit.
        session.execute(delete(Response).where(Response.wave_id.in_(waves)))
        session.execute(delete(Ballot).where(Ballot.organization_id == number))
        session.execute(delete(Organization).where(Organization.id == number))
        session.execute(delete(Account).where(Account.id.in_(gone)))
        _forget_letters(session, gone)
    log.warning("organization %s was deleted", number)
    try:
        compact(*(mapper.class_ for mapper in Model.registry.mappers))
    except Busy:
        log.warning("the files could not be compacted after a deletion; the next publication does it")


def _accounts_of_none_other(session: Session, number: int) -> list[int]:
    here = select(Member.account_id).where(Member.organization_id == number)
    elsewhere = select(Member.account_id).where(Member.organization_id != number)
    # Held against somebody who adds the same account elsewhere, so that none is left over or lost.
    of_here = select(Account.id).where(Account.id.in_(here)).order_by(Account.id).with_for_update()
    accounts = session.scalars(of_here).all()
    kept = set(session.scalars(elsewhere.where(Member.account_id.in_(accounts))))
    return [account for account in accounts if account not in kept]


def _forget_letters(session: Session, accounts: list[int]) -> None:
    """Letters of the organization have gone with it; these are about an account alone."""
    alone = session.scalars(select(OutboxRow).where(OutboxRow.organization_id.is_(None))).all()
    gone = [row.id for row in alone if json.loads(row.payload).get("account") in accounts]
    session.execute(delete(OutboxRow).where(OutboxRow.id.in_(gone)))
