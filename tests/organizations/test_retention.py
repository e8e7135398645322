"""How long answers are kept: set by an owner, read by everybody, and done by itself."""

import pytest
from flask import Flask

from tests.fixtures.pages import CheckingClient
from webapp.extensions import db
from webapp.models import AuditEvent, Organization

PATH = "/o/acme/settings/retention"


def test_an_owner_sets_it_and_the_log_says_so_without_the_contact(app: Flask, owner: CheckingClient) -> None:
    assert owner.send(PATH, {"months_kept": "12", "contact": "privacy@example.org"}).status_code == 303
    with app.app_context():
        stored = db.session.query(Organization).one()
        assert (stored.months_kept, stored.contact) == (12, "privacy@example.org")
        event = db.session.query(AuditEvent).filter_by(action="organization.changed").one()
        assert "36 → 12" in event.changes
        assert "example.org" not in event.changes
    log = owner.page("/o/acme/audit").text()
    assert "months for which answers are kept 36 → 12, whom to ask about privacy" in log
    assert "12 months after" in owner.page("/o/acme/settings").text()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"months_kept": "0"}, "1 to 120 months"),
        ({"months_kept": "121"}, "1 to 120 months"),
        ({"months_kept": "9" * 40}, "1 to 120 months"),
        ({"months_kept": ""}, "A whole number is needed."),
        ({"months_kept": "x"}, "Not a valid integer value"),
        ({"months_kept": "36", "contact": "x" * 201}, "At most 200 characters."),
        ({"months_kept": "36", "contact": "=cmd()"}, "begins like a formula"),
        ({"months_kept": "36", "contact": "a\u202eb"}, "changes the direction of text"),
    ],
)
def test_what_cannot_be_is_refused(
    app: Flask, owner: CheckingClient, sent: dict[str, str], words: str
) -> None:
    reply = owner.send(PATH, sent)
    assert reply.status_code == 422
    assert words in reply.text
    with app.app_context():
        stored = db.session.query(Organization).one()
        assert (stored.months_kept, stored.contact) == (36, "")


@pytest.mark.parametrize("who", ["leader", "viewer", "auditor"])
def test_nobody_else_may(who: str, request: pytest.FixtureRequest) -> None:
    member: CheckingClient = request.getfixturevalue(who)
    assert [
        member.get(f"/o/acme/settings/{page}").status_code for page in ("retention", "delete", "results.zip")
    ] == [403] * 3
