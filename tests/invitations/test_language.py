"""A wave's letters speak the language that was chosen for it, dates and all; the pages of their readers do not care."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.fixtures.organizations import again
from tests.fixtures.pages import CheckingClient, Page
from tests.fixtures.post_office import PostOffice
from tests.invitations.conftest import Mailing, passes
from tests.invitations.test_commands import Later
from tests.invitations.test_letter import path, preview
from tests.waves.conftest import SMALL
from webapp import schema
from webapp.domain.refusal import Refused
from webapp.extensions import db
from webapp.invitations import commands
from webapp.models import InvitationText, Wave

ONE = "unit,email\nSales,a@example.org\n"
LATER = date.today() + timedelta(days=14)  # noqa: DTZ011 - any day to come
MONTHS = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
]
DAYS = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
GERMAN_DAY = f"{DAYS[LATER.weekday()]}, {LATER.day}. {MONTHS[LATER.month - 1]}"


def test_letter_and_reminder_are_in_the_language_of_the_wave_with_its_dates(
    acme: Mailing, post_office: PostOffice, later: Later
) -> None:
    wave = acme.open(language="de", closes_on=LATER)
    acme.invite(wave, ONE)
    acme.deliver()
    acme.remind(wave)
    passes(acme, later)
    first, second = post_office.letters
    assert "Guten Tag" in first.get_content()
    assert GERMAN_DAY in first.get_content()
    assert "Erinnerung" in second.get_content()
    assert GERMAN_DAY in second.get_content()
    assert not {"Hello", "Please", "works until"} & set(first.get_content().split())


def test_a_wave_takes_the_language_of_its_organization_and_the_file_decides_nothing(lite: Mailing) -> None:
    def language(wave: int) -> str:
        return str(lite.rows("SELECT language FROM wave WHERE id = :wave", wave=wave)[0][0])

    german = SMALL.replace("title: Small", "title: Small\nlanguage: de")
    first = lite.open(text=german)
    assert language(first) == "en"
    settings = {"name": "Acme", "smallest_group": "5", "timezone": "UTC", "time_guard": "standard"}
    assert lite.owner().send("/o/acme/settings", settings | {"language": "de"}).status_code == 303
    lite.close(first)
    second = lite.open("Second", text=german)
    assert language(second) == "de"
    lite.close(second)
    third = lite.open("Third", text=german, language="en")
    assert language(third) == "en"
    with pytest.raises(Refused, match="no letters in “tlh”"):
        lite.open("Fourth", language="tlh")


def test_words_of_ones_own_are_kept_for_each_language(lite: Mailing, post_office: PostOffice) -> None:
    wave = lite.open(language="de")
    german = {"spoken": "de", "subject": "Hallo {unit}", "text": "{link} bis {closes}"}
    english = {"spoken": "en", "subject": "Hi {unit}", "text": "{link} until {closes}"}
    for words in (german, english):
        lite.call(commands.save_letter, wave, kind="invitation", **words)
    lite.close(wave)
    for name, spoken, subject, end in (
        ("Second", "en", "Hi Sales", "until the end of the wave"),
        ("Third", "de", "Hallo Sales", "bis Ende der Runde"),
    ):
        again = lite.open(name, language=spoken)
        lite.invite(again, ONE)
        post_office.letters.clear()
        lite.deliver()
        (letter,) = post_office.letters
        assert letter["Subject"] == subject
        assert letter.get_content().rstrip().endswith(end)
        lite.close(again)


def test_the_preview_is_in_the_language_of_the_letters_and_the_page_in_that_of_its_reader(
    owner: CheckingClient, open_wave: Wave
) -> None:
    home = f"/o/acme/waves/{open_wave.id}/invitations"
    reply = owner.send(f"{home}/language", {"language": "de"}, on=home)
    assert reply.status_code == 303
    page = owner.page(path(open_wave))
    assert "Guten Tag" in preview(page)
    assert "In this language: Deutsch." in page.text()
    assert [one.get("lang") for one in page.all("div") if one.get("class") == "letter"] == ["de"]
    owner.set_cookie("language", "de")
    owner.send(f"{home}/language", {"language": "en"}, on=home)
    page = owner.page(path(open_wave))
    assert "Acme asks how things are" in preview(page)
    assert page.root.get("lang") == "de"
    assert "die Sprache der Nachrichten" in owner.page("/o/acme/audit").text()


def test_words_that_were_written_while_somebody_chose_another_language_stay_with_theirs(
    app: Flask, owner: CheckingClient, open_wave: Wave
) -> None:
    page = owner.page(path(open_wave))
    shown = {one.get("name"): one.get("value") for one in page.all("input") if one.get("type") == "hidden"}
    assert shown["language"] == "en"
    with app.app_context():
        commands.choose_language(wave=again(open_wave), wanted="de", by=None)
    sent = shown | {"subject": "Hi", "text": "{link}", "step": "save"}
    assert owner.post(path(open_wave), data=sent).status_code == 303
    assert "Guten Tag" in preview(owner.page(path(open_wave)))
    with app.app_context():
        assert db.session.scalars(sa.select(InvitationText.language)).all() == ["en"]


@pytest.mark.parametrize("wanted", ["", "tlh", "de ", "x" * 99])
def test_a_language_that_is_not_spoken_here_is_refused(
    owner: CheckingClient, open_wave: Wave, wanted: str
) -> None:
    home = f"/o/acme/waves/{open_wave.id}/invitations"
    reply = owner.send(f"{home}/language", {"language": wanted}, on=home)
    assert reply.status_code == 422
    assert "There are no letters in" in Page(reply.text).text()
    sent = {"language": wanted, "subject": "Hi", "text": "{link}", "step": "save"}
    assert owner.send(path(open_wave), sent).status_code == 303, "a letter is never of no language"
    assert "{link}" in [one.text for one in owner.page(path(open_wave)).all("textarea")]


def test_a_language_that_has_gone_meanwhile_becomes_english(lite: Mailing, post_office: PostOffice) -> None:
    wave = lite.open()
    with lite.inside():
        db.session.execute(sa.update(Wave).values(language="eo"))
        db.session.commit()
    lite.invite(wave, ONE)
    lite.deliver()
    assert "Hello" in post_office.letters[0].get_content()


def test_what_waves_said_before_there_was_a_choice_they_go_on_to_say(acme: Mailing) -> None:
    german = SMALL.replace("title: Small", "title: Small\nlanguage: de")
    wave = acme.open(text=german)
    acme.call(commands.save_letter, wave, kind="reminder", spoken="de", subject="Hallo", text="{link}")
    with acme.inside():
        schema.downgrade(db.engine, "0012")
        schema.upgrade(db.engine)
    assert acme.rows("SELECT language FROM wave") == [("de",)]
    assert acme.rows("SELECT language, subject FROM invitation_text") == [("de", "Hallo")]
    assert acme.rows("SELECT language FROM organization") == [("en",)]
