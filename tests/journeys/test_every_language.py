"""No page says anything past the catalogues: in a made-up language, whose every sentence stands in ⟦brackets⟧, nothing is
left outside of them but what was given as data, and every number and date is written as that language writes it.

The language is Esperanto, which has commas in numbers and months of its own, and which the questionnaire does not speak.
"""

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element
from zoneinfo import available_timezones

import pytest
from babel.dates import get_day_names, get_month_names
from babel.support import NullTranslations
from sqlalchemy import String, Text, select

from tests.fixtures.pages import CheckingClient, Page
from tests.journeys.test_every_page import addresses, pages
from tests.journeys.world import Guise, World
from webapp import language, questionnaires
from webapp.extensions import db
from webapp.models import Model
from webapp.talk import PIECES

OTHER = "eo"
READ_ALOUD = ("aria-label", "alt", "title", "placeholder")
SILENT = {"script", "style", "code", "kbd", "time"}  # how long ago something was, Babel says in its own words
# What an owner may write anew for the people of a wave stands in the language of its questionnaire.
WRITTEN = ".letter"
ADDRESS = re.compile(r"\S+@\S+")
WORD = re.compile(r"[^\W\d_]{2,}")
NUMBER = "A number that is not of this language:"
POINT = re.compile(r"(?<![\d.§])\d+\.\d+(?![\d.])")
# What reads the same in every language, each with the reason.
ALIKE = {
    "Groundswell",  # the name of this application
    "Deutsch",  # the choice of a language names it in itself
    "English",  # likewise
    "unit,email,name",  # the first line of a file
    "550 5.1.1 The account that you tried to reach does not exist",  # a mail server's own words
}
# Columns of any table that hold what people wrote.
BY_PEOPLE = {
    "name",
    "slug",
    "email",
    "title",
    "note",
    "reason",
    "rule",
    "value_unit",
    "baseline",
    "label",
    "url",
}
IN_THE_SENTENCE = ("0.8 means", "0.8 of a level")  # numbers that a translator writes, not the program


class Bracketed(NullTranslations):
    """Every message in brackets, whatever it says."""

    def gettext(self, message: Any) -> Any:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: Any, msgid2: Any, n: Any) -> Any:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"

    ugettext = gettext
    ungettext = ngettext


@pytest.fixture
def bracketed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    known = language._translations
    monkeypatch.setattr(language, "LANGUAGES", (*language.LANGUAGES, OTHER))
    monkeypatch.setattr(language, "_translations", lambda one: Bracketed() if one == OTHER else known(one))
    language.names.cache_clear()
    yield
    language.names.cache_clear()


def client_of(world: World, guise: Guise, spoken: str = OTHER) -> CheckingClient:
    client: CheckingClient = world.app.test_client()  # type: ignore[assignment]
    client.set_cookie("language", spoken, domain="127.0.0.1")
    if guise.cookie:
        client.set_cookie(guise.cookie["name"], guise.cookie["value"], domain="127.0.0.1")
    return client


def strings(value: Any) -> Iterator[str]:
    """Every text in a questionnaire, whatever it is for."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, list | tuple):
        for one in value:
            yield from strings(one)


def data(world: World) -> re.Pattern[str]:
    """All that people wrote, or that a questionnaire says; the longest first."""
    found = {"Esperanto", *available_timezones()}
    catalogue = questionnaires.available
    with world.app.app_context():
        for published in catalogue().all():
            for text in strings(published.questionnaire.model_dump()):
                found.update(
                    (
                        text,
                        text.rstrip("."),
                        text.partition(",")[0],
                        f"{text.partition('?')[0]}?",
                        *text.split("\n"),
                    )
                )
        for table in Model.metadata.tables.values():
            for column in table.columns:
                if column.name in BY_PEOPLE and isinstance(column.type, String | Text):
                    found.update(filter(None, db.session.scalars(select(column))))
    found.update(piece.quote for piece in PIECES)  # the talk is quoted as it was written down
    found.update(get_month_names("wide", locale=OTHER).values())
    found.update(get_month_names("wide", locale="en").values())  # in the names of waves that a plan will open
    found.update(get_month_names("abbreviated", locale=OTHER).values())
    found.update(get_day_names("wide", locale=OTHER).values())
    words = sorted(
        (re.escape(" ".join(one.split())) for one in {*found, *ALIKE} if one.strip()), key=len, reverse=True
    )
    return re.compile(rf"(?<!\w)(?:{'|'.join(words)})(?!\w)")


def is_given(piece: str, given: re.Pattern[str]) -> bool:
    for known in IN_THE_SENTENCE:
        piece = piece.replace(known, "")
    left = given.sub(" ", ADDRESS.sub(" ", " ".join(piece.split())))
    return not (POINT if piece.startswith(NUMBER) else WORD).search(left)


def said(element: Element) -> Iterator[str]:
    """The pieces of text of a page in their order, and what is read aloud in place of others."""
    if element.tag in SILENT or not isinstance(element.tag, str):
        return
    for name in READ_ALOUD:
        if element.get(name):
            yield f"{element.get(name)}\0"
    yield element.text or ""
    for child in element:
        yield from said(child)
        yield child.tail or ""


def outside(page: Page) -> Iterator[str]:
    """What stands outside of all brackets; attributes are looked at by themselves."""
    body = page.root.find("body")
    assert body is not None
    depth = 0
    for piece in said(body):
        level = 0 if piece.endswith("\0") else depth
        left = ""
        for one in piece:
            level += (one == "⟦") - (one == "⟧")
            left += one if level == 0 and one not in "⟦⟧" else " " if one == "⟧" else ""
        assert level >= 0, piece
        if not piece.endswith("\0"):
            depth = level
        yield " ".join(left.split())
    assert depth == 0


@pytest.mark.usefixtures("bracketed")
def test_every_sentence_comes_from_the_catalogues_and_every_number_from_the_language(world: World) -> None:
    given = data(world)
    pieces: dict[
        str, str
    ] = {}  # what is said outside of brackets, or with a point in a number, and where first
    seen = 0
    for guise in (
        world.visitor,
        world.half_way,
        *world.owners,
        world.leader,
        *world.respondents,
        world.keeper,
    ):
        client = client_of(world, guise)
        for rule in pages(world, lambda rule: not rule.endpoint.endswith(WRITTEN)):
            for address in addresses(rule, guise):
                reply = client.get(address, base_url=world.server.url)
                if reply.status_code != 200 or reply.mimetype != "text/html":
                    continue
                seen += 1
                page = Page(reply.text)
                assert page.root.get("lang") == OTHER
                for piece in outside(page):
                    if WORD.search(piece):
                        pieces.setdefault(piece, address)
                for piece in said(page.root):
                    if POINT.search(piece):
                        pieces.setdefault(f"{NUMBER} {piece}", address)
    assert seen > 60
    faults = [f"{address}: {piece}" for piece, address in pieces.items() if not is_given(piece, given)]
    assert not faults, "\n".join(faults)


def test_the_bands_of_two_waves_on_one_page_are_named_in_one_language(world: World) -> None:
    owner = world.owners[0]
    address = f"/o/{owner.values['slug'][0]}/results/{owner.values['wave_id'][0]}/movement"
    text = client_of(world, owner, "de").page(address, base_url=world.server.url).text()
    assert "Probieren" in text
    for english in ("Try", "Ship", "Spread"):
        assert english not in text
