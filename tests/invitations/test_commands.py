"""Inviting, reminding, forgetting: on both databases, with a real mail server."""

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.fixtures.post_office import PostOffice
from tests.invitations.conftest import PEOPLE, Mailing, passes
from tests.waves.conftest import at_once
from webapp import outbox
from webapp.domain.refusal import Refused
from webapp.invitations import commands
from webapp.models import Wave
from webapp.waves import ballots, closing

Later = Callable[..., None]


def test_everybody_gets_one_letter_with_a_link_of_their_own_that_works(
    acme: Mailing, post_office: PostOffice
) -> None:
    wave = acme.open(closes_on=date.today() + timedelta(days=14))  # noqa: DTZ011 - any day to come
    assert acme.invite(wave) == commands.Done(15, 0)
    acme.deliver()
    acme.deliver()
    links = acme.links()
    assert len(post_office.letters) == len(links) == len(set(links.values())) == 15
    for email, token in links.items():
        page = acme.app.test_client().get(f"/r/{token}")
        assert page.status_code == 200
        assert re.sub(r"\d.*", "", email) in page.text.lower()
    letter = post_office.letters[0]
    assert letter["Subject"].startswith("A few minutes about how ")
    assert "Acme asks how things are" in letter.get_content()
    assert dict(acme.rows("SELECT state, count(*) FROM invitation GROUP BY state")) == {"sent": 15}
    assert acme.rows("SELECT DISTINCT kind FROM outbox") == [("wave-news",)], "owners hear of the end later"


def test_ballots_are_minted_for_every_head_of_an_invited_unit_and_for_no_other(acme: Mailing) -> None:
    wave = acme.open()
    acme.invite(wave, "unit,email\nSales,ada@example.org\n")
    assert acme.rows("SELECT count(*), max(position) FROM ballot GROUP BY position") == [(10, 4)]
    kinds = acme.rows("SELECT name, link FROM wave_unit WHERE link IS NOT NULL")
    assert kinds == [("Sales", "mail")]
    acme.invite(wave, "unit,email\nSales,bo@example.org\nSales,ada@example.org\n")
    assert acme.count("ballot") == 10
    assert acme.count("invitation") == 2
    assert acme.count("outbox") == 2


def test_all_or_nothing(lite: Mailing) -> None:
    wave = lite.open()
    more = "".join(f"Platform,more{number}@example.org,\n" for number in range(8))
    with pytest.raises(Refused, match=r"people\.csv:24, column unit: “Platform” has 12 people"):
        lite.invite(wave, PEOPLE + more)
    for table in ("invitation", "ballot", "outbox"):
        assert lite.count(table) == 0


def test_a_unit_has_one_kind_of_link(acme: Mailing) -> None:
    wave = acme.open()
    acme.call(ballots.open_link, wave, position=4)
    with pytest.raises(Refused, match="an open link"):
        acme.invite(wave, "unit,email\nSales,a@example.org\n")
    acme.invite(wave, "unit,email\nMobile,a@example.org\n")
    with pytest.raises(Refused, match="single-use links"):
        acme.call(ballots.open_link, wave, position=3)
    issued = Counter(unit for unit, _link in acme.call(ballots.issue, wave))
    assert issued == {"Platform": 12, "Support": 6}
    with pytest.raises(Refused, match="single-use links"):
        acme.invite(wave, "unit,email\nPlatform,a@example.org\n")


def test_two_who_invite_the_same_people_at_once_invite_them_once(acme: Mailing) -> None:
    wave = acme.open()
    done = at_once(*[lambda: acme.invite(wave)] * 4)
    assert sorted((one.invited, one.known) for one in done) == [(0, 15)] * 3 + [(15, 0)], done
    assert acme.count("invitation") == acme.count("outbox") == 15
    with acme.inside():
        from sqlalchemy import select  # noqa: PLC0415 - for this test alone

        from webapp.extensions import db  # noqa: PLC0415 - likewise
        from webapp.invitations.queries import serial  # noqa: PLC0415 - likewise
        from webapp.models import Invitation  # noqa: PLC0415 - likewise

        held = [(one.position, serial(one)) for one in db.session.scalars(select(Invitation))]
    assert len(set(held)) == 15


def test_a_reminder_goes_with_the_same_link_to_those_alone_who_have_not_answered(
    acme: Mailing, post_office: PostOffice, later: Later
) -> None:
    wave = acme.open()
    acme.invite(wave)
    acme.deliver()
    first = acme.links()
    answered = sorted(first)[::3]
    for email in answered:
        acme.answer_by(first[email])
    post_office.letters.clear()
    acme.remind(wave)
    acme.answer_by(first["sales0@example.org"])  # after the reminder was asked for, before it is written
    passes(acme, later)
    assert set(post_office.receivers) == set(first) - set(answered) - {"sales0@example.org"}
    assert Counter(post_office.receivers).most_common(1)[0][1] == 1
    assert all(first[email] == token for email, token in acme.links().items())
    assert acme.count("outbox") == 0
    assert all(letter["Subject"].startswith("Still open") for letter in post_office.letters)


