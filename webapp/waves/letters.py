"""Owners are told by mail what a wave did by itself: that it opened, ends soon, was published or could not be. No figures."""

from datetime import timedelta

from flask import current_app
from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock, language, mail, outbox
from webapp.extensions import db
from webapp.mail import Message
from webapp.models import Account, Member, MemberRole, Organization, Wave
from webapp.outbox import Taken

KIND = "wave-news"
SOON = timedelta(days=2)


def tell_owners(session: Session, wave: Wave, news: str) -> None:
    """Queue a letter to each owner inside the caller's transaction; nothing where no mail is configured.

    news: opened, soon, published or unpublished; `soon` waits until two days before the end
    """
    if not mail.configured() or (news == "soon" and wave.ends_at is None):
        return
    owners = session.scalars(
        select(MemberRole.member_id).where(
            MemberRole.organization_id == wave.organization_id, MemberRole.role == "owner"
        )
    )
    outbox.put_many(
        session,
        kind=KIND,
        organization_id=wave.organization_id,
        payloads=[{"member": member, "wave": wave.id, "news": news} for member in sorted(set(owners))],
        due=wave.ends_at - SOON if news == "soon" and wave.ends_at else None,
    )


@outbox.letter(KIND)
def write(row: Taken) -> Message | None:
    """None for who owns nothing any more, and for news that are none any more."""
    news = str(row.payload["news"])
    found = db.session.execute(
        select(Wave, Organization, Account.email)
        .join(Organization, Organization.id == Wave.organization_id)
        .join(Member, Member.organization_id == Organization.id)
        .join(Account, Account.id == Member.account_id)
        .join(MemberRole, (MemberRole.member_id == Member.id) & (MemberRole.role == "owner"))
        .where(Wave.id == row.payload["wave"], Member.id == row.payload["member"])
    ).first()
    if found is None:
        return None
    wave, organization, email = found
    asks = wave.asks(clock.now())
    if not {"opened": asks, "soon": asks, "unpublished": wave.status == "closed"}.get(news, True):
        return None
    with force_locale(language.spoken(organization.language)):
        subject, sentence = _words(news, wave)
        link = f"{current_app.extensions['groundswell'].settings.url}/o/{organization.slug}/waves/{wave.id}"
        return Message(email, f"{organization.name}: {subject}", f"{sentence}\n\n{link}\n")


def _words(news: str, wave: Wave) -> tuple[str, str]:
    day = format_date(wave.closes_on, "EEEE d MMMM") if wave.closes_on else ""
    if news == "opened":
        return _("“%(name)s” is open", name=wave.name), _(
            "Your plan has opened this wave. Its last day is %(day)s. Nobody is invited yet: give it a list of people, or hand out its links.",
            day=day,
        )
    if news == "soon":
        return _("“%(name)s” ends soon", name=wave.name), _(
            "Its last day is %(day)s. When that is over, nobody can answer any more, and the results are published by themselves.",
            day=day,
        )
    if news == "published":
        return _("“%(name)s” is published", name=wave.name), _(
            "The wave has closed, and its results are there."
        )
    return _("“%(name)s” could not be published yet", name=wave.name), _(
        "The wave has closed, and nobody can answer any more. Making the results did not succeed; it is tried again by itself, and the page says what is known."
    )
