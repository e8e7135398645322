"""What is sent to a chat: words in the organization's language, in which a name formats nothing and calls nobody."""

import json
import re
from datetime import datetime, timedelta

import pytest
from babel.dates import format_date
from hypothesis import example, given
from hypothesis import strategies as st

from tests.fixtures import organizations as made
from tests.webhooks.conftest import Clock, House
from webapp import clock, outgoing
from webapp.models import Organization
from webapp.transaction import transaction
from webapp.webhooks import commands, messages, queries, words

HOSTILE = (
    '<!channel> & <@U1|x> <https://evil.example|here> @here *bold* `code` [x](https://evil.example) "\\\u2028'
)


def item(name: str, sentence: str = "") -> messages.News:
    return messages.News(
        id="1",
        event="wave.opened",
        at=datetime(2031, 1, 2, 3, 4, 5),  # noqa: DTZ001 - as stored
        organization="acme",
        title="Acme",
        wave={"id": 1, "name": name},
        url="https://example.org/o/acme/waves/1",
        sentence=sentence or f"“{name}” has opened.",
        more="Open",
    )


def test_a_hostile_name_calls_nobody_in_slack() -> None:
    sent = json.loads(messages.body("slack", item(HOSTILE)))
    assert set(sent) == {"text", "mrkdwn"}
    assert sent["mrkdwn"] is False
    assert "<" not in sent["text"]
    assert ">" not in sent["text"]
    assert "&lt;!channel&gt; &amp; &lt;@\u2060U1|x&gt;" in sent["text"]
    assert not re.search(r"@\w", sent["text"])
    assert sent["text"].endswith("\nhttps://example.org/o/acme/waves/1")


def test_a_hostile_name_formats_nothing_in_teams() -> None:
    """Runs of text know no Markdown, blocks of text do."""
    (attached,) = json.loads(messages.body("teams", item(HOSTILE)))["attachments"]
    assert attached["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attached["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert {block["type"] for block in card["body"]} == {"RichTextBlock"}
    assert {run["type"] for block in card["body"] for run in block["inlines"]} == {"TextRun"}
    assert card["body"][1]["inlines"][0]["text"] == f"“{HOSTILE}” has opened."
    assert card["actions"] == [
        {"type": "Action.OpenUrl", "title": "Open", "url": "https://example.org/o/acme/waves/1"}
    ]


@given(st.text(max_size=60), st.sampled_from(queries.KINDS))
@example(HOSTILE, "slack")
@example("\ud800", "plain")
def test_any_name_is_one_piece_of_json_in_ascii(name: str, kind: str) -> None:
    sent = messages.body(kind, item(name))
    assert sent.isascii()
    assert b"\n" not in sent
    json.loads(sent)
    if kind == "plain":
        assert json.loads(sent)["wave"]["name"] == name


@given(st.text(max_size=60))
def test_slack_text_can_be_read_back_and_holds_no_sign_of_its_own(name: str) -> None:
    text = json.loads(messages.body("slack", item(name)))["text"].rpartition("\n")[0]
    assert not set("<>") & set(text)
    back = text.replace("@\u2060", "@").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert back == f"Acme: “{name}” has opened."


@pytest.mark.parametrize(
    ("spoken", "opened", "closing", "published", "test"),
    [
        (
            "en",
            "Acme: “Autumn” has opened. Its last day is {day}.",
            "Acme: “Autumn” ends soon. Its last day is {day}.",
            "Acme: The results of “Autumn” are published.",
            "Acme: This is a test. What waves do will be told here.",
        ),
        (
            "de",
            "Acme: „Autumn“ hat begonnen. Der letzte Tag ist {day}.",
            "Acme: „Autumn“ endet bald. Der letzte Tag ist {day}.",
            "Acme: Die Ergebnisse von „Autumn“ sind veröffentlicht.",
            "Acme: Das ist ein Test. Hier wird gemeldet, was Runden tun.",
        ),
    ],
)
def test_a_chat_is_told_in_the_language_of_the_organization(
    lite: House, time: Clock, spoken: str, opened: str, closing: str, published: str, test: str
) -> None:
    with lite.app.app_context(), transaction() as session:
        session.get_one(Organization, lite.organization.id).language = spoken
    hook, _secret = lite.add(kind="slack")
    last = clock.today("UTC") + timedelta(days=9)
    wave = made.open_one(lite.app, lite.organization, "Autumn", closes_on=last)
    lite.deliver()
    time.move(days=9)
    lite.deliver()
    made.publish(lite.app, wave)
    lite.do(commands.send_test, hook)
    lite.deliver()
    day = format_date(last, "EEEE d MMMM" if spoken == "en" else "EEEE, d. MMMM", locale=spoken)
    said = [received.json["text"].partition("\n")[0] for received in lite.receiver.received]
    assert said[:2] == [opened.format(day=day), closing.format(day=day)]
    assert sorted(said[2:]) == sorted([published, test])


def test_every_event_fault_and_kind_has_words(lite: House) -> None:
    assert set(words.EVENTS) == set(queries.EVENTS)
    assert set(words.NEWS) == {*queries.EVENTS, queries.TEST}
    assert set(words.KINDS) == set(words.SHORT) == set(queries.KINDS)
    assert set(words.FAULTS) | {"status"} == set(outgoing.FAULTS)
    with lite.app.test_request_context():
        assert words.fault("status 500") == "It answered 500 instead of taking the message."
        assert "leads elsewhere" in words.fault("status 307")
        assert all(words.fault(fault).endswith(".") for fault in words.FAULTS)