def test_reminders_are_sent_at_most_once_a_day_and_only_where_somebody_was_invited(acme: Mailing) -> None:
    wave = acme.open()
    with pytest.raises(Refused, match="Nobody was invited by mail"):
        acme.remind(wave)
    acme.invite(wave)
    acme.remind(wave)
    with pytest.raises(Refused, match="today already"):
        acme.remind(wave)
    done = acme.rows("SELECT count(*) FROM outbox WHERE kind = 'reminder'")
    assert done == [(15,)]


def test_many_who_remind_at_once_remind_once(acme: Mailing) -> None:
    wave = acme.open()
    acme.invite(wave)
    done = at_once(*[lambda: acme.remind(wave)] * 8)
    assert sum(one is None for one in done) == 1, done
    assert acme.rows("SELECT count(*) FROM outbox WHERE kind = 'reminder'") == [(15,)]


def test_when_a_wave_closes_nothing_more_is_sent(
    acme: Mailing, post_office: PostOffice, later: Later
) -> None:
    wave = acme.open()
    acme.invite(wave)
    acme.remind(wave)
    acme.close(wave)
    passes(acme, later)
    assert post_office.letters == []
    assert acme.count("outbox") == 0
    for act in (acme.invite, acme.remind):
        with pytest.raises(Refused, match="is not open"):
            act(wave)


def test_planned_reminders_go_on_their_day_and_once_whoever_does_the_chores(
    acme: Mailing, post_office: PostOffice, later: Later
) -> None:
    wave = acme.open()
    acme.invite(wave)
    acme.deliver()
    post_office.letters.clear()
    acme.call(commands.plan_reminders, wave, days=[5, 2, 5])
    at_once(*[acme.chores] * 3)
    assert acme.count("outbox") == 0
    later(days=2)
    at_once(*[acme.chores] * 3)
    assert acme.rows("SELECT count(*) FROM outbox") == [(15,)]
    passes(acme, later)
    assert len(post_office.letters) == 15
    acme.call(commands.plan_reminders, wave, days=[2, 4])
    assert [queued for (queued,) in acme.rows("SELECT queued FROM reminder_day ORDER BY day")] == [
        True,
        False,
    ]
    with pytest.raises(Refused, match="Day 1 has begun already"):
        acme.call(commands.plan_reminders, wave, days=[1])
    later(days=3)
    acme.chores()
    assert acme.count("outbox") == 0, "no worker ran on that day: nobody gets it a day late"


def test_nobody_is_written_to_at_night(lite: Mailing, later: Later, monkeypatch: pytest.MonkeyPatch) -> None:
    wave = lite.open()
    lite.invite(wave)
    lite.deliver()
    lite.call(commands.plan_reminders, wave, days=[1])
    later(days=1)
    monkeypatch.setattr(commands.queries, "EARLIEST_HOUR", 24)
    lite.chores()
    assert lite.count("outbox") == 0
    monkeypatch.setattr(commands.queries, "EARLIEST_HOUR", 0)
    lite.chores()
    assert lite.count("outbox") == 15


@pytest.mark.parametrize(
    ("days", "words"),
    [([1, 2, 3, 4, 5, 6], "More than 5"), ([0], "counted from 1"), ([400], "counted from 1")],
)
def test_strange_days_are_refused(lite: Mailing, days: list[int], words: str) -> None:
    wave = lite.open()
    with pytest.raises(Refused, match=words):
        lite.call(commands.plan_reminders, wave, days=days)


def test_a_reminder_that_waited_for_days_is_not_sent(
    lite: Mailing, post_office: PostOffice, later: Later
) -> None:
    wave = lite.open()
    lite.invite(wave)
    lite.deliver()
    post_office.letters.clear()
    lite.remind(wave)
    later(days=3)
    passes(lite, later)
    assert post_office.letters == []


def test_an_address_that_fails_is_told_removed_and_corrected(lite: Mailing, post_office: PostOffice) -> None:
    wave = lite.open()
    post_office.answers["gone@example.org"] = "550 5.1.1 gone@example.org: unknown"
    people = "".join(f"Support,p{number}@example.org\n" for number in range(5))
    lite.invite(wave, f"unit,email\nSupport,gone@example.org\n{people}")
    lite.deliver()
    assert lite.rows("SELECT email, error FROM invitation WHERE state = 'failed'") == [
        ("gone@example.org", "550 5.1.1 gone@example.org: unknown")
    ]
    assert lite.call(commands.remove_failed, wave) == 1
    lite.invite(wave, "unit,email\nSupport,right@example.org\n")
    lite.deliver()
    assert len(set(lite.links().values())) == 6
    assert lite.count("ballot") == 6


