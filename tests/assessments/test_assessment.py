import pytest
from flask import Flask
from sqlalchemy import select

from tests.fixtures.organizations import add_member, answer, open_one, sign_in
from tests.fixtures.pages import CheckingClient, Page
from webapp.extensions import db
from webapp.models import Assessment, AuditEvent, Organization, Response, Wave
from webapp.waves import closing

GIVEN = {
    f"P{n}.L{item}": str(1 + n % 5) for n, item in zip(range(1, 10), (3, 1, 3, 3, 3, 3, 3, 3, 3), strict=True)
}


@pytest.fixture
def path(open_wave: Wave, units: dict[str, int]) -> str:
    return f"/o/acme/waves/{open_wave.id}/assessments/{units['Engineering']}"


def stored(app: Flask) -> list[Assessment]:
    with app.app_context():
        return list(db.session.scalars(select(Assessment).order_by(Assessment.id)))


def test_before_starting_it_says_that_it_is_not_anonymous_and_who_sees_it(
    leader: CheckingClient, path: str
) -> None:
    text = leader.page(path).text()
    assert "these answers are not anonymous" in text
    assert "Everybody who may read the results of Engineering sees your scores" in text
    assert "enters the average of the leaders, which needs 5 of them" in text


def test_it_asks_the_mirror_form_of_the_wave(leader: CheckingClient, path: str) -> None:
    page = leader.page(path)
    asked = [one.get("id") for one in page.all("fieldset") if one.get("class") == "options"]
    assert asked == list(GIVEN)


@pytest.mark.parametrize(("shown", "by_name"), [("name", True), ("average", False)])
def test_it_is_stored_by_member_and_no_response_is(
    app: Flask, leader: CheckingClient, path: str, open_wave: Wave, *, shown: str, by_name: bool
) -> None:
    reply = leader.send(path, GIVEN | {"shown": shown})
    assert (reply.status_code, reply.location) == (303, f"/o/acme/waves/{open_wave.id}")
    [given] = stored(app)
    assert given.answers == "234512345"
    assert given.shown_by_name is by_name
    with app.app_context():
        assert db.session.scalars(select(Response)).all() == []


def test_it_may_be_changed_until_the_wave_closes(app: Flask, leader: CheckingClient, path: str) -> None:
    leader.send(path, GIVEN | {"shown": "name"})
    page = leader.page(path)
    chosen = {
        one.get("name"): one.get("value") for one in page.all("input") if one.get("checked") is not None
    }
    assert chosen == GIVEN | {"shown": "name"}
    leader.send(path, {"P1.L3": "0", "P2.L1": "5", "shown": "average"})
    [given] = stored(app)
    assert given.answers == "?5-------"
    assert given.shown_by_name is False
    assert "given; may be changed until the wave closes" in leader.page("/o/acme/waves").text()


