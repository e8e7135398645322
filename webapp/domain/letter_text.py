"""The words of a letter: plain text in which four names in braces are filled in. There is no other markup."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from webapp.domain.refusal import Refused

NAMES = ("link", "unit", "organization", "closes")
LONGEST_SUBJECT = 150
LONGEST_TEXT = 5000
_NAMED = re.compile(r"\{([^{}\n]*)\}")


@dataclass(frozen=True, slots=True)
class Letter:
    """A subject and a text, with names in braces or filled in."""

    subject: str
    text: str


def check(subject: str, text: str) -> Letter:
    """Refuse a letter that could not be sent, or by which nobody could answer."""
    subject = " ".join(unicodedata.normalize("NFC", subject).split())
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n").strip()
    if not subject:
        raise Refused("A subject is missing.", place="subject")
    if len(subject) > LONGEST_SUBJECT:
        raise Refused(
            "The subject is longer than {limit} characters.", place="subject", limit=LONGEST_SUBJECT
        )
    if len(text) > LONGEST_TEXT:
        raise Refused("The text is longer than {limit} characters.", place="text", limit=LONGEST_TEXT)
    for place, words in (("subject", subject), ("text", text)):
        _check_names(place, words)
        if any(unicodedata.category(one) in {"Cc", "Cs", "Zl", "Zp"} and one not in "\n\t" for one in words):
            raise Refused("There is a character that cannot be seen.", place=place)
    if "{link}" in subject:
        raise Refused("The link belongs into the text: a subject is read by others too.", place="subject")
    if "{link}" not in text:
        raise Refused("The text lacks {named}: without it nobody can answer.", place="text", named="{link}")
    return Letter(subject, text)


def _check_names(place: str, words: str) -> None:
    for name in _NAMED.findall(words):
        if name not in NAMES:
            raise Refused(
                "{named} stands for nothing; there are {known}.",
                place=place,
                named="{" + name[:40] + "}",
                known=", ".join("{" + known + "}" for known in NAMES),
            )


def fill(letter: Letter, values: Mapping[str, str]) -> Letter:
    """Put values in for their names, each once: what a value holds is never looked at again."""

    def put(words: str) -> str:
        return _NAMED.sub(lambda found: values.get(found[1], found[0]), words)

    return Letter(put(letter.subject), put(letter.text) + "\n")
