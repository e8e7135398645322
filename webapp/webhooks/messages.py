"""What is sent, as each kind of program takes it, and the signature by which the other side knows that we sent it.

Nothing here is a result, a number of people, or about a person: the name of a wave, its days, and where to read more. A
name is written by people, so in a chat it must format nothing, call nobody and link nowhere.
"""

import base64
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

FORMAT = 1
SECRET_BYTES = 32
PREFIX = "whsec_"
# Slack's own three, and an @ that calls nobody, for programs that read Slack's messages in their own way.
FOR_SLACK = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "@\u2060"})


@dataclass(frozen=True, slots=True)
class News:
    """Something that happened: `event` and `wave` for programs, `sentence` for people, `url` where it can be seen.

    wave: id, name, form, opens and closes; None in a test
    """

    id: str
    event: str
    at: datetime
    organization: str
    title: str
    wave: dict[str, Any] | None
    url: str
    sentence: str
    more: str


def body(kind: str, news: News) -> bytes:
    """The body for a kind of webhook, in ASCII, so that no program between reads it in another way."""
    made = {"plain": _plain, "slack": _slack, "teams": _teams}[kind](news)
    return json.dumps(made, separators=(",", ":")).encode()


def _plain(news: News) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "id": news.id,
        "event": news.event,
        "at": news.at.isoformat(timespec="seconds") + "Z",
        "organization": news.organization,
        "wave": news.wave,
        "url": news.url,
    }


def _slack(news: News) -> dict[str, Any]:
    said = f"{news.title}: {news.sentence}".translate(FOR_SLACK)
    return {"text": f"{said}\n{news.url}", "mrkdwn": False}


def _teams(news: News) -> dict[str, Any]:
    """An Adaptive Card. Its runs of text, unlike its blocks, know no formatting."""
    card = {
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {"type": "RichTextBlock", "inlines": [_run(news.title, weight="Bolder")]},
            {"type": "RichTextBlock", "inlines": [_run(news.sentence)]},
        ],
        "actions": [{"type": "Action.OpenUrl", "title": news.more, "url": news.url}],
    }
    return {
        "type": "message",
        "attachments": [
            {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
        ],
    }


def _run(text: str, **look: str) -> dict[str, str]:
    return {"type": "TextRun", "text": text, **look}


def written(secret: bytes) -> str:
    """A secret as its owner copies it, in the form of Standard Webhooks."""
    return PREFIX + base64.b64encode(secret).decode()


def headers(identity: str, at: datetime, content: bytes, secrets: list[bytes]) -> dict[str, str]:
    """The headers of a message by Standard Webhooks; one signature a secret, so that a secret can be changed.

    Source: standardwebhooks, specification 1.0: HMAC-SHA256 over “id.timestamp.body”, with the whole seconds of UTC.
    """
    seconds = str(int((at - datetime(1970, 1, 1)).total_seconds()))  # noqa: DTZ001 - UTC without a zone, as `at`
    signed = b".".join((identity.encode(), seconds.encode(), content))
    signatures = [base64.b64encode(hmac.digest(secret, signed, "sha256")).decode() for secret in secrets]
    found = {
        "Content-Type": "application/json",
        "User-Agent": "Groundswell",
        "webhook-id": identity,
        "webhook-timestamp": seconds,
    }
    if signatures:
        found["webhook-signature"] = " ".join(f"v1,{one}" for one in signatures)
    return found
