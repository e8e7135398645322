import io

import pytest
from flask import Flask
from sqlalchemy import func, select

from tests.fixtures.pages import CheckingClient, Page
from webapp.extensions import db
from webapp.models import AuditEvent, Organization, Unit

PATH = "/o/acme/units/import"
LIST = "unit,parent,headcount\nEngineering,,\nPlatform,Engineering,12\nSales,,10\n"


def count(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Unit)) or 0


def test_a_check_says_what_would_happen_and_changes_nothing(app: Flask, owner: CheckingClient) -> None:
    reply = owner.send(PATH, {"text": LIST, "step": "check"})
    text = Page(reply.text).text()
    assert reply.status_code == 200
    assert "This list is good" in text
    assert "add 3 units" in text
    assert "count 22 people in all" in text
    assert "Platform,Engineering,12" in reply.text, "the list stays, so that it can be applied"
    assert count(app) == 0


def test_applying_takes_the_list_over(app: Flask, owner: CheckingClient) -> None:
    reply = owner.send(PATH, {"text": LIST, "step": "apply"})
    assert (reply.status_code, reply.location) == (303, "/o/acme/units")
    assert "3 added, 0 changed" in owner.page("/o/acme/units").text()
    assert count(app) == 3
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "units.imported")).one()
        assert event.account_id is not None


def test_a_file_is_read_too_and_wins(app: Flask, owner: CheckingClient) -> None:
    sent = {
        "text": "nonsense",
        "step": "apply",
        "file": (io.BytesIO(b"\xef\xbb\xbf" + LIST.encode()), "units.csv"),
    }
    assert owner.send(PATH, sent).status_code == 303
    assert count(app) == 3


def test_a_checked_file_can_be_applied_from_the_page(owner: CheckingClient) -> None:
    sent = {"step": "check", "file": (io.BytesIO(b"\xef\xbb\xbf" + LIST.encode()), "units.csv")}
    page = Page(owner.send(PATH, sent).text)
    [area] = page.all("textarea")
    assert area.text is not None
    assert area.text.strip() == LIST.strip()


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "list: The file is empty"),
        ("unit,parent\nA,\n", "list:1: The column “headcount” is missing."),
        ("unit,parent,headcount\nA,B,3\n", "list:2, column parent: The parent “B” is not known."),
        (
            "unit,parent,headcount\nA,,x\n",
            "list:2, column headcount: The head count “x” is not a whole number.",
        ),
        ("unit,parent,headcount\n=A,,3\n", "list:2, column unit: The name “=A” begins like a formula"),
        ("unit,parent,headcount\nA,B,3\nB,A,3\n", "The units stand in a circle"),
    ],
)
def test_a_fault_is_named_with_its_line_and_column(
    app: Flask, owner: CheckingClient, text: str, told: str
) -> None:
    for step in ("check", "apply"):
        reply = owner.send(PATH, {"text": text, "step": step})
        assert reply.status_code == 422
        assert told in Page(reply.text).text()
        assert text.strip() in reply.text, "what was pasted is still there"
    assert count(app) == 0


def test_a_file_that_is_no_text_is_named_and_refused(owner: CheckingClient) -> None:
    sent = {"step": "check", "file": (io.BytesIO(b"unit,parent,headcount\n\xff\xfe,,1\n"), "old.csv")}
    reply = owner.send(PATH, sent)
    assert reply.status_code == 422
    assert "old.csv:2: This is not UTF-8 text." in Page(reply.text).text()


def test_units_that_the_list_lacks_are_named_and_left(owner: CheckingClient, units: dict[str, int]) -> None:
    del units
    one = "unit,parent,headcount\nSales,,11\n"
    text = Page(owner.send(PATH, {"text": one, "step": "check"}).text).text()
    assert "change 1 unit" in text
    assert "leave as they are, because the list lacks them: Engineering, Platform, Mobile, Support" in text


def test_they_are_closed_on_demand(owner: CheckingClient, units: dict[str, int]) -> None:
    del units
    one = "unit,parent,headcount\nSales,,11\n"
    assert owner.send(PATH, {"text": one, "step": "apply", "close_missing": "y"}).status_code == 303
    text = owner.page("/o/acme/units").text()
    assert "1 unit" in text
    assert "Closed: Engineering, Platform, Mobile, Support." in text


def test_a_name_can_move_on_while_another_unit_takes_it(
    app: Flask, owner: CheckingClient, units: dict[str, int]
) -> None:
    text = "unit,parent,headcount,renamed_from\nOld sales,,9,Sales\nSales,,4,\n"
    assert owner.send(PATH, {"text": text, "step": "apply"}).status_code == 303
    with app.app_context():
        assert db.session.get_one(Unit, units["Sales"]).name == "Old sales"


def test_the_name_of_a_closed_unit_is_refused_kindly(owner: CheckingClient, units: dict[str, int]) -> None:
    owner.send(f"/o/acme/units/{units['Support']}/close", on=f"/o/acme/units/{units['Support']}")
    text = "unit,parent,headcount,renamed_from\nSupport,,10,Sales\n"
    reply = owner.send(PATH, {"text": text, "step": "apply"})
    assert reply.status_code == 422
    assert "There is a closed unit “Support”" in Page(reply.text).text()


def test_a_list_of_two_megabytes_is_read_and_one_of_eleven_refused(owner: CheckingClient) -> None:
    large = "unit,parent,headcount\n" + "".join(f"Team {n} {'x' * 90},,5\n" for n in range(20_000))
    reply = owner.send(PATH, {"text": large[:2_000_000].rpartition("\n")[0], "step": "check"})
    assert reply.status_code == 200
    token = owner.page(PATH).form()
    assert owner.post(PATH, data=token | {"text": "x" * 11_000_000}).status_code == 413


def test_other_pages_keep_the_small_limit(owner: CheckingClient) -> None:
    token = owner.page("/o/acme/units/new").form()
    assert owner.post("/o/acme/units/new", data=token | {"unit": "x" * 300_000}).status_code == 413


@pytest.mark.parametrize("who", ["leader", "viewer", "auditor"])
def test_only_owners_may(who: str, organization: Organization, request: pytest.FixtureRequest) -> None:
    del organization
    member: CheckingClient = request.getfixturevalue(who)
    assert member.get(PATH).status_code == 403
