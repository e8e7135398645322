"""The pages of webhooks: adding one, trying it, seeing how it is, and letting it go."""

from datetime import timedelta

import pytest

from tests.fixtures.organizations import open_one, sign_in
from tests.fixtures.pages import CheckingClient, Page
from tests.fixtures.receiver import answer
from tests.webhooks.conftest import Clock, House, housed
from webapp import clock
from webapp.webhooks import commands

PATH = "/o/acme/webhooks"
ADDRESS = "https://chat.example.org/services/canary"
EVENTS = ["wave.opened", "wave.closing", "wave.published"]


def sent(**values: object) -> dict[str, object]:
    return {"name": "AI channel", "kind": "slack", "address": ADDRESS, "events": EVENTS} | values


def member(house: House, email: str = "owner@acme.example") -> CheckingClient:
    return sign_in(house.app, house.organization, email)


def test_the_settings_lead_to_it_and_an_empty_list_says_what_it_is_for(owner: CheckingClient) -> None:
    assert PATH in [link.get("href") for link in owner.page("/o/acme/settings").all("a")]
    text = owner.page(PATH).text()
    assert "nothing about a person" in text
    assert "Add a webhook" in text


def test_a_chat_is_added_and_its_address_is_not_shown_again(owner: CheckingClient) -> None:
    reply = owner.send(f"{PATH}/new", sent(address=f"  {ADDRESS} "))
    assert reply.status_code == 303
    for page in (str(reply.headers["Location"]), PATH, "/o/acme/audit"):
        html = owner.get(page).text
        assert "canary" not in html
        assert "chat.example.org" in html
    text = owner.page(PATH).text()
    assert "AI channel Slack at chat.example.org" in text
    assert "has opened, ends soon, is published" in text
    assert "No message has gone there yet." in text


def test_the_secret_of_a_program_is_shown_once(owner: CheckingClient) -> None:
    reply = owner.send(f"{PATH}/new", sent(kind="plain"))
    assert reply.status_code == 200
    (secret,) = [one.get("value", "") for one in Page(reply.text).all("input") if one.get("id") == "secret"]
    assert secret.startswith("whsec_")
    assert secret not in owner.get(f"{PATH}/1").text + owner.get(PATH).text
    again = owner.send(f"{PATH}/1/secret", on=f"{PATH}/1")
    assert "former secret" in Page(again.text).text()
    assert secret not in again.text
    assert owner.send(f"{PATH}/new", sent(kind="plain")).status_code == 422, "sent twice it is added once"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"address": "https://localhost/"}, "public internet"),
        ({"address": "http://chat.example.org/"}, "must look like"),
        ({"address": "https://chat.example.org:25/"}, "ports 443 and 8443"),
        ({"address": ""}, "This is needed."),
        ({"name": ""}, "This is needed."),
        ({"name": "x" * 81}, "At most 80 characters."),
        ({"kind": ""}, "Choose one."),
        ({"events": []}, "Choose at least one"),
        ({"events": ["everything"]}, "Choose at least one"),
    ],
)
def test_what_is_wrong_stands_at_its_field(
    owner: CheckingClient, values: dict[str, object], words: str
) -> None:
    reply = owner.send(f"{PATH}/new", sent(**values))
    assert reply.status_code == 422
    assert words in Page(reply.text).text()
    assert "Nothing was added" in reply.text
    assert "AI channel" not in owner.get(PATH).text


def test_markup_in_a_name_is_text(owner: CheckingClient) -> None:
    owner.send(f"{PATH}/new", sent(name="<b>&amp;</b>{{7*7}}"))
    assert "<b>&amp;</b>{{7*7}}" in owner.page(f"{PATH}/1").text()


def test_it_is_named_anew_turned_off_and_on_and_removed(owner: CheckingClient) -> None:
    owner.send(f"{PATH}/new", sent())
    one = f"{PATH}/1"
    assert owner.send(one, {"name": "Other", "events": ["wave.published"]}).status_code == 303
    assert "Other Slack at chat.example.org is published" in owner.page(PATH).text()
    assert owner.send(one, {"name": "Other", "events": []}).status_code == 422
    owner.send(f"{one}/off", on=one)
    assert "Turned off." in owner.page(PATH).text()
    page = owner.page(one)
    assert f"{one}/test" not in [form.get("action") for form in page.all("form")]
    owner.send(f"{one}/on", on=one)
    assert "Turned off." not in owner.page(PATH).text().replace("Turned on.", "")
    assert owner.send(f"{one}/remove", on=one).headers["Location"] == PATH
    assert owner.get(one).status_code == 404
    assert "Other" not in owner.page(PATH).text()


def test_a_test_is_sent_and_what_became_of_it_is_told(lite: House) -> None:
    owner = member(lite)
    owner.send(f"{PATH}/new", sent(address=lite.receiver.url()))
    one = f"{PATH}/1"
    owner.send(f"{one}/test", on=one)
    text = owner.page(one).text()
    assert "A test is on its way." in text
    assert "a test not tried yet goes in a moment" in text
    owner.send(f"{one}/test", on=one)
    assert "Not done: A test is on its way already." in owner.page(one).text()
    lite.receiver.answers = [answer("404 Not Found")]
    lite.deliver()
    text = owner.page(one).text()
    assert "The last message did not arrive" in text
    assert "It answered 404 instead of taking the message." in text
    assert "a test" not in text.partition("What it is told")[0].partition("Turn off")[2]
    owner.send(f"{one}/test", on=one)
    lite.deliver()
    assert "The last message arrived" in owner.page(one).text()
    assert lite.receiver.received[-1].json["text"].startswith("Acme: This is a test.")


def test_what_waits_stands_on_its_page_and_the_end_that_is_days_away_does_not(
    lite: House, time: Clock
) -> None:
    owner = member(lite)
    lite.add()
    lite.receiver.always = answer("503 Busy")
    open_one(lite.app, lite.organization, "Autumn", closes_on=clock.today("UTC") + timedelta(days=9))
    lite.deliver()
    time.move(minutes=2)
    lite.deliver()
    text = owner.page(f"{PATH}/1").text()
    assert "Autumn has opened tried 2 times goes" in text
    assert "ends soon tried" not in text
    assert "ends soon not tried" not in text


@pytest.mark.parametrize("who", ["leader", "viewer", "auditor"])
def test_nobody_but_owners_finds_it(who: str, request: pytest.FixtureRequest) -> None:
    client: CheckingClient = request.getfixturevalue(who)
    assert client.get(PATH).status_code == 403
    assert client.get(f"{PATH}/new").status_code == 403


def test_a_webhook_of_another_organization_is_missing(lite: House) -> None:
    other = housed(lite.app, lite.receiver, "other", "Other")
    theirs, _secret = other.add()
    owner = member(lite)
    lite.add(address=lite.receiver.url("/ours"))
    for path in ("", "/test", "/secret", "/on", "/off", "/remove"):
        method = owner.get if not path else lambda address: owner.send(address, on=f"{PATH}/new")
        assert method(f"{PATH}/{theirs.id}{path}").status_code == 404
    assert owner.get(f"{PATH}/999999999999").status_code == 404
    lite.do(commands.send_test, theirs)


def test_the_most_are_no_more(lite: House) -> None:
    owner = member(lite)
    for number in range(commands.MOST):
        lite.add(address=lite.receiver.url(f"/{number}"), name=f"Number {number}")
    assert "Add a webhook" not in owner.page(PATH).text()
    reply = owner.send(f"{PATH}/new", sent())
    assert reply.status_code == 422
    assert "10 webhooks at most" in reply.text
