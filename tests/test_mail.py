"""Letters as they go over the wire: to one person, encrypted, with nothing in their heads that somebody put there."""

import ssl
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
import trustme
from flask import Flask

from config import Settings
from tests.fixtures.applications import MakeApp
from tests.fixtures.post_office import PostOffice
from webapp import mail
from webapp.mail import Message

Send = Callable[..., None]


@pytest.fixture
def send(make_app: MakeApp, settings: Settings, post_office: PostOffice) -> Send:
    """Send one letter to the post office; keywords change the server's setting."""

    def one(message: Message, **server: Any) -> None:
        with app_with(make_app, settings, post_office, **server).app_context(), mail.Post() as post:
            post.send(message, reference="one")

    return one


def app_with(make_app: MakeApp, settings: Settings, office: PostOffice, **server: Any) -> Flask:
    return make_app(
        replace(
            settings, mail_server=office.server(**server), mail_from="Groundswell <groundswell@example.org>"
        )
    )


def letter(office: PostOffice) -> EmailMessage:
    (found,) = office.letters
    return found


def words(found: EmailMessage) -> str:
    return str(found.get_content()).replace("\r\n", "\n")


def test_a_letter_is_plain_text_to_one_person(send: Send, post_office: PostOffice) -> None:
    text = "Grüße,\n\nhttps://groundswell.example.org/r/" + "a" * 60 + "\n.\nFrom here on\n"
    send(Message("ada@example.org", "Fünf Minuten – heute?", text, "Ada Ö."))
    found = letter(post_office)
    assert found["To"] == '"Ada Ö." <ada@example.org>'
    assert found["From"] == "Groundswell <groundswell@example.org>"
    assert found["Subject"] == "Fünf Minuten – heute?"
    assert found["Auto-Submitted"] == "auto-generated"
    assert found.get_content_type() == "text/plain"
    assert words(found) == text
    assert found["Date"].endswith(("-0000", "+0000"))  # the server's place is nobody's business
    assert post_office.receivers == ["ada@example.org"]


EVIL = "x\r\nBcc: eve@evil.example\r\n\r\nbody"


