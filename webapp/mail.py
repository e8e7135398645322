"""Letters: plain text, one reader each, over a mail server whose certificate is checked.

`Message(to=…, subject=…, text=…)` is all that others need; they hand it to the outbox, which sends it through `Post`.
A header cannot be injected: names and subjects lose their line breaks and control characters here, addresses that are
none are refused. Nothing of a letter is logged.
"""

import contextlib
import hashlib
import hmac
import smtplib
import socket
import ssl
import sys
import threading
import unicodedata
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, parseaddr
from types import TracebackType
from typing import Self

import idna
from flask import current_app

from config import MailServer, Settings

TIMEOUT = 30  # seconds for each answer of the server
DEADLINE = 120  # seconds for a whole letter; well under the outbox's lease
TEMPORARY = range(400, 500)


class Unreachable(Exception):  # noqa: N818 - a state of the world, not a mistake
    """No letter can be sent now, whichever it is."""


class Refused(Exception):  # noqa: N818 - likewise
    """The server will not take this letter; its words say why. `later` when it may take it another time."""

    def __init__(self, words: str, *, later: bool) -> None:
        super().__init__(words)
        self.later = later


@dataclass(frozen=True, slots=True)
class Message:
    """A letter to one person."""

    to: str
    subject: str
    text: str
    name: str = ""


def configured() -> bool:
    """Whether letters leave this house; pages say so where they would wait for ever."""
    return _settings().mail_server is not None


def _settings() -> Settings:
    found: Settings = current_app.extensions["groundswell"].settings
    return found


def compose(message: Message, *, reference: str) -> EmailMessage:
    """The letter as it goes over the wire; the same reference gives the same Message-ID, for one letter sent twice."""
    settings = _settings()
    name, sender = parseaddr(settings.mail_from)
    found = EmailMessage(policy=SMTP)
    found["From"] = _address(name, sender)
    found["To"] = _address(message.name, message.to)
    found["Subject"] = _one_line(message.subject)
    found["Date"] = formatdate()
    mark = hmac.new(settings.secret_key.encode(), f"mail {reference}".encode(), hashlib.sha256).hexdigest()
    found["Message-ID"] = f"<{mark[:32]}@{found['From'].addresses[0].domain}>"
    found["Auto-Submitted"] = "auto-generated"
    found.set_content(message.text.replace("\r", ""), charset="utf-8")
    return found


def _address(name: str, address: str) -> Address:
    """An address with its domain as mail servers know it; ß stays ß, so that no letter goes to a neighbour's domain."""
    local, _at, domain = address.rpartition("@")
    try:
        if not local or not domain or any(letter in address for letter in ' "<>,;:()[]\\') or "@" in local:
            raise ValueError  # noqa: TRY301 - the one place that says what it means
        return Address(_one_line(name), local, idna.encode(domain, uts46=True).decode())
    except (ValueError, IndexError) as error:  # idna's own errors are ValueErrors; IndexError is the parser's
        raise Refused("This is not an address that mail can be sent to.", later=False) from error


def _one_line(text: str) -> str:
    """Without line breaks and what else is no letter; emoji and words of all scripts stay."""
    kept = (" " if unicodedata.category(one) in {"Cc", "Zl", "Zp", "Cs"} else one for one in text)
    return " ".join("".join(kept).split())


class Post:
    """A conversation with the mail server, in which several letters may go."""

    def __init__(self) -> None:
        settings = _settings()
        if settings.mail_server is None:
            raise Unreachable("no mail server is configured")
        self.server = settings.mail_server
        self.open = True
        self.smtp: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        if self.server.encryption != "print":
            try:
                self.smtp = _connected(self.server)
            except (OSError, smtplib.SMTPException) as error:
                raise Unreachable(type(error).__name__) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.smtp is None:
            return
        try:
            if self.open:
                self.smtp.quit()
        except (OSError, smtplib.SMTPException):
            pass
        finally:
            self.smtp.close()

    def send(self, message: Message, *, reference: str) -> None:
        """Send a letter; returns when the server has taken it over. Raises Refused."""
        letter = compose(message, reference=reference)
        if self.smtp is None:
            sys.stderr.write(f"{letter['Subject']}\n\n{message.text}\n")
            return
        clock = threading.Timer(DEADLINE, _cut, [self.smtp.sock])
        clock.start()
        try:
            self._converse(self.smtp, letter)
        except smtplib.SMTPRecipientsRefused as refused:
            ((code, reply),) = refused.recipients.values()
            raise _refusal(code, reply) from None
        except smtplib.SMTPSenderRefused as refused:
            self.open = (
                False  # the sender, so no letter would be taken: later, when somebody has looked at it
            )
            raise Refused(_words(refused.smtp_code, refused.smtp_error), later=True) from None
        except smtplib.SMTPResponseException as refused:
            raise _refusal(refused.smtp_code, refused.smtp_error) from None
        except smtplib.SMTPNotSupportedError:
            words = "The mail server cannot write to an address with such letters (SMTPUTF8)."
            raise Refused(words, later=False) from None
        except (OSError, smtplib.SMTPException) as error:
            self.open = False
            raise Refused(f"The conversation broke off ({type(error).__name__}).", later=True) from None
        finally:
            clock.cancel()
            self.open = (
                self.open and self.smtp.sock is not None
            )  # smtplib hangs up where the server said goodbye

    def _converse(self, smtp: smtplib.SMTP, letter: EmailMessage) -> None:
        receiver = letter["To"].addresses[0].addr_spec
        sender = letter["From"].addresses[0].addr_spec
        international = not (receiver + sender).isascii()
        policy = SMTP.clone(utf8=True) if international else SMTP
        options = ("SMTPUTF8", "BODY=8BITMIME") if international else ()
        if international and not smtp.has_extn("smtputf8"):
            raise smtplib.SMTPNotSupportedError
        smtp.sendmail(sender, receiver, letter.as_bytes(policy=policy), options)


def _connected(server: MailServer) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if server.encryption == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT, context=context)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT)
    try:
        if server.encryption == "starttls":
            smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
        if server.user:
            smtp.login(server.user, server.password)
    except BaseException:
        smtp.close()
        raise
    return smtp


def _cut(connection: socket.socket | None) -> None:
    """End a conversation that drags on: a server that sends a byte now and then would hold it for ever."""
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)


def _refusal(code: int, words: bytes | str) -> Refused:
    return Refused(_words(code, words), later=code in TEMPORARY)


def _words(code: int, words: bytes | str) -> str:
    text = words.decode(errors="replace") if isinstance(words, bytes) else words
    return _one_line(f"{code} {text}")