def test_after_closing_it_is_frozen(app: Flask, leader: CheckingClient, path: str, open_wave: Wave) -> None:
    leader.send(path, GIVEN | {"shown": "name"})
    token = leader.page(path).form()
    with app.app_context():
        closing.close(wave=open_wave, by=None)
    reply = leader.post(path, data=token | {"P1.L3": "5", "shown": "name"})
    assert reply.status_code == 422
    assert "is not open" in reply.text
    assert stored(app)[0].answers == "234512345"
    assert "What you gave is frozen" in leader.page(path).text()
    assert "Your own assessment" not in leader.page("/o/acme/waves").text()


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (GIVEN, "Choose one of the two."),
        (GIVEN | {"shown": "both"}, "Not a valid choice"),
        ({"shown": "name"}, "Choose an answer to at least one question."),
        ({"shown": "name", "P1.L3": "0"}, "Choose an answer to at least one question."),
        ({"shown": "name", "P1.L3": "7"}, "Choose one of the five answers"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_stored(
    app: Flask, leader: CheckingClient, path: str, sent: dict[str, str], told: str
) -> None:
    reply = leader.send(path, sent)
    assert reply.status_code == 422
    assert told in Page(reply.text).text()
    assert stored(app) == []


def test_what_was_chosen_is_still_there_after_a_refusal(leader: CheckingClient, path: str) -> None:
    page = Page(leader.send(path, GIVEN).text)
    chosen = {
        one.get("name"): one.get("value") for one in page.all("input") if one.get("checked") is not None
    }
    assert chosen == GIVEN


def test_the_audit_log_knows_that_it_was_given_and_no_answer(
    app: Flask, leader: CheckingClient, path: str
) -> None:
    leader.send(path, GIVEN | {"shown": "name"})
    with app.app_context():
        event = db.session.scalars(select(AuditEvent).where(AuditEvent.action == "assessment.given")).one()
        assert event.account_id is not None
        assert "234512345" not in event.changes
        assert set(event.changes) >= set("wave")


@pytest.mark.parametrize("who", ["owner", "viewer", "auditor"])
def test_whoever_leads_nothing_may_not(who: str, path: str, request: pytest.FixtureRequest) -> None:
    member: CheckingClient = request.getfixturevalue(who)
    assert member.get(path).status_code in {403, 404}


def test_a_leader_assesses_the_own_unit_and_not_those_below_or_beside(
    leader: CheckingClient, open_wave: Wave, units: dict[str, int]
) -> None:
    for name in ("Platform", "Sales"):
        assert leader.get(f"/o/acme/waves/{open_wave.id}/assessments/{units[name]}").status_code == 404
    assert leader.get(f"/o/acme/waves/{open_wave.id}/assessments/organization").status_code == 404


def test_the_leader_of_the_whole_organization_assesses_it(
    app: Flask, organization: Organization, units: dict[str, int]
) -> None:
    del units
    add_member(app, organization, "chief@acme.example", "leader")
    chief = sign_in(app, organization, "chief@acme.example")
    wave = open_one(app, organization)
    path = f"/o/acme/waves/{wave.id}/assessments/organization"
    assert path in [link.get("href") for link in chief.page("/o/acme/waves").all("a")]
    assert chief.send(path, GIVEN | {"shown": "name"}).status_code == 303
    assert [given.position for given in stored(app)] == [0]


def test_whoever_leads_only_since_the_wave_opened_waits_for_the_next(
    app: Flask, organization: Organization, leader: CheckingClient, path: str, units: dict[str, int]
) -> None:
    add_member(app, organization, "late@acme.example", "leader", units["Engineering"])
    late = sign_in(app, organization, "late@acme.example")
    assert leader.send(path, GIVEN | {"shown": "name"}).status_code == 303
    reply = late.send(path, GIVEN | {"shown": "average"})
    assert reply.status_code == 422
    assert "“Engineering” was led by others when the wave opened" in Page(reply.text).text()
    assert len(stored(app)) == 1


def test_a_form_without_a_mirror_asks_no_leader(
    app: Flask, organization: Organization, leader: CheckingClient, units: dict[str, int]
) -> None:
    wave = open_one(app, organization, "Pulse", "pulse")
    assert leader.get(f"/o/acme/waves/{wave.id}/assessments/{units['Engineering']}").status_code == 404
    assert "Your own assessment" not in leader.page("/o/acme/waves").text()


def test_of_another_organization_it_is_not_found(stranger: CheckingClient, path: str) -> None:
    assert stranger.get(path).status_code == 404
    assert stranger.get(path.replace("/acme/", "/elsewhere/")).status_code in {403, 404}


@pytest.mark.parametrize(("shown", "named"), [("name", 1), ("average", 0)])
def test_a_named_one_stands_beside_the_units_results_and_another_in_no_cell_of_its_own(
    app: Flask, leader: CheckingClient, path: str, open_wave: Wave, *, shown: str, named: int
) -> None:
    leader.send(path, GIVEN | {"shown": shown})
    answer(app, open_wave)
    with app.app_context():
        publication = closing.close_and_publish(wave=db.session.get_one(Wave, open_wave.id), by=None)
    assert {unit.name: len(unit.named) for unit in publication.units if unit.named} == (
        {"Engineering": 1} if named else {}
    )
