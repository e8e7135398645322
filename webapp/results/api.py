"""Published results, as programs read them: what the command line prints, as far as the token reads."""

from typing import ClassVar, Literal

from flask import Response, abort, g, request
from pydantic import Field

from webapp import audit, publications
from webapp.access import Permission
from webapp.api import Answer, Page, Routes, cut
from webapp.results import exports, queries
from webapp.results.reading import Reading

routes = Routes()

CSV = "text/csv"
JSON = "application/json"


class PublishedWave(Answer):
    """A wave that has results."""

    wave: int
    name: str
    questionnaire: str = Field(description="The key of its questionnaire.")
    form: str


class PublishedWaves(Answer):
    items: list[PublishedWave]
    next: int | None


class Constants(Answer):
    """From what the intervals of a practice are computed, over the whole wave."""

    phi: float
    r: float


class Agreement(Answer):
    word: Literal["close", "mixed", "divided"]
    ad: float | None = Field(description="The average deviation in levels; 0.3 stands for “under 0.3”.")


class Figures(Answer):
    """A score from 0 to 100 with its interval; under the strict guard over time the band alone."""

    n: int | None = None
    score: int | None = None
    low: int | None = None
    high: int | None = None
    band: str
    guarded: bool = Field(
        default=False,
        description="Rounded to a multiple of 5, because nearly the same few people answered before.",
    )


class Index(Figures):
    tier: Literal["above", "within", "below"] | None = Field(
        None, description="Clearly above or below the rest of the organization, or neither."
    )
    quarter: Literal["upper", "lower"] | None = Field(
        None, description="The quarter of the teams in which it most likely is; null where that is not sure."
    )


class Practice(Index):
    agreement: Agreement | None = None


class UnitResult(Answer):
    """A unit as it stood when the wave opened. A practice that is not shown is missing; so is the index."""

    unit: str
    parent: str | None
    headcount: int
    participation: int | str | None = Field(description="Of the whole in percent, else in words, else null.")
    index: Index | None = None
    practices: dict[str, Practice]


class Residual(Figures):
    """What is safe to show instead of hidden units: all of them together."""

    below: str
    units: list[str]
    practice: str


class Finding(Answer):
    code: str
    unit: str
    practice: str | None
    values: dict[str, int | str]
    text: str = Field(description="The finding as a sentence, in English.")


class Publication(Answer):
    """The published results of a wave. They never change."""

    sparse: ClassVar[bool] = True

    format: int
    organization: str
    wave: int
    questionnaire: str = Field(description="key@version")
    form: str
    smallest_group: int
    confidence: float
    constants: dict[str, Constants]
    units: list[UnitResult] = Field(description="In the order of the tree, the organization first.")
    residuals: list[Residual]
    findings: list[Finding]


@routes.get("/results", Permission.RESULT_READ)
def published(query: Page) -> PublishedWaves:
    """The waves that have results, the oldest first."""
    found, more = cut(publications.waves(g.actor.organization.id), query, lambda wave: wave[0])
    items = [
        PublishedWave(wave=number, name=name, questionnaire=key, form=form)
        for number, name, key, form in found
    ]
    return PublishedWaves(items=items, next=more)


@routes.get("/results/<int:wave_id>", Permission.RESULT_READ, also=(CSV,))
def results(wave_id: int) -> Publication | Response:
    """The published results of a wave, as far as you may read them.

    The same as `results SLUG WAVE --json` on the command line; with `Accept: text/csv` the same as `--csv`.
    """
    if request.accept_mimetypes.best_match([JSON, CSV], JSON) == CSV:
        return table(wave_id)
    reading = _opened(wave_id)
    _note(wave_id, "json")
    return Publication.model_validate(exports.reading_as_json(reading))


@routes.get("/results/<int:wave_id>.csv", Permission.RESULT_READ, also=(CSV,))
def table(wave_id: int) -> Response:
    """The published results of a wave as a table: a line a unit and practice."""
    reading = _opened(wave_id)
    _note(wave_id, "csv")
    return Response(exports.reading_as_csv(reading), content_type=f"{CSV}; charset=utf-8")


def _opened(wave_id: int) -> Reading:
    """In the words of the questionnaire as the wave froze it, as the command line prints them."""
    organization = g.actor.organization
    publication = publications.of_wave(organization.id, wave_id)
    if publication is None:
        abort(404)
    return Reading(
        slug=organization.slug,
        publication=publication,
        questionnaire=queries.questionnaire(organization.id, publication),
        span=g.actor.span(Permission.RESULT_READ),
    )


def _note(wave_id: int, kind: str) -> None:
    """Leave an event, at most once an hour: a program that asks all the time shall not fill the log, nor wait for it."""
    audit.record_once(
        organization_id=g.actor.organization.id,
        by=g.account,
        action="results.exported",
        wave=wave_id,
        format=kind,
    )