def test_thirty_days_after_publication_addresses_and_ballots_are_gone(acme: Mailing, later: Later) -> None:
    wave = acme.open()
    other = acme.open("Other", form="team", text=_other())
    for one in (wave, other):
        acme.invite(one)
    acme.deliver()
    acme.answer(wave, ["Sales,5,2,4"] * 6)
    acme.close(wave)
    later(days=29)
    acme.chores()
    assert acme.count("invitation") == 30
    later(days=2)
    acme.chores()
    acme.chores()
    for table in ("invitation", "ballot"):
        assert acme.rows(f"SELECT DISTINCT wave_id FROM {table}") == [(other,)]  # noqa: S608 - names of ours
    assert acme.count("response") == 6


def _other() -> str:
    from tests.waves.conftest import SMALL  # noqa: PLC0415 - for this test alone

    return SMALL.replace("key: small", "key: another")


def test_the_audit_log_names_no_address_and_no_count_of_reminders(lite: Mailing) -> None:
    wave = lite.open()
    lite.invite(wave)
    lite.remind(wave)
    found = dict(lite.rows("SELECT action, changes FROM audit_event WHERE action LIKE 'invitations%'"))
    assert found == {
        "invitations.sent": f'{{"people": 15, "wave": {wave}}}',
        "invitations.reminded": f'{{"wave": {wave}}}',
    }


@pytest.mark.parametrize("ends", ["closed by hand", "on its last day", "never"])
def test_addresses_of_a_wave_that_is_never_published_go_too(
    acme: Mailing, later: Later, ends: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_wave: Wave) -> None:
        raise MemoryError

    monkeypatch.setattr(closing, "_computed", failing)
    last = date.today() + timedelta(days=9)  # noqa: DTZ011 - any day to come
    wave = acme.open(closes_on=last if ends == "on its last day" else None)
    acme.invite(wave)
    kept = 30
    if ends == "closed by hand":
        acme.call(closing.close, wave)
    elif ends == "on its last day":
        kept += 10
    else:
        kept += 367
    later(days=kept - 1, hours=-1)
    acme.chores()
    assert acme.count("invitation") == 15
    later(days=2)
    acme.chores()
    assert acme.count("invitation") == 0
    assert acme.count("ballot") > 0, "who holds a link still has it"
    if ends == "never":
        with pytest.raises(Refused, match="open for more than a year"):
            acme.invite(wave)


def test_a_letter_is_kept_by_later_waves(lite: Mailing, post_office: PostOffice) -> None:
    wave = lite.open()
    lite.call(
        commands.save_letter,
        wave,
        kind="invitation",
        spoken="en",
        subject="Hi {unit}",
        text="{link} {closes}",
    )
    lite.close(wave)
    second = lite.open("Second")
    lite.invite(second, "unit,email\nSales,a@example.org\n")
    lite.deliver()
    (letter,) = post_office.letters
    assert letter["Subject"] == "Hi Sales"
    assert letter.get_content().rstrip().endswith(" the end of the wave")


def test_names_and_units_cannot_inject_into_a_letter(lite: Mailing, post_office: PostOffice) -> None:
    lite.import_units('unit,parent,headcount\n"<b>{link}"" %s {x}",,6\nשלום,,7\n')
    wave = lite.open()
    people = 'unit,email,name\n"<b>{link}"" %s {x}",a@example.org,"Eve, <x@y.example>"\nשלום,b@bücher.example,"“,”"\n'
    lite.invite(wave, people)
    lite.deliver()
    by_address = {str(letter["X-To"]): letter for letter in post_office.letters}
    assert by_address["a@example.org"]["Subject"] == 'A few minutes about how <b>{link}" %s {x} works'
    assert set(by_address) == {"a@example.org", "b@xn--bcher-kva.example"}
    assert lite.count("outbox") == 0


def test_the_outbox_holds_ids_alone(lite: Mailing) -> None:
    wave = lite.open()
    lite.invite(wave)
    lite.remind(wave)
    for (payload,) in lite.rows("SELECT payload FROM outbox"):
        assert "@" not in payload
        assert "/r/" not in payload
        assert set(payload) <= set('{}"invitatonday:,- 0123456789')


def test_an_invitation_that_is_gone_is_written_to_no_more(lite: Mailing, post_office: PostOffice) -> None:
    wave = lite.open()
    lite.invite(wave)
    with lite.inside():
        from webapp.transaction import transaction  # noqa: PLC0415 - for this test alone

        with transaction() as session:
            session.delete(session.get_one(Wave, wave))
    lite.deliver()
    assert post_office.letters == []
    with lite.inside():
        assert not outbox.anything_due()
