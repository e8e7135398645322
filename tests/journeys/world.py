"""A server with organizations in every state that a page may meet, and people of every kind in front of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select, update

from tests.fixtures.browser import LiveServer
from tests.fixtures.organizations import (
    add_figures,
    again,
    create,
    import_units,
    member_id,
    open_one,
    publish,
    sign_in,
)
from tests.fixtures.pages import CheckingClient
from webapp import clock, demo, publications
from webapp.access import Permission, second_step, sessions
from webapp.accounts import resets
from webapp.actions import commands as actions
from webapp.clock import now
from webapp.domain.recurring import Rhythm
from webapp.extensions import db
from webapp.invitations import commands as invitations
from webapp.models import (
    Account,
    BrowserSession,
    Experiment,
    HalfSession,
    Invitation,
    Organization,
    OutboxRow,
    PasswordReset,
    Unit,
    Wave,
    WaveUnit,
    Webhook,
)
from webapp.organizations import tokens
from webapp.outbox import BACKOFF
from webapp.transaction import transaction
from webapp.waves import ballots, plans
from webapp.webhooks import commands as webhooks
from webapp.webhooks import news, queries

STRICT_UNITS = (
    "unit,parent,headcount,leader_email\nHarbour,,,lead@strict.example\nPilots,Harbour,9,\nCranes,Harbour,8,\n"
    "Ferries,,12,\nKeepers,,3,\n"
)
LEADER_OF, LEADER_ADDRESS = "Support North", "lead-support-north@example.org"
PRACTICE = "simplify"
KEEPER = "keeper@example.org"


@dataclass(frozen=True)
class Guise:
    """Somebody in front of a browser: their cookie, and what the words in angle brackets of an address stand for."""

    name: str
    cookie: Any = None
    values: Mapping[str, Sequence[object]] = field(default_factory=dict)


@dataclass
class World:
    server: LiveServer
    visitor: Guise
    half_way: Guise
    owners: list[Guise]
    leader: Guise
    respondents: list[Guise]
    keeper: Guise

    @property
    def app(self) -> Flask:
        return self.server.app


def build(data: Path) -> World:
    """Everything that needs no browser, quickly, in this process and the same database."""
    server = LiveServer(data, GROUNDSWELL_ADMINISTRATORS=KEEPER)
    app = server.app
    app.test_client_class = CheckingClient
    secret = sign_in_link(app, create(app, "newborn", "Newborn"), "owner@newborn.example")
    visitor = Guise("visitor", values={"secret": [secret, "used-long-ago"], "ticket": [_ticket(app), "used"]})
    shown, leader = _demo(app)
    strict, answered = _strict(app)
    empty = Guise(
        "owner of nothing yet", _signed_in(app, "newborn", "owner@newborn.example"), {"slug": ["newborn"]}
    )
    respondents = _respondents(app)
    keeper = _keeper(app)
    _keep_fresh(app)
    return World(
        server,
        visitor,
        _half_way(app),
        [shown, strict, empty],
        leader,
        [*respondents, *answered],
        keeper,
    )


def _keep_fresh(app: Flask) -> None:
    """However long the tests take: some pages are for those who signed in a moment ago."""
    with app.app_context(), transaction() as session:
        session.execute(update(BrowserSession).values(proved=now() + timedelta(days=1)))


def sign_in_link(app: Flask, organization: Organization, email: str) -> str:
    from webapp.organizations import commands  # noqa: PLC0415 - beside the models of the same name

    with app.app_context():
        return commands.sign_in_secret(organization=organization, email=email, by=None)


def _ticket(app: Flask) -> str:
    """The secret of a link for a new password."""
    with app.app_context():
        made = resets.new_ticket(db.session.scalars(select(Account.id)).first() or 0)
        with transaction() as session:
            session.execute(update(PasswordReset).values(ends=now() + timedelta(days=1)))
    return made


def _half_way(app: Flask) -> Guise:
    """Somebody who has taken the first step of signing in, and will not take the second while the tests run."""
    secret = sign_in_link(app, create(app, "careful", "Careful"), "owner@careful.example")
    with app.app_context(), transaction() as session:
        account = session.scalars(select(Account).where(Account.email == "owner@careful.example")).one()
        second_step.turn_on(session, account, second_step.new_secret(), step=0)
    with app.app_context():
        entry = sessions.start(secret)
        assert entry is not None
        with transaction() as session:
            session.execute(update(HalfSession).values(ends=now() + timedelta(days=1)))
    return Guise("between the two steps", _cookie(app, "half", entry.secret))


def _keeper(app: Flask) -> Guise:
    """Whoever runs the server, with a second step."""
    guise = Guise(
        "keeper of the server", _signed_in(app, create(app, "keeping", "Keeping", owner=KEEPER).slug, KEEPER)
    )
    with app.app_context(), transaction() as session:
        account = session.scalars(select(Account).where(Account.email == KEEPER)).one()
        second_step.turn_on(session, account, second_step.new_secret(), step=0)
    return guise


def _demo(app: Flask) -> tuple[Guise, Guise]:
    """The demo as people meet it, with one more wave that is open: the owner, and the lead of one team."""
    with app.app_context():
        made = demo.make()
    wave = open_one(app, made, "In these days")
    with app.app_context():
        latest = publications.waves(made.id)[-1][0]
        published = publications.of_wave(made.id, latest)
        assert published is not None
        keys = {unit.name: unit.key for unit in published.units}
        units = dict(
            db.session.execute(select(Unit.name, Unit.id).where(Unit.organization_id == made.id)).all()
        )
        experiments: dict[str, list[int]] = {}
        for name, experiment_id in db.session.execute(
            select(Unit.name, Experiment.id)
            .join(Experiment, Experiment.unit_id == Unit.id)
            .order_by(Experiment.id)
        ):
            experiments.setdefault(name, []).append(experiment_id)
        places = _places(wave.id)
        ballots.open_link(wave=again(wave), position=places["Dispatch"], by=None)
        _invite(again(wave))
        _make_tokens(made)
        ballots.issue(wave=again(wave), by=None)
        plans.add(
            organization=made,
            questionnaire="ai-adoption",
            form="pulse",
            rhythm=Rhythm("month", clock.today(made.timezone) + timedelta(days=9), 14),
            reminders=[5, 10],
            name="{month} {year}",
            by=None,
        )
        decided = [
            actions.adopt(
                organization=made,
                unit_id=units[name],
                title="Give what works a stage: ten minutes in each team meeting",
                note="The first Thursday of each month.\nNo slides.",
                wave_id=latest,
                practice=PRACTICE,
                due=clock.today(made.timezone) + timedelta(days=20),
                by=None,
            ).id
            for name in (LEADER_OF, "Operations")
        ]
        hook = _webhook(made, again(wave))
    values: dict[str, Sequence[object]] = {
        "slug": [made.slug],
        "action_id": decided,
        "webhook_id": [hook],
        "wave_id": [latest, wave.id],
        "unit_id": [units["Operations"], units["Legal"]],
        "key": [keys[name] for name in (demo.NAME, "Operations", "Support North", "Legal")],
        "practice": [PRACTICE],
        "position": [places["Dispatch"]],
        "kind": ["invitation", "reminder"],
        "member_id": [member_id(app, made, demo.OWNER), member_id(app, made, LEADER_ADDRESS)],
        "experiment_id": experiments["Data platform"][:1],
    }
    owner = Guise("owner", _signed_in(app, made.slug, demo.OWNER), values)
    led = values | {
        "unit_id": [units[LEADER_OF]],
        "key": [keys[LEADER_OF], keys["Dispatch"]],
        "experiment_id": experiments[LEADER_OF][:1],
    }
    return owner, Guise("leader", _signed_in(app, made.slug, LEADER_ADDRESS), led)


def _make_tokens(organization: Organization) -> None:
    """Two API tokens, of which one is revoked."""
    by = db.session.scalars(select(Account).where(Account.email == demo.OWNER)).one()
    for name in ("Monthly figures for the board", "Warehouse"):
        tokens.make(organization=organization, name=name, scopes=[Permission.RESULT_READ], days=90, by=by)
    tokens.revoke(organization=organization, token_id=1, by=by)


def _webhook(organization: Organization, wave: Wave) -> int:
    """A program that did not take two messages, one of which was given up, and a channel that is turned off."""
    asked = {"organization": organization, "events": queries.EVENTS, "by": None}
    channel, _none = webhooks.add(
        name="AI channel", kind="slack", address="https://chat.example.org/hooks/1", **asked
    )
    webhooks.turn(webhook=channel, on=False, by=None)
    hook, _secret = webhooks.add(
        name="Data warehouse", kind="plain", address="https://warehouse.example.org/", **asked
    )
    webhooks.new_secret(webhook=hook, by=None)
    with transaction() as session:
        stored = session.get_one(Webhook, hook.id)
        stored.told_at, stored.failed_at, stored.fault = now() - timedelta(days=9), now(), "status 503"
        news.put(session, stored, "wave.opened", wave=wave)
        news.put(session, stored, "wave.published", wave=wave)
        for tries, row in enumerate(session.scalars(select(OutboxRow).where(OutboxRow.kind == news.KIND)), 7):
            row.attempts, row.due = tries, now() + timedelta(days=1)
            row.state = "failed" if tries > len(BACKOFF) else "waiting"
    return hook.id


def _invite(wave: Wave) -> None:
    """Two by mail, of whom one has an address that no server knows; a reminder was sent, one is planned."""
    people = b"unit,email\nLegal,a@example.org\nLegal,somebody.with.a.long.name.in.legal@example.org\n"
    invitations.invite(wave=wave, data=people, file="people.csv", by=None)
    invitations.remind(wave=wave, by=None)
    invitations.plan_reminders(wave=wave, days=[5], by=None)
    with transaction() as session:
        session.execute(
            update(Invitation)
            .where(Invitation.email.startswith("somebody"))
            .values(state="failed", error="550 5.1.1 The account that you tried to reach does not exist")
        )


def _strict(app: Flask) -> tuple[Guise, list[Guise]]:
    """A first wave under the strict guard, where bands alone are shown, and those who answered it."""
    made = create(app, "strict", "Strict", time_guard="strict")
    units = import_units(app, made, STRICT_UNITS)
    add_figures(app, made, ["Pilots", "Cranes", "Ferries"])
    wave = open_one(app, made)
    with app.app_context():
        links = ballots.issue(wave=again(wave), by=None)
        places = _places(wave.id)
    answer_all(app, [link for unit, link in links if unit != "Keepers"])
    publish(app, wave)
    with app.app_context():
        keys = list(db.session.scalars(select(WaveUnit.key).where(WaveUnit.wave_id == wave.id)))
    values: dict[str, Sequence[object]] = {
        "slug": ["strict"],
        "wave_id": [wave.id],
        "unit_id": [units["Pilots"]],
        "key": [keys[places["Harbour"]], keys[places["Keepers"]]],
        "practice": [PRACTICE],
        "position": [places["Pilots"]],
    }
    by_unit = {unit: token(link) for unit, link in links}
    answered = [
        Guise(name, _ballot(app, by_unit[unit]), {"token": [by_unit[unit]]})
        for name, unit in (
            ("respondent of a shown unit", "Pilots"),
            ("respondent of a hidden unit", "Keepers"),
        )
    ]
    return Guise(
        "owner under the strict guard", _signed_in(app, "strict", "owner@strict.example"), values
    ), answered


def _respondents(app: Flask) -> list[Guise]:
    """Of an open wave: by a single link, by an open one, after answering, and where no answer is left to give."""
    made = create(app, "asking", "Asking")
    import_units(app, made, "unit,parent,headcount\nDeck,,8\nEngine,,7\nGalley,,1\n")
    wave = open_one(app, made)
    with app.app_context():
        places = _places(wave.id)
        shared = token(ballots.open_link(wave=again(wave), position=places["Deck"], by=None))
        full = token(ballots.open_link(wave=again(wave), position=places["Galley"], by=None))
        single, spent = [token(link) for unit, link in ballots.issue(wave=again(wave), by=None)][:2]
    answer_all(app, [f"/r/{spent}", f"/r/{full}"])
    opened = f"{shared}.{'n' * 24}"
    return [
        Guise("respondent", _ballot(app, single), {"token": [single]}),
        Guise("respondent by an open link", _ballot(app, opened), {"token": [shared]}),
        Guise("respondent who has answered", _ballot(app, spent), {"token": [spent]}),
        Guise("respondent of a full unit", _ballot(app, f"{full}.{'m' * 24}"), {"token": [full, "x" * 32]}),
    ]


def answer_all(app: Flask, links: list[str]) -> None:
    """Answer by each link as a browser without scripts does; the answers differ, and are always the same."""
    for person, link in enumerate(links):
        client: CheckingClient = app.test_client()  # type: ignore[assignment]
        assert client.send(f"/r/{token(link)}").status_code == 303
        page = client.page("/respond/")
        keys = list(
            dict.fromkeys(one.get("name", "") for one in page.all("input") if one.get("type") == "radio")
        )
        answers = {key: str(1 + (person + 2 * place) % 5) for place, key in enumerate(keys)}
        assert client.post("/respond/", data=page.form() | answers).status_code == 200


def token(link: str) -> str:
    return link.rpartition("/")[2]


def _places(wave_id: int) -> dict[str, int]:
    return dict(
        db.session.execute(select(WaveUnit.name, WaveUnit.position).where(WaveUnit.wave_id == wave_id)).all()
    )


def _signed_in(app: Flask, slug: str, email: str) -> dict[str, str]:
    with app.app_context():
        organization = db.session.scalars(select(Organization).where(Organization.slug == slug)).one()
    found = sign_in(app, organization, email).get_cookie("sid")
    assert found is not None
    return _cookie(app, "sid", found.value)


def _ballot(app: Flask, value: str) -> dict[str, str]:
    return _cookie(app, "ballot", value)


def _cookie(app: Flask, name: str, value: str) -> dict[str, Any]:
    return {"name": name, "value": value, "url": app.extensions["groundswell"].settings.url}
