"""The end of an organization: everything of it goes, from the files too, and nothing of another one."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.fixtures import organizations as made
from webapp import outbox
from webapp.domain.refusal import Refused
from webapp.experiments import commands as experiments
from webapp.extensions import db
from webapp.invitations import commands as invitations
from webapp.models import Account, Model, Organization, Wave
from webapp.organizations import commands, erasing
from webapp.transaction import transaction
from webapp.waves import ballots
from webapp.webhooks import commands as webhooks
from webapp.webhooks import news

UNITS = """unit,parent,headcount,leader_email
Canarywharf,,,canary-leader@acme.example
Canaryland,Canarywharf,12,
Canaryport,Canarywharf,8,
"""
PEOPLE = "unit,email,name\nCanaryport,canary-person@acme.example,Canary Person\n"


@pytest.fixture
def acme(any_app: Flask) -> Organization:
    return furnished(any_app)


def furnished(app: Flask) -> Organization:
    """Acme with a published wave, and an open one with links and somebody invited by mail."""
    found = made.create(app, name="Canary Works")
    units = made.import_units(app, found, UNITS)
    made.add_figures(app, found, ["Canaryland", "Canaryport"])
    wave = made.open_one(app, found, name="Canary autumn")
    made.answer(app, wave, {"Canaryland": 11, "Canaryport": 7})
    made.publish(app, wave)
    second = made.open_one(app, found, name="Canary winter")
    with app.app_context():
        invitations.invite(wave=made.again(second), data=PEOPLE.encode(), file="people.csv", by=None)
        ballots.open_link(wave=made.again(second), position=2, by=None)
        experiments.log(organization=found, unit_id=units["Canaryport"], title="Canary idea", by=None)
        erasing.change_retention(organization=found, months_kept=9, contact="Canary office", by=None)
        hook, _secret = webhooks.add(
            organization=found,
            name="Canary channel",
            kind="plain",
            address="https://canary.example.org/hook",
            events=["wave.published"],
            by=None,
        )
        with transaction() as session:
            news.put(session, hook, "test")
    return found


def rows(app: Flask) -> dict[str, int]:
    """How many rows each table has; those without any are left out."""
    with app.app_context():
        counted = {
            name: db.session.scalar(sa.select(sa.func.count()).select_from(table))
            for name, table in Model.metadata.tables.items()
        }
    return {name: count for name, count in counted.items() if count}


def delete(app: Flask, organization: Organization) -> None:
    with app.app_context():
        erasing.delete_organization(
            organization=db.session.get_one(Organization, organization.id), word=organization.slug, by=None
        )


def test_every_table_is_empty_afterwards(any_app: Flask, acme: Organization) -> None:
    client = made.sign_in(any_app, acme, "owner@acme.example")
    made.set_password(client)
    with any_app.app_context(), transaction() as session:
        account = session.scalar(sa.select(Account.id).where(Account.email == "owner@acme.example"))
        outbox.letter("of-an-account")(lambda _row: None)
        outbox.put(session, kind="of-an-account", organization_id=None, payload={"account": account or 0})
    assert len(rows(any_app)) > 12
    delete(any_app, acme)
    assert set(rows(any_app)) <= {"attempts"}


def test_nothing_of_another_organization_goes(any_app: Flask, acme: Organization) -> None:
    delete(any_app, acme)
    with any_app.app_context():
        other = commands.create_organization(slug="other", name="Other", owner="both@acme.example", by=None)
    made.import_units(any_app, other)
    wave = made.open_one(any_app, other)
    made.answer(any_app, wave)
    made.publish(any_app, wave)
    before = rows(any_app)
    again = furnished(any_app)
    made.add_member(any_app, again, "both@acme.example", "owner")
    delete(any_app, again)
    # The command line gave `both` a link that reaches all organizations of the account.
    assert rows(any_app) == before | {"sign_in_link": 1}


def test_no_number_is_given_twice_so_old_links_open_nothing(any_app: Flask, acme: Organization) -> None:
    """A link is made from its wave's number: an erased wave's would open whichever came next with the same one."""
    with any_app.app_context():
        old = set(db.session.scalars(sa.select(Wave.id)))
    delete(any_app, acme)
    again = furnished(any_app)
    assert again.id != acme.id
    with any_app.app_context():
        assert not old & set(db.session.scalars(sa.select(Wave.id)))


def test_no_byte_of_it_is_left_in_the_files(app: Flask) -> None:
    acme = furnished(app)
    client = made.sign_in(app, acme, "owner@acme.example")
    client.page("/o/acme/")
    files = Path(app.extensions["groundswell"].settings.data)

    def held() -> Iterator[bytes]:
        for path in files.iterdir():
            if path.is_file():
                yield path.read_bytes().lower()

    words = [b"canary", b"acme", b"owner@"]
    assert all(any(word in raw for raw in held()) for word in words)
    delete(app, acme)
    for word in words:
        assert not any(word in raw for raw in held()), word
    assert (files / "groundswell.sqlite-wal").stat().st_size == 0


def test_an_owner_types_the_word_and_takes_the_results_along(app: Flask) -> None:
    acme = furnished(app)
    owner = made.sign_in(app, acme, "owner@acme.example")
    page = owner.page("/o/acme/settings/delete")
    assert "/o/acme/settings/results.zip" in [link.get("href") for link in page.all("a")]
    reply = owner.get("/o/acme/settings/results.zip")
    with zipfile.ZipFile(io.BytesIO(reply.data)) as packed:
        names = ["evidence.csv", "experiments.csv", "wave-1.csv", "wave-1.json"]
        assert sorted(packed.namelist()) == names
        assert b"Canaryport" in packed.read("evidence.csv")
        plain = json.loads(packed.read("wave-1.json"))
        assert plain["units"][0]["unit"] == "Canary Works"
        assert packed.read("wave-1.csv").startswith(b"unit,parent,headcount")
    assert "Downloaded all published results" in owner.page("/o/acme/audit").text()
    for wrong in ("", "ACME", "acme ltd", "elsewhere"):
        refused = owner.send("/o/acme/settings/delete", {"word": wrong})
        assert refused.status_code == 422
        assert "Nothing was deleted" in refused.text
    gone = owner.send("/o/acme/settings/delete", {"word": " acme "})
    assert (gone.status_code, gone.headers["Location"]) == (303, "/")
    assert "Canary Works is deleted" in owner.get("/").text
    assert owner.get("/o/acme/").status_code == 302
    assert owner.get("/sign-in").status_code == 200


def test_whoever_belongs_elsewhere_too_stays_signed_in(app: Flask) -> None:
    acme = furnished(app)
    with app.app_context():
        commands.create_organization(slug="other", name="Other", owner="owner@acme.example", by=None)
    owner = made.sign_in(app, acme, "owner@acme.example")
    reply = owner.send("/o/acme/settings/delete", {"word": "acme"})
    assert reply.headers["Location"] == "/organizations"
    page = owner.page("/organizations").text()
    assert "Other" in page
    assert owner.get("/o/acme/").status_code == 404


def test_an_owner_who_lost_the_role_meanwhile_deletes_nothing(app: Flask) -> None:
    acme = furnished(app)
    made.add_member(app, acme, "second@acme.example", "viewer")
    with app.app_context():
        by = db.session.scalars(sa.select(Account).where(Account.email == "second@acme.example")).one()
        with pytest.raises(Refused, match="may not"):
            erasing.delete_organization(organization=acme, word="acme", by=by)
        assert db.session.get(Organization, acme.id) is not None
