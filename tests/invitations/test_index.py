import threading
import time
from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from tests.fixtures.organizations import UNITS, create, import_units, open_one
from tests.fixtures.pages import CheckingClient, Page
from tests.fixtures.post_office import PostOffice
from tests.invitations.conftest import Mailing
from webapp import clock, marks, worker
from webapp.models import Wave
from webapp.transaction import transaction


def path(wave: Wave | int) -> str:
    return f"/o/acme/waves/{wave if isinstance(wave, int) else wave.id}/invitations"


def invite(owner: CheckingClient, wave: Wave | int, text: str) -> Page:
    reply = owner.send(path(wave), {"text": text})
    return Page((owner.get(path(wave)) if reply.status_code == 303 else reply).text)


def test_the_waves_page_leads_here(owner: CheckingClient, open_wave: Wave) -> None:
    page = owner.page(f"/o/acme/waves/{open_wave.id}")
    assert path(open_wave) in {link.get("href") for link in page.all("a")}
    invite(owner, open_wave, "unit,email\nSales,a@example.org\n")
    assert "1 person is invited." in owner.page(f"/o/acme/waves/{open_wave.id}").text()


def test_without_a_mail_server_it_says_that_letters_wait(owner: CheckingClient, open_wave: Wave) -> None:
    page = invite(owner, open_wave, "unit,email\nSales,a@example.org\nSales,b@example.org\n")
    assert "2 invited, 0 were before." in page.text()
    assert "This server sends no mail yet." in page.text()
    assert "2 people are invited. Letters sent: 0, waiting: 2, not delivered: 0." in page.text()
    assert not [one for one in page.elements if one.get("data-again")]


def test_a_pasted_list_and_a_file_are_taken_and_every_fault_is_told(
    owner: CheckingClient, open_wave: Wave
) -> None:
    page = invite(owner, open_wave, "unit,email\nNobody,a@example.org\nSales,<b>\n")
    assert "list:2, column unit: In this wave nobody answers for a unit “Nobody”." in page.text()
    assert "list:3, column email: “<b>” is not an e-mail address." in page.text()
    assert "Nobody is invited by mail yet." in page.text()
    from io import BytesIO  # noqa: PLC0415 - for this test alone

    reply = owner.send(
        path(open_wave), {"file": (BytesIO(b"unit,email\nSales,a@example.org\n"), "people.csv")}
    )
    assert reply.status_code == 303


def test_progress_counts_letters_and_names_failed_addresses_to_owners(
    lite: Mailing, post_office: PostOffice
) -> None:
    wave = lite.open()
    owner = lite.owner()
    post_office.answers["gone@example.org"] = "550 <script>No such user"
    invite(owner, wave, "unit,email\nSales,a@example.org\nSales,gone@example.org\n")
    page = owner.page(path(wave))
    assert "sent: 0, waiting: 2" in page.text()
    assert [one.get("data-again") for one in page.elements if one.get("id") == "progress"] == ["5"]
    lite.deliver()
    page = owner.page(path(wave))
    assert "Letters sent: 1, waiting: 0, not delivered: 1." in page.text()
    assert "550 <script>No such user" in page.text()
    assert "gone@example.org" in page.text()
    assert [one.get("data-again") for one in page.elements if one.get("id") == "progress"] == [None]
    owner.send(f"{path(wave)}/failed", on=path(wave))
    page = owner.page(path(wave))
    assert "1 address removed." in page.text()
    assert "gone@example.org" not in page.text()


def test_nothing_on_the_page_changes_when_somebody_answers_or_is_reminded(
    lite: Mailing, post_office: PostOffice
) -> None:
    """Not a word, not a count: the page before and after is the same."""
    wave = lite.open()
    owner = lite.owner()
    lite.invite(wave)
    lite.deliver()
    owner.send(f"{path(wave)}/remind", on=path(wave))
    owner.get(path(wave))  # takes the flashed sentence away
    before = owner.page(path(wave)).text()
    for email in ("sales0@example.org", "sales1@example.org"):
        lite.answer_by(lite.links()[email])
    lite.deliver()
    assert len(post_office.letters) == 15 + 13
    assert owner.page(path(wave)).text() == before


def test_reminders_now_and_on_days(owner: CheckingClient, open_wave: Wave) -> None:
    invite(owner, open_wave, "unit,email\nSales,a@example.org\n")
    owner.send(f"{path(open_wave)}/remind", on=path(open_wave))
    assert "Nobody is told who they are, nor how many." in owner.page(path(open_wave)).text()
    owner.send(f"{path(open_wave)}/remind", on=path(open_wave))
    assert "Not done: A reminder went out today already." in owner.page(path(open_wave)).text()
    assert owner.send(f"{path(open_wave)}/days", {"days": " 5; 10 "}, on=path(open_wave)).status_code == 303
    page = owner.page(path(open_wave))
    assert page.text().count(": planned") == 2
    assert [one.get("value") for one in page.all("input") if one.get("name") == "days"] == ["5, 10"]
    for typed in ("five", "5.5", "-1", "٥", "1000", "500", "1,2,3,4,5,6"):
        reply = owner.send(f"{path(open_wave)}/days", {"days": typed}, on=path(open_wave))
        assert reply.status_code == 422, typed
    assert owner.send(f"{path(open_wave)}/days", {"days": ""}, on=path(open_wave)).status_code == 303
    assert ": planned" not in owner.page(path(open_wave)).text()


