import io

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.fixtures.pages import CheckingClient, Page
from webapp.extensions import db
from webapp.models import AuditEvent, Evidence, Organization

PATH = "/o/acme/evidence/import"
LIST = "unit,month,active,seats,active_days,spend,trained\nPlatform,2025-01,6,12,4.5,180,5\nMobile,2025-01,3,8,,,\n"


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Evidence)) or 0


@pytest.fixture(autouse=True)
def _tree(units: dict[str, int]) -> None:
    assert units


def test_a_check_says_what_would_happen_and_changes_nothing(app: Flask, owner: CheckingClient) -> None:
    reply = owner.send(PATH, {"text": LIST, "currency": "EUR", "step": "check"})
    text = Page(reply.text).text()
    assert reply.status_code == 200
    assert "This list is good. It would: add 2 lines change 0 lines be about 1 month: January 2025" in text
    assert "Platform,2025-01,6" in reply.text, "the list stays, so that it can be applied"
    assert count(app) == 0


def test_applying_takes_the_list_over(app: Flask, owner: CheckingClient) -> None:
    reply = owner.send(PATH, {"text": LIST, "currency": "EUR", "step": "apply"})
    assert (reply.status_code, reply.location) == (303, "/o/acme/evidence")
    assert "Taken over: 2 lines." in owner.page("/o/acme/evidence").text()
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "evidence.imported")).one()
        assert event.account_id is not None
    assert (
        "Took over figures from outside: 2 lines added, 0 changed, 0 removed"
        in owner.page("/o/acme/audit").text()
    )


def test_sending_it_twice_is_as_sending_it_once(app: Flask, owner: CheckingClient) -> None:
    for told in ("2 lines", "0 lines"):
        owner.send(PATH, {"text": LIST, "currency": "EUR", "step": "apply"})
        assert f"Taken over: {told}." in owner.page("/o/acme/evidence").text()
    assert count(app) == 2


def test_a_file_is_read_too_and_wins(app: Flask, owner: CheckingClient) -> None:
    sent = {"text": "nonsense", "currency": "EUR", "step": "apply"}
    sent |= {"file": (io.BytesIO(b"\xef\xbb\xbf" + LIST.encode()), "figures.csv")}
    assert owner.send(PATH, sent).status_code == 303
    assert count(app) == 2


def test_what_looks_odd_stands_there_before_it_is_taken(app: Flask, owner: CheckingClient) -> None:
    rows = "unit,month,active,seats\nPlatform,2025-01,2,12\nPlatform,2025-02,11,9\n"
    text = Page(owner.send(PATH, {"text": rows, "step": "check"}).text).text()
    assert "This list can be taken. Please look at what is odd first." in text
    assert "list:3: Platform, February 2025: 11 are active, and there are fewer licences." in text
    assert (
        "list:3: Platform, February 2025: Active in a week 11, more than three times the month before."
        in text
    )
    assert owner.send(PATH, {"text": rows, "step": "apply"}).status_code == 303
    assert count(app) == 2


def test_every_fault_stands_there_and_what_was_pasted_too(app: Flask, owner: CheckingClient) -> None:
    rows = "unit,month,active\n" + "".join(f"Nobody {n},2025-01,1\n" for n in range(25))
    reply = owner.send(PATH, {"text": rows, "step": "apply"})
    text = Page(reply.text).text()
    assert reply.status_code == 422
    assert "list:2, column unit: There is no unit “Nobody 0”." in text
    assert "list:21, column unit" in text
    assert "And 5 more." in text
    assert "Nobody 24,2025-01" in reply.text
    assert count(app) == 0


def test_a_spend_without_a_currency_is_a_fault_of_that_field(owner: CheckingClient) -> None:
    reply = owner.send(PATH, {"text": LIST, "step": "check"})
    assert reply.status_code == 422
    page = Page(reply.text)
    assert any(one.get("id") == "currency-error" for one in page.elements)


def test_the_currency_that_is_known_stands_in_its_field(owner: CheckingClient) -> None:
    owner.send(PATH, {"text": LIST, "currency": "EUR", "step": "apply"})
    fields = {one.get("name"): one.get("value") for one in owner.page(PATH).all("input")}
    assert fields["currency"] == "EUR"


def test_a_list_to_fill_in_names_the_units_of_which_there_can_be_figures(owner: CheckingClient) -> None:
    owner.send("/o/acme/units/new", {"unit": "=Board", "parent": "", "headcount": "9"})
    owner.send("/o/acme/units/new", {"unit": "Legal", "parent": "", "headcount": "4"})
    reply = owner.get("/o/acme/evidence/list.csv")
    assert reply.mimetype == "text/csv"
    rows = [line.split(",") for line in reply.text.splitlines()]
    assert rows[0] == ["unit", "month", "active", "seats", "active_days", "spend", "trained"]
    assert [row[0] for row in rows[1:]] == ["Platform", "Mobile", "Sales", "Support"]
    assert owner.send(PATH, {"text": reply.text, "step": "check"}).status_code == 200


def test_hostile_lists_are_refused_or_taken_as_text(app: Flask, owner: CheckingClient) -> None:
    for text in (
        "unit,month,active\nPlatform,2025-01,<script>alert(1)</script>\n",
        "unit,month,active\nPlatform\u202e,2025-01,1\n",
        "unit,month,active,active\nPlatform,2025-01,1,2\n",
        'unit,month,active\n"Platform,2025-01,1\n',
        "unit;month;active\nPlatform;2025-01;99999999999999999999\n",
        "unit,month,active\nPlatform,2025-01,1\x00\n",
    ):
        reply = owner.send(PATH, {"text": text, "step": "apply"})
        assert reply.status_code == 422, text
        assert "<script>alert" not in reply.text
    assert count(app) == 0


@pytest.mark.parametrize("who", ["leader", "viewer", "auditor"])
def test_only_owners_may(who: str, organization: Organization, request: pytest.FixtureRequest) -> None:
    del organization
    member: CheckingClient = request.getfixturevalue(who)
    assert member.get(PATH).status_code == 403
    assert member.get("/o/acme/evidence/list.csv").status_code == 403
