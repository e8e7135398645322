"""Telling webhooks what a wave did: put into the outbox in the transaction of the act, written when it is sent."""

import uuid
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidTag
from flask import current_app
from flask_babel import force_locale, format_date
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import clock, language, outbox, outgoing, sealing
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import Organization, Wave, Webhook
from webapp.outbox import Taken
from webapp.webhooks import messages, queries

KIND = "webhook"
SOON = timedelta(days=1)


def tell(session: Session, wave: Wave, what: str) -> None:
    """Queue what a wave did, inside the caller's transaction, for every webhook that wants to know it.

    what: opened or published. With an opening goes the message that it ends soon, which waits for its day; whether it
    is wanted then is asked then.
    """
    hooks = session.scalars(select(Webhook).where(Webhook.organization_id == wave.organization_id)).all()
    for hook in hooks:
        if hook.active and f"wave.{what}" in wanted(hook):
            put(session, hook, f"wave.{what}", wave=wave)
        if what == "opened":
            put_closing(session, hook, wave)


def put_closing(session: Session, hook: Webhook, wave: Wave) -> None:
    """Queue for the day before its end that a wave ends soon; of one without a last day there is no such message."""
    if wave.ends_at is not None:
        put(session, hook, "wave.closing", wave=wave, due=wave.ends_at - SOON)


def put(
    session: Session, hook: Webhook, event: str, *, wave: Wave | None = None, due: datetime | None = None
) -> None:
    at = max(due, clock.now()) if due else clock.now()
    outbox.put(
        session,
        kind=KIND,
        organization_id=hook.organization_id,
        queue=queries.queue(hook.id),
        payload={
            "webhook": hook.id,
            "event": event,
            "wave": wave.id if wave else 0,
            "at": at.isoformat(timespec="seconds"),
        },
        due=due,
    )


def wanted(hook: Webhook) -> list[str]:
    """The events of which it is told."""
    return [*hook.events.split(","), queries.TEST]


def _noted(session: Session, taken: Taken, how: outbox.How, words: str) -> None:
    """Keep what became of the last attempt, for the page."""
    hook = session.get(Webhook, taken.payload["webhook"], with_for_update=True)
    if hook is None or how == "dropped":
        return
    if how == "sent":
        hook.told_at = clock.now()
    else:
        hook.failed_at, hook.fault = clock.now(), words


@outbox.call(KIND, tried=_noted)
def write(row: Taken) -> outgoing.Call | None:
    """None for a webhook that was removed, turned off or does not want it, and for a wave that does not end soon any more."""
    event = str(row.payload["event"])
    hook = db.session.get(Webhook, row.payload["webhook"])
    if hook is None or not hook.active or event not in wanted(hook):
        return None
    wave = db.session.get(Wave, row.payload["wave"])
    if event != queries.TEST and wave is None:
        return None
    if event == "wave.closing" and wave is not None and not wave.asks(clock.now()):
        return None
    identity = str(uuid.UUID(bytes=row.id, version=4))
    try:
        address = queries.read(queries.address(hook))
        news = _news(row, identity, db.session.get_one(Organization, hook.organization_id), wave)
        content = messages.body(hook.kind, news)
        headers = messages.headers(identity, clock.now(), content, _secrets(hook))
    except InvalidTag:
        raise outgoing.Failed("key") from None
    except Refused:  # an address that was allowed when it was typed
        raise outgoing.Failed("private") from None
    return outgoing.Call(address, content, headers, once=event == queries.TEST)


def _secrets(hook: Webhook) -> list[bytes]:
    """The secret, and for a day after a change the former one beside it; none where the other side asks for none."""
    found = [hook.secret]
    if hook.former_until is not None and clock.now() < hook.former_until:
        found.append(hook.former_secret)
    return [sealing.unseal(sealed, about=queries.about(hook.id, "secret")) for sealed in found if sealed]


def _news(row: Taken, identity: str, organization: Organization, wave: Wave | None) -> messages.News:
    event = str(row.payload["event"])
    url = str(current_app.extensions["groundswell"].settings.url)
    with force_locale(language.spoken(organization.language)):
        return messages.News(
            id=identity,
            event=event,
            at=datetime.fromisoformat(str(row.payload["at"])),
            organization=organization.slug,
            title=organization.name,
            wave=_facts(wave) if wave else None,
            url=f"{url}{_page(organization, event, wave)}",
            sentence=_sentence(event, wave),
            more=_("Open Groundswell"),
        )


def _facts(wave: Wave) -> dict[str, str | int | None]:
    return {
        "id": wave.id,
        "name": wave.name,
        "form": wave.form,
        "opens": wave.opened_on.isoformat(),
        "closes": wave.closes_on.isoformat() if wave.closes_on else None,
    }


def _page(organization: Organization, event: str, wave: Wave | None) -> str:
    """Where a member sees more: the wave; its results; for a test the webhooks."""
    if wave is None:
        return f"/o/{organization.slug}/webhooks"
    if event == "wave.published":
        return f"/o/{organization.slug}/?wave={wave.id}"
    return f"/o/{organization.slug}/waves/{wave.id}"


def _sentence(event: str, wave: Wave | None) -> str:
    if wave is None:
        return _("This is a test. What waves do will be told here.")
    if event == "wave.published":
        return _("The results of “%(name)s” are published.", name=wave.name)
    said = (
        _("“%(name)s” has opened.", name=wave.name)
        if event == "wave.opened"
        else _("“%(name)s” ends soon.", name=wave.name)
    )
    if wave.closes_on is None:
        return said
    last = _("Its last day is %(day)s.", day=format_date(wave.closes_on, _("EEEE d MMMM")))
    return f"{said} {last}"