def test_a_closed_wave_takes_nobody(owner: CheckingClient, published_wave: Wave) -> None:
    page = owner.page(path(published_wave))
    assert "takes no more answers" in page.text()
    assert not page.all("textarea")
    token = page.form("/sign-out")
    reply = owner.post(path(published_wave), data=token | {"text": "unit,email\nSales,a@example.org\n"})
    assert reply.status_code == 422
    assert "is not open" in reply.text


def test_others_may_not(
    leader: CheckingClient,
    viewer: CheckingClient,
    auditor: CheckingClient,
    open_wave: Wave,
    client: CheckingClient,
) -> None:
    for member in (leader, viewer, auditor):
        assert member.get(path(open_wave)).status_code == 403
        page = member.page(f"/o/acme/waves/{open_wave.id}")
        assert "By mail" not in page.text()
        token = page.form("/sign-out")
        for act in ("", "/remind", "/days", "/failed", "/letters/invitation"):
            assert member.post(path(open_wave) + act, data=token).status_code == 403
    assert client.get(path(open_wave)).status_code == 302


def test_a_foreign_wave_is_a_missing_one(app: Flask, owner: CheckingClient, open_wave: Wave) -> None:
    other = create(app, "elsewhere", "Elsewhere")
    import_units(app, other, UNITS.replace("acme", "elsewhere"))
    foreign = open_one(app, other)
    token = owner.page(path(open_wave)).form("/sign-out")
    for act in ("", "/letters/invitation"):
        assert owner.get(path(foreign) + act).status_code == 404
    for act in ("", "/remind", "/days", "/failed", "/letters/invitation"):
        assert owner.post(path(foreign) + act, data=token).status_code == 404
    with app.app_context():
        from sqlalchemy import func, select  # noqa: PLC0415 - for this test alone

        from webapp.extensions import db  # noqa: PLC0415 - likewise
        from webapp.models import Invitation, ReminderDay  # noqa: PLC0415 - likewise

        assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0
        assert db.session.scalar(select(func.count()).select_from(ReminderDay)) == 0


def run_worker(acme: Mailing, until: str) -> None:
    """The worker's own loop, until a mark says that it got so far."""
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(acme.app, stop))
    thread.start()
    with acme.inside():
        for _ in range(400):
            if (marks.find("mail-away") is not None) == (until == "away"):
                break
            time.sleep(0.02)
    stop.set()
    thread.join(10)


def test_owners_read_since_when_no_letter_can_be_sent_and_nothing_of_the_server(
    lite: Mailing, post_office: PostOffice
) -> None:
    wave = lite.open()
    owner = lite.owner()
    invite(owner, wave, "unit,email\nSales,a@example.org\n")
    told = "No letter can be sent at present, since"
    pages = (path(wave), f"/o/acme/waves/{wave}")
    assert not [page for page in pages if told in owner.page(page).text()]
    post_office.close()
    run_worker(lite, "away")
    for page in pages:
        text = owner.page(page).text()
        assert told in text
        for detail in ("127.0.0.1:", str(post_office.port), "Refused", "ConnectionRefusedError"):
            assert detail not in text
    with lite.inside():
        since = marks.find("mail-away")
    run_worker(lite, "away")
    with lite.inside():
        assert marks.find("mail-away") == since, "the first failure says since when"
    post_office.open()
    lite.deliver()
    assert post_office.receivers == ["a@example.org"]
    assert not [page for page in pages if told in owner.page(page).text()]


def test_a_mail_server_that_is_back_is_noticed_although_nothing_is_due(
    lite: Mailing, post_office: PostOffice
) -> None:
    with lite.inside():
        marks.leave_first("mail-away")
    lite.deliver()
    assert post_office.letters == []
    with lite.inside():
        assert marks.find("mail-away") is None


def test_a_wave_whose_last_day_is_over_takes_nobody_and_shows_no_form(lite: Mailing) -> None:
    wave = lite.open(closes_on=clock.today("UTC") + timedelta(days=5))
    owner = lite.owner()
    invite(owner, wave, "unit,email\nSales,a@example.org\n")
    with lite.inside(), transaction() as session:
        session.execute(sa.update(Wave).where(Wave.id == wave).values(ends_at=clock.now()))
    for page in (path(wave), f"{path(wave)}/letters/invitation"):
        shown = owner.page(page)
        assert not shown.all("textarea")
        assert not list(shown.all("select"))
    assert "takes no more answers" in owner.page(path(wave)).text()
    token = owner.page(path(wave)).form("/sign-out")
    for act, sent in (
        ("", {"text": "unit,email\nSales,b@example.org\n"}),
        ("/days", {"days": "7"}),
        ("/language", {"language": "de"}),
    ):
        reply = owner.post(path(wave) + act, data=token | sent)
        assert reply.status_code == 422
        assert "The last day of “First wave” is over" in Page(reply.text).text()
