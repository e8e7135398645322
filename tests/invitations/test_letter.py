import pytest

from tests.fixtures.pages import CheckingClient, Page
from webapp.models import Wave


def path(wave: Wave, kind: str = "invitation") -> str:
    return f"/o/acme/waves/{wave.id}/invitations/letters/{kind}"


def preview(page: Page) -> str:
    (found,) = [one for one in page.all("div") if one.get("class") == "letter"]
    return "".join(found.itertext())


def test_it_shows_what_somebody_would_read(owner: CheckingClient, open_wave: Wave) -> None:
    text = preview(owner.page(path(open_wave)))
    assert "Acme asks how things are in your team" in text
    assert "\n\nhttp://127.0.0.1:8000/r/EXAMPLE\n\n" in text
    assert "the end of the wave" in text
    assert "{" not in text
    assert "It shows nobody who has answered" in preview(owner.page(path(open_wave, "reminder")))


def test_a_preview_saves_nothing(owner: CheckingClient, open_wave: Wave) -> None:
    sent = {"subject": "For {unit}", "text": "<b>{link}</b>\n\n{organization}", "step": "preview"}
    reply = owner.send(path(open_wave), sent)
    assert reply.status_code == 200
    page = Page(reply.text)
    assert preview(page) == "<b>http://127.0.0.1:8000/r/EXAMPLE</b>\n\nAcme\n"
    assert "For Platform" in page.text()
    assert "Acme asks how" in preview(owner.page(path(open_wave)))


def test_words_of_ones_own_are_kept(owner: CheckingClient, open_wave: Wave) -> None:
    sent = {"subject": "For {unit}", "text": "{link}", "step": "save"}
    assert owner.send(path(open_wave, "reminder"), sent).status_code == 303
    page = owner.page(path(open_wave, "reminder"))
    assert [one.text for one in page.all("textarea")] == ["{link}"]
    assert "Acme asks how" in preview(owner.page(path(open_wave)))


@pytest.mark.parametrize("step", ["save", "preview"])
def test_a_letter_by_which_nobody_could_answer_is_refused(
    owner: CheckingClient, open_wave: Wave, step: str
) -> None:
    reply = owner.send(path(open_wave), {"subject": "Hello", "text": "{name}", "step": step})
    assert reply.status_code == 422
    assert "{name} stands for nothing" in Page(reply.text).text()
    assert "Acme asks how" in preview(owner.page(path(open_wave)))


def test_there_are_two_letters(owner: CheckingClient, open_wave: Wave) -> None:
    assert owner.get(path(open_wave, "another")).status_code == 404


def test_a_closed_wave_keeps_its_words(owner: CheckingClient, published_wave: Wave) -> None:
    page = owner.page(path(published_wave))
    assert not page.all("textarea")
    sent = page.form("/sign-out") | {"subject": "Hello", "text": "{link}", "step": "save"}
    assert owner.post(path(published_wave), data=sent).status_code == 422