@pytest.mark.parametrize(
    "message",
    [
        Message("ada@example.org", EVIL, "text"),
        Message("ada@example.org", "Hello", "text", EVIL),
        Message("ada@example.org", "Hello\u2028Bcc: eve@evil.example", "text"),
        Message("ada@example.org", "Hello\x85Bcc: eve@evil.example", "text", "Ada\x0bBcc: eve@evil.example"),
        Message("ada@example.org", "Hello", "text", '"Eve" <eve@evil.example>, Ada'),
        Message("ada@example.org", "Hello", "text", "Ada\ud800"),
    ],
)
def test_no_header_can_be_injected_by_a_name_or_a_subject(
    send: Send, post_office: PostOffice, message: Message
) -> None:
    send(message)
    found = letter(post_office)
    assert set(found.keys()) == {
        *("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "X-To", "MIME-Version"),
        *("Content-Type", "Content-Transfer-Encoding"),
    }
    assert [one.addr_spec for one in found["To"].addresses] == ["ada@example.org"]
    assert post_office.receivers == ["ada@example.org"]
    assert words(found) == "text\n"


@pytest.mark.parametrize(
    "address",
    [
        "ada@example.org\r\nRCPT TO:<eve@evil.example>",
        "ada@example.org, eve@evil.example",
        "ada@example.org> SIZE=1",
        "ada",
        "@example.org",
        "ada@",
        "ada@exa mple.org",
        "ada@example..org",
        "ada\n@example.org",
        "a@b@example.org",
        "ada@" + "a" * 64 + ".org",
    ],
)
def test_what_is_no_address_is_refused_for_good(send: Send, post_office: PostOffice, address: str) -> None:
    with pytest.raises(mail.Refused, match="not an address") as refused:
        send(Message(address, "Hello", "text"))
    assert not refused.value.later
    assert post_office.letters == []


@pytest.mark.parametrize(
    ("address", "wire"),
    [
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@straße.example", "ada@xn--strae-oqa.example"),
        ("ada@例え.example", "ada@xn--r8jz45g.example"),
        ("ada@EXAMPLE.org", "ada@example.org"),
    ],
)
def test_a_domain_of_another_script_is_written_as_servers_know_it(
    send: Send, post_office: PostOffice, address: str, wire: str
) -> None:
    send(Message(address, "Hello", "text"))
    assert post_office.receivers == [wire]


def test_a_name_of_another_script_goes_where_the_server_can_write_it(
    send: Send, post_office: PostOffice
) -> None:
    post_office.close()
    post_office.open(enable_SMTPUTF8=False)
    with pytest.raises(mail.Refused, match="SMTPUTF8"):
        send(Message("zoë@example.org", "Hello", "text"))
    post_office.close()
    post_office.open()
    send(Message("zoë@example.org", "Hello", "text"))
    assert post_office.receivers == ["zoë@example.org"]


@pytest.mark.parametrize(
    ("reply", "later"), [("451 Greylisted", True), ("421 Closing", True), ("550 Unknown", False)]
)
def test_the_servers_words_say_why_and_its_number_whether_to_ask_again(
    send: Send, post_office: PostOffice, reply: str, later: bool
) -> None:
    for address in ("a@example.org", "b@example.org"):
        post_office.answers = {"a@example.org": reply}
        post_office.after = lambda _to: reply
        with pytest.raises(mail.Refused) as refused:
            send(Message(address, "Hello", "text"))
        assert str(refused.value) == reply
        assert refused.value.later is later


def test_a_conversation_that_drags_on_is_cut(
    send: Send, post_office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def slow(*_: object) -> str:
        from asyncio import sleep  # noqa: PLC0415 - for this server alone

        await sleep(3)
        return "250 OK"

    monkeypatch.setattr(post_office, "handle_DATA", slow)
    monkeypatch.setattr(mail, "DEADLINE", 0.2)
    with pytest.raises(mail.Refused, match="broke off") as refused:
        send(Message("a@example.org", "Hello", "text"))
    assert refused.value.later


@pytest.fixture
def certificates(post_office: PostOffice) -> trustme.CA:
    """The post office speaks TLS, with a certificate that only this authority vouches for."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    post_office.close()
    post_office.open(
        tls_context=context,
        require_starttls=True,
        auth_required=True,
        auth_callback=lambda _mechanism, login, password: (login, password) == (b"user", b"secret"),
    )
    return authority


def trust(authority: trustme.CA, monkeypatch: pytest.MonkeyPatch) -> None:
    original = ssl.create_default_context

    def trusting() -> ssl.SSLContext:
        context = original()
        authority.configure_trust(context)
        return context

    monkeypatch.setattr(ssl, "create_default_context", trusting)


def test_a_certificate_that_nobody_vouches_for_is_not_talked_to(
    send: Send, post_office: PostOffice, certificates: trustme.CA
) -> None:
    del certificates
    with pytest.raises(mail.Unreachable, match="SSLCertVerificationError"):
        send(Message("a@example.org", "Hello", "text"), encryption="starttls")
    assert post_office.letters == []


def test_a_server_without_starttls_gets_no_word(send: Send, post_office: PostOffice) -> None:
    with pytest.raises(mail.Unreachable, match="SMTPNotSupportedError"):
        send(Message("a@example.org", "Hello", "text"), encryption="starttls", user="user", password="secret")
    assert post_office.letters == []


def test_a_letter_goes_encrypted_and_signed_in(
    send: Send, post_office: PostOffice, certificates: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    trust(certificates, monkeypatch)
    message = Message("a@example.org", "Hello", "text")
    with pytest.raises(mail.Unreachable, match="SMTPAuthenticationError"):
        send(message, encryption="starttls", user="user", password="wrong")
    send(message, encryption="starttls", user="user", password="secret")
    assert post_office.receivers == ["a@example.org"]


def test_on_a_developers_screen_stand_the_words_without_the_address(
    make_app: MakeApp, settings: Settings, capfd: pytest.CaptureFixture[str]
) -> None:
    from config import from_environment  # noqa: PLC0415 - for this test alone

    read = from_environment({"GROUNDSWELL_DATA": str(settings.data), "GROUNDSWELL_SMTP_URL": "console:"})
    app = make_app(replace(settings, mail_server=read.mail_server, mail_from=read.mail_from))
    with app.app_context(), mail.Post() as post:
        post.send(Message("ada@example.org", "Hello", "the words", "Ada"), reference="one")
    out, err = capfd.readouterr()
    assert out == ""
    assert "Hello" in err
    assert "the words" in err
    assert "ada" not in err.lower()
