import pytest
from flask import Flask
from sqlalchemy import select

from tests.fixtures.pages import CheckingClient, Page
from webapp.extensions import db
from webapp.models import AuditEvent, Organization

FILLED = {
    "name": "Kestrel Freight",
    "slug": "kestrel",
    "smallest_group": "4",
    "timezone": "Europe/Berlin",
    "time_guard": "strict",
}


def test_any_signed_in_account_can_make_one_and_owns_it(app: Flask, owner: CheckingClient) -> None:
    reply = owner.send("/organizations/new", FILLED)
    assert (reply.status_code, reply.location) == (303, "/o/kestrel/first-steps")
    assert "You own it" in owner.page("/o/kestrel/first-steps").text()
    with app.app_context():
        made = db.session.scalars(select(Organization).where(Organization.slug == "kestrel")).one()
        assert (made.name, made.smallest_group, made.timezone, made.time_guard, made.demo) == (
            "Kestrel Freight",
            4,
            "Europe/Berlin",
            "strict",
            False,
        )
        events = db.session.scalars(select(AuditEvent).where(AuditEvent.organization_id == made.id)).all()
        assert [event.action for event in events] == ["organization.created", "member.role_given"]
        assert events[0].account_id is not None


def test_nobody_else_can(client: CheckingClient) -> None:
    assert client.get("/organizations/new").location == "/sign-in"
    assert client.post("/organizations/new", data=FILLED).status_code in {400, 401}


def test_the_page_says_what_a_small_group_and_a_strict_guard_cost(owner: CheckingClient) -> None:
    text = owner.page("/organizations/new").text()
    assert "two who compare notes can work out the third" in text
    assert "about 42 of 100 shown teams show a band only" in text


def test_what_a_rule_refuses_stands_at_its_field(owner: CheckingClient) -> None:
    faults = {"slug": "Acme Ltd", "smallest_group": "2", "name": "=Acme", "timezone": "Mars/Base"}
    wanted = {
        "slug": "cannot stand in an address",
        "smallest_group": "must be 3 to 50",
        "name": "begins like a formula",
    }
    for name, value in faults.items():
        reply = owner.send("/organizations/new", FILLED | {name: value})
        assert reply.status_code == 422
        page = Page(reply.text)
        if name in wanted:
            told = next(one for one in page.all("p") if one.get("id") == f"{name}-error")
            assert wanted[name] in "".join(told.itertext())
        else:
            assert "There is no time zone" in page.text()


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("The Mill", "the-mill"),
        ("Müller & Söhne (Nord)", "muller-sohne-nord"),
        ("  --", ""),
        ("北風", ""),
        ("a" * 59 + " b", "a" * 59),
    ],
)
def test_a_word_that_is_left_blank_is_made_from_the_name(owner: CheckingClient, name: str, word: str) -> None:
    reply = owner.send("/organizations/new", FILLED | {"slug": " ", "name": name})
    if word:
        assert (reply.status_code, reply.location) == (303, f"/o/{word}/first-steps")
    else:
        told = next(one for one in Page(reply.text).all("p") if one.get("id") == "slug-error")
        assert "This is needed" in "".join(told.itertext())


def test_a_taken_word_is_refused(owner: CheckingClient) -> None:
    reply = owner.send("/organizations/new", FILLED | {"slug": "acme"})
    assert reply.status_code == 422
    assert "already an organization “acme”" in reply.text
    assert "SLUG" not in reply.text


def test_what_was_typed_is_still_there(owner: CheckingClient) -> None:
    reply = owner.send("/organizations/new", FILLED | {"smallest_group": "many"})
    assert "A whole number is needed" in reply.text or "Not a valid integer" in reply.text
    assert 'value="Kestrel Freight"' in reply.text
    assert 'value="many"' in reply.text


def test_only_the_fields_of_the_form_are_taken(app: Flask, owner: CheckingClient) -> None:
    owner.send("/organizations/new", FILLED | {"demo": "1", "owner": "thief@example.org", "id": "1"})
    with app.app_context():
        made = db.session.scalars(select(Organization).where(Organization.slug == "kestrel")).one()
        assert made.demo is False
        assert made.id != 1
