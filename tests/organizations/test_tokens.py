"""The pages of API tokens: making one, seeing it once, revoking it."""

import re
import shlex
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.fixtures.organizations import add_member, create, program, sign_in, token_of
from tests.fixtures.pages import CheckingClient, Page
from webapp.access import Permission, sessions
from webapp.domain import api_token
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.models import Account, ApiToken, Organization, Wave
from webapp.organizations import commands, tokens

PAGE, NEW = "/o/acme/tokens", "/o/acme/tokens/new"
FILLED = {"name": "Figures", "scopes": ["unit:read", "result:read"], "days": "90"}


def shown(page: Page) -> str:
    [token] = [one.get("value", "") for one in page.all("input") if one.get("id") == "token"]
    return token


def make(owner: CheckingClient, **values: object) -> Page:
    reply = owner.send(NEW, FILLED | values)
    assert reply.status_code == 200, reply.text
    return Page(reply.text)


def test_one_is_made_shown_once_and_works(app: Flask, owner: CheckingClient, units: dict[str, int]) -> None:
    del units
    token = shown(make(owner))
    assert api_token.well_formed(token)
    assert program(app, token).get("/api/v1/units").status_code == 200
    assert program(app, token).get("/api/v1/waves").status_code == 403
    listed = owner.page(PAGE)
    text = listed.text()
    assert f"Figures {token[:8]}…, made by owner@acme.example" in text
    assert "read the units, read published results" in text
    assert token[8:] not in owner.get(PAGE).text


def test_the_call_on_the_page_works_as_it_stands(
    app: Flask, owner: CheckingClient, units: dict[str, int]
) -> None:
    """Whatever the token may do: the example asks for something that it may read."""
    del units
    for scopes in (["result:read"], ["unit:read"], ["organization:read", "wave:read"]):
        page = make(owner, scopes=scopes)
        [code] = ["".join(one.itertext()) for one in page.all("code")]
        first, call = code.splitlines()
        assert first == "read -rs TOKEN"
        curl, option, header, address = shlex.split(call.replace("$TOKEN", shown(page)))
        assert (curl, option) == ("curl", "-H")
        name, _, value = header.partition(": ")
        path = address.removeprefix(app.extensions["groundswell"].settings.url)
        reply = app.test_client().get(path, headers={name: value})
        assert reply.status_code == 200, call


def test_it_is_revoked_at_once(app: Flask, owner: CheckingClient, organization: Organization) -> None:
    client = program(app, shown(make(owner)))
    assert client.get("/api/v1/units").status_code == 200
    for _ in range(2):
        assert owner.send(f"{PAGE}/1/revoke", on=NEW).status_code == 303
    assert client.get("/api/v1/units").status_code == 401
    assert "revoked" in owner.page(PAGE).text()
    told = owner.page("/o/acme/audit").text()
    assert told.count("Revoked the API token “Figures”") == 1
    assert "Made the API token “Figures”, good for 90 days: unit:read result:read" in told
    del organization


def test_what_a_program_does_names_it_in_the_log(
    app: Flask, owner: CheckingClient, published_wave: Wave
) -> None:
    client = program(app, shown(make(owner)))
    for _ in range(3):
        assert client.get(f"/api/v1/results/{published_wave.id}").status_code == 200
    told = owner.page("/o/acme/audit").text()
    line = "owner@acme.example Downloaded the results of “First wave” as JSON, by the API token “Figures”"
    assert told.count(line) == 1, "once an hour"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"scopes": []}, "Tick at least one"),
        ({"scopes": ["audit:read"]}, "nothing that you may not"),
        ({"scopes": ["unit:read", "everything"]}, "nothing that you may not"),
        ({"name": ""}, "This is needed"),
        ({"name": "=cmd()"}, "begins like a formula"),
        ({"name": "x" * 81}, "At most 80"),
        ({"name": "a\u202eb"}, "cannot be seen"),
        ({"days": "3650"}, "Choose"),
        ({"days": "ever"}, "Choose"),
    ],
)
def test_what_makes_no_sense_is_refused(owner: CheckingClient, values: dict[str, object], said: str) -> None:
    reply = owner.send(NEW, FILLED | values)
    assert reply.status_code == 422
    assert said in reply.text
    assert "No API token yet" in owner.page(PAGE).text()


def test_a_while_after_signing_in_one_signs_in_again_first(
    owner: CheckingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = sessions.now() + timedelta(minutes=40)
    monkeypatch.setattr(sessions, "now", lambda: later)
    assert owner.get(PAGE).status_code == 200
    assert owner.get(NEW).location == f"/sign-in?next={NEW}"


def test_what_its_maker_may_not_any_more_is_said(
    app: Flask, owner: CheckingClient, organization: Organization
) -> None:
    add_member(app, organization, "second@acme.example", "owner")
    second = sign_in(app, organization, "second@acme.example")
    make(second)
    assert "may not any more" not in owner.page(PAGE).text()
    with app.app_context():
        member = commands._member(db.session, organization, "second@acme.example")
        commands.take_role(
            organization=organization, member_id=member.id, role="owner", unit_id=None, by=None
        )
    assert owner.page(PAGE).text().count("may not any more") == 2


def test_what_is_over_says_so(app: Flask, owner: CheckingClient, organization: Organization) -> None:
    token_of(app, organization, "owner@acme.example", ends=sessions.now() - timedelta(days=1))
    text = owner.page(PAGE).text()
    assert "ended" in text
    assert "Revoke" not in text


def by(app: Flask, email: str) -> Account:
    with app.app_context():
        return db.session.scalars(sa.select(Account).where(Account.email == email)).one()


def test_nobody_gives_what_they_do_not_have(app: Flask, organization: Organization) -> None:
    maker = by(app, "owner@acme.example")
    with app.app_context(), pytest.raises(Refused, match="nothing that you may not"):
        tokens.make(
            organization=organization, name="x", scopes=[Permission.ASSESSMENT_GIVE], days=30, by=maker
        )


def test_who_lost_the_right_meanwhile_makes_none(
    app: Flask, organization: Organization, units: dict[str, int]
) -> None:
    del units
    maker = by(app, "leader@acme.example")
    with app.app_context(), pytest.raises(Refused, match="any more"):
        tokens.make(organization=organization, name="x", scopes=[Permission.UNIT_READ], days=30, by=maker)


def test_a_hundred_are_enough(
    app: Flask, owner: CheckingClient, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokens, "MOST", 2)
    for _ in range(2):
        make(owner)
    assert "There are 2 API tokens already" in owner.send(NEW, FILLED).text
    owner.send(f"{PAGE}/1/revoke", on=NEW)
    make(owner)
    del app, organization


def test_one_of_another_organization_is_not_there(app: Flask, owner: CheckingClient) -> None:
    other = create(app, "elsewhere", "Elsewhere")
    token_of(app, other, "owner@elsewhere.example")
    replies = [owner.send(f"{PAGE}/{number}/revoke", on=NEW) for number in (1, 99, 2**40)]
    assert [reply.status_code for reply in replies] == [404] * 3
    with app.app_context():
        assert db.session.scalars(sa.select(ApiToken.revoked)).one() is None


def test_no_page_names_a_scope_without_words(owner: CheckingClient) -> None:
    labels = [one for one in owner.page(NEW).text().split() if re.fullmatch(r"[a-z]+:[a-z]+", one)]
    assert not labels, f"Say in organizations/token_words.py what {labels} lets a program do."
