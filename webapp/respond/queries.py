"""What a link says: whose answers it asks for, and how far the wave is. Read by the ballot alone, never by a person."""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Literal

from flask import current_app
from sqlalchemy import bindparam, select

from webapp import catalog, publications, questionnaires
from webapp.clock import now
from webapp.domain.answers import OPEN, OPTED_OUT
from webapp.domain.publication import Publication, UnitResult
from webapp.domain.questionnaire import Item, Questionnaire
from webapp.extensions import db
from webapp.models import Ballot as StoredBallot
from webapp.models import Organization, QuestionnaireCopy, Response, Wave, WaveUnit

RESULTS_FOR = timedelta(days=30)
_TOKEN = re.compile(r"[A-Za-z0-9_-]{20,128}", re.ASCII)
_NONCE = re.compile(r"[A-Za-z0-9_-]{24}", re.ASCII)

Stage = Literal["planned", "open", "spent", "full", "closed", "published", "expired"]


@dataclass(frozen=True, slots=True)
class Ballot:
    """A link that somebody holds, with what its pages say.

    response_id: of an open link, made from the nonce of one opening, so that a double click is one response
    seats: answers that the unit may still give
    spent: this link, or this opening of an open link, has answered
    """

    token: str
    token_hash: bytes
    response_id: bytes | None
    organization_id: int
    organization: str
    wave_id: int
    wave: str
    status: str
    form: str
    closes_on: date | None
    ends_at: datetime | None
    published_at: datetime | None
    smallest_group: int
    copy_id: int
    digest: str
    position: int
    unit_key: str
    unit: str
    seats: int
    shared: bool
    spent: bool

    @property
    def asks(self) -> bool:
        """Whether the wave takes answers now: its last day is not over, however late it is closed."""
        return self.status == "open" and (self.ends_at is None or now() < self.ends_at)

    @property
    def stage(self) -> Stage:
        """What the link leads to now."""
        if self.published_at is not None and self.status == "published":
            return "published" if now() < self.published_at + RESULTS_FOR else "expired"
        if self.spent:
            return "spent"
        if self.asks:
            return "open" if self.seats > 0 else "full"
        return "planned" if self.status == "planned" else "closed"

    @property
    def draft(self) -> str:
        """Under which name a browser keeps the draft: tells nothing of the link; none for an open one (shared devices)."""
        return "" if self.shared else hashlib.sha256(f"draft{self.token}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The questions of a form in the reader's language."""

    questionnaire: Questionnaire
    form: str
    digest: str
    language: str

    @property
    def name(self) -> tuple[str, str, str]:
        """What tells it from every other sheet."""
        return self.digest, self.form, self.language

    @property
    def items(self) -> tuple[Item, ...]:
        return self.questionnaire.items(self.form)


# Columns of one statement, compiled once: this is read for every page that a respondent opens.
_BALLOT = (
    select(
        StoredBallot.organization_id,
        StoredBallot.wave_id,
        StoredBallot.position,
        StoredBallot.shared,
        StoredBallot.spent,
        WaveUnit.key.label("unit_key"),
        WaveUnit.name.label("unit"),
        (WaveUnit.headcount - WaveUnit.spent).label("seats"),
        Wave.name.label("wave"),
        Wave.status,
        Wave.form,
        Wave.closes_on,
        Wave.ends_at,
        Wave.published_at,
        Wave.smallest_group,
        QuestionnaireCopy.id.label("copy_id"),
        QuestionnaireCopy.digest,
        Organization.name.label("organization"),
    )
    .join_from(
        StoredBallot,
        WaveUnit,
        (WaveUnit.wave_id == StoredBallot.wave_id) & (WaveUnit.position == StoredBallot.position),
    )
    .join(Wave, Wave.id == StoredBallot.wave_id)
    .join(QuestionnaireCopy, QuestionnaireCopy.id == Wave.questionnaire_copy_id)
    .join(Organization, Organization.id == StoredBallot.organization_id)
    .where(StoredBallot.token_hash == bindparam("held"))
)
_ANSWERED = select(Response.wave_id).where(
    Response.wave_id == bindparam("wave"), Response.id == bindparam("response")
)


def ballot(token: str, nonce: str = "") -> Ballot | None:
    """What a token stands for, None when it stands for nothing; `nonce` is of one opening of an open link."""
    if not _TOKEN.fullmatch(token):
        return None
    held = hashlib.sha256(token.encode()).digest()
    # A connection of its own: a session around one statement costs more than the statement.
    with db.engine.connect() as connection:
        row = connection.execute(_BALLOT, {"held": held}).one_or_none()
        if row is None:
            return None
        values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
        response_id = None
        if row.shared and nonce:
            response_id = _response_id(row.wave_id, nonce)
            answered = connection.execute(_ANSWERED, {"wave": row.wave_id, "response": response_id})
            values["spent"] = answered.first() is not None
    return Ballot(token=token, token_hash=held, response_id=response_id, **values)


def held(cookie: str) -> Ballot | None:
    """The ballot in a browser's cookie; an open link counts only with the nonce of its opening."""
    token, _dot, nonce = cookie.partition(".")
    found = ballot(token, nonce if _NONCE.fullmatch(nonce) else "")
    return None if found is None or (found.shared and found.response_id is None) else found


def _response_id(wave_id: int, nonce: str) -> bytes:
    """Keyed, so that not even the database and the browser together tell which response came from here."""
    key = current_app.extensions["groundswell"].settings.ballot_key
    return hmac.new(key, f"response/{wave_id}/{nonce}".encode(), hashlib.sha256).digest()[:16]


def sheet(found: Ballot, language: str) -> Sheet:
    """The questions of the wave, from the copy that it froze."""
    return Sheet(
        _questionnaire(found.organization_id, found.copy_id, found.digest, language),
        found.form,
        found.digest,
        language,
    )


@lru_cache(maxsize=64)
def _questionnaire(organization_id: int, copy_id: int, digest: str, language: str) -> Questionnaire:
    text = db.session.execute(
        select(QuestionnaireCopy.text).where(
            QuestionnaireCopy.organization_id == organization_id, QuestionnaireCopy.id == copy_id
        )
    ).scalar_one()
    return questionnaires.available().in_language(catalog.parse(text, digest), language)


def results(found: Ballot) -> tuple[Publication, UnitResult] | None:
    """The publication of the wave and the unit's place in it."""
    publication = publications.of_wave(found.organization_id, found.wave_id)
    if publication is None:
        return None
    position = publication.position(found.unit_key)
    return None if position is None else (publication, publication.units[position])


@dataclass(frozen=True, slots=True)
class Rules:
    """What holds in a wave for those whom it asks; `link` is how the unit was asked: single, open or mail."""

    time_guard: str
    link: str
    months_kept: int
    contact: str


def rules(found: Ballot) -> Rules:
    row = db.session.execute(
        select(Wave.time_guard, WaveUnit.link, Organization.months_kept, Organization.contact)
        .join(WaveUnit, WaveUnit.wave_id == Wave.id)
        .join(Organization, Organization.id == Wave.organization_id)
        .where(Wave.id == found.wave_id, WaveUnit.position == found.position)
    ).one()
    return Rules(row.time_guard, row.link or "", row.months_kept, row.contact)


@dataclass(frozen=True, slots=True)
class Row:
    """A stored row as its receipt shows it: the answers, in pieces by practice, and how many of each kind."""

    answers: tuple[str, ...]
    count: int
    answered: int
    opted_out: int
    left_open: int


def row(asked: Sheet, packed: str) -> Row:
    """What was stored, as packed in the order of the form's questions."""
    parts, at = [], 0
    for practice in asked.questionnaire.practices_of(asked.form):
        size = sum(asked.form in item.forms for item in practice.items)
        parts.append(packed[at : at + size])
        at += size
    opted_out, left_open = packed.count(OPTED_OUT), packed.count(OPEN)
    return Row(tuple(parts), at, at - opted_out - left_open, opted_out, left_open)
